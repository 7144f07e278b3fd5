//! Takes results in order: counts them, and hands them to the output.

use super::Done;
use super::ordered::Sink;
use super::progress::Progress;
use crate::args::FailOn;
use crate::failure::{Failure, complain};
use crate::output::{Writer, summary::Summary};
use std::io;
use std::ops::ControlFlow;
use std::time::Duration;

/// The report as it grows.
pub(crate) struct Report {
    writer: Writer,
    progress: Progress,
    summary: Summary,
    fail_on: FailOn,
    found: bool,
    failed: Option<io::Error>,
}

impl Report {
    pub(crate) fn new(writer: Writer, progress: Progress, rules: &str, fail_on: FailOn) -> Self {
        let summary = Summary::new(rules);
        Self { writer, progress, summary, fail_on, found: false, failed: None }
    }

    /// Writes the end, and gives the counts and whether anything is at or above `--fail-on`.
    pub(crate) fn finish(mut self, elapsed: Duration) -> Result<(Summary, bool), Failure> {
        self.summary.seconds = (elapsed.as_secs_f64() * 1000.0).round() / 1000.0;
        self.progress.finish();
        if self.failed.is_none() {
            self.failed = self.writer.finish(&self.summary).err();
        } else {
            // Whoever read the report left before its end, and so did the scan.
            self.summary.complete = false;
        }
        match self.failed {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
            _ => Ok((self.summary, self.found)),
        }
    }

    fn write(&mut self, write: impl FnOnce(&mut Writer) -> io::Result<()>) -> ControlFlow<()> {
        match self.progress.aside(|| write(&mut self.writer)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

impl Sink<Done> for Report {
    fn take(&mut self, done: Done) -> ControlFlow<()> {
        self.progress.advance();
        match done {
            Done::PassedOver => self.summary.passed_over += 1,
            Done::Refused(because) => {
                self.summary.errors += 1;
                self.progress.aside(|| complain(&because));
            }
            Done::Entries(entries) => {
                self.summary.add(&entries);
                self.found |= entries.iter().any(|entry| self.fail_on.is_met_by(entry.verdict.level()));
                return self.write(|writer| writer.entries(&entries));
            }
        }
        ControlFlow::Continue(())
    }

    fn idle(&mut self) -> ControlFlow<()> {
        self.write(Writer::flush)
    }
}
