//! A message out of its wrappings: framing, encodings, messages inside strings.

use super::build::{Builder, Show};
use super::group::{Group, Leaf, base64, hex};
use super::words::Words;
use super::{form, json, pack};
use crate::limits;
use std::borrow::Cow;

/// What one message gave beside its groups.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) words: Words,
    /// Whether some of it has no form that is known here, or lay beyond a bound.
    pub(super) unread: bool,
}

/// Reads one message; `show` sees every group in it.
pub(super) fn read(message: &[u8], show: &mut Show<'_>) -> Outcome {
    let kept = &message[..message.len().min(limits::FRAME_BYTES)];
    let mut layers = Layers { outcome: Outcome::default(), left: 2 * kept.len(), show };
    let known = layers.bytes(kept, 0);
    layers.outcome.unread |= !known || kept.len() < message.len();
    layers.outcome
}

struct Layers<'s> {
    outcome: Outcome,
    /// Bytes that may still be decoded.
    left: usize,
    show: &'s mut Show<'s>,
}

/// Reads a text into a builder, and hands on what may be a message inside of it.
type ReadNamed = for<'a> fn(&'a [u8], &mut Builder<'a, '_>, &mut dyn FnMut(&[u8]));

impl Layers<'_> {
    /// Whether the bytes have a form that is known.
    fn bytes(&mut self, bytes: &[u8], layer: usize) -> bool {
        if is_text(bytes) {
            self.text(bytes, layer);
            return true;
        }
        // engine.io marks binary packets by a byte in front, SignalR gives their length.
        let framed = bytes.strip_prefix(&[4]).or_else(|| after_length(bytes));
        [Some(bytes), framed].into_iter().flatten().any(|bytes| self.packed(bytes, layer))
            || self.enclosed(bytes, layer)
    }

    /// Text at the end of a binary message, as MQTT and its like carry it behind a short head.
    fn enclosed(&mut self, bytes: &[u8], layer: usize) -> bool {
        let head = &bytes[..bytes.len().min(limits::FRAME_HEAD)];
        let start = head.iter().position(|byte| matches!(byte, b'{' | b'['));
        let rest = start.map(|at| &bytes[at..]).filter(|rest| is_text(rest));
        if let Some(rest) = rest {
            self.text(rest, layer);
        }
        rest.is_some()
    }

    fn packed(&mut self, bytes: &[u8], layer: usize) -> bool {
        let mut nested: Vec<Vec<u8>> = Vec::new();
        let mut left = self.left;
        let mut out = Builder::new(self.show);
        let known = pack::read(bytes, &mut out, &mut |text| keep_nested(text, layer, &mut left, &mut nested));
        self.outcome.words.0 |= out.words.0;
        self.outcome.unread |= out.lost;
        self.left = left;
        self.nested(&nested, layer);
        known
    }

    fn text(&mut self, text: &[u8], layer: usize) {
        let text = text.trim_ascii();
        if text.iter().any(|byte| matches!(byte, b'{' | b'[')) {
            return self.named(text, layer, json::read);
        }
        if form::is_form(text) {
            return self.named(text, layer, form::read);
        }
        let bare = text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text);
        if layer < limits::FRAME_LAYERS && bare.len() >= SHORTEST && bare.len() <= self.left {
            for bytes in [hex(bare), base64(bare)].into_iter().flatten() {
                self.left -= bytes.len();
                if is_message(&bytes) && self.bytes(&bytes, layer + 1) {
                    return;
                }
            }
        }
        self.lines(bare);
    }

    /// Text in a form that has names for its values.
    fn named(&mut self, text: &[u8], layer: usize, read: ReadNamed) {
        let mut nested: Vec<Vec<u8>> = Vec::new();
        let mut left = self.left;
        let mut out = Builder::new(self.show);
        read(text, &mut out, &mut |text| keep_nested(text, layer, &mut left, &mut nested));
        self.outcome.words.0 |= out.words.0;
        self.outcome.unread |= out.lost;
        self.left = left;
        self.nested(&nested, layer);
    }

    fn nested(&mut self, nested: &[Vec<u8>], layer: usize) {
        for bytes in nested {
            self.bytes(bytes, layer + 1);
        }
    }

    /// Lines of fields with commas between them.
    fn lines(&mut self, text: &[u8]) {
        for line in text.split(|byte| *byte == b'\n').take(limits::FRAME_LINES) {
            let fields = line.split(|byte| matches!(byte, b',' | b';' | b'|')).take(limits::FRAME_GROUP);
            let leaves: Vec<Leaf<'_>> =
                fields.map(|f| Leaf::text(b"", Cow::Borrowed(f.trim_ascii()), &mut self.outcome.words)).collect();
            (self.show)(&Group { leaves: &leaves, plain: true });
        }
    }
}

