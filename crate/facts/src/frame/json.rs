//! JSON as it stands on sockets: several values in one frame, a framing in front of them, cut or broken ends. Never fails:
//! what is no JSON is passed over.

use super::build::Builder;
use super::group::Leaf;
use std::borrow::Cow;

/// Reads all of `text`. Strings are handed to `inside` as well: a message may stand in one.
pub(super) fn read<'a>(text: &'a [u8], out: &mut Builder<'a, '_>, inside: &mut dyn FnMut(&[u8])) {
    let mut key: Cow<'a, [u8]> = Cow::Borrowed(b"");
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => out.open(),
            b'}' | b']' => out.close(),
            b'"' => {
                let (string, end) = string(text, at);
                at = end;
                if let Some(value) = value_after(text, at) {
                    (key, at) = (string, value);
                    continue;
                }
                inside(&string);
                let leaf = Leaf::text(&key, string, &mut out.words);
                out.leaf(leaf);
            }
            // Separators of messages: lines, SignalR's record separator, STOMP's end.
            b'\n' | 0x1e | 0 if out.is_outside() => out.finish(),
            b',' | b':' | 0..=b' ' => {}
            _ => {
                let start = at - 1;
                at = start + bare(&text[start..]);
                let word = &text[start..at];
                if word[0].is_ascii_digit() || word[0] == b'-' {
                    let leaf = Leaf::number(&key, Cow::Borrowed(word), &mut out.words);
                    out.leaf(leaf);
                } else if out.is_outside() {
                    out.words.note(word);
                }
            }
        }
        if *byte > b' ' && *byte != b':' {
            key = Cow::Borrowed(b"");
        }
    }
    out.finish();
}

/// Bytes of a word that stands without quotes; at least one.
fn bare(text: &[u8]) -> usize {
    let is_end = |byte: &u8| matches!(byte, b'{' | b'}' | b'[' | b']' | b'"' | b',' | b':' | 0..=b' ');
    text.iter().position(is_end).unwrap_or(text.len()).max(1)
}

/// Where the value begins when a colon follows.
fn value_after(text: &[u8], at: usize) -> Option<usize> {
    let colon = at + text[at..].iter().position(|byte| *byte > b' ')?;
    (text[colon] == b':').then_some(colon + 1)
}

/// A string whose opening quote stands before `start`, and the place behind its closing one.
fn string(text: &[u8], start: usize) -> (Cow<'_, [u8]>, usize) {
    let plain = start + text[start..].iter().position(|b| matches!(b, b'"' | b'\\')).unwrap_or(text.len() - start);
    if text.get(plain) != Some(&b'\\') {
        return (Cow::Borrowed(&text[start..plain]), (plain + 1).min(text.len()));
    }
    let mut out = text[start..plain].to_vec();
    let mut at = plain;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => break,
            b'\\' => at += escape(&text[at..], &mut out),
            byte => out.push(*byte),
        }
    }
    (Cow::Owned(out), at.min(text.len()))
}

/// Writes what an escape means; the bytes it takes after its backslash.
fn escape(text: &[u8], out: &mut Vec<u8>) -> usize {
    let Some(kind) = text.first() else { return 0 };
    match kind {
        b'n' => out.push(b'\n'),
        b't' => out.push(b'\t'),
        b'r' => out.push(b'\r'),
        b'u' => {
            let code = text.get(1..5).and_then(|digits| std::str::from_utf8(digits).ok());
            let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok());
            // Halves of pairs are of no interest: everything looked for is ASCII.
            let character = code.and_then(char::from_u32).unwrap_or('\u{fffd}');
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return text.len().min(5);
        }
        other => out.push(*other),
    }
    1
}
