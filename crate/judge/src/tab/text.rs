//! Texts from pages, cut to size on a character boundary.

use super::limits::TEXT;

/// At most [`TEXT`] characters of `text`, with an ellipsis where something was cut; control characters are left out,
/// so that a page cannot break a line of a report.
pub(super) fn clip(text: &str) -> String {
    let mut clean: String = text.chars().filter(|c| !c.is_control()).take(TEXT + 1).collect();
    if let Some((at, _)) = clean.char_indices().nth(TEXT) {
        clean.truncate(at);
        clean.push('…');
    }
    clean
}
