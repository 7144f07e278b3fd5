//! Takes results in order: counts them, and hands them to the output.

use super::analyse::{Entry, Settings};
use super::containers::Containers;
use super::ordered::Sink;
use super::progress::Progress;
use super::{DEFECT, Done, interrupt, missing};
use crate::failure::{Failure, complain};
use crate::output::{Receiver, summary::Summary};
use davy_model::{GapReason, Level};
use std::io;
use std::ops::ControlFlow;
use std::time::Instant;

/// The report as it grows.
pub(crate) struct Report<'s> {
    receiver: &'s mut dyn Receiver,
    progress: Progress,
    settings: &'s Settings,
    containers: Containers,
    summary: Summary,
    /// The highest level that counts.
    worst: Level,
    failed: Option<io::Error>,
    start: Instant,
}

impl<'s> Report<'s> {
    pub(crate) fn new(receiver: &'s mut dyn Receiver, progress: Progress, settings: &'s Settings) -> Self {
        let (summary, containers) = (Summary::new(settings.rules.version()), Containers::default());
        let start = Instant::now();
        Self { receiver, progress, settings, containers, summary, worst: Level::Clean, failed: None, start }
    }

    /// Writes the end, and gives the counts and the highest level that counts.
    pub(crate) fn finish(mut self) -> Result<(Summary, Level), Failure> {
        self.close();
        match self.failed {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
            _ => Ok((self.summary, self.worst)),
        }
    }

    fn close(&mut self) {
        self.summary.seconds = (self.start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        self.progress.finish();
        if self.failed.is_none() {
            self.failed = self.receiver.finish(&self.summary).err();
        } else {
            // Whoever read the report left before its end, and so did the scan.
            self.summary.complete = false;
        }
    }

    fn hand_over(&mut self, hand: impl FnOnce(&mut dyn Receiver) -> io::Result<Level>) -> ControlFlow<()> {
        match self.progress.aside(|| hand(self.receiver)) {
            Ok(level) => {
                self.worst = self.worst.max(level);
                ControlFlow::Continue(())
            }
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

impl Report<'_> {
    /// Counts and writes an artifact and those inside of it. A container's bytes are counted, not those inside again.
    fn entries(&mut self, entries: &[Entry], is_file: bool) -> ControlFlow<()> {
        self.summary.add(entries, is_file);
        self.hand_over(|receiver| receiver.entries(entries))
    }

    /// Writes what is known of the containers that are being read.
    fn parts(&mut self) -> ControlFlow<()> {
        while let Some((entries, is_file)) = self.containers.next(self.settings) {
            self.entries(&entries, is_file)?;
        }
        ControlFlow::Continue(())
    }
}

impl Sink<Done> for Report<'_> {
    fn take(&mut self, done: Done) -> ControlFlow<()> {
        self.progress.advance();
        match done {
            Done::PassedOver => self.summary.passed_over += 1,
            Done::Opened { path, site } => self.containers.opened(path, site),
            Done::Member(member) => {
                self.summary.passed_over += u64::from(member.found.entries.is_empty());
                self.containers.member(member);
                return self.parts();
            }
            Done::Closed(closed) => {
                self.containers.closed(closed);
                return self.parts();
            }
            Done::Broken { path } => {
                if !self.containers.is_open() {
                    return self.entries(&[missing(&path, GapReason::Undecodable, DEFECT.to_owned())], true);
                }
                self.containers.broken(GapReason::Undecodable, DEFECT);
                return self.parts();
            }
            Done::Refused(because) => {
                self.summary.errors += 1;
                self.progress.aside(|| complain(&because));
            }
            Done::Entries(entries) => return self.entries(&entries, true),
        }
        ControlFlow::Continue(())
    }

    fn idle(&mut self) -> ControlFlow<()> {
        self.hand_over(|receiver| receiver.flush().map(|()| Level::Clean))
    }

    fn is_stopped(&self) -> bool {
        interrupt::is_wanted()
    }

    fn stop(&mut self, rest: impl Iterator<Item = Done>) {
        for done in rest {
            if self.take(done).is_break() {
                break;
            }
        }
        self.containers.broken(GapReason::Truncated, "the scan was interrupted before its end");
        let _ = self.parts();
        self.summary.complete = false;
        self.close();
        self.progress.aside(|| complain("interrupted; the report holds what was found so far"));
        interrupt::leave();
    }
}
