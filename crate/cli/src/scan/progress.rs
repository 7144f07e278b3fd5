//! The progress bar on standard error, when a person watches: bytes, their rate, and what is left.

use super::walk::{Met, Walk};
use crate::args::Options;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

const STYLE: &str =
    "{bar:30} {decimal_bytes} of {decimal_total_bytes}, {decimal_bytes_per_sec}, {eta} left, {msg} read, {elapsed}";

/// A progress bar, or none.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    /// Bytes of files that were handed out, and of containers that were read.
    read: Arc<AtomicU64>,
    /// Files and parts that were reported.
    done: u64,
}

impl Progress {
    /// Shows a bar when standard error is a terminal and nobody said otherwise. `read` counts bytes as they are read.
    pub(crate) fn start(paths: &[PathBuf], options: &Options, read: Arc<AtomicU64>) -> Self {
        if options.quiet || options.no_progress || !stderr().is_terminal() {
            return Self { bar: None, read, done: 0 };
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        count(paths, &bar);
        Self { bar: Some(bar), read, done: 0 }
    }

    /// One more file or part is done.
    pub(crate) fn advance(&mut self) {
        self.done += 1;
        if let Some(bar) = &self.bar {
            bar.set_position(self.read.load(Ordering::Relaxed));
            bar.set_message(self.done.to_string());
        }
    }

    /// Runs what writes to the terminal while the bar is out of the way.
    pub(crate) fn aside<R>(&self, write: impl FnOnce() -> R) -> R {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Counts ahead of the scan, which walks no further than it reads. Without the thread the bar only knows no end.
fn count(paths: &[PathBuf], bar: &ProgressBar) {
    let (walk, bar) = (Walk::new(paths.to_vec()), bar.clone());
    let length = |met| match met {
        Met::File { place, .. } => std::fs::metadata(place.path).map_or(0, |metadata| metadata.len()),
        _ => 0,
    };
    let counting = move || walk.take_while(|_| !bar.is_finished()).for_each(|met| bar.inc_length(length(met)));
    let _ = thread::Builder::new().name("davy-count".to_owned()).spawn(counting);
}
