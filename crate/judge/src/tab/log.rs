//! What the log keeps of a page: its origin, never an address; nothing of private windows.

use super::finding::Finding;
use super::page::Page;
use davy_model::{Action, ArtifactKind, Level};
use serde::{Deserialize, Serialize};

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct LogEntry {
    /// When, milliseconds since the epoch.
    pub at: u64,
    /// Origin of the page.
    pub origin: String,
    /// Kind of what was found.
    pub kind: ArtifactKind,
    /// Its level.
    pub level: Level,
    /// What was done.
    pub action: Action,
    /// Algorithms that its heaviest evidence names.
    pub algorithms: Vec<String>,
    /// The rule that weighed most; empty where nothing was found but something could not be read.
    pub rule: String,
}

/// What is written down of the findings that a page did not have before; nothing of a private one.
pub(super) fn of(page: &Page, before: &[Finding], at: u64) -> Vec<LogEntry> {
    let is_new = |f: &&Finding| !before.iter().any(|b| b.is_same(f));
    let fresh = page.findings.iter().filter(|_| !page.private).filter(is_new);
    fresh.map(|finding| entry(page, finding, at)).collect()
}

fn entry(page: &Page, finding: &Finding, at: u64) -> LogEntry {
    LogEntry {
        at,
        origin: page.origin.clone(),
        kind: finding.kind,
        level: finding.verdict.level(),
        action: finding.action,
        algorithms: finding.named(),
        rule: finding.verdict.evidence.first().map(|e| e.rule.clone()).unwrap_or_default(),
    }
}
