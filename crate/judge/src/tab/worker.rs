//! How busy the threads of a page are, its workers and the main threads of its frames, second by second, for the last
//! minute, and whether they have been busy for long.

use super::limits::{BUSY_SECONDS, COVERED_SECONDS, FRESH_MS, HISTORY, STEADY_DOUBT, STEADY_MS, STEADY_SHARE, WORKERS};
use super::load;
use super::text::clip;
use serde::{Deserialize, Serialize};

/// The threads of one page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Workers {
    /// Those that reported within the last minute, in the order in which they came.
    pub list: Vec<Worker>,
    /// Reports in the last round that found no place in the list.
    pub more: u32,
    /// Since when they have been busy without a pause, all together, milliseconds since the epoch.
    pub steady: Option<u64>,
}

/// What is known of one thread since the report before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample<'a> {
    /// Number of the worker in its frame; 0 for the main thread.
    pub(super) id: u32,
    /// Its name or address.
    pub(super) name: &'a str,
    /// Share of a core, 0 to 1.
    pub(super) share: f64,
    /// What of it the processor as a whole allows, 0 to 1.
    pub(super) allowed: f64,
    /// Whether nothing was heard of it.
    pub(super) silent: bool,
    /// Milliseconds since the report before.
    pub(super) span: f64,
}

/// One thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Worker {
    /// Document that made it.
    pub document: String,
    /// Its number there; 0 for the main thread of that document.
    pub id: u32,
    /// Its name or address.
    pub name: String,
    /// Second of the last sample, since the epoch.
    pub last: u64,
    /// Percent of one core, a sample a second, oldest first, at most [`HISTORY`].
    pub history: Vec<u8>,
    /// Percent of one core that its last report claimed, whatever the processor allowed.
    pub claimed: u8,
    /// Since when nothing has been heard of it, milliseconds since the epoch.
    pub silent: Option<u64>,
    /// Whether it was ended because it could not be paused.
    pub ended: bool,
}

impl Workers {
    /// Takes in one frame's report; an idle thread runs late for a share `idle` of the moments. Time is in milliseconds
    /// since the epoch.
    pub(super) fn report(&mut self, document: &str, samples: &[Sample<'_>], idle: f64, at: u64) {
        let second = at / 1000;
        self.list.retain(|w| second.saturating_sub(w.last) < HISTORY as u64);
        self.more = 0;
        for sample in samples {
            let known = self.list.iter().position(|w| w.id == sample.id && w.document == document);
            match known {
                Some(index) => self.list[index].push(at, sample),
                None if self.list.len() < WORKERS => self.list.push(Worker::new(document, sample, at)),
                None => self.more = self.more.saturating_add(1),
            }
        }
        let load = self.average(at);
        if load < STEADY_SHARE / 2.0 {
            self.steady = None;
        } else if load >= STEADY_SHARE + idle * STEADY_DOUBT {
            self.steady.get_or_insert(at);
        }
    }

    /// Whether the threads have been busy for long, however little.
    pub(super) fn is_steady(&self, at: u64) -> bool {
        let long = self.steady.is_some_and(|since| at.saturating_sub(since) >= STEADY_MS);
        long && self.average(at) >= STEADY_SHARE / 2.0
    }

    /// Cores that threads claim which spoke lately, but for those of one document: of those heard of, and of silent ones.
    pub(super) fn claims(&self, but: Option<&str>, at: u64) -> (f64, f64) {
        let (mut answered, mut silent) = (0.0, 0.0);
        let is_fresh = |w: &&Worker| at.saturating_sub(w.last.saturating_mul(1000)) <= FRESH_MS;
        for worker in self.list.iter().filter(is_fresh).filter(|w| but != Some(w.document.as_str())) {
            let sum = if worker.silent.is_some() { &mut silent } else { &mut answered };
            *sum += f64::from(worker.claimed) / 100.0;
        }
        (answered, silent)
    }

    /// How long nothing has been heard of a worker, in milliseconds.
    pub(super) fn silence(&self, document: &str, id: u32, at: u64) -> u64 {
        let known = self.list.iter().find(|w| w.id == id && w.document == document);
        known.and_then(|worker| worker.silent).map_or(0, |since| at.saturating_sub(since))
    }

    /// Notes that a worker was ended. Whether it was not before.
    pub(super) fn end(&mut self, document: &str, id: u32) -> bool {
        let known = self.list.iter_mut().find(|w| w.id == id && w.document == document);
        known.is_some_and(|worker| !std::mem::replace(&mut worker.ended, true))
    }

    /// Percent of one core, all threads together, for each of the last [`HISTORY`] seconds, oldest first.
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
    fn new(document: &str, sample: &Sample<'_>, at: u64) -> Self {
        Self {
            document: clip(document),
            id: sample.id,
            name: clip(sample.name),
            last: at / 1000,
            history: vec![sample.percent()],
            claimed: percent(sample.share),
            silent: sample.silent.then(|| sample.start(at)),
            ended: false,
        }
    }

    fn push(&mut self, at: u64, heard: &Sample<'_>) {
        self.claimed = percent(heard.share);
        self.silent = heard.silent.then(|| self.silent.unwrap_or(heard.start(at)));
        let second = at / 1000;
        let passed = second.saturating_sub(self.last);
        let sample = heard.percent();
        if passed == 0 {
            // Two reports within a second: their mean is the second's load.
            if let Some(last) = self.history.last_mut() {
                *last = u8::midpoint(*last, sample);
            }
            return;
        }
        let covered = passed.min(heard.seconds());
        let unknown = passed.saturating_sub(covered).min(HISTORY as u64);
        self.history.extend((0..unknown).map(|_| 0));
        self.history.extend((0..covered).map(|_| sample));
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

impl Sample<'_> {
    fn percent(&self) -> u8 {
        percent(self.share * self.allowed)
    }

    /// When what the report speaks of began.
    fn start(&self, at: u64) -> u64 {
        at.saturating_sub(load::milliseconds(self.span))
    }

    /// Seconds that the report speaks of: as long as it says, at least as long as any report may take.
    fn seconds(&self) -> u64 {
        // The clamp keeps the cast within a minute; NaN casts to 0.
        ((self.span / 1000.0).clamp(0.0, HISTORY as f64).ceil() as u64).max(COVERED_SECONDS)
    }
}

/// A share in percent; what is no number counts as nothing, what exceeds a core as a core.
fn percent(share: f64) -> u8 {
    // The clamp keeps the cast within 0 to 100; NaN casts to 0.
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}
