//! One escape sequence of JavaScript.

/// What an escape sequence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A code unit or code point.
    Char(u32),
    /// Nothing: a line that goes on.
    Nothing,
}

/// Reads the escape whose backslash is at `at`: its meaning and its length in bytes. A backslash that starts no valid
/// escape means the character behind it, as engines hold for all but `\x` and `\u`, which they refuse.
pub(super) fn read(text: &[u8], at: usize) -> (Meaning, usize) {
    let Some(&kind) = text.get(at + 1) else { return (Meaning::Char(u32::from(b'\\')), 1) };
    let simple = |c: u8| (Meaning::Char(u32::from(c)), 2);
    match kind {
        b'x' => fixed(text, at + 2, 2).map_or(simple(b'x'), |value| (Meaning::Char(value), 4)),
        b'u' => unicode(text, at).unwrap_or(simple(b'u')),
        b'0'..=b'7' => octal(text, at + 1),
        b'n' => simple(b'\n'),
        b'r' => simple(b'\r'),
        b't' => simple(b'\t'),
        b'v' => simple(0x0b),
        b'b' => simple(0x08),
        b'f' => simple(0x0c),
        b'\r' if text.get(at + 2) == Some(&b'\n') => (Meaning::Nothing, 3),
        b'\r' | b'\n' => (Meaning::Nothing, 2),
        0x80.. => (Meaning::Nothing, 1),
        other => simple(other),
    }
}

fn unicode(text: &[u8], at: usize) -> Option<(Meaning, usize)> {
    if text.get(at + 2) == Some(&b'{') {
        return braced(text, at);
    }
    let high = fixed(text, at + 2, 4)?;
    if (0xd800..0xdc00).contains(&high)
        && text.get(at + 6..at + 8) == Some(b"\\u")
        && let Some(low @ 0xdc00..0xe000) = fixed(text, at + 8, 4)
    {
        return Some((Meaning::Char(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 12));
    }
    Some((Meaning::Char(high), 6))
}

/// `\u{…}`; engines accept any number of leading zeros, 16 digits bound the look.
fn braced(text: &[u8], at: usize) -> Option<(Meaning, usize)> {
    let digits = text[at + 3..].iter().take(16).take_while(|c| c.is_ascii_hexdigit()).count();
    let end = at + 3 + digits;
    if digits == 0 || text.get(end) != Some(&b'}') {
        return None;
    }
    let value = text[at + 3..end].iter().fold(0u64, |sum, &c| (sum << 4) | u64::from(digit(c).unwrap_or(0)));
    let value = u32::try_from(value).ok().filter(|&v| v <= 0x0010_ffff)?;
    Some((Meaning::Char(value), end + 1 - at))
}

fn octal(text: &[u8], at: usize) -> (Meaning, usize) {
    let mut value = 0u32;
    let mut length = 0;
    while let Some(&c @ b'0'..=b'7') = text.get(at + length) {
        let next = value * 8 + u32::from(c - b'0');
        if length == 3 || next > 0o377 {
            break;
        }
        value = next;
        length += 1;
    }
    (Meaning::Char(value), length + 1)
}

/// The value of exactly `length` hexadecimal digits.
fn fixed(text: &[u8], at: usize, length: usize) -> Option<u32> {
    text.get(at..at + length)?.iter().try_fold(0u32, |sum, &c| Some((sum << 4) | digit(c)?))
}

/// The value of one hexadecimal digit.
pub(super) fn digit(c: u8) -> Option<u32> {
    (c as char).to_digit(16)
}
