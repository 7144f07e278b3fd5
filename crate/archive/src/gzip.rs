//! What is packed as a stream: a tar, whose entries then stand directly in it, or one file.

use crate::gap::End;
use crate::members::{Marks, Members};
use crate::meter::Inflated;
use crate::walk::{Entry, Level, Walk};
use crate::{Form, limits, tape, warc};
use davy_model::Gap;
use std::io::{self, Cursor, Read};

/// Reads what was packed with gzip, all its members one after the other.
pub(crate) fn gzip(walk: &mut Walk<'_>, level: &mut Level, reader: &mut dyn Read) -> Result<(), End> {
    let marks = Marks::default();
    let mut inflated = Inflated::new(Members::new(reader, &marks), &walk.meter);
    unpacked(walk, level, &mut inflated, &marks)
}

/// Reads what was packed with zstd.
pub(crate) fn zstd(walk: &mut Walk<'_>, level: &mut Level, reader: &mut dyn Read) -> Result<(), End> {
    let decoder = ruzstd::decoding::StreamingDecoder::new(reader).map_err(io::Error::other)?;
    let mut inflated = Inflated::new(decoder, &walk.meter);
    unpacked(walk, level, &mut inflated, &Marks::default())
}

/// Reads a layer of an image: a tar, packed or not.
pub(crate) fn layer(walk: &mut Walk<'_>, level: &mut Level, reader: &mut dyn Read) -> Result<(), End> {
    let mut head = Vec::new();
    reader.take(limits::HEAD as u64).read_to_end(&mut head)?;
    let form = Form::of(&head, "");
    let mut whole = Cursor::new(head).chain(reader);
    match form {
        Some(Form::Gzip) => gzip(walk, level, &mut whole),
        Some(Form::Zstd) => zstd(walk, level, &mut whole),
        _ => tape::read(walk, level, &mut whole),
    }
}

fn unpacked(walk: &mut Walk<'_>, level: &mut Level, reader: &mut dyn Read, marks: &Marks) -> Result<(), End> {
    let mut head = Vec::new();
    let failed = reader.take(limits::HEAD as u64).read_to_end(&mut head).err();
    let name = content(&level.path);
    let form = Form::of(&head, &name);
    let mut whole = Cursor::new(head).chain(After { failed, broken: marks.take_broken(), marks }).chain(reader);
    match form {
        Some(Form::Tar) => walk.tar(level, &mut whole),
        Some(Form::Warc) => warc::read(walk, level, &mut whole, marks),
        _ => walk.entry(level, Entry::file(name, None), &mut whole),
    }
}

/// An error that came while the beginning was read, at its place in the stream.
struct After<'m> {
    failed: Option<io::Error>,
    /// What [`Marks`] said of it.
    broken: Option<Gap>,
    marks: &'m Marks,
}

impl Read for After<'_> {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        let Some(error) = self.failed.take() else { return Ok(0) };
        self.marks.set_broken(self.broken.take());
        Err(error)
    }
}

/// What the one file inside is called: as the packed one, without the ending.
fn content(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let endings = [".gz", ".gzip", ".zst"];
    let plain = endings.iter().find_map(|ending| {
        let cut = name.len().checked_sub(ending.len())?;
        name.get(cut..).is_some_and(|end| end.eq_ignore_ascii_case(ending)).then(|| &name[..cut])
    });
    plain.filter(|plain| !plain.is_empty()).unwrap_or("content").to_owned()
}

#[cfg(test)]
mod tests {
    use super::content;

    #[test]
    fn what_is_inside_is_called_as_the_file() {
        for (path, name) in
            [("a/b.js.gz", "b.js"), ("x.tgz!/y.wasm.ZST", "y.wasm"), ("-", "content"), (".gz", "content")]
        {
            assert_eq!(content(path), name);
        }
    }
}
