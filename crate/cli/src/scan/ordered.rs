//! Work on several threads, results in the order of the input, and never more than a few of them waiting.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Results that may wait for an earlier one, for each thread. One slow file keeps no thread idle until as many small
/// ones are done.
const AHEAD: usize = 64;

/// How long nothing may happen before it is asked whether to stop.
const LOOK: Duration = Duration::from_millis(100);

/// Stack of a worker: eight times the default of main threads, reserved but not used until it is needed.
const STACK: usize = 64 << 20;

/// Takes the results.
pub(crate) trait Sink<R> {
    /// The next result in order. A break ends the work.
    fn take(&mut self, result: R) -> ControlFlow<()>;
    /// Nothing is ready: time to write out what was held back.
    fn idle(&mut self) -> ControlFlow<()>;
    /// Whether to end before all is done. Asked several times a second.
    fn is_stopped(&self) -> bool {
        false
    }
    /// Takes what was done out of order when it is to end.
    fn stop(&mut self, rest: impl Iterator<Item = R>) {
        drop(rest);
    }
}

struct State<R> {
    given: usize,
    taken: usize,
    done: BTreeMap<usize, R>,
    /// No more tasks are handed out.
    over: bool,
}

struct Shared<I, R> {
    /// The next task may be long in coming; nothing else waits for it.
    tasks: Mutex<I>,
    state: Mutex<State<R>>,
    changed: Condvar,
    ahead: usize,
}

/// Runs `work` over the tasks. `work` must not panic: a result that never comes would be waited for.
pub(crate) fn run<I, R, W>(threads: NonZeroUsize, tasks: I, work: W, sink: &mut impl Sink<R>) -> io::Result<()>
where
    I: Iterator + Send,
    R: Send,
    W: Fn(I::Item) -> R + Sync,
{
    let state = State { given: 0, taken: 0, done: BTreeMap::new(), over: false };
    let ahead = threads.get().saturating_mul(AHEAD);
    let shared = Shared { tasks: Mutex::new(tasks), state: Mutex::new(state), changed: Condvar::new(), ahead };
    thread::scope(|scope| {
        for started in 0..threads.get() {
            let worker = thread::Builder::new().name(super::WORKER.to_owned()).stack_size(STACK);
            if let Err(error) = worker.spawn_scoped(scope, || shared.work(&work)) {
                // Fewer threads than asked for do the same work; none at all cannot.
                if started == 0 {
                    return Err(error);
                }
                break;
            }
        }
        shared.hand_over(sink);
        Ok(())
    })
}

impl<I: Iterator, R> Shared<I, R> {
    fn lock(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State<R>>) -> MutexGuard<'s, State<R>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, work: &impl Fn(I::Item) -> R) {
        while let Some((index, task)) = self.next() {
            let result = work(task);
            self.lock().done.insert(index, result);
            self.changed.notify_all();
        }
    }

    fn next(&self) -> Option<(usize, I::Item)> {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.lock();
        while !state.over && state.given - state.taken >= self.ahead {
            state = self.wait(state);
        }
        if state.over {
            return None;
        }
        drop(state);
        let task = tasks.next();
        let mut state = self.lock();
        if task.is_none() {
            state.over = true;
            self.changed.notify_all();
        }
        let index = state.given;
        state.given += usize::from(task.is_some());
        task.map(|task| (index, task))
    }

    fn hand_over(&self, sink: &mut impl Sink<R>) {
        let mut idle = false;
        loop {
            let mut state = self.lock();
            if sink.is_stopped() {
                state.over = true;
                self.changed.notify_all();
                let done = std::mem::take(&mut state.done);
                drop(state);
                return sink.stop(done.into_values());
            }
            let index = state.taken;
            let flow = if let Some(result) = state.done.remove(&index) {
                state.taken += 1;
                drop(state);
                self.changed.notify_all();
                idle = false;
                sink.take(result)
            } else if state.over && state.taken == state.given {
                return;
            } else if idle {
                let waited = self.changed.wait_timeout(state, LOOK);
                drop(waited.unwrap_or_else(PoisonError::into_inner));
                ControlFlow::Continue(())
            } else {
                drop(state);
                idle = true;
                sink.idle()
            };
            if flow.is_break() {
                self.lock().over = true;
                self.changed.notify_all();
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Keep(Vec<usize>, usize);

    impl Sink<usize> for Keep {
        fn take(&mut self, result: usize) -> ControlFlow<()> {
            self.0.push(result);
            if self.0.len() == self.1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }

        fn idle(&mut self) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }
    }

    fn threads(n: usize) -> NonZeroUsize {
        NonZeroUsize::new(n).unwrap()
    }

    #[test]
    fn results_keep_the_order_of_the_tasks() {
        let work = |n: usize| {
            thread::sleep(std::time::Duration::from_micros((n as u64 * 7919) % 300));
            n
        };
        for jobs in [1, 2, 7] {
            let mut keep = Keep(Vec::new(), usize::MAX);
            run(threads(jobs), 0..2000, work, &mut keep).unwrap();
            assert!(keep.0.iter().copied().eq(0..2000));
        }
    }

    #[test]
    fn a_slow_task_holds_the_others_back() {
        let started = AtomicUsize::new(0);
        let work = |n: usize| {
            started.fetch_add(1, Ordering::SeqCst);
            if n == 0 {
                thread::sleep(std::time::Duration::from_millis(100));
                return started.load(Ordering::SeqCst);
            }
            n
        };
        let mut keep = Keep(Vec::new(), 1);
        run(threads(2), 0..1_000_000, work, &mut keep).unwrap();
        assert!(keep.0[0] <= 2 * AHEAD, "{}", keep.0[0]);
    }

    #[test]
    fn a_break_ends_the_work() {
        let mut keep = Keep(Vec::new(), 3);
        run(threads(2), 0.., |n| n, &mut keep).unwrap();
        assert_eq!(keep.0, [0, 1, 2]);
    }
}
