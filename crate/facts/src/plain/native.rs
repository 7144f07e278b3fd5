//! Native executables, by their beginnings.

/// What kind of executable begins so.
pub(super) fn machine(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x7f, b'E', b'L', b'F', ..] => Some("an executable or library for Linux (ELF)"),
        [b'M', b'Z', ..] if is_windows(bytes) => Some("an executable or library for Windows (PE)"),
        [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => {
            Some("an executable or library for macOS (Mach-O)")
        }
        // Java's classes begin so too; there a version of 45 and more stands where this counts machines.
        [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 1..=20, ..] => Some("an executable or library for macOS (Mach-O)"),
        _ => None,
    }
}

/// Whether the header to which the old one points is there, or would stand beyond what is known.
fn is_windows(bytes: &[u8]) -> bool {
    let at = bytes.get(60..64).and_then(|word| <[u8; 4]>::try_from(word).ok()).map(u32::from_le_bytes);
    let Some(at) = at.and_then(|at| usize::try_from(at).ok()) else { return false };
    bytes.get(at..).is_none_or(|rest| rest.starts_with(&b"PE\0\0"[..rest.len().min(4)]))
}

#[cfg(test)]
mod tests {
    use super::machine;

    #[test]
    fn beginnings() {
        assert!(machine(b"\x7fELF").is_some() && machine(b"\xcf\xfa\xed\xfe").is_some());
        assert!(machine(b"\xca\xfe\xba\xbe\0\0\0\x02").is_some() && machine(b"\xca\xfe\xba\xbe\0\0\0\x34").is_none());
        let mut windows = b"MZ".to_vec();
        windows.resize(60, 0);
        windows.extend([64, 0, 0, 0]);
        windows.extend(b"PE\0\0");
        assert!(machine(&windows).is_some());
        assert!(machine(b"MZ is a text").is_none());
    }
}
