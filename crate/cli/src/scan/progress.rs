//! The progress bar on standard error, when a person watches.

use super::walk::Walk;
use crate::args::Options;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

/// A progress bar, or none.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Shows a bar when standard error is a terminal and nobody said otherwise.
    pub(crate) fn start(paths: &[PathBuf], options: &Options) -> Self {
        if options.quiet || options.no_progress || !stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} files, {elapsed}") {
            bar.set_style(style.progress_chars("━╸─"));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        count(paths, &bar);
        Self(Some(bar))
    }

    pub(crate) fn advance(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }

    /// Runs what writes to the terminal while the bar is out of the way.
    pub(crate) fn aside<R>(&self, write: impl FnOnce() -> R) -> R {
        match &self.0 {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// Counts ahead of the scan, which walks no further than it reads. Without the thread the bar only knows no end.
fn count(paths: &[PathBuf], bar: &ProgressBar) {
    let (walk, bar) = (Walk::new(paths.to_vec()), bar.clone());
    let counting = move || walk.take_while(|_| !bar.is_finished()).for_each(|_| bar.inc_length(1));
    let _ = thread::Builder::new().name("davy-count".to_owned()).spawn(counting);
}
