//! Modules as lists of numbers: `[0, 97, 115, 109, …]` in any radix, for typed arrays of 1, 2, 4 or 8 bytes an element.

use super::collect::{Collector, Outcome, Spelled};
use super::escape::digit;
use super::flatten::View;
use super::joint::{Joints, is_quote, is_word};

/// The first bytes of a module as numbers, by the width of an element in bytes (all typed arrays are little-endian
/// wherever a browser runs).
const STARTS: [(usize, &[u64]); 4] = [
    (1, &[0x00, 0x61, 0x73, 0x6d]),
    (2, &[0x6100, 0x6d73, 0x0001, 0x0000]),
    (4, &[0x6d73_6100, 0x0000_0001]),
    (8, &[0x0000_0001_6d73_6100]),
];

/// Digits that the first numbers begin with, in decimal or behind the sign of another radix.
const FIRST_DIGITS: &[u8] = b"0126";

/// Looks through one view.
pub(super) fn search(view: &View, round: usize, collector: &mut Collector) {
    let text = &view.bytes;
    let mut list = List { text, joints: Joints::new(text) };
    let mut at = 0;
    while let Some(start) = first_digit(text, at) {
        at = start + 1;
        if start > 0 && (is_word(text[start - 1]) || text[start - 1] == b'.') {
            continue;
        }
        // Most numbers have one digit, and are none that a list begins with.
        let is_short = !text.get(at).is_some_and(|c| is_word(*c) || *c == b'.');
        if is_short && (text[start] != b'0' || !may_go_on(text, at)) {
            continue;
        }
        let Some((value, end)) = number(text, start) else { continue };
        at = end;
        if !STARTS.iter().any(|(_, s)| s.first() == Some(&value)) || !may_go_on(text, end) {
            continue;
        }
        if value == 0 && !may_be_zero_and_a(&text[end..]) {
            continue;
        }
        let Some(width) = list.starts(start) else { continue };
        if !collector.has_budget() {
            collector.out_of_budget();
            return;
        }
        let (spelled, behind) = list.read(start, width);
        if let Outcome::Whole(_) = collector.take((round, start), spelled) {
            at = behind;
        }
    }
}

/// Offset of the next digit of [`FIRST_DIGITS`].
fn first_digit(text: &[u8], from: usize) -> Option<usize> {
    const FIRST: [bool; 256] = {
        let mut first = [false; 256];
        let mut at = 0;
        while at < FIRST_DIGITS.len() {
            first[FIRST_DIGITS[at] as usize] = true;
            at += 1;
        }
        first
    };
    text.get(from..)?.iter().position(|c| FIRST[usize::from(*c)]).map(|place| from + place)
}

/// Whether a list may go on behind its first number: most numbers are no part of any.
fn may_go_on(text: &[u8], end: usize) -> bool {
    text.get(end)
        .is_none_or(|c| c.is_ascii_whitespace() || is_quote(*c) || matches!(c, b',' | b';' | b'|' | b':' | b'/'))
}

/// Whether what stands behind a zero may go on with the second byte of a module, as far as the next two bytes tell.
fn may_be_zero_and_a(behind: &[u8]) -> bool {
    /// Digits of a number that may wrap.
    const LONG: usize = 20;
    let [b',' | b';' | b'|', next @ ..] = behind else { return true };
    match next {
        // 97 is `97`, `0x61` and its like.
        [b'1'..=b'8', rest @ ..] => rest.iter().take(LONG).all(|c| c.is_ascii_digit() || *c == b'_'),
        // Blanks, comments and quotes are passed elsewhere.
        [c, ..] => c.is_ascii_whitespace() || is_quote(*c) || matches!(c, b'/' | b'-' | b'0' | b'9'),
        [] => false,
    }
}

struct List<'a> {
    text: &'a [u8],
    joints: Joints<'a>,
}

