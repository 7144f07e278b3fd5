//! Compressed data in base64: not unpacked here, so it is listed as something that only exists at run time.

use super::base64;
use super::flatten::View;

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

/// What to say about the base64 at `start`, whose beginning is that of `KINDS[kind]`; also its length.
pub(super) fn read(view: &View, start: usize, kind: usize) -> (Option<String>, usize) {
    let begins = start == 0 || view.is_seam(start) || base64::sextet(view.bytes[start - 1]).is_none();
    if !begins {
        return (None, 1);
    }
    let length = base64::run(&view.bytes, start);
    // Two zlib header bytes are also the beginning of many names; a long name holds no digit, upper and lower case.
    let run = &view.bytes[start..start + length];
    let mixed = run.iter().any(u8::is_ascii_digit) && run.iter().any(u8::is_ascii_uppercase);
    if length < SHORTEST || !mixed {
        return (None, length.max(1));
    }
    let name = KINDS[kind].1;
    let because = format!("{length} characters of base64 hold {name} data that the script unpacks when it runs");
    (Some(because), length)
}
