//! How far a module reaches: its section headers alone, without reading what they hold.

/// What every module starts with: the magic number and version 1.
pub(super) const HEADER: &[u8; 8] = b"\0asm\x01\0\0\0";

/// Highest section identifier that is taken for one. 13 is the highest known in 2026; proposals count upwards, and a
/// larger number this early in a byte stream is data.
const LAST_SECTION: u8 = 31;

/// Whether the bytes can be a module at all.
pub(super) fn is_module(bytes: &[u8]) -> bool {
    bytes.starts_with(HEADER)
}

/// Length of the longest prefix that is a module made of whole sections. At least the header's 8 when it is a module.
pub(super) fn whole_sections(bytes: &[u8]) -> usize {
    let mut at = HEADER.len().min(bytes.len());
    while let Some(next) = next_section(bytes, at) {
        at = next;
    }
    at
}

/// Offset behind the section that starts at `at`, if a whole one does.
fn next_section(bytes: &[u8], at: usize) -> Option<usize> {
    // A second module right behind the first would pass for a custom section of 97 bytes (`a`).
    if *bytes.get(at)? > LAST_SECTION || bytes[at..].starts_with(HEADER) {
        return None;
    }
    let mut size: u64 = 0;
    for (index, &byte) in bytes[at + 1..].iter().take(5).enumerate() {
        size |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            // A custom section holds at least the length of its name: two zeros are padding.
            if size == 0 && bytes[at] == 0 {
                return None;
            }
            let end = (at + 2 + index) as u64 + size;
            return usize::try_from(end).ok().filter(|&end| end <= bytes.len());
        }
    }
    None
}
