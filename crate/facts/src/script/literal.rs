//! Modules as binary strings, one character a byte, and modules that stand in a text as they are.

use super::collect::Spelled;
use super::escape::{self, Meaning};
use super::extent;
use super::joint::{Joints, is_quote};

/// How far back the quote that opens a literal is looked for.
const OPENING: usize = 4096;

/// Reads the binary string or the raw module whose first byte is spelled at `start`, in a text that is not flat yet.
/// Also gives the offset behind it. Only in the `source` itself do bytes stand as they are.
pub(super) fn read(text: &[u8], start: usize, source: bool) -> (Spelled, usize) {
    if source && extent::is_module(&text[start..]) {
        let length = extent::whole_sections(&text[start..]);
        if length > extent::HEADER.len() {
            return (raw(&text[start..start + length]), start + length);
        }
    }
    match opening(text, start) {
        Some(quote) => string(text, start, quote),
        None => (raw(&text[start..]), text.len()),
    }
}

fn raw(bytes: &[u8]) -> Spelled {
    Spelled { bytes: bytes.to_vec(), inside: true, ..Spelled::default() }
}

fn opening(text: &[u8], start: usize) -> Option<u8> {
    text[start.saturating_sub(OPENING)..start].iter().rev().copied().find(|&c| is_quote(c))
}

fn string(text: &[u8], start: usize, quote: u8) -> (Spelled, usize) {
    let mut joints = Joints::new(text);
    let mut spelled = Spelled::default();
    let mut quote = quote;
    let mut at = start;
    while let Some(&c) = text.get(at) {
        if c == quote {
            let Some(joint) = joints.at(at) else { break };
            if joint.soft {
                spelled.seams.push(spelled.bytes.len());
            }
            quote = text[joint.end - 1];
            at = joint.end;
            continue;
        }
        let (meaning, length) = character(text, at);
        if let Meaning::Char(unit) = meaning {
            // Readers take the low byte (`charCodeAt(i) & 0xff`, or storing into a `Uint8Array`).
            spelled.bytes.push((unit & 0xff) as u8);
        }
        at += length;
    }
    spelled.goes_on = joints.goes_on(at);
    (spelled, at)
}

/// One character of a literal: an escape, a UTF-8 sequence, or a byte that is neither and stands for itself.
fn character(text: &[u8], at: usize) -> (Meaning, usize) {
    let c = text[at];
    if c == b'\\' {
        return escape::read(text, at);
    }
    let length = match c {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return (Meaning::Char(u32::from(c)), 1),
    };
    let sequence = text.get(at..at + length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    match sequence.and_then(|s| s.chars().next()) {
        Some(decoded) => (Meaning::Char(decoded as u32), length),
        None => (Meaning::Char(u32::from(c)), 1),
    }
}
