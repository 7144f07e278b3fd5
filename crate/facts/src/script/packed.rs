//! Compressed data in base64, basE91 and yEnc: unpacked where it can be, listed where not.

use super::base64;
use super::collect::{Collector, Spelled};
use super::escape::{self, Meaning};
use super::flatten::View;
use super::joint::{Joints, is_quote};
use super::unpack::{self, Unpacked};

/// Shortest base64 that is worth a line. A module of 100 bytes packs to about 100 characters, icons and fonts aside
/// nothing shorter carries a program.
const SHORTEST: usize = 128;

/// A container of compressed data and how its base64 begins.
pub(super) const KINDS: [(&str, &str); 14] = [
    ("H4sI", "gzip"),
    ("KLUv/", "zstd"),
    ("/Td6WFoA", "xz"),
    ("eAE", "zlib"),
    ("eF4", "zlib"),
    ("eJw", "zlib"),
    ("eJx", "zlib"),
    ("eJy", "zlib"),
    ("eJz", "zlib"),
    ("eNo", "zlib"),
    ("eNp", "zlib"),
    ("eNq", "zlib"),
    ("eNr", "zlib"),
    ("QlpoOTFBWSZTW", "bzip2"),
];

/// How basE91 of zstd begins.
pub(super) const BASE91_ZSTD: &str = "v7#a";

/// How yEnc with an offset of its own begins, as simple-yenc writes it.
pub(super) const YENC: &str = "dynEncode";

/// What the compressed data at a place gave.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The bytes that were packed, in `length` characters.
    Bytes(Vec<u8>),
    /// A sentence about what could not be unpacked.
    Gap(String),
    /// A module that is too long.
    TooLong,
    /// There are none.
    Nothing,
}

/// Reads the base64 at `start`, whose beginning is that of `KINDS[kind]`; also gives its length.
pub(super) fn read(view: &View, start: usize, kind: usize, joints: &mut Joints<'_>, room: usize) -> (Found, usize) {
    let begins = start == 0 || view.is_seam(start) || base64::sextet(view.bytes[start - 1]).is_none();
    if !begins {
        return (Found::Nothing, 1);
    }
    let (spelled, end) = base64::read(view, start, 0, joints);
    let length = end - start;
    // Two zlib header bytes are also the beginning of many names; a long name holds no digit, upper and lower case.
    let run = &view.bytes[start..end];
    let mixed = run.iter().any(u8::is_ascii_digit) && run.iter().any(u8::is_ascii_uppercase);
    if length < SHORTEST || !mixed {
        return (Found::Nothing, length.max(1));
    }
    let name = KINDS[kind].1;
    let found = match unpack::by_magic(&spelled.bytes, room) {
        Unpacked::Whole(bytes) => Found::Bytes(bytes),
        Unpacked::Cut(_) | Unpacked::Not => {
            Found::Gap(format!("{length} characters of base64 hold {name} data that the script unpacks when it runs"))
        }
        Unpacked::TooLong(start) => too_long(&start),
    };
    (found, length)
}

/// Data that unpack to many times their length are bombs or full of blanks; only a module among them is missed.
fn too_long(start: &[u8]) -> Found {
    if start.starts_with(b"\0asm") {
        return Found::TooLong;
    }
    Found::Gap(format!("compressed data unpack to more than {} bytes, and do not begin like a module", start.len()))
}

/// Takes what was unpacked: a module becomes a child.
pub(super) fn take(found: Found, place: (usize, usize), collector: &mut Collector) {
    match found {
        Found::Bytes(bytes) => {
            collector.take(place, Spelled { bytes, ..Spelled::default() });
        }
        Found::Gap(because) => collector.at_run_time(place, because),
        Found::TooLong => collector.out_of_budget(),
        Found::Nothing => {}
    }
}

/// Reads basE91 of zstd in a text that is not flat: the alphabet holds quotes.
pub(super) fn base91(text: &[u8], start: usize, room: usize) -> Found {
    match unpack::by_magic(&from_base91(&characters(text, start)), room) {
        Unpacked::Whole(bytes) => Found::Bytes(bytes),
        Unpacked::TooLong(start) => too_long(&start),
        Unpacked::Cut(_) => Found::Gap("basE91 holds zstd data whose rest only exists when the script runs".to_owned()),
        Unpacked::Not => Found::Nothing,
    }
}

