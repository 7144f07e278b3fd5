//! Jobs side by side: what one case compiles while another is rewritten. Cargo locks each profile's folder, so that two
//! builds of one profile would only wait for each other; jobs say what they hold, and nobody waits.

use anyhow::{Result, anyhow};
use std::collections::{BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What a job does; it may find that more is to be done.
type Step<'a> = Box<dyn FnOnce() -> Result<Vec<Job<'a>>> + Send + 'a>;

/// One thing to do.
pub(crate) struct Job<'a> {
    /// What no two jobs may hold at a time.
    holds: Option<String>,
    step: Step<'a>,
}

impl<'a> Job<'a> {
    /// A job that stands in nobody's way.
    pub(crate) fn free(step: impl FnOnce() -> Result<Vec<Self>> + Send + 'a) -> Self {
        Self { holds: None, step: Box::new(step) }
    }

    /// A job that no other one with the same word runs beside.
    pub(crate) fn holding(what: String, step: impl FnOnce() -> Result<Vec<Self>> + Send + 'a) -> Self {
        Self { holds: Some(what), step: Box::new(step) }
    }
}

#[derive(Default)]
struct State<'a> {
    waiting: VecDeque<Job<'a>>,
    held: BTreeSet<String>,
    running: usize,
    failure: Option<anyhow::Error>,
}

impl<'a> State<'a> {
    /// The first job that may run now.
    fn next(&mut self) -> Option<Job<'a>> {
        let may_run = |job: &Job<'_>| job.holds.as_ref().is_none_or(|what| !self.held.contains(what));
        let at = self.waiting.iter().position(may_run)?;
        let job = self.waiting.remove(at)?;
        self.held.extend(job.holds.clone());
        self.running += 1;
        Some(job)
    }

    /// Whether nothing runs that could bring more to do, or one has failed.
    fn is_over(&self) -> bool {
        self.failure.is_some() || (self.waiting.is_empty() && self.running == 0)
    }
}

/// Runs jobs and those that come of them, as many at a time as there are processors. The first failure ends it, once what
/// runs has ended. What comes of a job runs before what waits already: rewriting takes longest, and must not trail behind.
pub(crate) fn run(jobs: Vec<Job<'_>>) -> Result<()> {
    let state = Mutex::new(State { waiting: jobs.into(), ..State::default() });
    let changed = Condvar::new();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| work(&state, &changed));
        }
    });
    state.into_inner().unwrap_or_else(PoisonError::into_inner).failure.map_or(Ok(()), Err)
}

fn work<'a>(state: &Mutex<State<'a>>, changed: &Condvar) {
    let mut held = lock(state);
    while !held.is_over() {
        let Some(job) = held.next() else {
            held = changed.wait(held).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        drop(held);
        let Job { holds, step } = job;
        // A panic must not leave the others waiting for what will never come.
        let result = catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| Err(anyhow!("a job panicked")));
        held = lock(state);
        held.running -= 1;
        if let Some(what) = holds {
            held.held.remove(&what);
        }
        match result {
            Ok(more) => more.into_iter().rev().for_each(|job| held.waiting.push_front(job)),
            Err(error) => held.failure = held.failure.take().or(Some(error)),
        }
        changed.notify_all();
    }
    changed.notify_all();
}

fn lock<'s, 'a>(state: &'s Mutex<State<'a>>) -> MutexGuard<'s, State<'a>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn what_comes_of_a_job_runs_too_and_none_that_hold_the_same_run_together() {
        let (inside, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let step = || {
            assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
            std::thread::yield_now();
            inside.fetch_sub(1, Ordering::SeqCst);
            done.fetch_add(1, Ordering::SeqCst);
        };
        let one = |_| {
            Job::holding("folder".to_owned(), || {
                step();
                Ok(vec![Job::free(|| {
                    done.fetch_add(1, Ordering::SeqCst);
                    Ok(Vec::new())
                })])
            })
        };
        run((0..20).map(one).collect()).unwrap();
        assert_eq!(done.load(Ordering::SeqCst), 40);
    }

    #[test]
    fn a_failure_is_told() {
        let jobs = vec![Job::free(|| anyhow::bail!("broken")), Job::free(|| Ok(Vec::new()))];
        assert_eq!(run(jobs).unwrap_err().to_string(), "broken");
    }
}
