//! Web archives, record by record.

use crate::gap::{End, lost};
use crate::http;
use crate::limits;
use crate::walk::{Entry, Level, Walk};
use davy_model::{Gap, GapReason};
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};

/// Bodies whose digests are remembered, so that a record that only repeats one is not missed.
const BODIES: usize = 1 << 17;

/// Reads the records of a web archive.
pub(crate) fn read(walk: &mut Walk<'_>, level: &mut Level, reader: &mut dyn Read) -> Result<(), End> {
    let mut reader = BufReader::with_capacity(limits::STEP, reader);
    let mut seen = BTreeSet::new();
    while begin(&mut reader, level)? {
        let Some(headers) = http::headers(&mut reader)? else {
            return Err(End::Lost(lost(GapReason::Truncated, "a record's head does not end".to_owned())));
        };
        let record = Record { headers };
        let Some(length) = record.get("content-length").and_then(|length| length.parse::<u64>().ok()) else {
            level.lose(lost(GapReason::Undecodable, "a record does not say how long it is".to_owned()));
            continue;
        };
        let mut block = BufReader::with_capacity(limits::HEAD, reader.by_ref().take(length));
        one(walk, level, &record, &mut block, &mut seen)?;
        io::copy(&mut block, &mut io::sink())?;
        let left = block.into_inner().limit();
        if left > 0 {
            let because = format!("the last record lacks {left} of its {length} bytes");
            return Err(End::Lost(lost(GapReason::Truncated, because)));
        }
    }
    Ok(())
}

/// Goes to the next record; none at the end. What stands between records and is none is passed over, and said so.
fn begin(reader: &mut impl BufRead, level: &mut Level) -> Result<bool, End> {
    let mut foreign = false;
    loop {
        let mut line = Vec::new();
        if reader.take(limits::NAME_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(false);
        }
        if line.starts_with(b"WARC/") {
            return Ok(true);
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
