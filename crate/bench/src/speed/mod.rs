//! `speed DIR..`: what reading lawful code costs, in processor time. Times depend on the machine: each figure is the least of some
//! rounds, and beside it stands one plain pass over the same bytes in the same run, which is what machines can be compared by.

mod clock;
mod figure;
mod files;
mod ledger;

use crate::arguments::Arguments;
use crate::table;
use anyhow::{Context, Result, bail};
use davy_judge::RuleSet;
use davy_model::Artifact;
use figure::{Figure, Figures, MODULE_MS};
use files::{File, Kind};
use ledger::Ledger;
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;
use std::hint::black_box;
use std::path::{Path, PathBuf};

/// How often everything is read: the least of it counts.
const ROUNDS: usize = 3;

/// What reading so many bytes took, in seconds, and a plain pass over them.
#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    bytes: usize,
    davy: f64,
    plain: f64,
    /// The most that reading had on the heap at once, in bytes.
    heap: usize,
}

impl Taken {
    fn megabytes(&self) -> f64 {
        self.bytes as f64 / 1e6
    }

    /// The heap's peak in times the size.
    fn heaps(&self) -> f64 {
        self.heap as f64 / self.bytes as f64
    }

    /// Milliseconds a megabyte.
    fn each(&self) -> f64 {
        self.davy * 1e3 / self.megabytes()
    }
}

/// Runs the bench.
pub(crate) fn run(words: Vec<String>) -> Result<()> {
    let mut arguments = Arguments::new(words);
    let json = arguments.value("--json")?;
    let folders: Vec<PathBuf> = arguments.rest().into_iter().map(PathBuf::from).collect();
    let files = files::under(if folders.is_empty() { files::installed() } else { folders })?;
    let ledger = Ledger::read()?;
    let mut figures = Figures::default();
    let mut reached = Vec::new();
    for file in &files {
        let taken = measure(file)?;
        let is_slow = ledger.is_slow(file);
        if is_slow && taken.each() <= MODULE_MS {
            reached.push(format!("listed as slow, and {:.1} ms/MB: {}", taken.each(), file.path.display()));
        }
        figures.add(file, &taken, is_slow);
    }
    let figures = figures.finish();
    print(&figures);
    if let Some(path) = json {
        crate::json::write(Path::new(&path), &figures)?;
    }
    let mut differences = ledger.differences(&figures);
    differences.extend(reached);
    if differences.is_empty() { Ok(()) } else { bail!("{}", differences.join("\n       ")) }
}

fn measure(file: &File) -> Result<Taken> {
    let bytes = std::fs::read(&file.path).with_context(|| format!("cannot read {}", file.path.display()))?;
    let artifact = crate::judged::artifact(file.path.display().to_string(), bytes);
    let rules = RuleSet::builtin();
    let work = || {
        let read = davy_facts::extract(&artifact, &davy_facts::Limits::default());
        black_box(davy_judge::judge(rules, &read, &davy_judge::Context::default()));
    };
    let davy = least(work);
    let heap = peak(work);
    Ok(Taken { bytes: artifact.bytes.len(), davy, plain: least(|| plain(&artifact, file.kind)), heap })
}

fn least(mut work: impl FnMut()) -> f64 {
    let once = |()| {
        let start = clock::now();
        work();
        clock::now().saturating_sub(start).as_secs_f64()
    };
    std::iter::repeat_n((), ROUNDS).map(once).fold(f64::INFINITY, f64::min)
}

fn peak(work: impl FnOnce()) -> usize {
    let before = crate::HEAP.current_usage();
    crate::HEAP.reset_peak_usage();
    work();
    crate::HEAP.peak_usage().saturating_sub(before)
}

/// What any reader pays at least: every operator of a module, the tree of a program, the bytes of a text.
fn plain(artifact: &Artifact<'_>, kind: Kind) {
    match kind {
        Kind::Module => drop(black_box(crate::corpus::operators(&artifact.bytes))),
        Kind::Passed => drop(black_box(std::str::from_utf8(&artifact.bytes))),
        Kind::Parsed | Kind::Compiled => {
            let text = String::from_utf8_lossy(&artifact.bytes);
            let allocator = Allocator::default();
            drop(black_box(Parser::new(&allocator, &text, SourceType::unambiguous()).parse()));
        }
    }
}

fn print(figures: &[Figure]) {
    let cells = |figure: &Figure| {
        let Figure { name, unit, measured, asked, ratio, files, megabytes, .. } = figure;
        let asked = format!("{} {asked}", if figure.is_met(1.0) { "held" } else { "over" });
        let numbers = [files.to_string(), format!("{megabytes:.1}"), format!("{measured:.2} {unit}"), asked];
        let ratio = format!("{ratio:.1}");
        std::iter::once((*name).to_owned()).chain(numbers).chain([ratio]).collect()
    };
    table::print(
        &["lawful code, processor time", "files", "MB", "measured", "asked", "× plain pass"],
        &figures.iter().map(cells).collect::<Vec<_>>(),
    );
    for Figure { name, slowest, .. } in figures {
        if let Some(path) = slowest {
            println!("  {name}: {path}");
        }
    }
}
