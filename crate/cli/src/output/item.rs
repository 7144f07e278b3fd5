//! What a format is given: artifacts, with what stands beside each piece of their evidence.

use crate::accept::Accepted;
use crate::scan::analyse::Entry;
use davy_model::{ArtifactKind, Evidence, Gap, Level, Location, Weight};
use serde::Serialize;

/// An artifact to report.
#[derive(Debug)]
pub(crate) struct Item<'a> {
    pub(crate) entry: &'a Entry,
    /// One for each piece of evidence.
    pub(crate) notes: Vec<Note<'a>>,
}

/// What is known of a piece of evidence beside what it says.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Note<'a> {
    /// Somebody accepted it, and that holds today.
    pub(crate) accepted: Option<&'a Accepted>,
    /// What became of it from one release to the next.
    pub(crate) change: Option<Change>,
}

/// What became of a finding from one release to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Change {
    /// It came in.
    New,
    /// It was there, in other bytes.
    Changed,
    /// It was there, in the same bytes.
    Same,
    /// It went.
    Gone,
}

/// Pieces of evidence that say the same of one artifact at several places.
#[derive(Debug)]
pub(crate) struct Finding<'a> {
    /// The first of them.
    pub(crate) evidence: &'a Evidence,
    pub(crate) note: Note<'a>,
    /// Where the others were seen.
    pub(crate) others: Vec<&'a Location>,
}

impl<'a> Item<'a> {
    /// What is worth telling of the artifact, each rule with its algorithms once. What is only said because of something
    /// inside of it is said there, and what is weak supports no level: JSON has both.
    pub(crate) fn findings(&self) -> Vec<Finding<'a>> {
        let mut all: Vec<Finding<'a>> = Vec::new();
        // Between releases also code is told of that can hash and is nothing more.
        let told = |(evidence, note): &(&Evidence, Note<'_>)| {
            tells(self.entry, evidence) || (note.change.is_some() && !is_told_inside(self.entry, evidence))
        };
        for (evidence, note) in self.evidence().filter(told) {
            let same = |f: &&mut Finding<'a>| {
                f.evidence.rule == evidence.rule && f.evidence.algorithms == evidence.algorithms && f.note == note
            };
            match all.iter_mut().find(same) {
                Some(finding) => finding.others.push(&evidence.location),
                None => all.push(Finding { evidence, note, others: Vec::new() }),
            }
        }
        all
    }

    /// Those that nobody accepted.
    pub(crate) fn open_findings(&self) -> Vec<Finding<'a>> {
        let mut all = self.findings();
        all.retain(|finding| finding.note.accepted.is_none());
        all
    }

    /// Every piece of evidence with its note.
    pub(crate) fn evidence(&self) -> impl Iterator<Item = (&'a Evidence, Note<'a>)> {
        let notes = self.notes.iter().copied().chain(std::iter::repeat(Note::default()));
        self.entry.verdict.evidence.iter().zip(notes)
    }

    /// The level that `--fail-on` judges: of what nobody accepted and, between releases, of what came in.
    pub(crate) fn counts(&self) -> Level {
        let open = self
            .evidence()
            .filter(|(_, note)| note.accepted.is_none() && note.change.is_none_or(|change| change == Change::New));
        open.map(|(evidence, _)| evidence.weight.supports()).max().unwrap_or_default()
    }

    /// The level of what nobody accepted.
    pub(crate) fn open_level(&self) -> Level {
        let open = self.evidence().filter(|(_, note)| note.accepted.is_none());
        open.map(|(evidence, _)| evidence.weight.supports()).max().unwrap_or_default()
    }

    /// Parts of the artifact itself that were not read and make it incomplete.
    pub(crate) fn lost(&self) -> impl Iterator<Item = &'a Gap> {
        self.own_gaps().filter(|gap| gap.reason.is_lost())
    }

    /// Parts of the artifact itself that were not read.
    pub(crate) fn own_gaps(&self) -> impl Iterator<Item = &'a Gap> {
        self.entry.verdict.gaps.iter().filter(|gap| !matches!(gap.location, Location::Artifact { .. }))
    }
}

/// Whether a piece of evidence is told of the artifact itself.
pub(crate) fn tells(entry: &Entry, evidence: &Evidence) -> bool {
    evidence.weight > Weight::Weak && !is_told_inside(entry, evidence)
}

/// The path of the part whose line a piece of evidence repeats. What parts mean together is said of the page that brings
/// them together; a container says nothing of its own.
pub(crate) fn repeats<'e>(entry: &Entry, evidence: &'e Evidence) -> Option<&'e str> {
    let joint = evidence.rule.starts_with("page/") && entry.kind != ArtifactKind::Container;
    match &evidence.location {
        Location::Artifact { path } if !joint => Some(path),
        _ => None,
    }
}

/// Whether a piece of evidence only repeats what the line of something inside of the artifact says.
pub(crate) fn is_told_inside(entry: &Entry, evidence: &Evidence) -> bool {
    let inner = |path: &str| path.strip_prefix(&entry.path).is_some_and(|rest| rest.starts_with("!/"));
    repeats(entry, evidence).is_some_and(inner)
}
