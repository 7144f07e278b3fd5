//! How busy a thread was, from what was heard of it, and how much of that the processor as a whole allows.
//!
//! A thread is to run a line of ours at random moments. One that runs something else just then does so late, as often as
//! it is busy. One that is not heard of at all is busy, or sleeps where nothing can wake it: the processor's own figures
//! tell, for all tabs together. Where the processor has more to do than it can, even an idle thread runs late: how late,
//! the extension's own idle thread tells.

use super::event::{MainBusy, WorkerBusy};
use super::limits::{
    CHANCE_LOOKS, CHANCE_SHARE, COVERED_SECONDS, FRESH_MS, FULL_SHARE, MOST_CHANCE, SLACK_CORES, SLACK_SHARE,
};
use serde::{Deserialize, Serialize};

/// The share of a core of one thread, 0 to 1, where an idle thread runs late for a share `idle` of the moments.
pub(super) fn share(worker: &WorkerBusy, idle: f64) -> f64 {
    if worker.held {
        return 0.0;
    }
    if worker.silent {
        return 1.0;
    }
    let late = sampled(worker.samples, worker.late, worker.near);
    // A thread that is busy half the time and runs late by chance as well is late more often than either.
    let busy = (late - idle) / (1.0 - idle);
    let certain = if busy > idle.min(CHANCE_SHARE) { busy } else { 0.0 };
    certain.max(ratio(worker.called, worker.span)).clamp(0.0, 1.0)
}

/// Being late by a moment's bound means that a slice of work had more than that left to run. A slice has as many moments
/// in its last stretch of that length, which come too early to be late, as in the one before: those are counted twice.
fn sampled(samples: u32, late: u32, near: u32) -> f64 {
    if samples == 0 {
        return 0.0;
    }
    let late = late.min(samples);
    (f64::from(late.saturating_add(near.min(late))) / f64::from(samples)).min(1.0)
}

/// The share of a core of a main thread. Calls of watched modules may be too short to be long tasks, or make them up.
pub(super) fn main_share(main: &MainBusy) -> f64 {
    ratio(main.long, main.span).max(ratio(main.called, main.span)).clamp(0.0, 1.0)
}

/// Milliseconds to charge for a thread's watched code: calls that ended, or all its time while one does not.
pub(super) fn charged(worker: &WorkerBusy) -> u64 {
    if !worker.watched || worker.held {
        return 0;
    }
    milliseconds(if worker.silent { worker.span } else { worker.called.min(worker.span) })
}

/// Milliseconds of a report as a whole number within what a report can cover.
pub(super) fn milliseconds(value: f64) -> u64 {
    value.clamp(0.0, (COVERED_SECONDS * 1000) as f64) as u64
}

fn ratio(part: f64, whole: f64) -> f64 {
    // What is no number is no load.
    if whole > 0.0 && part > 0.0 { part / whole } else { 0.0 }
}

/// What the whole processor does, as the system counts it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default)]
pub struct Ticks {
    /// Cores.
    pub cores: u32,
    /// Ticks in which some core did anything, since whenever; 0 where the browser does not tell.
    pub busy: f64,
    /// All ticks of all cores since then.
    pub total: f64,
    /// Moments at which an idle thread of the extension was to run a line since the last look.
    pub samples: u32,
    /// Those at which it did so late.
    pub late: u32,
    /// Those of the late ones that were late by little.
    pub near: u32,
}

/// The processor between the last two looks at it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Processor {
    last: Ticks,
    at: u64,
    /// Cores in use; `None` where nothing is known.
    used: Option<f64>,
    /// The share of moments at which an idle thread runs late, over the last looks.
    idle: f64,
}

impl Processor {
    /// Takes in one look.
    pub(super) fn look(&mut self, ticks: Ticks, at: u64) {
        let (busy, total) = (ticks.busy - self.last.busy, ticks.total - self.last.total);
        let cores = f64::from(ticks.cores.max(1));
        let is_known = self.at > 0 && total > 0.0 && busy >= 0.0 && at.saturating_sub(self.at) < FRESH_MS;
        self.used = is_known.then(|| cores * (busy / total).clamp(0.0, 1.0));
        if ticks.samples > 0 {
            let late = sampled(ticks.samples, ticks.late, ticks.near).min(MOST_CHANCE);
            self.idle += (late - self.idle) / CHANCE_LOOKS;
        }
        (self.last, self.at) = (ticks, at);
    }

    /// The share of moments at which an idle thread runs late now. Where cores are left, one that does was not idle.
    pub(super) fn idle(&self, at: u64) -> f64 {
        let full = self.used.is_none_or(|used| used >= f64::from(self.last.cores) * FULL_SHARE);
        if full && at.saturating_sub(self.at) <= FRESH_MS { self.idle } else { 0.0 }
    }

