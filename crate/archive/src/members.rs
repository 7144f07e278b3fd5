//! What gzip packs, member by member. Crawlers pack each record of a web archive as a member of its own: so it is known
//! where a record begins in the file, and after a member that is broken reading goes on with the next that holds a record.

use crate::gap::{self, lost};
use crate::limits;
use davy_model::{Gap, GapReason};
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};

/// Packed bytes that are read at once.
const CHUNK: usize = 64 << 10;

/// Packed bytes that are kept behind what was unpacked: a member that was cut looks broken only after the beginning of the
/// next was taken for its own.
const KEPT: usize = 128 << 10;

/// Packed bytes that may be looked through a second time in one file: beginnings of members inside of broken members would
/// otherwise be read again and again.
const AGAIN: usize = 64 << 20;

/// Packed bytes of a member by which it is seen whether it holds a record.
const TRIAL: usize = 1 << 10;

/// How a record begins, and a member.
const RECORD: &[u8; 5] = b"WARC/";
const MEMBER: &[u8; 3] = b"\x1f\x8b\x08";

/// Bits of a member's flags: a sum of its header, fields, a name, a remark; and those that mean nothing.
const SUM: u8 = 2;
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const REMARK: u8 = 16;
const UNKNOWN: u8 = 0xe0;

/// What a reader of the unpacked bytes may know of the members.
#[derive(Default)]
pub(crate) struct Marks {
    /// Where members begin: in what all unpack to, and in the file.
    starts: RefCell<VecDeque<(u64, u64)>>,
    /// Why the last member could not be unpacked, until somebody takes it.
    broken: RefCell<Option<Gap>>,
}

impl Marks {
    fn begins(&self, unpacked: u64, packed: u64) {
        let mut starts = self.starts.borrow_mut();
        // Empty members, and those that no reader can still have ahead of it.
        if starts.back().is_some_and(|last| last.0 == unpacked) {
            starts.pop_back();
        }
        if starts.len() > limits::STEP + limits::HEAD {
            starts.pop_front();
        }
        starts.push_back((unpacked, packed));
    }

    /// Where in the file the record begins that begins there in what it unpacks to; none where it shares a member with
    /// others. Asked in ascending order.
    pub(crate) fn packed(&self, unpacked: u64) -> Option<u64> {
        let mut starts = self.starts.borrow_mut();
        while starts.get(1).is_some_and(|next| next.0 <= unpacked) {
            starts.pop_front();
        }
        starts.front().filter(|start| start.0 == unpacked).map(|start| start.1)
    }

    /// The gap that a broken member leaves, once.
    pub(crate) fn take_broken(&self) -> Option<Gap> {
        self.broken.take()
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.broken.borrow().is_some()
    }

    pub(crate) fn set_broken(&self, gap: Option<Gap>) {
        self.broken.replace(gap);
    }
}

enum State {
    /// Where a member may begin.
    Between,
    /// In a member that begins there in the file.
    Inside(u64),
    /// What could be unpacked of a member was given, and this is wrong with it.
    Wrong(u64, &'static str),
    /// A member was broken; whoever reads on gets what follows the next beginning of a record.
    Broken(u64),
    /// The file has ended.
    Ended,
}

/// Unpacks all members, one after the other.
pub(crate) struct Members<'r> {
    inner: &'r mut dyn Read,
    /// Packed bytes, `at` of them unpacked; the first of them is this far in the file.
    raw: Vec<u8>,
    at: usize,
    first: u64,
    /// Whether the file has no more.
    whole: bool,
    inflate: Decompress,
    sum: Crc,
    /// Bytes given so far.
    given: u64,
    again: usize,
    state: State,
    marks: &'r Marks,
}

/// What stands where a member may begin.
enum Header {
    /// A header of so many bytes.
    Of(usize),
    /// The beginning of one.
    Short,
    None,
}

impl<'r> Members<'r> {
    pub(crate) fn new(inner: &'r mut dyn Read, marks: &'r Marks) -> Self {
        Self {
            inner,
            raw: Vec::new(),
            at: 0,
            first: 0,
            whole: false,
            inflate: Decompress::new(false),
            sum: Crc::new(),
            given: 0,
            again: 0,
            state: State::Between,
            marks,
        }
    }

    fn place(&self) -> u64 {
        self.first + self.at as u64
    }

