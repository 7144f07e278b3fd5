//! One of the two releases: the artifacts that have something to compare.

use crate::output::Receiver;
use crate::output::item::is_told_inside;
use crate::output::summary::Summary;
use crate::scan::analyse::Entry;
use davy_model::{Evidence, Level, Location, Weight};
use std::io;
use std::path::Path;

/// A release.
pub(crate) struct Side {
    /// Its PATH as artifacts' paths begin.
    root: String,
    /// Artifacts with evidence, or with something that was not read.
    pub(crate) entries: Vec<Entry>,
    /// Those that found no room.
    pub(crate) left_out: usize,
}

impl Side {
    pub(crate) fn of(path: &Path) -> Self {
        let root = path.to_string_lossy().replace('\\', "/");
        Self { root: root.trim_end_matches('/').to_owned(), entries: Vec::new(), left_out: 0 }
    }

    /// A path without the release's own: what the other release calls it too.
    pub(crate) fn inner<'p>(&self, path: &'p str) -> &'p str {
        path.strip_prefix(&self.root).map_or(path, |rest| rest.trim_start_matches('/'))
    }
}

/// Whether a piece of evidence is compared: what supports a level, or names an algorithm.
pub(crate) fn is_compared(entry: &Entry, evidence: &Evidence) -> bool {
    let tells = evidence.weight > Weight::Weak || !evidence.algorithms.is_empty() || evidence.rule == HIDDEN;
    tells && !is_told_inside(entry, evidence)
}

/// The rule for what says nothing by itself, and a lot when a release has begun to do it.
const HIDDEN: &str = "script/hidden-code";

/// Artifacts of a release that are held for the comparison: some 2 kB each.
const ENTRIES: usize = 100_000;

/// Whether a part of the artifact itself was not read.
pub(crate) fn is_unread(entry: &Entry) -> bool {
    let own = |location: &Location| !matches!(location, Location::Artifact { .. });
    entry.verdict.gaps.iter().any(|gap| gap.reason.is_lost() && own(&gap.location))
}

impl Receiver for Side {
    fn entries(&mut self, entries: &[Entry]) -> io::Result<Level> {
        let tells = |entry: &&Entry| {
            is_unread(entry) || entry.verdict.evidence.iter().any(|evidence| is_compared(entry, evidence))
        };
        for entry in entries.iter().filter(tells) {
            if self.entries.len() < ENTRIES {
                self.entries.push(entry.clone());
            } else {
                self.left_out += 1;
            }
        }
        Ok(Level::Clean)
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
