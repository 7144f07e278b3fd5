//! What a format is given: artifacts with what stands beside each piece of their evidence.

use crate::scan::analyse::Entry;
use davy_model::{Evidence, Location, Weight};

/// An artifact to report.
#[derive(Debug)]
pub(crate) struct Item<'a> {
    pub(crate) entry: &'a Entry,
}

/// Pieces of evidence that say the same of one artifact at several places.
#[derive(Debug)]
pub(crate) struct Finding<'a> {
    /// The first of them.
    pub(crate) evidence: &'a Evidence,
    /// Where the others were seen.
    pub(crate) others: Vec<&'a Location>,
}

impl<'a> Item<'a> {
    /// What is worth telling of the artifact, each rule with its algorithms once. What is only said because of something
    /// inside of it is said there, and what is weak supports no level: JSON has both.
    pub(crate) fn findings(&self) -> Vec<Finding<'a>> {
        let mut all: Vec<Finding<'a>> = Vec::new();
        for evidence in self.entry.verdict.evidence.iter().filter(|evidence| tells(self.entry, evidence)) {
            let same =
                |f: &&mut Finding<'a>| f.evidence.rule == evidence.rule && f.evidence.algorithms == evidence.algorithms;
            match all.iter_mut().find(same) {
                Some(finding) => finding.others.push(&evidence.location),
                None => all.push(Finding { evidence, others: Vec::new() }),
            }
        }
        all
    }
}

/// Whether a piece of evidence is told of the artifact itself.
fn tells(entry: &Entry, evidence: &Evidence) -> bool {
    evidence.weight > Weight::Weak && !is_told_inside(entry, evidence)
}

/// Whether a piece of evidence only repeats what the line of a part says. What parts mean together is said of the page.
pub(crate) fn is_told_inside(entry: &Entry, evidence: &Evidence) -> bool {
    let inner = |path: &String| path.strip_prefix(&entry.path).is_some_and(|rest| rest.starts_with("!/"));
    !evidence.rule.starts_with("page/") && matches!(&evidence.location, Location::Artifact { path } if inner(path))
}
