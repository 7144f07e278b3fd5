//! All attacks, by name, and how often each is tried with another seed.

use super::kernel::{Kernel, Mutant};
use super::own::{self, Transform, arithmetic, calls, constants, flatten, masks, names, padding, tables};
use super::random::Random;
use super::search::{Way, search};
use super::{binaryen, mutate};
use crate::without::Rules;
use anyhow::Result;
use std::path::Path;
use std::time::Instant;

/// What an attack may use.
pub(crate) struct Tools<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) rules: &'a Rules,
    /// Questions that an adaptive attacker may ask about a kernel.
    pub(crate) queries: u32,
    /// When all work must be done.
    pub(crate) until: Option<Instant>,
}

impl Tools<'_> {
    pub(crate) fn is_late(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() > until)
    }
}

/// A way to rewrite a kernel.
#[derive(Debug, Clone)]
pub(crate) struct Attack {
    pub(crate) name: String,
    /// How many seeds: quick, and in full.
    pub(crate) seeds: (u64, u64),
    way: Step,
}

#[derive(Debug, Clone)]
enum Step {
    Mutate(u32),
    Optimise(Vec<&'static str>),
    Own(Vec<Transform>),
    Names,
    Stuffing,
    Reorder,
    Link,
    Search(Way),
}

impl Attack {
    /// Whether one mutant takes seconds.
    pub(crate) fn is_slow(&self) -> bool {
        matches!(self.way, Step::Mutate(_) | Step::Optimise(_) | Step::Reorder | Step::Link | Step::Search(_))
    }

    /// Whether it uses binaryen, or takes as long as a thousand steps do: not for a test of seconds.
    #[cfg(test)]
    pub(crate) fn needs_npm(&self) -> bool {
        matches!(self.way, Step::Mutate(_) | Step::Optimise(_) | Step::Reorder | Step::Link)
    }

    /// The kernel rewritten; the same for the same seed.
    pub(crate) fn apply(&self, kernel: &Kernel, seed: u64, tools: &Tools<'_>) -> Result<Mutant> {
        let bytes = &kernel.bytes;
        let mut random = Random::new(seed, &format!("{} {}", self.name, kernel.name));
        let rewritten = match &self.way {
            Step::Mutate(rounds) => mutate::stack(bytes, *rounds, &mut random, tools),
            Step::Optimise(words) => binaryen::optimise(bytes, words, tools)?,
            Step::Own(transforms) => own::apply(bytes, transforms, &mut random)?,
            Step::Names => return names::shuffle(bytes, &mut random),
            Step::Stuffing => names::stuff(bytes, &mut random),
            Step::Reorder => binaryen::reorder(bytes, &mut random, tools)?,
            Step::Link => binaryen::link(bytes, tools)?,
            Step::Search(way) => search(kernel, *way, tools, &mut random),
        };
        Ok(Mutant::of(rewritten))
    }
}

/// Everything read in place that binaryen will, then what makes the copies one body. Whole levels of optimisation behind it
/// colour the thousands of locals anew, which takes half an hour for some kernels; without, three seconds.
const INLINE: [&str; 11] = [
    "--inlining",
    "-aimfs",
    "2000",
    "-fimfs",
    "20000",
    "-ocimfs",
    "20000",
    "-ifwl",
    "--precompute",
    "--simplify-locals",
    "--vacuum",
];

/// Every attack, in the order of the table.
pub(crate) fn all() -> Vec<Attack> {
    let attack = |name: &str, seeds, way| Attack { name: name.to_owned(), seeds, way };
    let mut all = vec![
        attack("wasm-mutate 1,000", (1, 20), Step::Mutate(1000)),
        attack("wasm-mutate 5,000", (0, 20), Step::Mutate(5000)),
    ];
    for level in ["-O0", "-O1", "-O2", "-O3", "-O4", "-Os", "-Oz"] {
        all.push(attack(&format!("wasm-opt {level}"), (1, 1), Step::Optimise(vec![level])));
    }
    let optimised: [(&str, &[&str]); 4] = [
        ("strip", &["--strip"]),
        ("inline", &INLINE),
        ("flatten expressions", &["--flatten", "--simplify-locals-notee-nostructure", "--reorder-locals"]),
        ("i64 lowered to i32", &["--remove-non-js-ops", "--flatten", "--i64-to-i32-lowering", "-O1"]),
    ];
    all.extend(optimised.map(|(name, words)| attack(name, (1, 1), Step::Optimise(words.to_vec()))));
    all.push(attack("names shuffled", (1, 3), Step::Names));
    all.push(attack("custom sections", (1, 3), Step::Stuffing));
    all.push(attack("functions reordered", (1, 3), Step::Reorder));
    let own: [(&str, Transform); 20] = [
        ("constants split", constants::split_all),
        ("constants by globals", constants::through_globals),
        ("constants by globals at start", constants::through_globals_at_start),
        ("masks by helpers", masks::by_helper),
        ("masks by locked argument", masks::by_argument),
        ("masks by memory size", masks::by_memory_size),
        ("masks by shifts", masks::by_shifts),
        ("masks by remainder", masks::by_remainder),
        ("masks by two", masks::by_two),
        ("tables decrypted at start", tables::encrypt),
        ("rotations by shifts", arithmetic::rotate_by_shifts),
        ("rotations by product", arithmetic::rotate_by_product),
        ("mixed boolean arithmetic", arithmetic::mix),
        ("opcode counters", arithmetic::count),
        ("control flow flattened", flatten::all),
        ("indirect calls", calls::indirect),
        ("outlined", calls::outline),
        ("outlined twice", calls::outline_twice),
        ("padded", padding::add),
        ("unchanged, rewritten", |_, _| Ok(())),
    ];
    all.extend(own.map(|(name, transform)| attack(name, (1, 5), Step::Own(vec![transform]))));
    let together: Vec<Transform> = vec![
        masks::by_two,
        masks::by_helper,
        arithmetic::rotate_by_shifts,
        constants::split_all,
        tables::encrypt,
        arithmetic::count,
        calls::indirect,
        flatten::all,
    ];
    all.push(attack("all of these together", (1, 5), Step::Own(together)));
    all.push(attack("linked into SQLite", (1, 1), Step::Link));
    all.push(attack("adaptive, greedy", (1, 1), Step::Search(Way::Greedy)));
    all.push(attack("adaptive, chain", (1, 1), Step::Search(Way::Chain)));
    all
}
