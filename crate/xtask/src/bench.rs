//! The benches of `crate/bench`: built in release and run where the developer stands, so that the paths given hold.

use crate::layout::Layout;
use crate::process::{cargo, run};
use crate::{kernels, setup};
use anyhow::{Context, Result};

/// Scores a folder. Builds without the tools that rewrite modules.
pub(crate) fn corpus(layout: &Layout, words: &[&str]) -> Result<()> {
    bench(layout, &["--no-default-features"], words)
}

/// Attacks the corpus's own kernels, which are built first.
pub(crate) fn evade(layout: &Layout, words: &[&str]) -> Result<()> {
    setup::packages(&layout.rewriter())?;
    kernels::build(layout)?;
    bench(layout, &[], words)
}

/// Times the reading of lawful packages.
pub(crate) fn speed(layout: &Layout, words: &[&str]) -> Result<()> {
    setup::packages(&layout.root.join("tests/corpus/lawful"))?;
    bench(layout, &["--no-default-features"], words)
}

fn bench(layout: &Layout, features: &[&str], words: &[&str]) -> Result<()> {
    let here = std::env::current_dir().context("there is no current folder")?;
    let manifest = layout.root.join("Cargo.toml");
    let manifest = manifest.to_str().context("the repository's path is not Unicode")?;
    let start = ["run", "--quiet", "--release", "--locked", "--package", "davy-bench", "--manifest-path", manifest];
    let words: Vec<&str> = start.iter().chain(features).chain(&["--"]).chain(words).copied().collect();
    run(&mut cargo(&here, &words))
}