/// The units of the literal that begins at `start`, up to the quote that opened it.
fn characters(text: &[u8], start: usize) -> Vec<u32> {
    let quote = start.checked_sub(1).and_then(|at| text.get(at)).copied().filter(|c| is_quote(*c));
    let raw = text[..start.saturating_sub(1)].ends_with(b"String.raw");
    let mut units = Vec::new();
    let mut at = start;
    while let Some(&c) = text.get(at) {
        if Some(c) == quote || quote.is_none() && is_quote(c) {
            break;
        }
        if c == b'\\' && (!raw || matches!(text.get(at + 1), Some(b'u' | b'U'))) {
            let (meaning, length) = escape::read(text, at);
            if let Meaning::Char(value) = meaning {
                units.push(value);
            }
            at += length;
            continue;
        }
        let length = match c {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        let sequence = text.get(at..at + length).and_then(|bytes| std::str::from_utf8(bytes).ok());
        match sequence.and_then(|text| text.chars().next()) {
            Some(decoded) => units.push(decoded as u32),
            None => units.push(u32::from(c)),
        }
        at += if sequence.is_some() { length } else { 1 };
    }
    units
}

/// Thirteen or fourteen bits by two characters (basE91 by Joachim Henke).
fn from_base91(text: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut held, mut low) = (0u32, 0, None);
    for value in text.iter().filter_map(|c| base91_value(*c)) {
        let Some(first) = low.take() else {
            low = Some(value);
            continue;
        };
        let pair = first + value * 91;
        bits |= pair << held;
        held += if pair & 8191 > 88 { 13 } else { 14 };
        while held > 7 {
            bytes.push((bits & 0xff) as u8);
            bits >>= 8;
            held -= 8;
        }
    }
    if let Some(first) = low {
        bytes.push((bits | first << held) as u8);
    }
    bytes
}

fn base91_value(c: u32) -> Option<u32> {
    const SIGNS: &[u8; 29] = b"!#$%&()*+,./:;<=>?@[]^_`{|}~\"";
    match u8::try_from(c).ok()? {
        c @ b'A'..=b'Z' => Some(u32::from(c - b'A')),
        c @ b'a'..=b'z' => Some(u32::from(c - b'a') + 26),
        c @ b'0'..=b'9' => Some(u32::from(c - b'0') + 52),
        c => SIGNS.iter().position(|sign| *sign == c).map(|place| place as u32 + 62),
    }
}

/// Reads yEnc with a header, in a text that is not flat: a module, or deflate that holds one.
pub(super) fn yenc(text: &[u8], start: usize, room: usize) -> Found {
    let Some(bytes) = from_yenc(&characters(text, start)) else { return Found::Nothing };
    if bytes.starts_with(b"\0asm") {
        return Found::Bytes(bytes);
    }
    match unpack::deflate(&bytes, room) {
        Unpacked::Whole(bytes) => Found::Bytes(bytes),
        Unpacked::TooLong(start) => too_long(&start),
        Unpacked::Cut(_) => Found::Gap("yEnc holds data whose rest only exists when the script runs".to_owned()),
        Unpacked::Not => Found::Nothing,
    }
}

/// Bytes of yEnc: `dynEncode`, version, offset, checksum (version 1), then each byte plus the offset; `=` escapes.
fn from_yenc(text: &[u32]) -> Option<Vec<u8>> {
    let byte = |at: usize| {
        let digit = |at: usize| escape::digit(u8::try_from(*text.get(at)?).ok()?);
        Some(digit(at)? << 4 | digit(at + 1)?)
    };
    let head = YENC.len();
    let (version, offset) = (byte(head)?, byte(head + 2)?);
    let body = text.get(head + 4 + if version == 1 { 8 } else { 0 }..).filter(|_| version <= 1)?;
    let mut bytes = Vec::with_capacity(body.len());
    let mut escaped = false;
    for &unit in body {
        if unit == u32::from(b'=') && !escaped {
            escaped = true;
            continue;
        }
        let value = windows_byte(unit).wrapping_sub(if escaped { 64 } else { 0 }).wrapping_sub(offset);
        escaped = false;
        bytes.push(value as u8);
    }
    Some(bytes)
}

/// Pages that are read as Windows-1252 have other characters for the bytes 0x80 to 0x9f.
fn windows_byte(unit: u32) -> u32 {
    const OTHERS: [u32; 32] = [
        8364, 0, 8218, 402, 8222, 8230, 8224, 8225, 710, 8240, 352, 8249, 338, 0, 381, 0, 0, 8216, 8217, 8220, 8221,
        8226, 8211, 8212, 732, 8482, 353, 8250, 339, 0, 382, 376,
    ];
    if unit <= 255 {
        return unit;
    }
    OTHERS.iter().position(|other| *other == unit).map_or(unit, |place| place as u32 + 0x80)
}