impl List<'_> {
    /// The width of the elements when the list at `start` begins like a module.
    fn starts(&mut self, start: usize) -> Option<usize> {
        STARTS.iter().find(|(_, values)| self.begins_with(start, values)).map(|(width, _)| *width)
    }

    fn begins_with(&mut self, start: usize, values: &[u64]) -> bool {
        let mut at = start;
        values.iter().all(|&wanted| match self.element(at) {
            Some((value, end)) if value == wanted => {
                at = end;
                true
            }
            _ => false,
        })
    }

    fn read(&mut self, start: usize, width: usize) -> (Spelled, usize) {
        let mut spelled = Spelled::default();
        let mut at = start;
        while let Some((value, end)) = self.element(at) {
            spelled.bytes.extend_from_slice(&value.to_le_bytes()[..width]);
            at = end;
        }
        let behind = self.joints.skip(at, b",");
        // A list ends with its bracket or literal; anything else is an element that is no number.
        spelled.goes_on = self.text.get(behind).is_some_and(|&c| is_word(c) || matches!(c, b'.' | b'+' | b'-' | b'('));
        // Padding of the last element of a wider array is no part of the module.
        spelled.inside = width > 1;
        (spelled, at)
    }

    /// The next element at `at` or behind one comma, and the offset behind it. Keys as in `{"0": 0, "1": 97}` are passed.
    fn element(&mut self, at: usize) -> Option<(u64, usize)> {
        let mut at = self.joints.skip(at, b"");
        if matches!(self.text.get(at), Some(b',' | b';' | b'|')) {
            at = self.joints.skip(at + 1, b"");
        }
        let quoted = usize::from(self.text.get(at).is_some_and(|&c| is_quote(c)));
        let (value, end) = signed(self.text, at + quoted)?;
        let closed = usize::from(self.text.get(end).is_some_and(|&c| is_quote(c)));
        let colon = self.joints.skip(end + closed, b"");
        if self.text.get(colon) == Some(&b':') {
            let at = self.joints.skip(colon + 1, b"");
            return signed(self.text, at);
        }
        (quoted == 0).then_some((value, end))
    }
}

/// A number with an optional minus, as the bits of its two's complement.
fn signed(text: &[u8], at: usize) -> Option<(u64, usize)> {
    if text.get(at) == Some(&b'-') {
        return number(text, at + 1).map(|(value, end)| (value.wrapping_neg(), end));
    }
    number(text, at)
}

/// The integer literal at `at` and the offset behind it. What overflows wraps, as it does in a typed array.
fn number(text: &[u8], at: usize) -> Option<(u64, usize)> {
    let (radix, mut end) = match text.get(at..at + 2) {
        Some(b"0x" | b"0X") => (16, at + 2),
        Some(b"0o" | b"0O") => (8, at + 2),
        Some(b"0b" | b"0B") => (2, at + 2),
        _ => (10, at),
    };
    let first = end;
    let mut value = 0u64;
    while let Some(&c) = text.get(end) {
        let Some(digit) = digit(c).filter(|&d| d < radix) else {
            if c == b'_' && end > first {
                end += 1;
                continue;
            }
            break;
        };
        value = value.wrapping_mul(u64::from(radix)).wrapping_add(u64::from(digit));
        end += 1;
    }
    if end == first {
        return None;
    }
    if radix == 10 {
        (value, end) = exponent(text, value, end);
    }
    match text.get(end) {
        Some(b'n') => Some((value, end + 1)),
        Some(b'.') if text.get(end + 1).is_some_and(u8::is_ascii_digit) => None,
        Some(&c) if is_word(c) => None,
        _ => Some((value, end)),
    }
}

/// `1e3`, as minifiers write 1000.
fn exponent(text: &[u8], value: u64, end: usize) -> (u64, usize) {
    match (text.get(end), text.get(end + 1)) {
        (Some(b'e' | b'E'), Some(&c @ b'0'..=b'9')) => (value.wrapping_mul(10u64.pow(u32::from(c - b'0'))), end + 2),
        _ => (value, end),
    }
}
