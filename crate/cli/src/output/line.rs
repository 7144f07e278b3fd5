//! One artifact as one JSON object. The order of the fields is part of the contract.

use super::SCHEMA;
use super::item::{Change, Item, Note};
use super::summary::Summary;
use davy_model::{ArtifactKind, Evidence, Gap, Level, Location, Weight};
use serde::Serialize;

/// A line about an artifact.
#[derive(Debug, Serialize)]
pub(crate) struct Line<'a> {
    schema: &'static str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a Location>,
    kind: ArtifactKind,
    sha256: Option<&'a str>,
    bytes: u64,
    level: Level,
    algorithms: Vec<String>,
    evidence: Vec<Reason<'a>>,
    gaps: &'a [Gap],
    complete: bool,
    elapsed_us: u64,
}

/// A piece of evidence; its algorithms stand in the line.
#[derive(Debug, Serialize)]
struct Reason<'a> {
    rule: &'a str,
    weight: Weight,
    location: &'a Location,
    because: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<Accepted<'a>>,
}

/// Why it does not count, and until when.
#[derive(Debug, Serialize)]
struct Accepted<'a> {
    reason: &'a str,
    expires: &'a str,
}

/// The last line.
#[derive(Debug, Serialize)]
pub(crate) struct Closing<'a> {
    pub(crate) schema: &'static str,
    pub(crate) summary: &'a Summary,
}

impl<'a> Line<'a> {
    pub(crate) fn new(item: &Item<'a>) -> Self {
        let entry = item.entry;
        Self {
            schema: SCHEMA,
            path: &entry.path,
            offset: entry.offset,
            at: entry.at.as_ref(),
            kind: entry.kind,
            sha256: entry.sha256.as_deref(),
            bytes: entry.bytes,
            level: entry.verdict.level(),
            algorithms: entry.verdict.algorithms(),
            evidence: item.evidence().map(Reason::from).collect(),
            gaps: &entry.verdict.gaps,
            complete: entry.verdict.is_complete(),
            elapsed_us: u64::try_from(entry.elapsed.as_micros()).unwrap_or(u64::MAX),
        }
    }
}

impl<'a> From<(&'a Evidence, Note<'a>)> for Reason<'a> {
    fn from((evidence, note): (&'a Evidence, Note<'a>)) -> Self {
        let Evidence { rule, weight, location, because, .. } = evidence;
        let accepted = note.accepted.map(|entry| Accepted { reason: &entry.reason, expires: &entry.expires });
        Self { rule, weight: *weight, location, because, change: note.change, accepted }
    }
}
