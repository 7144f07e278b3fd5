//! Modules in base64, in both alphabets, at any phase, broken into lines or literals.

use super::collect::Spelled;
use super::extent;
use super::flatten::View;
use super::joint::Joints;

/// How a module begins at the start of a group of four.
const FIRST: &[u8] = b"AGFzbQ";

/// Blanks that are passed between two of those characters.
const BLANKS: usize = 256;

/// Seams with the beginning of a module behind them at which one run of base64 may end. The bound keeps it linear.
const SEAM_CHECKS: usize = 64;

/// Decodes the base64 whose first character is at `start`. `phase` is how many of the first bytes belong to something
/// in front of the module and are dropped. Also gives the offset behind the last character.
pub(super) fn read(view: &View, start: usize, phase: usize, joints: &mut Joints<'_>) -> (Spelled, usize) {
    let mut spelled = Spelled { inside: phase > 0 || is_inside(view, start), ..Spelled::default() };
    let mut decoder = Decoder::default();
    let mut at = start;
    let mut checks = 0;
    while let Some(&c) = view.bytes.get(at) {
        if let Some(three) = decoder.whole(view, at) {
            decoder.bytes.extend(three);
            at += 4;
            continue;
        }
        let (value, length) = match sextet(c) {
            Some(value) => (Some(value), 1),
            None if c.is_ascii_whitespace() => (None, 1),
            None => match percent(&view.bytes, at) {
                Some(value) => (Some(value), 3),
                None => break,
            },
        };
        if at > start && (value.is_none() || view.is_seam(at)) {
            note_seam(&mut spelled.seams, decoder.bytes.len().saturating_sub(phase));
            let next = checks < SEAM_CHECKS && view.bytes[at..].starts_with(FIRST);
            checks += usize::from(next);
            if next && is_whole(&decoder.bytes[phase.min(decoder.bytes.len())..]) {
                break;
            }
        }
        if let Some(value) = value {
            decoder.push(value);
        }
        at += length;
    }
    let mut behind = at;
    while view.bytes.get(behind) == Some(&b'=') {
        behind += 1;
    }
    spelled.goes_on = joints.goes_on(behind);
    spelled.bytes = decoder.bytes;
    spelled.bytes.drain(..phase.min(spelled.bytes.len()));
    (spelled, at)
}

/// The bytes of base64 as data addresses hold it; `None` where it is none.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = Decoder { bytes: Vec::with_capacity(text.len() / 4 * 3), ..Decoder::default() };
    for &c in text {
        match sextet(c) {
            Some(value) => decoder.push(value),
            None if c == b'=' || c.is_ascii_whitespace() => {}
            None => return None,
        }
    }
    Some(decoder.bytes)
}

/// Places at which a module begins with blanks between its first characters, which decoders pass over.
pub(super) fn spaced(text: &[u8]) -> impl Iterator<Item = usize> {
    // Of all that begins like a module, few places have a blank behind one of the first characters.
    let next = |&start: &usize| text.get(start + 1).is_some_and(|c| *c == FIRST[1] || c.is_ascii_whitespace());
    memchr::memchr_iter(FIRST[0], text).filter(next).filter(|&start| {
        let mut at = start;
        let mut blanks = 0;
        let spelled = FIRST.iter().enumerate().all(|(index, wanted)| {
            if index > 0 {
                let found = text[at..].iter().take(BLANKS).take_while(|c| c.is_ascii_whitespace()).count();
                blanks += found;
                at += found;
            }
            at += 1;
            text.get(at - 1) == Some(wanted)
        });
        spelled && blanks > 0
    })
}

/// Offset behind the characters that spell the first `bytes` bytes behind `start`.
pub(super) fn behind(view: &View, start: usize, bytes: usize) -> usize {
    let mut left = (bytes * 8).div_ceil(6);
    let mut at = start;
    while left > 0 && at < view.bytes.len() {
        let encoded = percent(&view.bytes, at).is_some();
        left -= usize::from(encoded || sextet(view.bytes[at]).is_some());
        at += if encoded { 3 } else { 1 };
    }
    at
}

/// Whether the text in front of `start` already is base64 of the same literal.
fn is_inside(view: &View, start: usize) -> bool {
    start > 0 && !view.is_seam(start) && sextet(view.bytes[start - 1]).is_some()
}

/// Whether the bytes are a module of whole sections and nothing else.
fn is_whole(bytes: &[u8]) -> bool {
    extent::is_module(bytes) && extent::whole_sections(bytes) == bytes.len()
}

/// The value of one character, in the standard or the URL-safe alphabet.
pub(super) fn sextet(c: u8) -> Option<u8> {
    Some(SEXTETS[usize::from(c)]).filter(|value| *value != NONE)
}

/// No character of base64.
const NONE: u8 = u8::MAX;

/// [`sextet`] by character.
const SEXTETS: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut c = 0;
    while c < 256 {
        let byte = c as u8;
        values[c] = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => NONE,
        };
        c += 1;
    }
    values
};

/// `%2B` and `%2F`, as data URLs may spell `+` and `/`.
fn percent(text: &[u8], at: usize) -> Option<u8> {
    match text.get(at..at + 3)? {
        b"%2B" | b"%2b" => Some(62),
        b"%2F" | b"%2f" => Some(63),
        _ => None,
    }
}

fn note_seam(seams: &mut Vec<usize>, length: usize) {
    if seams.last() != Some(&length) {
        seams.push(length);
    }
}

/// Puts sextets together; a rest of less than a byte is dropped.
#[derive(Default)]
struct Decoder {
    bytes: Vec<u8>,
    bits: u32,
    held: u32,
}

impl Decoder {
    /// The three bytes of the next four characters, where they are nothing but that: most are.
    fn whole(&self, view: &View, at: usize) -> Option<[u8; 3]> {
        let four = view.bytes.get(at..at + 4).filter(|_| self.held == 0 && view.is_smooth(at))?;
        let [a, b, c, d] = [0, 1, 2, 3].map(|place| SEXTETS[usize::from(four[place])]);
        let bits = u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d);
        (a | b | c | d != NONE).then_some([(bits >> 16) as u8, (bits >> 8) as u8, bits as u8])
    }

    fn push(&mut self, sextet: u8) {
        self.bits = ((self.bits << 6) | u32::from(sextet)) & 0xffff;
        self.held += 6;
        if self.held >= 8 {
            self.held -= 8;
            self.bytes.push((self.bits >> self.held) as u8);
        }
    }
}
