//! Rewritten modules: binaryen's optimiser and wasm-mutate, both keeping what a module computes.

use super::case::Variant;
use super::{compile, sources, text};
use crate::layout::Layout;
use crate::process::{cargo, command, node, output};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// How many mutations are stacked on a module.
const ROUNDS: u32 = 1000;

/// One module to make from another.
pub(crate) struct Job {
    from: PathBuf,
    to: PathBuf,
    way: Way,
}

enum Way {
    /// Binaryen's optimiser at a level.
    Optimise(String),
    /// wasm-mutate with a seed.
    Mutate(u64),
}

/// Stems of all modules that come from a variant: itself, then the rewritten ones.
pub(crate) fn stems(variant: &Variant) -> Vec<String> {
    let mut all = vec![variant.stem.clone()];
    all.extend(ways(variant).into_iter().map(|(stem, _)| stem));
    all
}

fn ways(variant: &Variant) -> Vec<(String, Way)> {
    if !variant.is_first {
        return Vec::new();
    }
    let stem = &variant.stem;
    let optimised =
        variant.build.wasm_opt.iter().map(|level| (format!("{stem}-wasm-opt{level}"), Way::Optimise(level.clone())));
    let mutated = variant.build.mutate.iter().map(|&seed| (format!("{stem}-mutate-{seed}"), Way::Mutate(seed)));
    optimised.chain(mutated).collect()
}

/// What to make from a variant's module.
pub(crate) fn jobs(variant: &Variant, module: &Path) -> Vec<Job> {
    let of = |(stem, way)| Job { from: module.to_owned(), to: module.with_file_name(format!("{stem}.wasm")), way };
    ways(variant).into_iter().map(of).collect()
}

/// Runs jobs, as many at a time as there are processors.
pub(crate) fn all(layout: &Layout, jobs: Vec<Job>) -> Result<()> {
    if jobs.iter().any(|job| matches!(job.way, Way::Mutate(_))) {
        let folder = sources(layout).join("rewrite");
        let mut build = cargo(&folder, &["build", "--quiet", "--locked", "--profile", "o2"]);
        output(build.env("CARGO_TARGET_DIR", compile::target(layout)).env_remove("RUSTFLAGS"))?;
    }
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let queue = Mutex::new(jobs.into_iter());
    let next = || queue.lock().ok().and_then(|mut queue| queue.next());
    std::thread::scope(|scope| {
        let worker = || -> Result<()> {
            while let Some(job) = next() {
                one(layout, &job)?;
            }
            Ok(())
        };
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

fn one(layout: &Layout, Job { from, to, way }: &Job) -> Result<()> {
    let (from, to) = (text(from)?, text(to)?);
    let folder = sources(layout).join("rewrite");
    let mut program = match way {
        Way::Optimise(level) => node(
            &folder,
            &[
                "node_modules/binaryen/bin/wasm-opt",
                "--all-features",
                "--disable-compact-imports",
                level,
                from,
                "-o",
                to,
            ],
        ),
        Way::Mutate(seed) => {
            let program = compile::target(layout).join("o2").join(format!("rewrite{}", std::env::consts::EXE_SUFFIX));
            command(program, &folder, &[from, to, &seed.to_string(), &ROUNDS.to_string()])
        }
    };
    output(&mut program).map(drop)
}
