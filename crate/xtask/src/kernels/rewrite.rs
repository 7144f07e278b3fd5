//! Rewritten modules: binaryen's optimiser and wasm-mutate, both keeping what a module computes.

use super::case::{Variant, Vector};
use super::{compile, sources, text};
use crate::layout::Layout;
use crate::process::{cargo, command, node, output};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// How many mutations are stacked on a module: enough to change most of it. `cargo xtask evade` stacks 1,000 and 5,000.
const ROUNDS: u32 = 400;

/// Seeds that are tried, one after the other, until a mutant computes what its kernel does. Not every mutation keeps every
/// program: of power2b's first six mutants five do not. Which ones depends on the bytes, and those on where it was built.
const SEEDS: u64 = 32;

/// The profile of the corpus's workspace that the program which mutates modules is built with.
const PROFILE: &str = "tool";

/// One module to make from another.
pub(crate) struct Job {
    from: PathBuf,
    to: PathBuf,
    way: Way,
    /// What the module must still compute; nothing where no engine runs it.
    vectors: Vec<Vector>,
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
    let vectors = if variant.build.unsupported { Vec::new() } else { variant.build.vector.clone() };
    let of = |(stem, way)| Job {
        from: module.to_owned(),
        to: module.with_file_name(format!("{stem}.wasm")),
        way,
        vectors: vectors.clone(),
    };
    ways(variant).into_iter().map(of).collect()
}

/// Builds the program that mutates modules.
pub(crate) fn prepare(layout: &Layout) -> Result<()> {
    let folder = sources(layout).join("rewrite");
    let mut build = cargo(&folder, &["build", "--quiet", "--locked", "--profile", PROFILE]);
    output(build.env("CARGO_TARGET_DIR", compile::target(layout)).env_remove("RUSTFLAGS")).map(drop)
}

impl Job {
    /// What it does, for a table of times.
    pub(crate) fn way(&self) -> &'static str {
        match self.way {
            Way::Optimise(_) => "wasm-opt",
            Way::Mutate(_) => "wasm-mutate",
        }
    }
}

/// Makes one module from another.
pub(crate) fn one(layout: &Layout, Job { from, to, way, vectors }: &Job) -> Result<()> {
    let (from, to) = (text(from)?, text(to)?);
    match way {
        Way::Optimise(level) => optimise(layout, from, to, level),
        Way::Mutate(seed) => mutate(layout, from, to, *seed, vectors),
    }
}

fn optimise(layout: &Layout, from: &str, to: &str, level: &str) -> Result<()> {
    let tool = "node_modules/binaryen/bin/wasm-opt";
    // The optimiser is WebAssembly itself and runs for a second: compiling it well costs more than it saves.
    let words = ["--liftoff-only", tool, "--all-features", "--disable-compact-imports", level, from, "-o", to];
    output(&mut node(&sources(layout).join("rewrite"), &words)).map(drop)
}

fn mutate(layout: &Layout, from: &str, to: &str, first: u64, vectors: &[Vector]) -> Result<()> {
    let folder = sources(layout).join("rewrite");
    let program = compile::target(layout).join(PROFILE).join(format!("rewrite{}", std::env::consts::EXE_SUFFIX));
    let vectors = serde_json::to_string(vectors).context("test vectors as JSON")?;
    let check = |module: &str| output(&mut node(&sources(layout), &["vectors.mjs", module, &vectors]));
    for seed in first..first + SEEDS {
        output(&mut command(&program, &folder, &[from, to, &seed.to_string(), &ROUNDS.to_string()]))?;
        if check(to).is_ok() {
            return Ok(());
        }
        // A kernel that computes something else has no mutant that does better.
        check(from)?;
    }
    bail!("none of the seeds {first} to {} makes a mutant of {from} that still computes the same", first + SEEDS - 1)
}