    /// Reads more of the file; false at its end.
    fn fill(&mut self) -> io::Result<bool> {
        if self.at >= 2 * KEPT {
            let gone = self.at - KEPT;
            self.raw.drain(..gone);
            self.at -= gone;
            self.first += gone as u64;
        }
        let had = self.raw.len();
        self.raw.resize(had + CHUNK, 0);
        let read = loop {
            match self.inner.read(&mut self.raw[had..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.raw.truncate(had + *read.as_ref().unwrap_or(&0));
        self.whole |= *read.as_ref().unwrap_or(&1) == 0;
        Ok(read? > 0)
    }

    /// Reads the header of the next member; false where there is none.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            // Writers fill blocks with zeros.
            self.at += self.raw[self.at..].iter().take_while(|&&byte| byte == 0).count();
            let start = self.place();
            match header(&self.raw[self.at..]) {
                Header::Of(length) => {
                    self.at += length;
                    self.inflate.reset(false);
                    self.sum.reset();
                    self.marks.begins(self.given, start);
                    self.state = State::Inside(start);
                    return Ok(true);
                }
                Header::Short if self.raw.len() - self.at <= 3 * limits::NAME_BYTES as usize => {
                    if self.fill()? {
                        continue;
                    }
                    if self.at == self.raw.len() {
                        return Ok(false);
                    }
                    return Err(self.breaks(start, &io::ErrorKind::UnexpectedEof.into()));
                }
                _ => return Err(self.breaks(start, &io::Error::other("no member begins there"))),
            }
        }
    }

    /// Notes that a member is broken, and gives the error that says so.
    fn breaks(&mut self, start: u64, error: &io::Error) -> io::Error {
        self.state = State::Broken(start);
        let because = format!("what was packed at byte {start} cannot be unpacked: {error}");
        let gap = match error.kind() {
            io::ErrorKind::UnexpectedEof => gap::of(error),
            _ => lost(GapReason::Undecodable, because.clone()),
        };
        self.marks.set_broken(Some(gap));
        if error.kind() == io::ErrorKind::UnexpectedEof { error.kind().into() } else { io::Error::other(because) }
    }

    /// Unpacks more of a member that begins at `start`.
    fn inside(&mut self, start: u64, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.at == self.raw.len() && !self.whole {
                self.fill()?;
            }
            let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(&self.raw[self.at..], buffer, FlushDecompress::None);
            let read = usize::try_from(self.inflate.total_in() - read).unwrap_or_default();
            let written = usize::try_from(self.inflate.total_out() - written).unwrap_or_default();
            self.at += read;
            self.given += written as u64;
            self.sum.update(&buffer[..written]);
            match status {
                Err(_) => {
                    self.state = State::Wrong(start, "its data are no deflate stream");
                    return Ok(written);
                }
                Ok(Status::StreamEnd) => {
                    self.state =
                        if self.is_right()? { State::Between } else { State::Wrong(start, "its sum is another one") };
                    return Ok(written);
                }
                _ if written > 0 => return Ok(written),
                _ if self.at == self.raw.len() && self.whole => {
                    return Err(self.breaks(start, &io::ErrorKind::UnexpectedEof.into()));
                }
                _ if read == 0 && self.at < self.raw.len() => {
                    return Err(self.breaks(start, &io::Error::other("the decoder stands still")));
                }
                _ => {}
            }
        }
    }

    /// Reads a member's sum and length, and holds them against what it gave.
    fn is_right(&mut self) -> io::Result<bool> {
        while self.raw.len() - self.at < 8 {
            if !self.fill()? {
                return Ok(false);
            }
        }
        let word = |at: usize| self.raw[at..].first_chunk::<4>().map(|word| u32::from_le_bytes(*word));
        let said = (word(self.at), word(self.at + 4));
        self.at += 8;
        // The length is kept without what is above 32 bits.
        #[expect(clippy::cast_possible_truncation, reason = "the format's own")]
        let had = (self.sum.sum(), self.inflate.total_out() as u32);
        Ok(said == (Some(had.0), Some(had.1)))
    }

    /// Goes to the next beginning of a record after a member that was broken; false where there is none.
    fn resume(&mut self, start: u64) -> io::Result<bool> {
        let from = usize::try_from((start + 1).saturating_sub(self.first)).unwrap_or(usize::MAX).min(self.at);
        if self.again + (self.at - from) <= AGAIN {
            self.again += self.at - from;
            self.at = from;
        }
        loop {
            match memchr::memmem::find(&self.raw[self.at..], MEMBER) {
                Some(ahead) => {
                    self.at += ahead;
                    while self.raw.len() - self.at < TRIAL && self.fill()? {}
                    if self.holds_record() {
                        return Ok(true);
                    }
                    self.at += 1;
                }
                None => {
                    self.at = self.at.max(self.raw.len().saturating_sub(MEMBER.len() - 1));
                    if !self.fill()? {
                        return Ok(false);
                    }
                }
            }
        }
    }

    /// Whether what stands there unpacks to the beginning of a record.
    fn holds_record(&mut self) -> bool {
        let trial = &self.raw[self.at..];
        let trial = &trial[..trial.len().min(TRIAL)];
        let Header::Of(length) = header(trial) else { return false };
        let mut begins = [0; RECORD.len()];
        self.inflate.reset(false);
        let done = self.inflate.decompress(&trial[length..], &mut begins, FlushDecompress::None);
        done.is_ok() && &begins == RECORD
    }
}

impl Read for Members<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match self.state {
                State::Between => {
                    if !self.begin()? {
                        self.state = State::Ended;
                    }
                }
                State::Inside(start) => {
                    let written = self.inside(start, buffer)?;
                    if written > 0 {
                        return Ok(written);
                    }
                }
                State::Wrong(start, because) => return Err(self.breaks(start, &io::Error::other(because))),
                State::Broken(start) => {
                    self.state = if self.resume(start)? { State::Between } else { State::Ended };
                }
                State::Ended => return Ok(0),
            }
        }
    }
}

/// The header that stands at the beginning of these bytes.
fn header(bytes: &[u8]) -> Header {
    const FIXED: usize = 10;
    if !bytes.starts_with(&MEMBER[..bytes.len().min(MEMBER.len())]) {
        return Header::None;
    }
    let Some(fixed) = bytes.get(..FIXED) else { return Header::Short };
    let flags = fixed[3];
    if flags & UNKNOWN != 0 {
        return Header::None;
    }
    let mut at = FIXED;
    if flags & EXTRA != 0 {
        let Some(length) = bytes.get(at..at + 2) else { return Header::Short };
        at += 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    }
    for text in [NAME, REMARK] {
        if flags & text != 0 {
            let Some(end) = bytes.get(at..).and_then(|rest| memchr::memchr(0, rest)) else { return Header::Short };
            at += end + 1;
        }
    }
    if flags & SUM != 0 {
        at += 2;
    }
    if at <= bytes.len() { Header::Of(at) } else { Header::Short }
}

#[cfg(test)]
mod tests;
