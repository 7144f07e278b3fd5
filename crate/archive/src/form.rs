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
    /// HTTP archive 1.2, as browsers' developer tools save it.
    Har,
    /// A page with all it loads, as one mail.
    Mhtml,
    /// A web archive, its records one after the other.
    Warc,
    /// A source map that may hold the sources.
    SourceMap,
}

/// Where a tar's header says that it is one, and its first eight bytes of it there.
const USTAR: std::ops::Range<usize> = 257..262;
/// Bytes of a tar's header.
const BLOCK: usize = 512;

impl Form {
    /// The container that begins so; none when it is something else. `head` are the first [`crate::limits::HEAD`] bytes, or
    /// all; a name tells where a text's beginning could be many things.
    #[must_use]
    pub fn of(head: &[u8], name: &str) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            // An extension for Chromium is a zip behind a header.
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'C', b'r', b'2', b'4', ..] => Some(Self::Zip),
            _ if head.starts_with(b"WARC/1.") || head.starts_with(b"WARC/0.") => Some(Self::Warc),
            _ if is_tar(head) => Some(Self::Tar),
            _ => text(head, name),
        }
    }

    /// Whether it is a web archive, packed or not: what else gzip packs is told later.
    pub(crate) fn is_warc(self) -> bool {
        matches!(self, Self::Warc | Self::Gzip)
    }
}

/// Containers that are texts.
fn text(head: &[u8], name: &str) -> Option<Form> {
    let ends = |ending: &str| {
        let cut = name.len().checked_sub(ending.len());
        cut.and_then(|cut| name.get(cut..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if let Some(object) = text.strip_prefix(b"{") {
        let first = object.trim_ascii_start();
        if first.starts_with(b"\"log\"") || (first.starts_with(b"\"") && ends(".har")) {
            return Some(Form::Har);
        }
        let map = first.starts_with(b"\"version\"") && memchr::memmem::find(text, b"\"mappings\"").is_some();
        let named = ends(".map") && (first.starts_with(b"\"") || first.is_empty());
        return (map || named).then_some(Form::SourceMap);
    }
    let lower = text.to_ascii_lowercase();
    let has = |word: &[u8]| memchr::memmem::find(&lower, word).is_some();
    let header = text.split(|&c| c == b'\n').next().is_some_and(|line| {
        let name = line.split(|&c| c == b':').next().unwrap_or_default();
        name.len() < line.len() && name.iter().all(|&c| c.is_ascii_alphanumeric() || c == b'-')
    });
    let mail = header && (has(b"multipart/related") || ends(".mhtml") || ends(".mht"));
    (mail && has(b"mime-version:")).then_some(Form::Mhtml)
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
        assert_eq!(Form::of(b"\x1f\x8b\x08\0", "x"), Some(Form::Gzip));
        assert_eq!(Form::of(b"PK\x03\x04", "x"), Some(Form::Zip));
        assert_eq!(Form::of(b"P", "x.zip"), None);
        assert_eq!(Form::of(&[0; 1024], "x"), None);
        assert_eq!(Form::of(&[b'a'; 1024], "x"), None);
        assert_eq!(Form::of(b" {\n \"log\": {}", "x"), Some(Form::Har));
        assert_eq!(Form::of(b"{\"version\":3,\"mappings\":\"\"}", "x"), Some(Form::SourceMap));
        assert_eq!(Form::of(b"{\"version\":3,\"name\":\"x\"}", "package.json"), None);
        assert_eq!(Form::of(b"{\"file\":\"x\"}", "a.js.map"), Some(Form::SourceMap));
        assert_eq!(
            Form::of(b"From: <x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;", "x"),
            Some(Form::Mhtml)
        );
        assert_eq!(Form::of(b"// MIME-Version: 1.0 multipart/related", "x.js"), None);
        let mut header = tar::Header::new_old();
        header.set_path("a.js").unwrap();
        header.set_size(5);
        header.set_mode(0o644);
        header.set_cksum();
        assert_eq!(Form::of(header.as_bytes(), "x"), Some(Form::Tar), "an old one, by its sum");
        assert_eq!(Form::of(tar::Header::new_ustar().as_bytes(), "x"), Some(Form::Tar));
    }
}
