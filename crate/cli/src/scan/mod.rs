//! `davy scan`: walks the input, analyses on several threads, reports in order.

pub(crate) mod analyse;
mod budget;
mod containers;
mod feed;
mod files;
mod interrupt;
mod join;
pub(crate) mod kind;
mod ordered;
mod part;
mod place;
mod progress;
mod read;
mod report;
mod saved;
mod site;
mod store;
mod walk;

use crate::args::{Options, ScanArgs};
use crate::failure::{Failure, USAGE, complain};
use crate::output::{self, Receiver, summary::Summary};
use crate::rules::trial::Knowledge;
use analyse::{Entry, Settings};
use davy_archive::Closed;
use davy_facts::Limits;
use davy_model::{ArtifactKind, Gap, GapReason, Level, Location};
use feed::{Feed, Task};
use files::{Beside, Files};
use part::Member;
use place::Place;
use progress::Progress;
use report::Report;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread;
use walk::{Met, Walk};

/// Name of the threads that analyse; a panic in one of them is a gap of the artifact, not a message.
const WORKER: &str = "davy-worker";

/// What became of one task.
#[derive(Debug)]
pub(crate) enum Done {
    /// An artifact and those inside of it, outermost first.
    Entries(Vec<Entry>),
    /// A file of a kind that is not read.
    PassedOver,
    /// A PATH of the command line that cannot be read, and why.
    Refused(String),
    /// A container begins; see [`davy_archive::Visit::open`].
    Opened { path: String, site: u32 },
    /// A part of it.
    Member(Member),
    /// It ends.
    Closed(Closed),
    /// Its reader failed, and its end will not come.
    Broken { path: String },
}

/// Runs the scan and gives the exit status.
pub(crate) fn run(args: &ScanArgs) -> Result<u8, Failure> {
    let options = &args.options;
    let knowledge = Knowledge::of(options)?;
    let mut writer = output::open(options, &args.paths, knowledge.catalogue)?;
    let (summary, worst) = over(&args.paths, options, &knowledge, &mut writer)?;
    writer.close(options)?;
    Ok(status(options, &summary, worst))
}

/// Reads all that lies under the paths and hands it over in order; gives the counts and the highest level that counts.
pub(crate) fn over(
    paths: &[PathBuf],
    options: &Options,
    knowledge: &Knowledge,
    receiver: &mut dyn Receiver,
) -> Result<(Summary, Level), Failure> {
    let limit = options.max_artifact_bytes.get();
    let settings = Settings {
        limits: Limits { artifact_bytes: limit },
        max_depth: options.max_depth,
        rules: knowledge.rules,
        context: knowledge.context.clone(),
    };
    let read = Arc::new(AtomicU64::new(0));
    let progress = Progress::start(paths, options, Arc::clone(&read));
    interrupt::watch();
    let files = Files::new(limit);
    let jobs = options.jobs.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    quiet_workers();
    let inside = davy_archive::Settings { part_bytes: limit, depth: options.max_depth };
    let feed = Feed::new(Walk::new(paths.to_vec()), inside, read);
    let mut report = Report::new(receiver, progress, &settings);
    ordered::run(jobs, feed, |task| process(task, &files, &settings), &mut report)
        .map_err(|error| Failure::Refused(format!("cannot start a thread: {error}")))?;
    report.finish()
}

/// The exit status: 1 beats 2 beats 3.
pub(crate) fn status(options: &Options, summary: &Summary, worst: Level) -> u8 {
    if options.fail_on.is_met_by(worst) {
        return 1;
    }
    if summary.errors > 0 {
        return USAGE;
    }
    let scannable = summary.scannable();
    if !scannable && !options.quiet {
        complain("nothing to scan: no WebAssembly, JavaScript, HTML or shader was found");
    }
    let lacking = !scannable || !summary.complete;
    if lacking && !options.allow_gaps { 3 } else { 0 }
}

/// Turns a task into what is reported. Never panics: a defect of a reader is a gap of the one artifact.
fn process(task: Task, files: &Files, settings: &Settings) -> Done {
    let shown = match &task {
        Task::Met(Met::File { place, .. }) => place.show(),
        Task::Met(Met::Unreadable { path, .. } | Met::Refused { path, .. }) => shown(path),
        Task::Part { part, .. } => part.path.clone(),
        Task::Met(Met::Stdin) | Task::Stdin(_) => "-".to_owned(),
        Task::Opened { .. } | Task::Closed(_) | Task::Broken { .. } => String::new(),
    };
    let member = match &task {
        Task::Part { part, .. } => Some((part.name.clone(), part.site, part.offset)),
        _ => None,
    };
    let guarded = catch_unwind(AssertUnwindSafe(|| handle(task, &shown, files, settings)));
    guarded.unwrap_or_else(|_| {
        let entry = missing(&shown, GapReason::Undecodable, DEFECT.to_owned());
        match member {
            Some((name, site, offset)) => Done::Member(Member::of(name, site, vec![Entry { offset, ..entry }])),
            None => Done::Entries(vec![entry]),
        }
    })
}

/// What is said of an artifact that a reader panicked over.
const DEFECT: &str = "the reader failed on it; this is a defect of Davy";

fn handle(task: Task, shown: &str, files: &Files, settings: &Settings) -> Done {
    match task {
        Task::Met(Met::Refused { because, .. }) => Done::Refused(format!("cannot read {shown}: {because}")),
        Task::Met(Met::Unreadable { because, .. }) => Done::Entries(vec![missing(shown, GapReason::NoBody, because)]),
        Task::Met(Met::File { place, named }) => file(&place, named, files, settings),
        Task::Met(Met::Stdin) => stdin(Vec::new(), files, settings),
        Task::Stdin(Ok(head)) => stdin(head, files, settings),
        Task::Stdin(Err(error)) => Done::Refused(format!("cannot read {shown}: {error}")),
        Task::Opened { path, site } => Done::Opened { path, site },
        Task::Closed(closed) => Done::Closed(closed),
        Task::Broken { path } => Done::Broken { path },
        Task::Part { part, share } => {
            let member = part::member(*part, settings);
            drop(share);
            Done::Member(member)
        }
    }
}

fn stdin(head: Vec<u8>, files: &Files, settings: &Settings) -> Done {
    match read::stdin(head, &files.budget, files.limit) {
        Err(error) => Done::Refused(format!("cannot read -: {error}")),
        Ok(opened) => done(files::contents(opened, "-", settings).entries),
    }
}

fn file(place: &Place, named: bool, files: &Files, settings: &Settings) -> Done {
    match files.found(place, settings) {
        Err(error) if named => Done::Refused(format!("cannot read {}: {error}", place.show())),
        Err(error) => Done::Entries(vec![missing(&place.show(), GapReason::NoBody, error.to_string())]),
        Ok(found) => {
            let joint = join::joined(&found, place, settings, &Beside { files, settings });
            let mut entries = found.entries.clone();
            if let (Some(first), Some(verdict)) = (entries.first_mut(), joint) {
                first.verdict = verdict;
            }
            done(entries)
        }
    }
}

fn done(entries: Vec<Entry>) -> Done {
    if entries.is_empty() { Done::PassedOver } else { Done::Entries(entries) }
}

/// Something inside a folder that is there and could not be read. What it is, only its name can tell.
pub(crate) fn missing(shown: &str, reason: GapReason, because: String) -> Entry {
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
