//! What stands together in a message: the values of one object or array, and of those inside it where they are few.

use super::words::{self, Words};
use crate::limits;
use std::borrow::Cow;

/// A value that holds no others.
#[derive(Debug, Clone, Default)]
pub(super) struct Leaf<'a> {
    /// The word by which its key is known; `None` where it has no key or an unknown one.
    pub(super) key: Option<u8>,
    /// As text; a number as it was written; empty for bytes, truth values and nothing.
    pub(super) text: Cow<'a, [u8]>,
    /// What the text spells in hexadecimal or base64, or bytes that were sent as such; empty where it spells none.
    pub(super) bytes: Vec<u8>,
    /// A number, written as one or as decimal digits in a text.
    pub(super) number: Option<Number>,
}

/// A number, as far as anybody asks: parsing and printing of fractions is code that every frame would carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// Not negative, without a fraction, below 10^18.
    Whole(u64),
    /// Any other.
    Other,
}

/// Values that stand together.
#[derive(Debug)]
pub(super) struct Group<'g, 'a> {
    pub(super) leaves: &'g [Leaf<'a>],
    /// Whether it is a line of plain text, cut at its commas.
    pub(super) plain: bool,
}

impl<'a> Leaf<'a> {
    /// A text under a key. Words of either are noted.
    pub(super) fn text(key: &[u8], text: Cow<'a, [u8]>, words: &mut Words) -> Self {
        let bytes = spelled(&text);
        let number = decimal(&text);
        words.note(&text);
        Self { key: words.note(key), text, bytes, number }
    }

    /// A number as it is written.
    pub(super) fn number(key: &[u8], written: Cow<'a, [u8]>, words: &mut Words) -> Self {
        let number = Some(decimal(&written).unwrap_or(Number::Other));
        Self { key: words.note(key), text: written, bytes: Vec::new(), number }
    }

    /// A number that is not written out.
    pub(super) fn of(key: &[u8], number: Number, words: &mut Words) -> Self {
        let written = match number {
            Number::Whole(whole) => Cow::Owned(whole.to_string().into_bytes()),
            Number::Other => Cow::Borrowed(&b""[..]),
        };
        Self { key: words.note(key), text: written, bytes: Vec::new(), number: Some(number) }
    }

    /// Bytes that were sent as bytes.
    pub(super) fn raw(key: &[u8], bytes: &[u8], words: &mut Words) -> Self {
        let kept = if bytes.len() <= limits::FRAME_VALUE_BYTES { bytes.to_vec() } else { Vec::new() };
        Self { key: words.note(key), bytes: kept, ..Self::default() }
    }

    /// A whole number that is not negative.
    pub(super) fn whole(&self) -> Option<u64> {
        match self.number {
            Some(Number::Whole(whole)) => Some(whole),
            _ => None,
        }
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.key.is_some_and(|key| words::TABLE[key as usize] == word)
    }

    /// A short text or number that can name a piece of work.
    pub(super) fn id(&self) -> Option<&[u8]> {
        (1..=limits::FRAME_ID_BYTES).contains(&self.text.len()).then_some(&self.text)
    }
}

impl<'g, 'a> Group<'g, 'a> {
    /// The first value of so many bytes.
    pub(super) fn of_length(&self, length: usize) -> Option<&'g Leaf<'a>> {
        self.leaves.iter().find(|leaf| leaf.bytes.len() == length)
    }

    /// The first value under a known key.
    pub(super) fn keyed(&self, word: &str) -> Option<&'g Leaf<'a>> {
        self.leaves.iter().find(|leaf| leaf.is(word))
    }

    /// How many of these words are keys here, or short texts.
    pub(super) fn names(&self, wanted: &[&str]) -> usize {
        let has = |word: &&&str| self.leaves.iter().any(|leaf| leaf.is(word) || *leaf.text == *word.as_bytes());
        wanted.iter().filter(has).count()
    }
}

/// What a text spells: hexadecimal of 4 bytes and more, or base64 of 16 and more; empty where it is neither.
fn spelled(text: &[u8]) -> Vec<u8> {
    if text.len() > 2 * limits::FRAME_VALUE_BYTES {
        return Vec::new();
    }
    let digits = text.strip_prefix(b"0x").unwrap_or(text);
    if let Some(bytes) = hex(digits).filter(|bytes| bytes.len() >= 4) {
        return bytes;
    }
    base64(text).filter(|bytes| bytes.len() >= 16).unwrap_or_default()
}

/// Bytes of an even number of hexadecimal digits.
pub(super) fn hex(text: &[u8]) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() % 2 == 1 {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    text.chunks_exact(2).map(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect()
}

/// Bytes of base64 in either alphabet, with or without its padding.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    if end % 4 == 1 || text.len() - end > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(end / 4 * 3 + 2);
    let (mut held, mut bits) = (0u32, 0);
    for byte in &text[..end] {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
        }
    }
    Some(out)
}

/// Up to 18 decimal digits, perhaps with a fraction of zeros or another.
fn decimal(text: &[u8]) -> Option<Number> {
    let end = text.iter().position(|byte| *byte == b'.').unwrap_or(text.len());
    let (whole, fraction) = (&text[..end], text.get(end + 1..).unwrap_or_default());
    let digits = |part: &[u8]| part.len() <= 18 && part.iter().all(u8::is_ascii_digit);
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    if fraction.iter().any(|byte| *byte != b'0') {
        return Some(Number::Other);
    }
    Some(Number::Whole(whole.iter().fold(0, |sum, byte| sum * 10 + u64::from(byte - b'0'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_in_either_spelling() {
        assert_eq!(hex(b"00fFa1"), Some(vec![0, 0xff, 0xa1]));
        assert_eq!(hex(b"0"), None);
        assert_eq!(hex(b"zz"), None);
        assert_eq!(base64(b"TWFu"), Some(b"Man".to_vec()));
        assert_eq!(base64(b"TWE="), Some(b"Ma".to_vec()));
        assert_eq!(base64(b"__-_"), Some(vec![0xff, 0xff, 0xbf]));
        assert_eq!(base64(b"T"), None);
        assert_eq!(base64(b"TWE ="), None);
    }

    #[test]
    fn numbers_may_be_texts() {
        assert_eq!((decimal(b"12.0"), decimal(b"12.5")), (Some(Number::Whole(12)), Some(Number::Other)));
        assert_eq!((decimal(b"1.2.3"), decimal(b""), decimal(b"-1"), decimal(b".5")), (None, None, None, None));
    }
}
