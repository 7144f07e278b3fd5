//! Names as keys of maps: most are told apart by their first bytes.

/// A name, ordered by its first bytes and then as a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name<'t> {
    first: u64,
    text: &'t str,
}

impl<'t> Name<'t> {
    /// A text as a name.
    pub(super) fn new(text: &'t str) -> Self {
        let mut first = [0; 8];
        let length = text.len().min(first.len());
        first[..length].copy_from_slice(&text.as_bytes()[..length]);
        Self { first: u64::from_be_bytes(first), text }
    }
}
