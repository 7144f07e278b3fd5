//! A reader's state as bytes: the analyser gives its memory back when it is idle, a socket lives on.

use super::login::Login;
use super::share::{Kind, Proof, Share};
use super::words::Words;
use super::work::{Form, Work};
use super::{FrameReader, Seen};
use crate::limits;

/// Form of the bytes; another one is not read.
const VERSION: u8 = 2;

impl FrameReader {
    /// The state in a few hundred bytes, at most some KiB.
    #[must_use]
    pub fn saved(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        for number in [self.messages[0], self.messages[1], self.unread, self.seed] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for words in self.words {
            out.extend_from_slice(&words.0.to_le_bytes());
        }
        out.push(self.seen.len() as u8);
        for (seen, count) in &self.seen {
            let (kind, first, second) = match seen {
                Seen::Work { form, certain } => (0, *form as u8, u8::from(*certain)),
                Seen::Share(share) => (1, share.kind as u8, share.proof as u8),
                Seen::Login(login) => (2, *login as u8, 0),
            };
            out.extend_from_slice(&[kind, first, second]);
            out.extend_from_slice(&count.to_le_bytes());
        }
        for tail in &self.pieces {
            out.extend_from_slice(&(tail.len() as u32).to_le_bytes());
            out.extend_from_slice(tail);
        }
        save_works(self.works.iter(), &mut out);
        out
    }

    /// The pieces of work that are certain, for readers of other sockets of the same page; empty where there is none.
    #[must_use]
    pub fn saved_works(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.works.iter().any(|work| work.certain) {
            save_works(self.works.iter().filter(|work| work.certain), &mut out);
        }
        out
    }

    /// Takes in work that another socket of the same page was handed: its share may go by this one. Bytes that no reader
    /// saved are nothing.
    pub fn learn(&mut self, works: &[u8]) {
        for work in restored_works(&mut Bytes(works)).unwrap_or_default() {
            self.keep(work);
        }
    }

    /// A reader as it was saved; `None` for bytes that no reader saved.
    #[must_use]
    pub fn restored(bytes: &[u8]) -> Option<Self> {
        let mut from = Bytes(bytes);
        if from.byte()? != VERSION {
            return None;
        }
        let mut reader = Self {
            messages: [from.u32()?, from.u32()?],
            unread: from.u32()?,
            seed: from.u32()?,
            words: [Words(from.u64()?), Words(from.u64()?)],
            ..Self::default()
        };
        for _ in 0..usize::from(from.byte()?).min(limits::FRAME_SEEN) {
            let (kind, first, second) = (from.byte()?, from.byte()?, from.byte()?);
            let seen = match kind {
                0 => Seen::Work { form: *Form::ALL.get(first as usize)?, certain: second == 1 },
                1 => Seen::Share(Share {
                    kind: *Kind::ALL.get(first as usize)?,
                    proof: *Proof::ALL.get(second as usize)?,
                }),
                _ => Seen::Login(*Login::ALL.get(first as usize)?),
            };
            reader.seen.push((seen, from.u32()?));
        }
        for tail in &mut reader.pieces {
            let length = from.u32()? as usize;
            *tail = from.bytes(length)?.to_vec();
        }
        reader.works = restored_works(&mut from)?;
        from.0.is_empty().then_some(reader)
    }
}

fn save_works<'a>(works: impl Iterator<Item = &'a Work> + Clone, out: &mut Vec<u8>) {
    out.push(works.clone().count() as u8);
    for work in works {
        out.extend_from_slice(&[work.form as u8, u8::from(work.certain)]);
        out.extend_from_slice(&work.target.to_le_bytes());
        out.extend_from_slice(&work.time.to_le_bytes());
        text(&work.bytes, out);
        out.push(work.ids.len() as u8);
        work.ids.iter().for_each(|id| text(id, out));
    }
}

fn restored_works(from: &mut Bytes<'_>) -> Option<Vec<Work>> {
    let mut works = Vec::new();
    for _ in 0..usize::from(from.byte()?).min(limits::FRAME_WORKS) {
        let (form, certain) = (*Form::ALL.get(from.byte()? as usize)?, from.byte()? == 1);
        let (target, time, bytes) = (from.u64()?, from.u32()?, from.text()?);
        let count = usize::from(from.byte()?).min(limits::FRAME_IDS);
        let ids = (0..count).map(|_| from.text()).collect::<Option<_>>()?;
        works.push(Work { form, certain, ids, bytes, target, time });
    }
    Some(works)
}

/// A text of at most 255 bytes behind its length.
fn text(bytes: &[u8], out: &mut Vec<u8>) {
    let kept = &bytes[..bytes.len().min(255)];
    out.push(kept.len() as u8);
    out.extend_from_slice(kept);
}

/// What is still to be read.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    fn text(&mut self) -> Option<Vec<u8>> {
        let length = usize::from(self.byte()?);
        self.bytes(length).map(<[u8]>::to_vec)
    }

    fn bytes(&mut self, length: usize) -> Option<&[u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}
