//! `davy scan`: walks the input, analyses on several threads, reports in order.

pub(crate) mod analyse;
mod budget;
mod kind;
mod ordered;
mod progress;
mod read;
mod report;
mod walk;

use crate::args::ScanArgs;
use crate::failure::{Failure, USAGE, complain};
use crate::output::{self, summary::Summary};
use analyse::{Entry, Settings};
use budget::Budget;
use davy_facts::Limits;
use davy_judge::{Context, RuleSet};
use davy_model::{Artifact, ArtifactKind, Gap, GapReason, Location};
use progress::Progress;
use read::Opened;
use report::Report;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;
use std::time::Instant;
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
        rules: RuleSet::builtin(),
        context: Context::default(),
    };
    let writer = output::open(args)?;
    let progress = Progress::start(args);
    let budget = Budget::new(limit);
    let jobs = args.jobs.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    quiet_workers();
    let mut report = Report::new(writer, progress, settings.rules.version(), args.fail_on);
    let work = |met| process(met, &budget, limit, &settings);
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

/// Turns what was met into what is reported. Never panics: a defect of a reader is a gap of the one artifact.
fn process(met: Met, budget: &Budget, limit: u64, settings: &Settings) -> Done {
    let shown = match &met {
        Met::Stdin => "-".to_owned(),
        Met::File { shown: path, .. } | Met::Unreadable { path, .. } | Met::Refused { path, .. } => shown(path),
    };
    let guarded = catch_unwind(AssertUnwindSafe(|| handle(met, &shown, budget, limit, settings)));
    guarded.unwrap_or_else(|_| {
        let because = "the reader failed on it; this is a defect of Davy".to_owned();
        missing(&shown, GapReason::Undecodable, because)
    })
}

fn handle(met: Met, shown: &str, budget: &Budget, limit: u64, settings: &Settings) -> Done {
    let (opened, named) = match met {
        Met::Refused { because, .. } => return Done::Refused(format!("cannot read {shown}: {because}")),
        Met::Unreadable { because, .. } => return missing(shown, GapReason::NoBody, because),
        Met::Stdin => (read::stdin(budget, limit), true),
        Met::File { path, named, .. } => (read::file(&path, budget, limit), named),
    };
    match opened {
        Err(error) if named => Done::Refused(format!("cannot read {shown}: {error}")),
        Err(error) => missing(shown, GapReason::NoBody, error.to_string()),
        Ok(Opened::PassedOver) => Done::PassedOver,
        Ok(Opened::TooLong { kind, length, gap }) => {
            Done::Entries(vec![analyse::unread(shown.to_owned(), kind, length, gap)])
        }
        Ok(Opened::Read { kind, bytes, gap, share }) => {
            let artifact = Artifact { path: shown.to_owned(), kind, bytes: bytes.into() };
            let entries = analyse::analyse(artifact, gap, settings);
            drop(share);
            Done::Entries(entries)
        }
    }
}

/// Something inside a folder that is there and could not be read. What it is, only its name can tell.
fn missing(shown: &str, reason: GapReason, because: String) -> Done {
    let kind = kind::by_name(shown).unwrap_or(ArtifactKind::Container);
    let gap = Gap { reason, location: Location::Whole, because };
    Done::Entries(vec![analyse::unread(shown.to_owned(), kind, 0, gap)])
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
