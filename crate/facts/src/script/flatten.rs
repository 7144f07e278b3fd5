//! A text with its escapes decoded and its neighbouring literals joined, and the way back.
//!
//! `"AG" + 'Fz' + "\x62Q"` becomes `"AGFzbQ"`. Whether a quote opens or closes a literal is never asked: to know that for
//! sure takes a parser, and a text can be written to lead one astray.

use super::escape::{self, Meaning};
use super::joint::Joints;

/// The flat form of a text.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// The flat text: UTF-8 as far as the source was.
    pub(crate) bytes: Vec<u8>,
    /// Offsets at which literals were joined that the program need not join, such as neighbours in an array.
    soft: Bits,
    /// Whether decoding brought new quotes or backslashes to light, so that another round can find more.
    pub(super) nested: bool,
    /// Where the flat text is not the one that it was made from, in their order; only noted in later rounds.
    pub(super) edits: Vec<Edit>,
    notes_edits: bool,
}

/// A place at which something was left out or decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edit {
    /// Where the text goes on as it stood.
    pub(super) input: u32,
    /// The same in the flat text.
    pub(super) output: u32,
    /// Bytes of a decoded character right before.
    pub(super) decoded: u8,
}

impl View {
    /// Whether the byte at `offset` starts another literal than the byte before it.
    pub(crate) fn is_seam(&self, offset: usize) -> bool {
        self.soft.get(offset)
    }

    /// Whether the four bytes from `offset` on are known to belong to one literal.
    pub(super) fn is_smooth(&self, offset: usize) -> bool {
        let word = self.soft.0.get(offset / 64);
        word.is_none_or(|word| offset % 64 <= 60 && word >> (offset % 64) & 0xf == 0)
    }
}

/// Flattens a text once, and notes where that changes it, if asked.
pub(crate) fn flatten(input: &[u8], notes_edits: bool) -> View {
    let mut view = View { bytes: Vec::with_capacity(input.len()), notes_edits, ..View::default() };
    walk(input, &mut view);
    view
}

/// Offsets in `input` of the given offsets in its flat form, in the given order.
pub(crate) fn locate(input: &[u8], flat: &[usize]) -> Vec<usize> {
    if flat.is_empty() {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..flat.len()).collect();
    order.sort_by_key(|&i| flat[i]);
    let wanted = order.iter().map(|&i| flat[i]).collect();
    let mut locator = Locator { wanted, found: Vec::with_capacity(flat.len()), length: 0 };
    walk(input, &mut locator);
    locator.found.resize(flat.len(), input.len());
    let mut result = vec![0; flat.len()];
    for (place, found) in order.into_iter().zip(locator.found) {
        result[place] = found;
    }
    result
}

/// Takes what flattening yields.
trait Sink {
    /// Bytes that stand in the source as they are.
    fn copy(&mut self, at: usize, bytes: &[u8]);
    /// A decoded character, whose escape stands at `at` and ends before `next`.
    fn decoded(&mut self, at: usize, next: usize, bytes: &[u8]);
    /// Two literals were joined, the second of which goes on at `next`; a soft joint is one that need not be there.
    fn joined(&mut self, next: usize, soft: bool);
    /// A quote or backslash was decoded at which another round may find more.
    fn nests(&mut self);
    /// Whether nothing more is wanted.
    fn is_done(&self) -> bool {
        false
    }
}

/// Whether a decoded character, with the source going on at `next`, may be a joint or an escape of a text inside the text:
/// quotes behind which a literal can go on, backslashes before what an escape spells bytes or breaks lines with.
fn nests(input: &[u8], meaning: Meaning, next: usize) -> bool {
    let rest = &input[next.min(input.len())..];
    match meaning {
        Meaning::Char(0x5c) => rest.first().is_some_and(|c| b"xu01234567nrt\\'\"`\n\r".contains(c)),
        Meaning::Char(0x22 | 0x27 | 0x60) => {
            /// Blanks and a name between a quote and what joins it to the next.
            const FAR: usize = 64;
            let window = &rest[..rest.len().min(FAR)];
            let blanks = window.iter().take_while(|c| c.is_ascii_whitespace() || b"()".contains(c)).count();
            match window.get(blanks) {
                Some(b'+' | b',' | b'.' | b';' | b'\\' | b'/') => true,
                Some(_) => window.windows(2).any(|two| two == b"+="),
                None => !window.is_empty(),
            }
        }
        _ => false,
    }
}

