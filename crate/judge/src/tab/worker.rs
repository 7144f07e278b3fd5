//! How busy the workers of a page are, second by second, for the last minute.

use super::event::WorkerBusy;
use super::limits::{BUSY_SECONDS, COVERED_SECONDS, HISTORY, WORKERS};
use super::text::clip;
use serde::{Deserialize, Serialize};

/// The workers of one page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Workers {
    /// Those that reported within the last minute, in the order in which they came.
    pub list: Vec<Worker>,
    /// Reports in the last round that found no place in the list.
    pub more: u32,
}

/// One worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Worker {
    /// Document that made it.
    pub document: String,
    /// Its number there.
    pub id: u32,
    /// Its name or address.
    pub name: String,
    /// Second of the last sample, since the epoch.
    pub last: u64,
    /// Percent of one core, a sample a second, oldest first, at most [`HISTORY`].
    pub history: Vec<u8>,
}

impl Workers {
    /// Takes in one frame's report. Time is in milliseconds since the epoch.
    pub(super) fn report(&mut self, document: &str, reports: Vec<WorkerBusy>, at: u64) {
        let second = at / 1000;
        self.list.retain(|w| second.saturating_sub(w.last) < HISTORY as u64);
        self.more = 0;
        for report in reports {
            let known = self.list.iter().position(|w| w.id == report.id && w.document == document);
            match known {
                Some(index) => self.list[index].push(second, report.share),
                None if self.list.len() < WORKERS => self.list.push(Worker::new(document, &report, second)),
                None => self.more = self.more.saturating_add(1),
            }
        }
    }

    /// Percent of one core, all workers together, for each of the last [`HISTORY`] seconds, oldest first.
    pub(super) fn sum(&self, at: u64) -> Vec<u16> {
        let mut sum = vec![0_u16; HISTORY];
        for worker in &self.list {
            for (total, sample) in sum.iter_mut().zip(worker.series(at)) {
                *total = total.saturating_add(u16::from(sample));
            }
        }
        sum
    }

    /// Cores kept busy, averaged over the last [`BUSY_SECONDS`].
    pub(super) fn average(&self, at: u64) -> f64 {
        let sum: f64 = self.sum(at)[HISTORY - BUSY_SECONDS..].iter().copied().map(f64::from).sum();
        sum / (BUSY_SECONDS as f64 * 100.0)
    }
}

impl Worker {
    fn new(document: &str, report: &WorkerBusy, second: u64) -> Self {
        let name = clip(&report.name);
        Self { document: clip(document), id: report.id, name, last: second, history: vec![percent(report.share)] }
    }

    fn push(&mut self, second: u64, share: f64) {
        let passed = second.saturating_sub(self.last);
        let sample = percent(share);
        if passed == 0 {
            // Two reports within a second: their mean is the second's load.
            if let Some(last) = self.history.last_mut() {
                *last = u8::midpoint(*last, sample);
            }
            return;
        }
        let unknown = passed.saturating_sub(COVERED_SECONDS).min(HISTORY as u64);
        self.history.extend((0..unknown).map(|_| 0));
        self.history.extend((0..passed.min(COVERED_SECONDS)).map(|_| sample));
        let surplus = self.history.len().saturating_sub(HISTORY);
        self.history.drain(..surplus);
        self.last = second;
    }

    /// The last minute up to `at`, oldest first, 0 where nothing is known. A report may be late by
    /// [`COVERED_SECONDS`]; until then the last one holds.
    pub(super) fn series(&self, at: u64) -> Vec<u8> {
        let late = (at / 1000).saturating_sub(self.last);
        let tail = if late > COVERED_SECONDS { late.min(HISTORY as u64) as usize } else { 0 };
        let known = &self.history[self.history.len().saturating_sub(HISTORY - tail)..];
        let mut series = vec![0; HISTORY - tail - known.len()];
        series.extend_from_slice(known);
        series.resize(HISTORY, 0);
        series
    }
}

/// A share in percent; what is no number counts as nothing, what exceeds a core as a core.
fn percent(share: f64) -> u8 {
    // The clamp keeps the cast within 0 to 100; NaN casts to 0.
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}
