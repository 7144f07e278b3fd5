//! One walk over a container and those inside of it.

use crate::gap::{self, End, lost};
use crate::image::{self, Layers};
use crate::links::Links;
use crate::members::Marks;
use crate::meter::{Counted, Meter};
use crate::name::{self, Name};
use crate::{Closed, Form, Message, Part, ReadSeek, Settings, Source, Visit, Wanted};
use crate::{gzip, har, limits, mhtml, sources, tape, warc, zipped};
use davy_model::{Gap, GapReason};
use std::io::{self, Cursor, Read, SeekFrom};
use std::ops::ControlFlow;
use std::rc::Rc;

/// What all levels share.
pub(crate) struct Walk<'v> {
    visit: &'v mut dyn Visit,
    pub(crate) settings: Settings,
    pub(crate) meter: Rc<Meter>,
    sites: u32,
    /// Bytes of containers that are held in memory, for they must be read from their ends.
    held: u64,
    /// Bytes of the outermost container that the visitor was told of.
    told: u64,
    /// What is known to be missing of the part that is read next.
    missing: Option<Gap>,
}

/// A container that is being read.
pub(crate) struct Level {
    pub(crate) path: String,
    /// Containers around its parts, itself counted.
    depth: u32,
    site: u32,
    gaps: Vec<Gap>,
    pub(crate) links: Links,
    is_zip: bool,
    /// Where the record of a web archive begins that is being read, or that all of this is from.
    pub(crate) offset: Option<u64>,
    /// Set while the layers of an image are read.
    pub(crate) layers: Option<Layers>,
}

/// What a container says of one of its parts.
pub(crate) struct Entry {
    pub(crate) name: Name,
    pub(crate) media: Option<String>,
    /// The length that is announced, where one is.
    pub(crate) length: Option<u64>,
    pub(crate) page: Option<String>,
}

impl Entry {
    /// A file of an archive.
    pub(crate) fn file(path: String, length: Option<u64>) -> Self {
        Self { name: Name::Path(path), media: None, length, page: None }
    }

    /// What a capture holds from an address. A fragment names a place in it, not another thing.
    pub(crate) fn captured(url: &str, media: Option<String>) -> Self {
        let url = url.split('#').next().unwrap_or_default().trim();
        Self { name: Name::Url(url.to_owned()), media, length: None, page: None }
    }
}

impl Level {
    /// Adds to what could not be read; each sentence once.
    pub(crate) fn lose(&mut self, gap: Gap) {
        if self.gaps.len() < limits::GAPS && !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    /// The path inside that an archive's name means.
    pub(crate) fn inside(&mut self, raw: &[u8]) -> String {
        let (path, out) = name::inside(raw);
        if out {
            self.lose(name::leaves(raw));
        }
        path
    }
}

impl<'v> Walk<'v> {
    pub(crate) fn new(settings: Settings, visit: &'v mut dyn Visit) -> Self {
        Self { visit, settings, meter: Rc::new(Meter::default()), sites: 0, held: 0, told: 0, missing: None }
    }

    pub(crate) fn outermost(&mut self, source: Source<'_>, form: Form, path: &str) -> ControlFlow<()> {
        match self.container(source, form, path.to_owned(), (0, None), None) {
            Err(End::Left) => ControlFlow::Break(()),
            Ok(()) | Err(End::Lost(_)) => ControlFlow::Continue(()),
        }
    }

    /// Reads a container. What cannot be read of it is its own gap; only a visitor that leaves ends what is around it.
    fn container(
        &mut self,
        source: Source<'_>,
        form: Form,
        path: String,
        (depth, offset): (u32, Option<u64>),
        site: Option<u32>,
    ) -> Result<(), End> {
        let site = site.unwrap_or(self.sites);
        self.sites = self.sites.max(site + 1);
        left(self.visit.open(&path, site))?;
        let is_zip = form == Form::Zip;
        let (gaps, links) = (Vec::new(), Links::default());
        let mut level = Level { path, depth: depth + 1, site, gaps, links, is_zip, offset, layers: None };
        let outermost = (depth == 0).then(|| Rc::clone(&self.meter));
        let (bytes, sha256) = match source {
            Source::Seek(file) if is_zip => {
                self.seekable(file, &mut level, outermost.is_some(), |walk, level, file| {
                    zipped::read(walk, level, file)
                })?
            }
            Source::Seek(file) if form == Form::Tar => match image::find(file) {
                Some(images) => self.seekable(file, &mut level, outermost.is_some(), |walk, level, file| {
                    image::read(walk, level, file, images)
                })?,
                None => {
                    file.seek(SeekFrom::Start(0))?;
                    self.stream(&mut &mut *file, form, &mut level, outermost)?
                }
            },
            Source::Seek(file) => self.stream(&mut &mut *file, form, &mut level, outermost)?,
            Source::Stream(stream) => self.stream(stream, form, &mut level, outermost)?,
        };
        level.links.loops().into_iter().for_each(|gap| level.lose(gap));
        self.tell();
        let Level { path, gaps, .. } = level;
        left(self.visit.close(Closed { path, site, bytes, sha256, gaps, offset }))
    }

