//! What building the corpus costs: seconds by case and by way of making a module, so that a case that costs more than it
//! shows is seen.

use anyhow::Result;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Seconds spent, by case and way. Jobs that run side by side each count in full.
#[derive(Default)]
pub(crate) struct Times(Mutex<BTreeMap<Key, Spent>>);

/// A case and a way.
type Key = (String, &'static str);

/// How many steps, and how long.
type Spent = (u32, Duration);

/// Rows of the table: the dearest cases.
const ROWS: usize = 12;

impl Times {
    /// Runs one step and notes what it took.
    pub(crate) fn take<T>(&self, case: &str, way: &'static str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        let start = Instant::now();
        let result = step();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = all.entry((case.to_owned(), way)).or_default();
        entry.0 += 1;
        entry.1 += start.elapsed();
        result
    }

    /// Prints what each way took and the dearest cases; nothing when nothing was built.
    pub(crate) fn print(&self) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = |key: &dyn Fn(&Key) -> String| {
            let mut sums: BTreeMap<String, Spent> = BTreeMap::new();
            for (at, (steps, time)) in all.iter() {
                let entry = sums.entry(key(at)).or_default();
                entry.0 += steps;
                entry.1 += *time;
            }
            let mut rows: Vec<_> = sums.into_iter().collect();
            rows.sort_by(|one, other| other.1.1.cmp(&one.1.1).then_with(|| one.0.cmp(&other.0)));
            rows
        };
        for (what, (steps, time)) in sum(&|(_, way)| (*way).to_owned()) {
            println!("corpus: {:7.1} s  {steps:4} × {what}", time.as_secs_f64());
        }
        for (case, (steps, time)) in sum(&|(case, _)| case.clone()).into_iter().take(ROWS) {
            println!("corpus: {:7.1} s  {steps:4} steps of {case}", time.as_secs_f64());
        }
    }
}
