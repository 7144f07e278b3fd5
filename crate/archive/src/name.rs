//! Names of entries: shown as they are, and never a way out of the archive.

use davy_model::{Gap, GapReason};

/// What an entry is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// A path inside of the archive, with `/`, without `.`, `..` or a root.
    Path(String),
    /// The address from which a capture has it.
    Url(String),
}

impl Default for Name {
    fn default() -> Self {
        Self::Path(String::new())
    }
}

impl Name {
    /// The text of the path or address.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Path(text) | Self::Url(text) => text,
        }
    }

    /// The last part of the path, without an address's query.
    #[must_use]
    pub fn last(&self) -> &str {
        let path = match self {
            Self::Path(path) => path,
            Self::Url(url) => url.split(['?', '#']).next().unwrap_or(url),
        };
        path.rsplit('/').next().unwrap_or(path)
    }
}

/// The path that an archive's name for an entry means, and whether it leads out of the archive. What is no UTF-8 becomes
/// U+FFFD.
pub(crate) fn inside(raw: &[u8]) -> (String, bool) {
    let text = String::from_utf8_lossy(raw).replace('\\', "/");
    let text = text.split('\0').next().unwrap_or_default();
    let mut parts: Vec<&str> = Vec::new();
    let mut leaves = text.starts_with('/') || text.as_bytes().get(1) == Some(&b':');
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => leaves |= parts.pop().is_none(),
            part => parts.push(part),
        }
    }
    (parts.join("/"), leaves)
}

/// What is said of names that lead out of an archive: whoever unpacks it without care writes elsewhere.
pub(crate) fn leaves(raw: &[u8]) -> Gap {
    let shown: String = String::from_utf8_lossy(raw).chars().take(200).collect();
    let because = format!("the name {shown} leads out of the archive; what it names was read as if it stood inside");
    crate::gap::lost(GapReason::Undecodable, because)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside() {
        for (raw, path, out) in [
            ("package/index.js", "package/index.js", false),
            ("./a//b/./c.js", "a/b/c.js", false),
            ("a/../b.js", "b.js", false),
            ("../../etc/x.js", "etc/x.js", true),
            ("/etc/x.js", "etc/x.js", true),
            ("..\\x.js", "x.js", true),
            ("C:\\x.js", "C:/x.js", true),
            ("a\0b", "a", false),
            ("", "", false),
        ] {
            assert_eq!(inside(raw.as_bytes()), (path.to_owned(), out), "{raw:?}");
        }
        assert_eq!(inside(b"\xff.js").0, "\u{fffd}.js");
    }

    #[test]
    fn the_last_part_tells_the_kind() {
        assert_eq!(Name::Path("a/b.js".to_owned()).last(), "b.js");
        assert_eq!(Name::Url("https://example.org/a/b.wasm?v=1/2".to_owned()).last(), "b.wasm");
    }
}
