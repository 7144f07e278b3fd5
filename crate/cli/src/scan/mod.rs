//! `davy scan`: walks the input, analyses on several threads, reports in order.

pub(crate) mod analyse;
mod budget;
mod join;
pub(crate) mod kind;
mod ordered;
mod place;
mod progress;
mod read;
mod report;
mod store;
mod walk;

use crate::args::ScanArgs;
use crate::failure::{Failure, USAGE, complain};
use crate::output::{self, summary::Summary};
use crate::rules::trial;
use analyse::{Entry, Settings};
use budget::Budget;
use davy_facts::Limits;
use davy_judge::{Context, RuleSet};
use davy_model::{Artifact, ArtifactKind, Gap, GapReason, Location};
use place::Place;
use progress::Progress;
use read::Opened;
use report::Report;
use std::io;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Instant;
use store::{Found, Store};
use walk::{Met, Walk};

/// Name of the threads that analyse; a panic in one of them is a gap of the artifact, not a message.
const WORKER: &str = "davy-worker";

/// What became of one thing that was met.
#[derive(Debug)]
pub(crate) enum Done {
    /// An artifact and those inside of it, outermost first.
    Entries(Vec<Entry>),
    /// A file of a kind that is not read.
    PassedOver,
    /// A PATH of the command line that cannot be read, and why.
    Refused(String),
}

/// Runs the scan and gives the exit status.
pub(crate) fn run(args: &ScanArgs) -> Result<u8, Failure> {
    let start = Instant::now();
    let limit = args.max_artifact_bytes.get();
    let settings = Settings {
        limits: Limits { artifact_bytes: limit },
        max_depth: args.max_depth,
        rules: match &args.rules {
            Some(folder) => trial::rules(folder)?,
            None => RuleSet::builtin(),
        },
        context: Context::default(),
    };
    let writer = output::open(args)?;
    let progress = Progress::start(args);
    let files = Files { store: Store::default(), budget: Budget::new(limit), limit };
    let jobs = args.jobs.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    quiet_workers();
    let mut report = Report::new(writer, progress, settings.rules.version(), args.fail_on);
    let work = |met| process(met, &files, &settings);
    ordered::run(jobs, Walk::new(args.paths.clone()), work, &mut report)
        .map_err(|error| Failure::Refused(format!("cannot start a thread: {error}")))?;
    let (summary, found) = report.finish(start.elapsed())?;
    Ok(status(args, &summary, found))
}

/// The exit status: 1 beats 2 beats 3.
fn status(args: &ScanArgs, summary: &Summary, found: bool) -> u8 {
    if found {
        return 1;
    }
    if summary.errors > 0 {
        return USAGE;
    }
    if summary.artifacts == 0 && !args.quiet {
        complain("nothing to scan: no WebAssembly, JavaScript, HTML or shader was found");
    }
    let lacking = summary.artifacts == 0 || !summary.complete;
    if lacking && !args.allow_gaps { 3 } else { 0 }
}

/// What all threads read files with.
struct Files {
    store: Store,
    budget: Budget,
    limit: u64,
}

/// Turns what was met into what is reported. Never panics: a defect of a reader is a gap of the one artifact.
fn process(met: Met, files: &Files, settings: &Settings) -> Done {
    let shown = match &met {
        Met::Stdin => "-".to_owned(),
        Met::File { place, .. } => place.show(),
        Met::Unreadable { path, .. } | Met::Refused { path, .. } => shown(path),
    };
    let guarded = catch_unwind(AssertUnwindSafe(|| handle(met, &shown, files, settings)));
    guarded.unwrap_or_else(|_| Done::Entries(vec![missing(&shown, GapReason::Undecodable, DEFECT.to_owned())]))
}

/// What is said of an artifact that a reader panicked over.
const DEFECT: &str = "the reader failed on it; this is a defect of Davy";

fn handle(met: Met, shown: &str, files: &Files, settings: &Settings) -> Done {
    match met {
        Met::Refused { because, .. } => Done::Refused(format!("cannot read {shown}: {because}")),
        Met::Unreadable { because, .. } => Done::Entries(vec![missing(shown, GapReason::NoBody, because)]),
        Met::Stdin => match read::stdin(&files.budget, files.limit) {
            Err(error) => Done::Refused(format!("cannot read {shown}: {error}")),
            Ok(opened) => done(contents(opened, shown, settings).entries),
        },
        Met::File { place, named } => match files.found(&place, settings) {
            Err(error) if named => Done::Refused(format!("cannot read {shown}: {error}")),
            Err(error) => Done::Entries(vec![missing(shown, GapReason::NoBody, error.to_string())]),
            Ok(found) => {
                let joint = join::joined(&found, &place, settings, |place| Some(files.beside(place, settings)));
                let mut entries = found.entries.clone();
                if let (Some(first), Some(verdict)) = (entries.first_mut(), joint) {
                    first.verdict = verdict;
                }
                done(entries)
            }
        },
    }
}

fn done(entries: Vec<Entry>) -> Done {
    if entries.is_empty() { Done::PassedOver } else { Done::Entries(entries) }
}

impl Files {
    /// What is in a file; nothing in one of a kind that is not read.
    fn found(&self, place: &Place, settings: &Settings) -> io::Result<Arc<Found>> {
        let shown = place.show();
        self.store.get(Path::new(&shown), || {
            let opened = read::file(&place.path, &self.budget, self.limit)?;
            Ok(contents(opened, &shown, settings))
        })
    }

    /// What is in a file that a page brings in. That it cannot be read is a gap of the page as well.
    fn beside(&self, place: &Place, settings: &Settings) -> Arc<Found> {
        let guarded = catch_unwind(AssertUnwindSafe(|| self.found(place, settings)));
        let gap = |reason, because| {
            let entries = vec![missing(&place.show(), reason, because)];
            Arc::new(Found { entries, references: Vec::new() })
        };
        match guarded {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => gap(GapReason::NoBody, error.to_string()),
            Err(_) => gap(GapReason::Undecodable, DEFECT.to_owned()),
        }
    }
}

/// Analyses what was opened.
fn contents(opened: Opened<'_>, shown: &str, settings: &Settings) -> Found {
    match opened {
        Opened::PassedOver => Found::default(),
        Opened::TooLong { kind, length, gap } => {
            let entries = vec![analyse::unread(shown.to_owned(), kind, length, gap)];
            Found { entries, references: Vec::new() }
        }
        Opened::Read { kind, bytes, gap, share } => {
            let artifact = Artifact { path: shown.to_owned(), kind, bytes: bytes.into() };
            let found = analyse::analyse(artifact, gap, settings);
            drop(share);
            found
        }
    }
}

/// Something inside a folder that is there and could not be read. What it is, only its name can tell.
fn missing(shown: &str, reason: GapReason, because: String) -> Entry {
    let kind = kind::by_name(shown).unwrap_or(ArtifactKind::Container);
    let gap = Gap { reason, location: Location::Whole, because };
    analyse::unread(shown.to_owned(), kind, 0, gap)
}

/// A path as it is reported: with `/` everywhere, and with U+FFFD for what is no text.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

/// Keeps panics that become gaps off standard error.
fn quiet_workers() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if thread::current().name() != Some(WORKER) {
            usual(info);
        }
    }));
}
