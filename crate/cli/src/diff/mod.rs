//! `davy diff`: two releases, and what code that can hash or mine, talks to a pool or hides code, came in, went, or changed.

mod matching;
mod side;

use crate::args::DiffArgs;
use crate::failure::{Failure, complain};
use crate::output::item::Change;
use crate::output::summary::Summary;
use crate::output::{self, Receiver, Writer};
use crate::rules::trial::Knowledge;
use crate::scan::{self, analyse::Entry};
use davy_model::Level;
use side::{Side, is_unread};
use std::collections::BTreeMap;
use std::io;

/// Reads both releases, reports what differs and gives the exit status.
pub(crate) fn run(args: &DiffArgs) -> Result<u8, Failure> {
    let options = &args.options;
    let knowledge = Knowledge::of(options)?;
    let mut writer = output::open(options, &[args.old.clone(), args.new.clone()], knowledge.catalogue)?;
    let (mut old, mut new) = (Side::of(&args.old), Side::of(&args.new));
    let (before, _) = scan::over(std::slice::from_ref(&args.old), options, &knowledge, &mut old)?;
    let (after, _) = scan::over(std::slice::from_ref(&args.new), options, &knowledge, &mut new)?;
    let mut summary = both(before, after);
    for side in [&old, &new].into_iter().filter(|side| side.left_out > 0) {
        let count = side.left_out;
        complain(&format!("{count} artifacts more than can be compared have something to tell: they are left out"));
        summary.complete = false;
    }
    let worst = match report(&old, &new, &mut summary, &mut writer) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(Failure::Output(error)),
        Err(_) => Level::Clean,
        Ok(worst) => worst,
    };
    writer.close(options)?;
    Ok(scan::status(options, &summary, worst))
}

/// The counts of the new release; what could not be read of the old one is lacking as well.
fn both(before: Summary, after: Summary) -> Summary {
    Summary {
        errors: before.errors + after.errors,
        complete: before.complete && after.complete,
        seconds: ((before.seconds + after.seconds) * 1000.0).round() / 1000.0,
        ..after
    }
}

/// Writes what came in or changed in the order of the new release, then what went in the order of the old one.
fn report(old: &Side, new: &Side, summary: &mut Summary, writer: &mut Writer) -> io::Result<Level> {
    let (went, came) = matching::changes(old, new);
    let mut counts = BTreeMap::from([(Change::New, 0), (Change::Changed, 0), (Change::Same, 0), (Change::Gone, 0)]);
    for change in came.iter().chain(&went).flat_map(|all| all.iter().flatten()) {
        // What both releases hold is counted once, in the new one.
        *counts.entry(*change).or_default() += 1;
    }
    summary.changes = Some(counts);
    let mut worst = Level::Clean;
    for (entries, changes) in [(&new.entries, &came), (&old.entries, &went)] {
        for (entry, changes) in entries.iter().zip(changes) {
            let differs = changes.iter().flatten().any(|change| *change != Change::Same);
            if differs || is_unread(entry) {
                let (entry, changes) = differing(entry, changes);
                worst = worst.max(writer.compared(&entry, &changes)?);
            }
        }
    }
    writer.finish(summary)?;
    Ok(worst)
}

/// An artifact with that of its evidence which differs.
fn differing(entry: &Entry, changes: &[Option<Change>]) -> (Entry, Vec<Option<Change>>) {
    let mut entry = entry.clone();
    let all = std::mem::take(&mut entry.verdict.evidence).into_iter().zip(changes);
    let kept = all.filter(|(_, change)| change.is_some_and(|change| change != Change::Same));
    let (evidence, changes) = kept.map(|(evidence, change)| (evidence, *change)).unzip();
    entry.verdict.evidence = evidence;
    (entry, changes)
}
