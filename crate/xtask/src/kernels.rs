//! The corpus: every case under `tests/corpus` built into `target/corpus/<group>/<case>/<variant>.wasm`, with a
//! manifest that says what is expected of each, and the lawful packages beside them. Builds only what has changed.

mod case;
mod clang;
mod compile;
mod manifest;
mod queue;
mod rewrite;
mod times;

use crate::layout::Layout;
use crate::process::{node, run};
use crate::setup;
use anyhow::{Context, Result, bail};
use case::{Case, Source, Variant};
use manifest::Module;
use queue::Job;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use times::Times;

/// What a case belongs to; folders of `tests/corpus` and of `target/corpus`.
const GROUPS: [&str; 3] = ["mining", "lookalike", "evasion"];

/// Builds everything, installs the lawful packages, and checks every kernel against its test vectors in wasm itself.
pub(crate) fn build(layout: &Layout) -> Result<()> {
    setup::packages(&sources(layout).join("rewrite"))?;
    setup::packages(&sources(layout).join("lawful"))?;
    let fingerprint = compile::fingerprint(layout)?;
    let times = Times::default();
    let all = all_cases(layout)?;
    make(layout, &all, &fingerprint, &times)?;
    miner(layout)?;
    let modules: Vec<Module> = all.iter().flat_map(modules_of).collect();
    remove_stale(layout, &modules)?;
    manifest::write(&layout.corpus().join("manifest.json"), &modules)?;
    times.take("", "all vectors", || vectors(layout, &fingerprint))?;
    times.print();
    Ok(())
}

/// Builds the cases whose folder contains a word: while one is being written.
pub(crate) fn some(layout: &Layout, word: &str) -> Result<()> {
    let mut all = all_cases(layout)?;
    all.retain(|case| format!("{}/{}", case.group, case.name).contains(word));
    let times = Times::default();
    make(layout, &all, &compile::fingerprint(layout)?, &times)?;
    times.print();
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

fn all_cases(layout: &Layout) -> Result<Vec<Case>> {
    let groups = GROUPS.iter().map(|group| cases(layout, group)).collect::<Result<Vec<_>>>()?;
    Ok(groups.into_iter().flatten().collect())
}

fn cases(layout: &Layout, group: &str) -> Result<Vec<Case>> {
    let folder = sources(layout).join(group);
    let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    paths.into_iter().filter(|path| path.is_dir()).map(|path| case::read(&path, group)).collect()
}

fn modules_of(case: &Case) -> Vec<Module> {
    case.variants().iter().flat_map(|variant| Module::of(case, variant)).collect()
}

/// A case that is built anew.
struct Work<'a> {
    case: &'a Case,
    variants: Vec<Variant>,
    folder: PathBuf,
    stamp: String,
    /// Modules that are still to be made; the stamp is written after the last.
    left: AtomicUsize,
}

impl Work<'_> {
    /// One more module is made.
    fn made_one(&self) -> Result<()> {
        if self.left.fetch_sub(1, Ordering::AcqRel) > 1 {
            return Ok(());
        }
        let stamp = self.folder.join("stamp");
        std::fs::write(&stamp, &self.stamp).with_context(|| format!("cannot write {}", stamp.display()))
    }
}

/// Builds cases, but those of which neither the recipe nor any source has changed since.
fn make(layout: &Layout, all: &[Case], fingerprint: &str, times: &Times) -> Result<()> {
    let found = all.iter().map(|case| of_case(layout, case, fingerprint)).collect::<Result<Vec<_>>>()?;
    let stale: Vec<Work<'_>> = found.into_iter().flatten().collect();
    if stale.iter().flat_map(|work| &work.variants).any(|variant| !variant.build.mutate.is_empty()) {
        times.take("", "building wasm-mutate", || rewrite::prepare(layout))?;
    }
    let variants = stale.iter().flat_map(|work| work.variants.iter().map(move |variant| (work, variant)));
    queue::run(variants.map(|(work, variant)| of_variant(layout, work, variant, times)).collect())
}

/// What is to be built of a case; nothing when it stands there already.
fn of_case<'a>(layout: &Layout, case: &'a Case, fingerprint: &str) -> Result<Option<Work<'a>>> {
    let folder = layout.corpus().join(&case.group).join(&case.name);
    let modules = modules_of(case);
    let stamp = format!("{fingerprint}\n{}", case.recipe()?);
    let present = modules.iter().all(|module| layout.corpus().join(&module.path).is_file());
    if present && std::fs::read_to_string(folder.join("stamp")).is_ok_and(|found| found == stamp) {
        return Ok(None);
    }
    println!("corpus: {}/{} ({} modules)", case.group, case.name, modules.len());
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(Some(Work { case, variants: case.variants(), folder, stamp, left: AtomicUsize::new(modules.len()) }))
}

/// The job that makes a module and hands on those that rewrite it.
fn of_variant<'a>(layout: &'a Layout, work: &'a Work<'a>, variant: &'a Variant, times: &'a Times) -> Job<'a> {
    let to = work.folder.join(variant.file());
    let (way, holds) = match &variant.source {
        Source::Rust(level) => ("cargo", Some(format!("o{level}"))),
        Source::Generated(_) => ("generators", Some("o2".to_owned())),
        Source::C(_) => ("clang", None),
        Source::Text(_) => ("text", None),
    };
    let step = move || {
        let case = work.case;
        times.take(&case.name, way, || match &variant.source {
            Source::Rust(_) => compile::rust(layout, case, variant, &to),
            Source::C(level) => clang::c(layout, case, variant, level, &to),
            Source::Generated(program) => compile::generated(layout, case, variant, program, &to),
            Source::Text(text) => compile::text(&case.folder.join(text), &to),
        })?;
        work.made_one()?;
        let rewritten = rewrite::jobs(variant, &to).into_iter().map(|job| {
            Job::free(move || {
                times.take(&case.name, job.way(), || rewrite::one(layout, &job))?;
                work.made_one()?;
                Ok(Vec::new())
            })
        });
        Ok(rewritten.collect())
    };
    match holds {
        Some(what) => Job::holding(what, step),
        None => Job::free(step),
    }
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
