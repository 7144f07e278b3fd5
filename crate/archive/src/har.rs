//! HTTP archives, entry by entry: the list is never held as a whole.

use crate::encoding;
use crate::gap::{self, Bound, End, lost};
use crate::walk::{Entry, Level, Walk};
use crate::{Message, limits};
use davy_model::GapReason;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{self, BufReader, Read};

/// What of an entry is read.
#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    pageref: Option<String>,
    request: Request,
    #[serde(default)]
    response: Response,
    /// What Chromium saves of a WebSocket.
    #[serde(default, rename = "_webSocketMessages")]
    messages: Option<Vec<Frame>>,
}

#[derive(Deserialize)]
struct Request {
    url: String,
}

#[derive(Deserialize, Default)]
struct Response {
    #[serde(default)]
    status: Option<f64>,
    #[serde(default)]
    content: Content,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Content {
    #[serde(default)]
    size: Option<f64>,
    #[serde(default)]
    mime_type: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
}

#[derive(Deserialize)]
struct Frame {
    #[serde(rename = "type")]
    direction: String,
    #[serde(default)]
    opcode: Option<f64>,
    #[serde(default)]
    data: String,
}

/// Operation code of a message that is bytes.
const BINARY: f64 = 2.0;

/// Reads the entries of an archive.
pub(crate) fn read(walk: &mut Walk<'_>, level: &mut Level, reader: &mut dyn Read) -> Result<(), End> {
    let since = Cell::new(0);
    // Text in JSON takes up to six bytes for one.
    let most = walk.settings.part_bytes.saturating_mul(6).saturating_add(limits::NAME_BYTES);
    let bounded = Bounded { inner: BufReader::with_capacity(limits::STEP, reader), since: &since, most };
    let end = RefCell::new(None);
    let mut take = |record: Record| -> Result<(), End> {
        since.set(0);
        one(walk, level, record)
    };
    let mut json = serde_json::Deserializer::from_reader(bounded);
    let root = Field { name: "log", then: Field { name: "entries", then: Entries { take: &mut take, end: &end } } };
    let read = root.deserialize(&mut json);
    match (end.take(), read) {
        (Some(end), _) => Err(end),
        (None, Err(error)) => Err(broken(error)),
        (None, Ok(true)) => Ok(()),
        (None, Ok(false)) => Err(End::Lost(lost(GapReason::Undecodable, "it holds no list of entries".to_owned()))),
    }
}

fn broken(error: serde_json::Error) -> End {
    if error.is_eof() {
        return End::Lost(gap::of(&io::ErrorKind::UnexpectedEof.into()));
    }
    if error.is_io() {
        return End::from(io::Error::from(error));
    }
    End::Lost(lost(GapReason::Undecodable, format!("it cannot be read further: {error}")))
}

fn one(walk: &mut Walk<'_>, level: &mut Level, record: Record) -> Result<(), End> {
    let Record { pageref, request, response, messages } = record;
    let Content { size, mime_type, text, encoding } = response.content;
    let entry = Entry { page: pageref, ..Entry::captured(&request.url, mime_type) };
    if let Some(messages) = messages {
        return walk.socket(level, entry, messages.into_iter().map(Frame::message).collect());
    }
    let encoded = encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64"));
    match text {
        Some(text) if encoded => match encoding::base64(text.as_bytes()) {
            Some(bytes) => walk.entry(level, entry, &mut bytes.as_slice()),
            None => walk.unread(level, entry, lost(GapReason::Undecodable, "its body is no base64".to_owned())),
        },
        Some(text) if !text.is_empty() || size.unwrap_or(0.0) <= 0.0 => walk.entry(level, entry, &mut text.as_bytes()),
        _ if had_body(response.status, size) => {
            let because = "the capture does not hold its body".to_owned();
            walk.unread(level, entry, lost(GapReason::NoBody, because))
        }
        _ => walk.entry(level, entry, &mut io::empty()),
    }
}

/// Whether a response without a body in the capture had one: not what failed, was blocked, or only led elsewhere.
fn had_body(status: Option<f64>, size: Option<f64>) -> bool {
    let status = status.unwrap_or(200.0);
    let answered = (200.0..300.0).contains(&status) && status != 204.0 || status == 304.0;
    answered && size.is_none_or(|size| size != 0.0)
}

impl Frame {
    fn message(self) -> Message {
        let bytes = match self.opcode {
            Some(BINARY) => encoding::base64(self.data.as_bytes()),
            _ => None,
        };
        Message { sent: self.direction == "send", bytes: bytes.unwrap_or_else(|| self.data.into_bytes()) }
    }
}

/// Bounds what is read for one entry.
struct Bounded<'c, R> {
    inner: R,
    since: &'c Cell<u64>,
    most: u64,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.since.set(self.since.get() + read as u64);
        if self.since.get() > self.most {
            return Err(io::Error::other(Bound("one entry is longer than parts may be")));
        }
        Ok(read)
    }
}

/// One field of an object, of which the rest is passed over. Gives whether it was there.
struct Field<T> {
    name: &'static str,
    then: T,
}

/// The list of entries.
struct Entries<'e, F> {
    take: &'e mut F,
    end: &'e RefCell<Option<End>>,
}

impl<'de, T: DeserializeSeed<'de, Value = bool>> DeserializeSeed<'de> for Field<T> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: DeserializeSeed<'de, Value = bool>> Visitor<'de> for Field<T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let (mut then, mut there) = (Some(self.then), false);
        while let Some(key) = map.next_key::<String>()? {
            match then.take_if(|_| key == self.name) {
                Some(then) => there = map.next_value_seed(then)?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(there)
    }
}

impl<'de, F: FnMut(Record) -> Result<(), End>> DeserializeSeed<'de> for Entries<'_, F> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(Record) -> Result<(), End>> Visitor<'de> for Entries<'_, F> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        while let Some(record) = seq.next_element::<Record>()? {
            if let Err(end) = (self.take)(record) {
                self.end.replace(Some(end));
                return Err(A::Error::custom("the reading ends here"));
            }
        }
        Ok(true)
    }
}