#[cfg(test)]
mod tests {
    use crate::{Limits, extract};
    use davy_model::{Artifact, ArtifactKind, GapReason};
    use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};
    use ruzstd::encoding::{CompressionLevel, compress_to_vec as zstd};

    fn module() -> Vec<u8> {
        let every: String = (0..=255u8).map(|byte| format!("\\{byte:02x}")).collect();
        wat::parse_str(format!(
            r#"(module (memory 1) (data (i32.const 0) "{every}") (data (i32.const 512) "{every}"))"#
        ))
        .unwrap()
    }

    fn base64(bytes: &[u8]) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for group in bytes.chunks(3) {
            let word = (0..3).fold(0usize, |word, i| word << 8 | usize::from(group.get(i).copied().unwrap_or(0)));
            (0..4).for_each(|i| {
                text.push(if i <= group.len() { char::from(ALPHABET[word >> (18 - 6 * i) & 63]) } else { '=' });
            });
        }
        text
    }

    fn base91(bytes: &[u8]) -> String {
        const SIGNS: &[u8; 29] = b"!#$%&()*+,./:;<=>?@[]^_`{|}~\"";
        let letters: Vec<u8> =
            (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(SIGNS.iter().copied()).collect();
        let mut text = String::new();
        let (mut bits, mut held) = (0u32, 0);
        for byte in bytes {
            bits |= u32::from(*byte) << held;
            held += 8;
            if held > 13 {
                let mut value = bits & 8191;
                let length = if value > 88 { 13 } else { 14 };
                value = if value > 88 { value } else { bits & 16383 };
                bits >>= length;
                held -= length;
                text.extend([value % 91, value / 91].map(|digit| char::from(letters[digit as usize])));
            }
        }
        if held > 0 {
            text.push(char::from(letters[(bits % 91) as usize]));
            if held > 7 || bits > 90 {
                text.push(char::from(letters[(bits / 91) as usize]));
            }
        }
        text
    }

    /// With an offset of 0x28 and without checksum; what ends a template is escaped.
    fn yenc(bytes: &[u8]) -> String {
        let mut text = "dynEncode0028".to_owned();
        for byte in bytes {
            let value = byte.wrapping_add(0x28);
            if matches!(value, 0 | 10 | 13 | b'=' | b'`' | b'$' | b'\\') {
                text.push('=');
                text.push(char::from(value.wrapping_add(64)));
            } else {
                text.push(char::from(value));
            }
        }
        text
    }

    fn children(text: &str) -> Vec<Vec<u8>> {
        let artifact = Artifact { path: "a.js".into(), kind: ArtifactKind::Script, bytes: text.as_bytes().into() };
        extract(&artifact, &Limits::default()).children.into_iter().map(|child| child.bytes.into_owned()).collect()
    }

    #[test]
    fn packed_modules_are_unpacked() {
        let (module, plain) = (module(), compress_to_vec(&module(), 6));
        let gzip = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &plain, &[0; 8]].concat();
        let zstd = zstd(&module[..], CompressionLevel::Fastest);
        for text in [
            format!("load('{}')", base64(&gzip)),
            format!("load('{}')", base64(&compress_to_vec_zlib(&module, 6))),
            format!("load('{}')", base64(&zstd)),
            format!(
                "load(['{}'].join(''))",
                base64(&gzip)
                    .as_bytes()
                    .chunks(60)
                    .map(|c| String::from_utf8_lossy(c).into_owned())
                    .collect::<Vec<_>>()
                    .join("',\n'")
            ),
            format!("fetch('data:application/gzip;base64,{}')", base64(&gzip)),
            format!("var m='{}'", base91(&zstd)),
            format!("var m=String.raw`{}`", yenc(&plain)),
            format!("var m=String.raw`{}`", yenc(&module)),
            format!("var m={:?};eval", base91(&zstd)),
            format!(
                "var g=[{}];function get(){{return new Uint8Array(g)}}get();WebAssembly",
                gzip.iter().map(u8::to_string).collect::<Vec<_>>().join(",")
            ),
            format!(
                "var s={:?};function get(){{return atob(s.split('').reverse().join(''))}}get();eval",
                base64(&gzip).chars().rev().collect::<String>()
            ),
        ] {
            let found = children(&text);
            assert!(found == std::slice::from_ref(&module), "{} {text}", found.len());
        }
    }

    #[test]
    fn what_unpacks_to_too_much_is_a_gap() {
        for (start, reason) in [(&b"\0asm"[..], GapReason::OverLimit), (b"none", GapReason::RunTime)] {
            let bomb = base64(&compress_to_vec_zlib(&[start, &vec![0; 1 << 20]].concat(), 9));
            let text = format!("load('{bomb}')");
            let artifact = Artifact { path: "a.js".into(), kind: ArtifactKind::Script, bytes: text.as_bytes().into() };
            let extraction = extract(&artifact, &Limits::default());
            assert!(extraction.gaps.iter().any(|gap| gap.reason == reason), "{:?}", extraction.gaps);
            assert!(extraction.children.is_empty());
        }
    }

    #[test]
    fn names_of_encodings_are_none() {
        for text in ["x.startsWith('dynEncode')", "'dynEncode0128'", "'v7#a'", "\"v7#a\"+x", "`dynEncode00zz`"] {
            assert!(children(text).is_empty(), "{text}");
        }
    }
}