    /// A container that is read from beginning to end.
    fn stream(
        &mut self,
        stream: &mut dyn Read,
        form: Form,
        level: &mut Level,
        meter: Option<Rc<Meter>>,
    ) -> Result<(u64, Option<String>), End> {
        let mut counted = Counted::new(stream, meter);
        let end = match form {
            Form::Tar => self.tar(level, &mut counted),
            Form::Gzip => gzip::gzip(self, level, &mut counted),
            Form::Zstd => gzip::zstd(self, level, &mut counted),
            Form::Zip => {
                self.held(level, &mut counted, |walk, level, bytes| zipped::read(walk, level, &mut Cursor::new(bytes)))
            }
            Form::Har => har::read(self, level, &mut counted),
            Form::Mhtml => self.held(level, &mut counted, |walk, level, bytes| mhtml::read(walk, level, &bytes)),
            Form::Warc => warc::read(self, level, &mut counted, &Marks::default()),
            Form::SourceMap => self.held(level, &mut counted, |walk, level, bytes| sources::read(walk, level, &bytes)),
        };
        match end {
            Ok(()) => Ok(counted.close()),
            Err(End::Left) => Err(End::Left),
            Err(End::Lost(gap)) => {
                level.lose(gap);
                Ok((counted.so_far(), None))
            }
        }
    }

    /// A tar that is read from beginning to end. An image's is taken into memory where it fits, for its layers are read from
    /// the top down; in one that does not fit they are tars inside of a tar, and more is read than is there when it runs.
    pub(crate) fn tar(&mut self, level: &mut Level, stream: &mut dyn Read) -> Result<(), End> {
        let mut bytes = Vec::new();
        let mut failed = stream.take(limits::HEAD as u64).read_to_end(&mut bytes).err();
        let most = self.settings.part_bytes.saturating_sub(self.held);
        if failed.is_some() || !image::may_begin(&bytes) {
            return self.tape(level, bytes, failed, stream);
        }
        let rest = most.saturating_add(1).saturating_sub(bytes.len() as u64);
        failed = stream.take(rest).read_to_end(&mut bytes).err();
        if failed.is_some() || bytes.len() as u64 > most {
            return self.tape(level, bytes, failed, stream);
        }
        let mut file = Cursor::new(&bytes);
        let Some(images) = image::find(&mut file) else { return self.tape(level, bytes, None, stream) };
        self.held += bytes.len() as u64;
        let end = image::read(self, level, &mut file, images);
        self.held -= bytes.len() as u64;
        end
    }

    /// A tar of which `bytes` were read, then perhaps an error.
    fn tape(
        &mut self,
        level: &mut Level,
        bytes: Vec<u8>,
        failed: Option<io::Error>,
        stream: &mut dyn Read,
    ) -> Result<(), End> {
        match failed {
            None => tape::read(self, level, &mut Cursor::new(bytes).chain(stream)),
            Some(error) => {
                level.lose(gap::of(&error));
                tape::read(self, level, &mut Cursor::new(bytes))
            }
        }
    }

    /// A container that is not read from beginning to end.
    fn seekable(
        &mut self,
        file: &mut dyn ReadSeek,
        level: &mut Level,
        outermost: bool,
        read: impl FnOnce(&mut Self, &mut Level, &mut dyn ReadSeek) -> Result<(), End>,
    ) -> Result<(u64, Option<String>), End> {
        let start = |file: &mut dyn ReadSeek| file.seek(SeekFrom::Start(0));
        let hashed = start(file).map(|_| Counted::new(&mut *file, None).close());
        let (bytes, sha256) = hashed.unwrap_or_default();
        if outermost {
            self.meter.all(bytes);
        }
        match start(file).map_err(End::from).and_then(|_| read(self, level, file)) {
            Err(End::Left) => return Err(End::Left),
            Err(End::Lost(gap)) => level.lose(gap),
            Ok(()) => {}
        }
        Ok((bytes, sha256))
    }

    /// Takes a container into memory that cannot be read as it comes.
    fn held(
        &mut self,
        level: &mut Level,
        stream: &mut dyn Read,
        read: impl FnOnce(&mut Self, &mut Level, Vec<u8>) -> Result<(), End>,
    ) -> Result<(), End> {
        let most = self.settings.part_bytes.saturating_sub(self.held);
        let mut bytes = Vec::new();
        let failed = stream.take(most.saturating_add(1)).read_to_end(&mut bytes).err();
        if bytes.len() as u64 > most {
            let because = "it is longer than what is held of such containers together (--max-artifact-bytes)";
            return Err(End::Lost(lost(GapReason::OverLimit, because.to_owned())));
        }
        failed.iter().for_each(|error| level.lose(gap::of(error)));
        let length = bytes.len() as u64;
        self.held += length;
        let end = read(self, level, bytes);
        self.held -= length;
        end
    }

