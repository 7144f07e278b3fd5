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
}

impl View {
    /// Whether the byte at `offset` starts another literal than the byte before it.
    pub(crate) fn is_seam(&self, offset: usize) -> bool {
        self.soft.get(offset)
    }
}

/// Flattens a text once.
pub(super) fn flatten(input: &[u8]) -> View {
    let mut view = View { bytes: Vec::with_capacity(input.len()), soft: Bits::default(), nested: false };
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
    /// A decoded character.
    fn decoded(&mut self, at: usize, bytes: &[u8]);
    /// A joint between literals that need not belong together.
    fn seam(&mut self);
    /// A quote or backslash was decoded at which another round may find more.
    fn nests(&mut self);
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
    let mut at = 0;
    while at < input.len() {
        let plain = input[at..].iter().take_while(|&&c| !matches!(c, b'\\' | b'"' | b'\'' | b'`')).count();
        if plain > 0 {
            sink.copy(at, &input[at..at + plain]);
            at += plain;
        } else if input[at] == b'\\' {
            let (meaning, length) = escape::read(input, at);
            emit(sink, at, meaning);
            if nests(input, meaning, at + length) {
                sink.nests();
            }
            at += length;
        } else if let Some(joint) = joints.at(at) {
            if joint.soft {
                sink.seam();
            }
            at = joint.end;
        } else {
            sink.copy(at, &input[at..=at]);
            at += 1;
        }
    }
}

fn emit(sink: &mut impl Sink, at: usize, meaning: Meaning) {
    if let Meaning::Char(value) = meaning {
        // A lone surrogate has no UTF-8 form and no meaning in any spelling of bytes.
        let c = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
        sink.decoded(at, c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

impl Sink for View {
    fn copy(&mut self, _at: usize, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn decoded(&mut self, _at: usize, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn seam(&mut self) {
        self.soft.set(self.bytes.len());
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

    fn decoded(&mut self, at: usize, bytes: &[u8]) {
        while self.wanted.get(self.found.len()).is_some_and(|&w| w < self.length + bytes.len()) {
            self.found.push(at);
        }
        self.length += bytes.len();
    }

    fn seam(&mut self) {}

    fn nests(&mut self) {}
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
