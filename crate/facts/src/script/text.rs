//! Text as such: its encoding, and lines and columns in it.

use davy_model::Location;
use std::borrow::Cow;

/// The text as UTF-8. Only a byte order mark says otherwise; bytes that are no UTF-8 stay as they are, so that texts in
/// older encodings and modules that stand in a text unencoded can still be read.
pub(crate) fn as_utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let decode = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(move |pair| read([pair[0], pair[1]]));
        let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Cow::Owned(text.into_bytes())
    };
    match bytes {
        [0xff, 0xfe, ..] => decode(u16::from_le_bytes),
        [0xfe, 0xff, ..] => decode(u16::from_be_bytes),
        _ => Cow::Borrowed(bytes),
    }
}

/// Lines and columns of the given offsets, in the given order.
pub(crate) fn lines(text: &[u8], offsets: &[usize]) -> Vec<Location> {
    let mut order: Vec<usize> = (0..offsets.len()).collect();
    order.sort_by_key(|&i| offsets[i]);
    let mut result = vec![Location::Whole; offsets.len()];
    let (mut line, mut column, mut at) = (1u32, 1u32, 0);
    for index in order {
        let offset = offsets[index].min(text.len());
        let mut start = at;
        for newline in memchr::memchr_iter(b'\n', &text[at..offset]) {
            line = line.saturating_add(1);
            column = 1;
            start = at + newline + 1;
        }
        column = column.saturating_add(units(&text[start..offset]));
        at = offset;
        result[index] = Location::Line { line, column };
    }
    result
}

/// Length in UTF-16 units: every byte that starts a character, and those of four bytes twice.
fn units(text: &[u8]) -> u32 {
    // Few enough for their sum to fit in a byte, so that many are counted at once.
    let part =
        |part: &[u8]| usize::from(part.iter().map(|&c| u8::from(c & 0xc0 != 0x80) + u8::from(c >= 0xf0)).sum::<u8>());
    let count = text.chunks(64).map(part).sum::<usize>();
    u32::try_from(count).unwrap_or(u32::MAX)
}
