//! What kind of container bytes are: decided by their beginning.

/// Kinds of containers that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A tar, also an npm package's, once unpacked.
    Tar,
    /// Something packed with gzip: a tar, or one file.
    Gzip,
    /// The same with zstd.
    Zstd,
    /// A zip: also extensions, Java and Python packages, WACZ.
    Zip,
}

/// Where a tar's header says that it is one, and its first eight bytes of it there.
const USTAR: std::ops::Range<usize> = 257..262;
/// Bytes of a tar's header.
const BLOCK: usize = 512;

impl Form {
    /// The container that begins so; none when it is something else. `head` are the first [`crate::limits::HEAD`] bytes, or
    /// all.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            // An extension for Chromium is a zip behind a header.
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'C', b'r', b'2', b'4', ..] => Some(Self::Zip),
            _ if is_tar(head) => Some(Self::Tar),
            _ => None,
        }
    }
}

/// Whether a tar's header stands there: it says so, or its sum is right, for old ones do not say it.
fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.get(..BLOCK) else { return false };
    &block[USTAR] == b"ustar" || (block[0] != 0 && sum(block).is_some_and(|sum| sum == said(block)))
}

/// The sum of a header's bytes, its own field taken for spaces; none where the field does not look like one.
fn sum(block: &[u8]) -> Option<u64> {
    let field = &block[148..156];
    let octal = field.iter().all(|byte| matches!(byte, b'0'..=b'7' | b' ' | 0)) && field.contains(&b'0');
    octal.then(|| block[..148].iter().chain(&block[156..]).map(|&byte| u64::from(byte)).sum::<u64>() + 8 * 32)
}

fn said(block: &[u8]) -> u64 {
    let digits = block[148..156].iter().filter(|byte| matches!(byte, b'0'..=b'7'));
    digits.fold(0, |value, byte| value * 8 + u64::from(byte - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_tell() {
        assert_eq!(Form::of(b"\x1f\x8b\x08\0"), Some(Form::Gzip));
        assert_eq!(Form::of(b"PK\x03\x04"), Some(Form::Zip));
        assert_eq!(Form::of(b"P"), None);
        assert_eq!(Form::of(&[0; 1024]), None);
        assert_eq!(Form::of(&[b'a'; 1024]), None);
        let mut header = tar::Header::new_old();
        header.set_path("a.js").unwrap();
        header.set_size(5);
        header.set_mode(0o644);
        header.set_cksum();
        assert_eq!(Form::of(header.as_bytes()), Some(Form::Tar), "an old one, by its sum");
        assert_eq!(Form::of(tar::Header::new_ustar().as_bytes()), Some(Form::Tar));
    }
}
