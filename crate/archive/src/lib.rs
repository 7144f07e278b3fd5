//! Containers to the parts inside of them: archives, packages, captures. Streaming and bounded; nothing is ever written,
//! no declared length is believed, and what cannot be read is a gap.

mod encoding;
mod form;
mod gap;
mod gzip;
mod har;
mod http;
mod image;
pub mod limits;
mod links;
mod members;
mod meter;
mod mhtml;
mod name;
mod sources;
mod tape;
mod walk;
mod warc;
mod zipped;

use davy_model::Gap;
pub use form::Form;
pub use name::Name;
use std::io::{Read, Seek};
use std::ops::ControlFlow;

/// What the caller allows.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Longest part that is read, in bytes; also what containers inside of others may hold in memory together.
    pub part_bytes: u64,
    /// How many levels of things inside of things are followed.
    pub depth: u32,
}

/// How much of a part is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All of it, up to [`Settings::part_bytes`].
    Whole,
    /// As much as is looked through for addresses, up to [`limits::OTHER_BYTES`].
    Start,
    /// Nothing of it.
    Nothing,
}

/// Who takes what is found, in the order of the container. A break ends the reading.
pub trait Visit {
    /// A container begins. `site` is a number that its parts carry: what belongs together may name one another.
    fn open(&mut self, path: &str, site: u32) -> ControlFlow<()>;
    /// Says how much of a part is wanted. `head` is its beginning.
    fn wants(&mut self, name: &Name, media: Option<&str>, head: &[u8]) -> Wanted;
    /// Waits until so many bytes more of the part that is being read may be held in memory.
    fn room(&mut self, bytes: u64);
    /// A part.
    fn part(&mut self, part: Part) -> ControlFlow<()>;
    /// The container that began last, and has not ended yet, ends.
    fn close(&mut self, closed: Closed) -> ControlFlow<()>;
    /// So many bytes of the outermost container have been read.
    fn read(&mut self, bytes: u64);
}

/// One thing inside of a container.
#[derive(Debug, Default)]
pub struct Part {
    /// The path of the container, `!/` and the name.
    pub path: String,
    /// What the container calls it.
    pub name: Name,
    /// See [`Visit::open`].
    pub site: u32,
    /// Levels of containers around it: 1 and more.
    pub depth: u32,
    /// What the capture says that it is: a media type.
    pub media: Option<String>,
    /// Its bytes, or as many as could be had; none where none could.
    pub body: Option<Vec<u8>>,
    /// Its length in bytes, as far as it was read; what is announced where nothing was.
    pub length: u64,
    /// What is missing of it.
    pub gap: Option<Gap>,
    /// What the capture calls the page that it was loaded for.
    pub page: Option<String>,
    /// Where the record of a web archive begins that it is from: byte of the archive as it is packed, where that record is
    /// packed on its own, and of what the archive unpacks to elsewhere.
    pub offset: Option<u64>,
    /// What passed, where it is a WebSocket.
    pub messages: Option<Vec<Message>>,
}

/// One message on a WebSocket.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// Whether the page sent it.
    pub sent: bool,
    /// What was sent.
    pub bytes: Vec<u8>,
}

/// The end of a container.
#[derive(Debug)]
pub struct Closed {
    /// As in [`Visit::open`].
    pub path: String,
    /// As in [`Visit::open`].
    pub site: u32,
    /// Length in bytes, as far as it was read.
    pub bytes: u64,
    /// SHA-256 in hexadecimal; none where it was not read to its end.
    pub sha256: Option<String>,
    /// What could not be read of it.
    pub gaps: Vec<Gap>,
    /// As in [`Part::offset`]: of the record that it is from itself.
    pub offset: Option<u64>,
}

/// Something to read and go back in.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// Where a container's bytes come from.
pub enum Source<'s> {
    /// A file, or memory.
    Seek(&'s mut dyn ReadSeek),
    /// A stream: it is read once; a zip in it is held in memory.
    Stream(&'s mut dyn Read),
}

/// Reads a container that is known to be of this form. A break means that the visitor wanted no more.
pub fn read(source: Source<'_>, form: Form, path: &str, settings: Settings, visit: &mut dyn Visit) -> ControlFlow<()> {
    walk::Walk::new(settings, visit).outermost(source, form, path)
}
