//! Workers that hash in JavaScript. Their calls cannot be timed and made to wait as those of a module can: such a worker is
//! charged for all that it is busy, and ended where a module would be paused.

use super::brake::Limits;
use super::event::WorkerBusy;
use super::finding::Finding;
use super::limits::STEADY_SHARE;
use super::load;
use super::page::Page;
use super::text::clip;
use davy_model::{Action, ArtifactKind, Evidence, Level, Location, Weight};

/// What a worker has cost that hashes in its own script.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    /// The level of its script.
    pub(super) level: Level,
    /// Milliseconds.
    pub(super) spent: u64,
}

impl Finding {
    /// Whether it is of a script that hashes and runs on a budget: itself or in a layer, for what it holds for other engines
    /// is watched there.
    pub(super) fn is_plain_hashing(&self) -> bool {
        let hashes =
            |e: &Evidence| e.weight >= Weight::Strong || e.weight == Weight::Moderate && !e.algorithms.is_empty();
        let own = |e: &Evidence| !matches!(&e.location, Location::Artifact { path } if !path.ends_with(".js"));
        let is_spender = self.kind == ArtifactKind::Script && self.action == Action::Budget;
        is_spender && self.verdict.evidence.iter().any(|e| own(e) && hashes(e))
    }
}

impl Page {
    /// What a worker has cost; `None` where its script is nothing that hashes, or its module is watched and charged for, or
    /// it is as good as idle.
    pub(super) fn plain_cost(&self, worker: &WorkerBusy, limits: Limits) -> Option<Cost> {
        if worker.watched || worker.script.is_empty() {
            return None;
        }
        let share = limits.share(worker);
        if share < STEADY_SHARE {
            return None;
        }
        let path = clip(&worker.script);
        let finding = self.findings.iter().find(|f| f.is_plain_hashing() && f.path == path)?;
        Some(Cost { level: finding.verdict.level(), spent: load::milliseconds(worker.span * share) })
    }
}