    /// What of shares that were answered for, and of silent ones, can be: factors from 0 to 1 for either, where all tabs
    /// together claim so many cores.
    pub(super) fn allows(&self, answered: f64, silent: f64, at: u64) -> (f64, f64) {
        if self.last.cores == 0 || at.saturating_sub(self.at) > FRESH_MS {
            return (1.0, 1.0);
        }
        let cores = f64::from(self.last.cores);
        let used = self.used.map_or(cores, |used| (used * (1.0 + SLACK_SHARE) + SLACK_CORES).min(cores));
        let part = |left: f64, claimed: f64| if claimed > left { (left / claimed).max(0.0) } else { 1.0 };
        (part(used, answered), part((used - answered).max(0.0), silent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(samples: u32, late: u32, near: u32) -> WorkerBusy {
        WorkerBusy { id: 1, span: 1000.0, samples, late, near, ..WorkerBusy::default() }
    }

    #[test]
    fn late_moments_are_the_share() {
        assert!((share(&heard(100, 17, 3), 0.0) - 0.2).abs() < 1e-9, "slices of 20 in 100 ms");
        assert_eq!(share(&heard(14, 14, 1), 0.0), 1.0);
        assert_eq!(share(&heard(0, 0, 0), 0.0), 0.0);
        assert_eq!(share(&heard(2, u32::MAX, u32::MAX), 0.0), 1.0);
        assert_eq!(share(&WorkerBusy { called: 400.0, ..heard(14, 0, 0) }, 0.0), 0.4, "slices too short to be late");
        assert_eq!(share(&WorkerBusy { called: f64::NAN, span: f64::NAN, ..heard(14, 0, 0) }, 0.0), 0.0);
        assert_eq!(share(&WorkerBusy { silent: true, held: true, ..heard(0, 0, 0) }, 0.0), 0.0);
    }

    #[test]
    fn silence_is_charged_only_where_watched_code_may_run() {
        let silent = WorkerBusy { silent: true, ..heard(0, 0, 0) };
        assert_eq!((share(&silent, 0.0), charged(&silent)), (1.0, 0));
        assert_eq!(charged(&WorkerBusy { watched: true, ..silent.clone() }), 1000);
        assert_eq!(charged(&WorkerBusy { watched: true, held: true, ..silent }), 0);
        assert_eq!(charged(&WorkerBusy { watched: true, called: 250.0, ..heard(14, 4, 0) }), 250);
        assert_eq!(charged(&WorkerBusy { watched: true, called: 1e300, span: 1e300, ..heard(1, 1, 0) }), 5000);
    }

    #[test]
    fn the_processor_bounds_what_all_tabs_claim() {
        let mut processor = Processor::default();
        assert_eq!(processor.allows(0.0, 8.0, 0), (1.0, 1.0), "nothing is known");
        processor.look(Ticks { cores: 4, busy: 100.0, total: 1000.0, ..Ticks::default() }, 1000);
        assert_eq!(processor.allows(0.0, 8.0, 1500).1, 0.5, "no more than there are cores");
        processor.look(Ticks { cores: 4, busy: 200.0, total: 1400.0, ..Ticks::default() }, 2000);
        let (answered, silent) = processor.allows(0.5, 4.0, 2000);
        assert_eq!(answered, 1.0);
        assert!((silent * 4.0 - (1.0 * (1.0 + SLACK_SHARE) + SLACK_CORES - 0.5)).abs() < 1e-9, "a pool that sleeps");
        assert_eq!(processor.allows(3.0, 4.0, 2000).1, 0.0);
        assert_eq!(processor.allows(3.0, 4.0, 2000 + 2 * FRESH_MS), (1.0, 1.0), "long ago");
    }

    #[test]
    fn an_idle_thread_of_ours_tells_waiting_from_working() {
        let mut processor = Processor::default();
        let look = |second: u32, busy: f64| {
            let total = f64::from(second) * 200.0;
            Ticks { cores: 2, busy: busy * f64::from(second) * 100.0, total, samples: 14, late: 3, near: 0 }
        };
        for second in 1..=30 {
            processor.look(look(second, 2.0), u64::from(second) * 1000);
        }
        let idle = processor.idle(30_000);
        assert!((idle - 3.0 / 14.0).abs() < 0.01, "{idle}");
        assert_eq!(share(&heard(14, 3, 0), idle), 0.0, "as late as ours");
        let half = share(&heard(1000, 500 + 107, 0), idle);
        assert!((half - 0.5).abs() < 0.01, "{half}");
        assert_eq!(share(&heard(14, 14, 0), idle), 1.0);
        for second in 31..=32 {
            processor.look(look(second, 0.5), u64::from(second) * 1000);
        }
        assert_eq!(processor.idle(32_000), 0.0, "there was a core left");
    }
}
