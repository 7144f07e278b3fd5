//! What a person can save of a page: the same words as `davy scan`, so that `davy explain` reads it.

use super::finding::Finding;
use super::page::Page;
use davy_model::{ArtifactKind, Evidence, Gap, Level};
use serde::{Deserialize, Serialize};

/// The report of one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Report {
    /// Always `davy.report/1`.
    pub schema: String,
    /// Version of the rule set that judged.
    pub rule_set: String,
    /// Origin of the page, never its full address.
    pub page: String,
    /// What was found, heaviest first.
    pub findings: Vec<ReportFinding>,
    /// What the person holds of it, where they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<Opinion>,
    /// What the person wrote beside it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What a person holds of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Opinion {
    /// The page does not mine.
    Wrong,
    /// The page mines, and that was not found.
    Missed,
    /// The verdict is right.
    Right,
}

/// One finding of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct ReportFinding {
    /// The artifact's path.
    pub path: String,
    /// Its kind.
    pub kind: ArtifactKind,
    /// Its level.
    pub level: Level,
    /// Algorithms that its evidence names.
    pub algorithms: Vec<String>,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// What was not read.
    pub gaps: Vec<Gap>,
}

/// The report of a page; one without findings when nothing is known.
pub(super) fn of(page: Option<&Page>, rule_set: &str) -> Report {
    Report {
        schema: "davy.report/1".to_owned(),
        rule_set: rule_set.to_owned(),
        page: page.map(|page| page.origin.clone()).unwrap_or_default(),
        findings: page.map(|page| page.findings.iter().map(finding).collect()).unwrap_or_default(),
        opinion: None,
        note: String::new(),
    }
}

fn finding(finding: &Finding) -> ReportFinding {
    ReportFinding {
        path: finding.path.clone(),
        kind: finding.kind,
        level: finding.verdict.level(),
        algorithms: finding.verdict.algorithms(),
        evidence: finding.verdict.evidence.clone(),
        gaps: finding.verdict.gaps.clone(),
    }
}