fn walk(input: &[u8], sink: &mut impl Sink) {
    let mut joints = Joints::new(input);
    // What stands before it has been handed on; what follows, up to `at`, is copied in one piece.
    let mut from = 0;
    let mut at = 0;
    while let Some(found) = special(input, at) {
        at = found;
        if input[at] == b'\\' {
            sink.copy(from, &input[from..at]);
            let (meaning, length) = escape::read(input, at);
            emit(sink, at, at + length, meaning);
            if nests(input, meaning, at + length) {
                sink.nests();
            }
            at += length;
            from = at;
            if sink.is_done() {
                return;
            }
        } else if let Some(joint) = joints.at(at) {
            sink.copy(from, &input[from..at]);
            sink.joined(joint.end, joint.soft);
            at = joint.end;
            from = at;
        } else {
            at += 1;
        }
    }
    sink.copy(from, &input[from.min(input.len())..]);
}

/// Offset of the next quote or backslash. Eight bytes are looked at as one number: a byte of it that is zero after an
/// exclusive-or is the one that was looked for.
fn special(input: &[u8], from: usize) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let rest = input.get(from..)?;
    let (words, tail) = rest.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // The lowest of the marked bytes is always a true one.
        let zero = |wanted: u8| {
            let x = word ^ (ONES * u64::from(wanted));
            x.wrapping_sub(ONES) & !x & HIGH
        };
        let found = zero(b'\\') | zero(b'"') | zero(b'\'') | zero(b'`');
        if found != 0 {
            return Some(from + index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let behind = rest.len() - tail.len();
    tail.iter().position(|c| matches!(c, b'\\' | b'"' | b'\'' | b'`')).map(|place| from + behind + place)
}

fn emit(sink: &mut impl Sink, at: usize, next: usize, meaning: Meaning) {
    match meaning {
        Meaning::Char(value) => {
            // A lone surrogate has no UTF-8 form and no meaning in any spelling of bytes.
            let c = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
            sink.decoded(at, next, c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Meaning::Nothing => sink.decoded(at, next, &[]),
    }
}

impl View {
    /// Notes that the text goes on at `next`, behind so many bytes that it did not hold.
    fn edited(&mut self, next: usize, decoded: usize) {
        if self.notes_edits {
            let edit = Edit { input: next as u32, output: self.bytes.len() as u32, decoded: decoded as u8 };
            self.edits.push(edit);
        }
    }
}

impl Sink for View {
    fn copy(&mut self, _at: usize, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn decoded(&mut self, _at: usize, next: usize, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.edited(next, bytes.len());
    }

    fn joined(&mut self, next: usize, soft: bool) {
        if soft {
            self.soft.set(self.bytes.len());
        }
        self.edited(next, 0);
    }

    fn nests(&mut self) {
        self.nested = true;
    }
}

/// Replays flattening and notes where wanted offsets came from.
struct Locator {
    wanted: Vec<usize>,
    found: Vec<usize>,
    length: usize,
}

impl Sink for Locator {
    fn copy(&mut self, at: usize, bytes: &[u8]) {
        while let Some(&wanted) = self.wanted.get(self.found.len()).filter(|&&w| w < self.length + bytes.len()) {
            self.found.push(at + wanted.saturating_sub(self.length));
        }
        self.length += bytes.len();
    }

    fn decoded(&mut self, at: usize, _next: usize, bytes: &[u8]) {
        while self.wanted.get(self.found.len()).is_some_and(|&w| w < self.length + bytes.len()) {
            self.found.push(at);
        }
        self.length += bytes.len();
    }

    fn joined(&mut self, _next: usize, _soft: bool) {}

    fn nests(&mut self) {}

    fn is_done(&self) -> bool {
        self.found.len() == self.wanted.len()
    }
}

/// A growing set of offsets, one bit each.
#[derive(Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn set(&mut self, offset: usize) {
        let word = offset / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (offset % 64);
    }

    fn get(&self, offset: usize) -> bool {
        self.0.get(offset / 64).is_some_and(|word| word & (1 << (offset % 64)) != 0)
    }
}
