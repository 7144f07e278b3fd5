//! Ctrl-C: the scan ends soon, with what was found so far.

use crate::failure::USAGE;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Watches for Ctrl-C. The second one ends everything at once: whoever takes the report may have stopped reading.
pub(super) fn watch() {
    // Where that cannot be had, Ctrl-C ends the process as it does anyway.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            leave();
        }
    });
}

/// Whether somebody pressed it.
pub(super) fn is_wanted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Ends the process without waiting for those who are still reading: they may be in the middle of something long.
#[allow(clippy::exit, reason = "threads cannot be told to stop")]
pub(super) fn leave() -> ! {
    std::process::exit(i32::from(USAGE))
}
