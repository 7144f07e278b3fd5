//! Modules in hexadecimal, with or without one separator between the bytes.

use super::collect::Spelled;
use super::escape::digit;
use super::flatten::View;
use super::joint::Joints;

/// Separators that are understood between two bytes.
pub(super) const SEPARATORS: &[u8] = b" ,:-;_|";

/// Decodes the hexadecimal digits that start at `start`. Also gives the offset behind the last digit.
pub(super) fn read(view: &View, start: usize, joints: &mut Joints<'_>) -> (Spelled, usize) {
    let text = &view.bytes;
    let separator = text.get(start + 2).copied().filter(|c| SEPARATORS.contains(c));
    let mut spelled = Spelled { inside: is_inside(view, start), ..Spelled::default() };
    let mut at = start;
    loop {
        let next = if spelled.bytes.is_empty() { at } else { past(text, at, separator) };
        let Some(byte) = pair(text, next) else { break };
        if next > start && (view.is_seam(next) || text[at..next].iter().any(u8::is_ascii_whitespace)) {
            spelled.seams.push(spelled.bytes.len());
        }
        spelled.bytes.push(byte);
        at = next + 2;
    }
    spelled.goes_on = joints.goes_on(at);
    (spelled, at)
}

/// Offset behind the separator and line breaks at `at`.
fn past(text: &[u8], mut at: usize, separator: Option<u8>) -> usize {
    if separator.is_some() && text.get(at).copied() == separator {
        at += 1;
    }
    while text.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

fn pair(text: &[u8], at: usize) -> Option<u8> {
    let high = digit(*text.get(at)?)?;
    let low = digit(*text.get(at + 1)?)?;
    u8::try_from(high << 4 | low).ok()
}

fn is_inside(view: &View, start: usize) -> bool {
    start > 0 && !view.is_seam(start) && view.bytes[start - 1].is_ascii_hexdigit()
}