    /// Takes one part of which something is missing, as its container says.
    pub(crate) fn cut(
        &mut self,
        level: &mut Level,
        entry: Entry,
        reader: &mut dyn Read,
        missing: Gap,
    ) -> Result<(), End> {
        self.missing = Some(missing);
        let end = self.entry(level, entry, reader);
        self.missing = None;
        end
    }

    /// Takes one part: opens it where it is a container itself, and hands it over otherwise.
    pub(crate) fn entry(&mut self, level: &mut Level, entry: Entry, reader: &mut dyn Read) -> Result<(), End> {
        let mut bytes = Vec::new();
        let mut failed = reader.take(limits::HEAD as u64).read_to_end(&mut bytes).err();
        if let Some(form) = Form::of(&bytes, entry.name.last())
            && failed.is_none()
        {
            let path = format!("{}!/{}", level.path, entry.name.text());
            if level.depth >= self.settings.depth.min(limits::DEPTH) {
                let because = "it lies deeper than things inside of things are followed (--max-depth)";
                return self.unread(level, entry, lost(GapReason::OverLimit, because.to_owned()));
            }
            // The captures of one crawl, in one archive, belong together.
            let site = (form.is_warc() && level.is_zip).then_some(level.site);
            let mut whole = Cursor::new(bytes).chain(reader);
            return self.container(Source::Stream(&mut whole), form, path, (level.depth, level.offset), site);
        }
        let wanted = self.visit.wants(&entry.name, entry.media.as_deref(), &bytes);
        let most = match wanted {
            Wanted::Whole => self.settings.part_bytes,
            Wanted::Start => self.settings.part_bytes.min(limits::OTHER_BYTES),
            Wanted::Nothing => return self.hand_over(level, entry, None, None),
        };
        self.visit.room(bytes.len() as u64);
        if failed.is_none() {
            failed = self.rest(reader, &mut bytes, most).err();
        }
        let had = bytes.len() as u64;
        let missing = self.missing.take();
        let gap = match failed {
            _ if missing.is_some() => missing,
            Some(error) => Some(gap::of(&error)),
            None if had > most => Some(too_long(most)),
            None => entry.length.filter(|&length| had < length).map(|length| cut(had, length)),
        };
        if had > most && wanted == Wanted::Whole {
            let entry = Entry { length: Some(entry.length.unwrap_or(0).max(had)), ..entry };
            return self.unread(level, entry, too_long(most));
        }
        self.hand_over(level, entry, Some(bytes), gap)
    }

    /// Reads up to one byte more than allowed, in steps that the visitor has room for.
    fn rest(&mut self, reader: &mut dyn Read, bytes: &mut Vec<u8>, most: u64) -> io::Result<()> {
        while bytes.len() as u64 <= most {
            let step = (limits::STEP as u64).max(bytes.len() as u64 / 2).min(most + 1 - bytes.len() as u64);
            self.visit.room(step);
            let read = reader.take(step).read_to_end(bytes)?;
            if (read as u64) < step {
                break;
            }
        }
        Ok(())
    }

    /// Hands over a part whose bytes cannot be had.
    pub(crate) fn unread(&mut self, level: &Level, entry: Entry, gap: Gap) -> Result<(), End> {
        self.hand_over(level, entry, None, Some(gap))
    }

    /// Tells the visitor how far the outermost container has been read.
    fn tell(&mut self) {
        let read = self.meter.so_far();
        self.visit.read(read - self.told);
        self.told = read;
    }

    fn hand_over(&mut self, level: &Level, entry: Entry, body: Option<Vec<u8>>, gap: Option<Gap>) -> Result<(), End> {
        self.tell();
        let length = body.as_ref().map_or(entry.length.unwrap_or(0), |body| body.len() as u64);
        self.part(level, entry, Part { body, gap, length, ..Part::default() })
    }

    /// Hands over what passed a socket.
    pub(crate) fn socket(&mut self, level: &Level, entry: Entry, messages: Vec<Message>) -> Result<(), End> {
        self.tell();
        let length = messages.iter().map(|message| message.bytes.len() as u64).sum();
        self.visit.room(length);
        self.part(level, entry, Part { messages: Some(messages), length, ..Part::default() })
    }

    fn part(&mut self, level: &Level, entry: Entry, part: Part) -> Result<(), End> {
        let Entry { name, media, page, .. } = entry;
        let path = format!("{}!/{}", level.path, name.text());
        let (site, depth, offset) = (level.site, level.depth, level.offset);
        left(self.visit.part(Part { path, name, site, depth, media, page, offset, ..part }))
    }
}

/// A visitor that leaves ends everything.
fn left(flow: ControlFlow<()>) -> Result<(), End> {
    if flow.is_break() { Err(End::Left) } else { Ok(()) }
}

fn too_long(most: u64) -> Gap {
    lost(GapReason::OverLimit, format!("it is longer than the {most} bytes that are read of one"))
}

fn cut(had: u64, length: u64) -> Gap {
    lost(GapReason::Truncated, format!("the archive announces {length} bytes of it and holds {had}"))
}