/// Shortest text that is worth decoding: shorter ones hold no message.
const SHORTEST: usize = 16;

/// Keeps what stands in a string when that is a message of its own.
fn keep_nested(text: &[u8], layer: usize, left: &mut usize, nested: &mut Vec<Vec<u8>>) {
    if layer >= limits::FRAME_LAYERS || text.len() < SHORTEST || text.len() > *left {
        return;
    }
    let start = text.get(..4).unwrap_or_default();
    let may_be =
        |bytes: &Vec<u8>| is_opening(bytes.first().copied()) || bytes.iter().all(|byte| (b' '..0x7f).contains(byte));
    let found = if is_framed(text) || is_line(text) || form::is_form(text) {
        Some(text.to_vec())
    } else {
        let hexadecimal = hex(start).filter(may_be).and_then(|_| hex(text));
        let decoded = hexadecimal.filter(|bytes| is_message(bytes));
        decoded.or_else(|| base64(start).filter(may_be).and_then(|_| base64(text)).filter(|bytes| is_message(bytes)))
    };
    if let Some(bytes) = found {
        *left -= bytes.len().min(*left);
        nested.push(bytes);
    }
}

/// JSON, perhaps behind a few digits of socket.io or a letter of SockJS.
fn is_framed(text: &[u8]) -> bool {
    text.iter().find(|byte| !byte.is_ascii_digit() && **byte != b'a').is_some_and(|byte| matches!(byte, b'{' | b'['))
}

/// Fields with commas between them; a sentence has spaces before its first.
fn is_line(text: &[u8]) -> bool {
    let first = text.iter().position(|byte| matches!(byte, b',' | b' '));
    text.len() <= limits::FRAME_VALUE_BYTES
        && first.is_some_and(|at| text[at] == b',')
        && text.iter().filter(|byte| **byte == b',').count() >= 2
}

/// Whether what was decoded looks like a message, and not like a key or a hash.
fn is_message(bytes: &[u8]) -> bool {
    is_text(bytes) || is_opening(bytes.first().copied())
}

/// The first byte of JSON, or of a short list or map of MessagePack.
fn is_opening(first: Option<u8>) -> bool {
    matches!(first, Some(b'{' | b'[' | 0x80..=0x9f | 0xdc..=0xdf))
}

/// UTF-8 without control characters but those that separate.
fn is_text(bytes: &[u8]) -> bool {
    // A message that was cut may end inside a character.
    let end = match std::str::from_utf8(bytes) {
        Ok(_) => bytes.len(),
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(_) => return false,
    };
    !bytes.is_empty()
        && bytes[..end].iter().all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r' | 0x1e | 0))
}

/// What follows a length in LEB128 that is the length of the rest.
fn after_length(bytes: &[u8]) -> Option<&[u8]> {
    let mut length = 0usize;
    for (at, byte) in bytes.iter().take(5).enumerate() {
        length |= usize::from(byte & 0x7f).checked_shl(7 * at as u32)?;
        if byte & 0x80 == 0 {
            let rest = &bytes[at + 1..];
            return (rest.len() == length).then_some(rest);
        }
    }
    None
}
