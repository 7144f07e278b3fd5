//! The corpus: every case under `tests/corpus` built into `target/corpus/<group>/<case>/<variant>.wasm`, with a
//! manifest that says what is expected of each, and the lawful packages beside them. Builds only what has changed.

mod case;
mod clang;
mod compile;
mod manifest;
mod rewrite;

use crate::layout::Layout;
use crate::process::{node, run};
use crate::setup;
use anyhow::{Context, Result, bail};
use case::{Case, Source};
use manifest::Module;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a case belongs to; folders of `tests/corpus` and of `target/corpus`.
const GROUPS: [&str; 3] = ["mining", "lookalike", "evasion"];

/// Builds everything, installs the lawful packages, and checks every kernel against its test vectors in wasm itself.
pub(crate) fn build(layout: &Layout) -> Result<()> {
    setup::packages(&sources(layout).join("rewrite"))?;
    setup::packages(&sources(layout).join("lawful"))?;
    let fingerprint = compile::fingerprint(layout)?;
    let mut modules = Vec::new();
    for group in GROUPS {
        for case in cases(layout, group)? {
            modules.extend(of_case(layout, &case, &fingerprint)?);
        }
    }
    miner(layout)?;
    remove_stale(layout, &modules)?;
    manifest::write(&layout.corpus().join("manifest.json"), &modules)?;
    vectors(layout, &fingerprint)
}

/// Builds the cases whose folder contains a word: while one is being written.
pub(crate) fn some(layout: &Layout, word: &str) -> Result<()> {
    let fingerprint = compile::fingerprint(layout)?;
    for group in GROUPS {
        for case in cases(layout, group)?.iter().filter(|case| format!("{group}/{}", case.name).contains(word)) {
            of_case(layout, case, &fingerprint)?;
        }
    }
    Ok(())
}

/// Builds the one kernel that the demo and the browser tests run, and returns where it is.
pub(crate) fn miner(layout: &Layout) -> Result<PathBuf> {
    let case = case::read(&sources(layout).join("mining/cryptonight"), "mining")?;
    let variant = case.variants().into_iter().find(|variant| variant.is_demonstrated());
    let variant = variant.context("mining/cryptonight has no variant for the demo")?;
    let to = layout.corpus().join("cryptonight.wasm");
    compile::rust(layout, &case, &variant, &to)?;
    Ok(to)
}

/// Where cases stand.
fn sources(layout: &Layout) -> PathBuf {
    layout.root.join("tests/corpus")
}

fn cases(layout: &Layout, group: &str) -> Result<Vec<Case>> {
    let folder = sources(layout).join(group);
    let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    paths.into_iter().filter(|path| path.is_dir()).map(|path| case::read(&path, group)).collect()
}

/// Builds one case unless neither its recipe nor any source has changed since.
fn of_case(layout: &Layout, case: &Case, fingerprint: &str) -> Result<Vec<Module>> {
    let folder = layout.corpus().join(&case.group).join(&case.name);
    let variants = case.variants();
    let modules: Vec<Module> = variants.iter().flat_map(|variant| Module::of(case, variant)).collect();
    let stamp = folder.join("stamp");
    let wanted = format!("{fingerprint}\n{}", case.recipe()?);
    let present = modules.iter().all(|module| layout.corpus().join(&module.path).is_file());
    if present && std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(modules);
    }
    println!("corpus: {}/{} ({} modules)", case.group, case.name, modules.len());
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut jobs = Vec::new();
    for variant in &variants {
        let to = folder.join(variant.file());
        match &variant.source {
            Source::Rust(_) => compile::rust(layout, case, variant, &to)?,
            Source::C(level) => clang::c(layout, case, variant, level, &to)?,
            Source::Generated(program) => compile::generated(layout, case, variant, program, &to)?,
            Source::Text(text) => compile::text(&case.folder.join(text), &to)?,
        }
        jobs.extend(rewrite::jobs(variant, &to));
    }
    rewrite::all(layout, jobs)?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(modules)
}

/// Removes modules that no case makes any more.
fn remove_stale(layout: &Layout, modules: &[Module]) -> Result<()> {
    let wanted: BTreeSet<PathBuf> = modules.iter().map(|module| layout.corpus().join(&module.path)).collect();
    for group in GROUPS {
        for entry in walkdir::WalkDir::new(layout.corpus().join(group)).into_iter().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "wasm") && !wanted.contains(path) {
                std::fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
    }
    Ok(())
}

/// Runs every kernel that has a vector. Quiet and skipped when these very modules have passed before.
fn vectors(layout: &Layout, fingerprint: &str) -> Result<()> {
    let stamp = layout.corpus().join("vectors.stamp");
    let manifest = std::fs::read_to_string(layout.corpus().join("manifest.json"))?;
    let wanted = format!("{fingerprint}\n{manifest}");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    run(&mut node(&sources(layout), &["vectors.mjs", text(&layout.corpus())?]))?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// A path as text, for another program's arguments.
fn text(path: &Path) -> Result<&str> {
    match path.to_str() {
        Some(text) => Ok(text),
        None => bail!("{} is not Unicode", path.display()),
    }
}
