//! Words and numbers as people read them.

use super::item::Change;
use davy_model::{ArtifactKind, GapReason, Level, Location, Weight};
use std::borrow::Cow;
use std::fmt::Write;

/// Text from files and names, safe for a terminal: control characters and invisible direction marks become escapes.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let harmful = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if harmful(c) {
            // Writing to a string cannot fail.
            let _ = write!(safe, "{}", c.escape_default());
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// Where something is.
pub(crate) fn place(location: &Location) -> String {
    match location {
        Location::Whole => "as a whole".to_owned(),
        Location::Bytes { start, end } => format!("bytes {start} to {end}"),
        Location::Function { index, start, end } => format!("function {index}, bytes {start} to {end}"),
        Location::Line { line, column } => format!("line {line}, column {column}"),
        Location::Url { url } => url.clone(),
        Location::Artifact { path } => path.clone(),
    }
}

pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::Clean => "clean",
        Level::Notice => "notice",
        Level::Suspicious => "suspicious",
        Level::Mining => "mining",
    }
}

pub(crate) fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Weak => "weak",
        Weight::Moderate => "moderate",
        Weight::Strong => "strong",
        Weight::Decisive => "decisive",
    }
}

/// A kind in words, for one or for many.
pub(crate) fn kind(kind: ArtifactKind, count: u64) -> &'static str {
    let (one, many) = match kind {
        ArtifactKind::Wasm => ("module", "modules"),
        ArtifactKind::Script => ("script", "scripts"),
        ArtifactKind::Page => ("page", "pages"),
        ArtifactKind::Shader => ("shader", "shaders"),
        ArtifactKind::Websocket => ("WebSocket", "WebSockets"),
        ArtifactKind::Request => ("request", "requests"),
        ArtifactKind::Container => ("container", "containers"),
    };
    if count == 1 { one } else { many }
}

/// What became of a finding from one release to the next.
pub(crate) fn change(change: Change) -> &'static str {
    match change {
        Change::New => "new",
        Change::Changed => "changed",
        Change::Same => "as before",
        Change::Gone => "gone",
    }
}

/// Why something was not read.
pub(crate) fn reason(reason: GapReason) -> &'static str {
    match reason {
        GapReason::Truncated => "truncated",
        GapReason::OverLimit => "over a limit",
        GapReason::Undecodable => "undecodable",
        GapReason::NoBody => "not readable",
        GapReason::Encrypted => "encrypted",
        GapReason::RunTime => "known only at run time",
        GapReason::UnknownProposal => "of an unknown proposal",
        GapReason::Native => "native code",
    }
}

/// A number of bytes in decimal units.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if count < 1000 {
        return format!("{count} bytes");
    }
    let mut value = count as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_write_to_the_terminal() {
        assert_eq!(printable("a/b c.js"), "a/b c.js");
        assert_eq!(printable("\x1b[2Ja\nb\u{202e}c"), "\\u{1b}[2Ja\\nb\\u{202e}c");
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes(999), "999 bytes");
        assert_eq!(bytes(1000), "1.0 kB");
        assert_eq!(bytes(999_960), "1.0 MB");
        assert_eq!(bytes(61_440), "61.4 kB");
    }
}
