//! Modules in percent encoding: data URLs without base64, arguments of `unescape`.

use super::collect::Spelled;
use super::escape::digit;
use super::flatten::View;
use super::joint::{Joints, is_quote};

/// Decodes the percent encoding that starts at `start`. Also gives the offset behind it.
pub(super) fn read(view: &View, start: usize, joints: &mut Joints<'_>) -> (Spelled, usize) {
    let text = &view.bytes;
    let mut spelled = Spelled::default();
    let mut at = start;
    while let Some(&c) = text.get(at) {
        if at > start && view.is_seam(at) {
            spelled.seams.push(spelled.bytes.len());
        }
        match (c, escaped(text, at)) {
            (b'%', Some(byte)) => {
                spelled.bytes.push(byte);
                at += 3;
            }
            (c, _) if is_quote(c) || !c.is_ascii_graphic() || matches!(c, b'<' | b'>' | b'%') => break,
            (c, _) => {
                spelled.bytes.push(c);
                at += 1;
            }
        }
    }
    spelled.goes_on = joints.goes_on(at);
    (spelled, at)
}

fn escaped(text: &[u8], at: usize) -> Option<u8> {
    let high = digit(*text.get(at + 1)?)?;
    let low = digit(*text.get(at + 2)?)?;
    u8::try_from(high << 4 | low).ok()
}
