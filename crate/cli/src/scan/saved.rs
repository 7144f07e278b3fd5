//! Pages that were saved without what they ran.

use davy_model::{Gap, GapReason, Location};

/// Bytes of a page in which the saver's remark stands.
const REMARK: usize = 4096;

/// What SingleFile writes into a page that it saves.
const SINGLE_FILE: &[u8] = b"Page saved with SingleFile";

/// The gap of a page that was saved without its scripts: it may have mined, and nothing of it is left to see.
pub(crate) fn without_scripts(page: &[u8]) -> Option<Gap> {
    let head = &page[..page.len().min(REMARK)];
    let saved = head.windows(SINGLE_FILE.len()).any(|window| window == SINGLE_FILE);
    let script = || page.windows(7).any(|window| window.eq_ignore_ascii_case(b"<script"));
    (saved && !script()).then(|| Gap {
        reason: GapReason::NoBody,
        location: Location::Whole,
        because: "SingleFile saved this page without its scripts".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::without_scripts;

    #[test]
    fn a_page_that_lost_its_scripts_is_told() {
        let remark = "<!DOCTYPE html><html><!--\n Page saved with SingleFile \n url: https://example.org/ -->";
        assert!(without_scripts(remark.as_bytes()).is_some());
        assert!(without_scripts(format!("{remark}<SCRIPT>x()</SCRIPT>").as_bytes()).is_none());
        assert!(without_scripts(b"<!DOCTYPE html><p>nothing").is_none());
    }
}
