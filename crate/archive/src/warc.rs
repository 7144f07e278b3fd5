//! Web archives, record by record.

use crate::gap::{End, lost};
use crate::http;
use crate::limits;
use crate::members::Marks;
use crate::walk::{Entry, Level, Walk};
use davy_model::{Gap, GapReason};
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};

/// Bodies whose digests are remembered, so that a record that only repeats one is not missed.
const BODIES: usize = 1 << 17;

/// Bytes with how many of them were read.
struct Counted<'r> {
    inner: &'r mut dyn Read,
    bytes: u64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

type Records<'r> = BufReader<Counted<'r>>;

/// Reads the records of a web archive. `marks` knows where those begin that are packed one by one.
pub(crate) fn read(walk: &mut Walk<'_>, level: &mut Level, reader: &mut dyn Read, marks: &Marks) -> Result<(), End> {
    let mut reader = BufReader::with_capacity(limits::STEP, Counted { inner: reader, bytes: 0 });
    let mut seen = BTreeSet::new();
    let around = level.offset;
    loop {
        let next = next(walk, level, &mut reader, marks, &mut seen);
        level.offset = around;
        match (next, marks.take_broken()) {
            (Err(End::Left), _) => return Err(End::Left),
            // What is packed on its own is lost on its own: the next record begins after it.
            (_, Some(gap)) => level.lose(gap),
            (Ok(true), None) => {}
            (Ok(false), None) => return Ok(()),
            (Err(end), None) => return Err(end),
        }
    }
}

/// Reads the next record; false at the end.
fn next(
    walk: &mut Walk<'_>,
    level: &mut Level,
    reader: &mut Records<'_>,
    marks: &Marks,
    seen: &mut BTreeSet<String>,
) -> Result<bool, End> {
    let Some(start) = begin(reader, level)? else { return Ok(false) };
    level.offset = Some(marks.packed(start).unwrap_or(start));
    let Some(headers) = http::headers(reader)? else {
        return Err(End::Lost(lost(GapReason::Truncated, "a record's head does not end".to_owned())));
    };
    let record = Record { headers };
    let Some(length) = record.get("content-length").and_then(|length| length.parse::<u64>().ok()) else {
        level.lose(lost(GapReason::Undecodable, "a record does not say how long it is".to_owned()));
        return Ok(true);
    };
    let mut block = BufReader::with_capacity(limits::HEAD, reader.by_ref().take(length));
    one(walk, level, &record, &mut block, seen)?;
    if marks.is_broken() {
        return Ok(true);
    }
    io::copy(&mut block, &mut io::sink())?;
    let left = block.into_inner().limit();
    if left > 0 {
        let because = format!("the last record lacks {left} of its {length} bytes");
        return Err(End::Lost(lost(GapReason::Truncated, because)));
    }
    Ok(true)
}

/// Goes to the next record and says where it begins; none at the end. What stands between records and is none is passed
/// over, and said so.
fn begin(reader: &mut Records<'_>, level: &mut Level) -> Result<Option<u64>, End> {
    let mut foreign = false;
    loop {
        let start = reader.get_ref().bytes - reader.buffer().len() as u64;
        let mut line = Vec::new();
        if reader.take(limits::NAME_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.starts_with(b"WARC/") {
            return Ok(Some(start));
        }
        if !foreign && !line.iter().all(u8::is_ascii_whitespace) {
            foreign = true;
            let because = "something stands between its records that is none; it was passed over".to_owned();
            level.lose(lost(GapReason::Undecodable, because));
        }
    }
}

/// The head of a record.
struct Record {
    headers: Vec<(String, String)>,
}

impl Record {
    fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What the crawler itself cut.
    fn cut(&self) -> Option<Gap> {
        let why = self.get("warc-truncated")?;
        Some(lost(GapReason::Truncated, format!("the crawler cut it ({why})")))
    }
}

fn one(
    walk: &mut Walk<'_>,
    level: &mut Level,
    record: &Record,
    block: &mut dyn BufRead,
    seen: &mut BTreeSet<String>,
) -> Result<(), End> {
    // Version 1.0's grammar puts the address between angle brackets.
    let url = record.get("warc-target-uri").unwrap_or_default().trim_matches(['<', '>']);
    let is_http = record.get("content-type").is_some_and(|kind| kind.starts_with("application/http"));
    match record.get("warc-type") {
        Some("response") if is_http => response(walk, level, record, url, block, seen),
        Some("response" | "resource") => {
            let media = record.get("content-type").map(str::to_owned);
            cut(walk, level, record, Entry::captured(url, media), block)
        }
        Some("revisit") => revisit(walk, level, record, url, block, seen),
        Some("continuation") => {
            let because = "it is a part of a record in another file".to_owned();
            walk.unread(level, Entry::captured(url, None), lost(GapReason::Truncated, because))
        }
        _ => Ok(()),
    }
}

fn response(
    walk: &mut Walk<'_>,
    level: &mut Level,
    record: &Record,
    url: &str,
    block: &mut dyn BufRead,
    seen: &mut BTreeSet<String>,
) -> Result<(), End> {
    let Some(head) = http::head(block)? else {
        let because = "the record holds no response".to_owned();
        return walk.unread(level, Entry::captured(url, None), lost(GapReason::Undecodable, because));
    };
    if let Some(digest) = record.get("warc-payload-digest").filter(|_| seen.len() < BODIES) {
        seen.insert(digest.to_owned());
    }
    // What only leads elsewhere, or says that nothing is there, is no part of a page.
    if (300..400).contains(&head.status) {
        return Ok(());
    }
    let entry = Entry::captured(url, head.get("content-type").map(str::to_owned));
    let meter = std::rc::Rc::clone(&walk.meter);
    match http::body(&head, block, &meter) {
        Ok(mut body) => cut(walk, level, record, entry, &mut body),
        Err(error) => walk.unread(level, entry, crate::gap::of(&error)),
    }
}

/// A part, and what the crawler said that is missing of it.
fn cut(walk: &mut Walk<'_>, level: &mut Level, record: &Record, entry: Entry, body: &mut dyn Read) -> Result<(), End> {
    match record.cut() {
        Some(gap) => walk.cut(level, entry, body, gap),
        None => walk.entry(level, entry, body),
    }
}

/// The same body as another time: known when that record stands before this one in the archive.
fn revisit(
    walk: &mut Walk<'_>,
    level: &mut Level,
    record: &Record,
    url: &str,
    block: &mut dyn BufRead,
    seen: &BTreeSet<String>,
) -> Result<(), End> {
    if record.get("warc-payload-digest").is_some_and(|digest| seen.contains(digest)) {
        return Ok(());
    }
    let head = http::head(block)?.unwrap_or_default();
    let entry = Entry::captured(url, head.get("content-type").map(str::to_owned));
    let because = "the record repeats one that stands elsewhere, and holds no body".to_owned();
    walk.unread(level, entry, lost(GapReason::NoBody, because))
}
