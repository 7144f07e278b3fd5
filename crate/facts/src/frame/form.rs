//! Fields of a form, as the body of a request or behind the question mark of an address carries them
//! (application/x-www-form-urlencoded, the URL standard's section 5).

use super::build::Builder;
use super::group::Leaf;
use crate::limits;
use std::borrow::Cow;

/// Whether a text has this form: two fields or more, or one with a value that was escaped.
pub(super) fn is_form(text: &[u8]) -> bool {
    let fields = text.split(|byte| *byte == b'&').take(limits::FRAME_GROUP);
    let named =
        |field: &&[u8]| field.iter().position(|byte| *byte == b'=').is_some_and(|at| at > 0 && at + 1 < field.len());
    let count = fields.filter(named).count();
    text.iter().all(|byte| (b'!'..0x7f).contains(byte)) && (count > 1 || count == 1 && text.contains(&b'%'))
}

/// Reads all of `text` as one group. Values are handed to `inside` as well: a message may stand in one.
pub(super) fn read<'a>(text: &'a [u8], out: &mut Builder<'a, '_>, inside: &mut dyn FnMut(&[u8])) {
    for field in text.split(|byte| *byte == b'&') {
        let at = field.iter().position(|byte| *byte == b'=').unwrap_or(field.len());
        let (key, value) = (plain(&field[..at]), plain(field.get(at + 1..).unwrap_or_default()));
        inside(&value);
        let leaf = if is_number(&value) {
            Leaf::number(&key, value, &mut out.words)
        } else {
            Leaf::text(&key, value, &mut out.words)
        };
        out.leaf(leaf);
    }
    out.finish();
}

/// A form does not tell numbers from texts. Digits in the length of a nonce are taken for hexadecimal ones.
fn is_number(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit) && !matches!(value.len(), 8 | 16)
}

/// A name or value without escapes.
fn plain(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let escaped = (*byte == b'%').then(|| text.get(at + 1..at + 3).and_then(octet)).flatten();
        out.push(escaped.unwrap_or(if *byte == b'+' { b' ' } else { *byte }));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    Cow::Owned(out)
}

/// The byte that two hexadecimal digits name.
fn octet(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
