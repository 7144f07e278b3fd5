//! One thing found on a page, kept small: the same module loaded twice is one finding with a count.

use super::event::Found;
use super::limits::{ALGORITHMS, EVIDENCE};
use super::text::clip;
use davy_model::{Action, ArtifactKind, Evidence, Gap, Level, Location, Verdict};
use serde::{Deserialize, Serialize};

/// A verdict with where it was reached and what was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Finding {
    /// The artifact's path.
    pub path: String,
    /// Its kind.
    pub kind: ArtifactKind,
    /// Its length in bytes.
    pub bytes: u64,
    /// Host of the document that brought it; `None` where the browser names none.
    pub host: Option<String>,
    /// Evidence and gaps.
    pub verdict: Verdict,
    /// What was done.
    pub action: Action,
    /// How often the same was found.
    pub count: u32,
}

impl Finding {
    /// A finding cut to the bounds of this module; `None` when there is nothing to tell.
    pub(super) fn new(found: Found, host: Option<&str>) -> Option<Self> {
        let worth = found.verdict.level() > Level::Clean || !found.verdict.is_complete();
        worth.then(|| Self {
            path: clip(&found.path),
            kind: found.kind,
            bytes: found.bytes,
            host: host.map(clip),
            verdict: bounded(found.verdict),
            action: found.action,
            count: 1,
        })
    }

    /// Whether both tell the same of the same thing.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.path == other.path
            && self.kind == other.kind
            && self.bytes == other.bytes
            && self.action == other.action
            && self.verdict == other.verdict
    }

    /// Whether it tells more of the same socket: what passes it is judged again and again.
    pub(super) fn supersedes(&self, other: &Self) -> bool {
        let is_socket = self.kind == ArtifactKind::Websocket && other.kind == self.kind;
        is_socket && self.path == other.path && self.verdict.level() > other.verdict.level()
    }

    /// Algorithms that evidence of its own level names, sorted, each once.
    pub(super) fn named(&self) -> Vec<String> {
        let level = self.verdict.level();
        let heaviest = self.verdict.evidence.iter().filter(|e| e.weight.supports() == level);
        let mut names: Vec<String> = heaviest.flat_map(|e| e.algorithms.iter().cloned()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// What weighs more is kept and shown first.
    pub(super) fn rank(&self) -> (Level, Action) {
        (self.verdict.level(), self.action)
    }
}

/// The heaviest evidence and the first gaps, lost ones before opaque ones, with texts cut.
fn bounded(mut verdict: Verdict) -> Verdict {
    verdict.evidence.sort_by_key(|e| std::cmp::Reverse(e.weight));
    verdict.evidence.truncate(EVIDENCE);
    verdict.evidence.iter_mut().for_each(bound_evidence);
    verdict.gaps.sort_by_key(|g| !g.reason.is_lost());
    verdict.gaps.truncate(EVIDENCE);
    verdict.gaps.iter_mut().for_each(bound_gap);
    verdict
}

fn bound_evidence(evidence: &mut Evidence) {
    evidence.rule = clip(&evidence.rule);
    evidence.because = clip(&evidence.because);
    evidence.algorithms.truncate(ALGORITHMS);
    evidence.algorithms.iter_mut().for_each(|name| *name = clip(name));
    bound_location(&mut evidence.location);
}

fn bound_gap(gap: &mut Gap) {
    gap.because = clip(&gap.because);
    bound_location(&mut gap.location);
}

fn bound_location(location: &mut Location) {
    match location {
        Location::Url { url: text } | Location::Artifact { path: text } => *text = clip(text),
        Location::Whole | Location::Bytes { .. } | Location::Function { .. } | Location::Line { .. } => {}
    }
}
