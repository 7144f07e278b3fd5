//! What the last line counts.

use super::item::Change;
use crate::scan::analyse::Entry;
use davy_model::{ArtifactKind, Level};
use serde::Serialize;
use std::collections::BTreeMap;

/// Counts over a whole scan.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Summary {
    /// Lines before this one.
    pub(crate) artifacts: u64,
    /// How many of them are of each kind; kinds that did not occur are left out.
    pub(crate) kinds: BTreeMap<ArtifactKind, u64>,
    /// How many of them are at each level.
    pub(crate) levels: BTreeMap<Level, u64>,
    /// How many of them have a lost gap.
    pub(crate) incomplete: u64,
    /// How many of those are at level *clean*, which people are not told.
    #[serde(skip)]
    pub(crate) clean_incomplete: u64,
    /// Whether nothing was lost.
    pub(crate) complete: bool,
    /// How many have an opaque gap.
    pub(crate) opaque: u64,
    /// Files of kinds that are not read.
    pub(crate) passed_over: u64,
    /// PATHs of the command line that could not be read.
    pub(crate) errors: u64,
    /// Pieces of evidence that the baseline accepts, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) accepted: Option<u64>,
    /// What became of findings between two releases, where two are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) changes: Option<BTreeMap<Change, u64>>,
    /// Bytes of files that were read.
    pub(crate) bytes: u64,
    /// Wall-clock time.
    pub(crate) seconds: f64,
    /// Version of the rule set.
    pub(crate) rules: String,
    /// Version of the command.
    pub(crate) version: &'static str,
}

impl Summary {
    pub(crate) fn new(rules: &str) -> Self {
        let levels = [Level::Clean, Level::Notice, Level::Suspicious, Level::Mining];
        Self {
            artifacts: 0,
            kinds: BTreeMap::new(),
            levels: levels.into_iter().map(|level| (level, 0)).collect(),
            incomplete: 0,
            clean_incomplete: 0,
            complete: true,
            opaque: 0,
            passed_over: 0,
            errors: 0,
            accepted: None,
            changes: None,
            bytes: 0,
            seconds: 0.0,
            rules: rules.to_owned(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// Whether there was anything that could be judged: an archive in which nothing is read is nothing.
    pub(crate) fn scannable(&self) -> bool {
        let of = |counts: Option<&u64>| counts.copied().unwrap_or(0);
        let containers = of(self.kinds.get(&ArtifactKind::Container));
        let shown = self.artifacts > of(self.levels.get(&Level::Clean));
        self.artifacts > containers || shown || self.opaque > 0 || !self.complete
    }

    /// Counts artifacts, outermost first. The bytes of a file are counted, not those of what is inside of it again.
    pub(crate) fn add(&mut self, entries: &[Entry], is_file: bool) {
        for entry in entries {
            self.artifacts += 1;
            *self.kinds.entry(entry.kind).or_default() += 1;
            *self.levels.entry(entry.verdict.level()).or_default() += 1;
            self.incomplete += u64::from(!entry.verdict.is_complete());
            let clean = entry.verdict.level() == Level::Clean;
            self.clean_incomplete += u64::from(clean && !entry.verdict.is_complete());
            self.complete &= entry.verdict.is_complete();
            self.opaque += u64::from(entry.verdict.gaps.iter().any(|gap| !gap.reason.is_lost()));
        }
        if let Some(outermost) = entries.first().filter(|entry| is_file && entry.sha256.is_some()) {
            self.bytes += outermost.bytes;
        }
    }
}
