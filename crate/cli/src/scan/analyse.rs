//! One file and all that is inside of it: reading, judging, and what each line says.

use super::saved;
use super::store::Found;
use davy_facts::Limits;
use davy_judge::{Context, RuleSet};
use davy_model::{Artifact, ArtifactKind, Gap, GapReason, Location, Reference, Verdict};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// How to analyse.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) limits: Limits,
    pub(crate) max_depth: u32,
    pub(crate) rules: &'static RuleSet,
    pub(crate) context: Context,
}

/// One artifact with its verdict.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) path: String,
    /// Where the record of a web archive begins that it is from; see [`davy_archive::Part::offset`].
    pub(crate) offset: Option<u64>,
    /// Where in the artifact around it it starts, where that is one place.
    pub(crate) at: Option<Location>,
    pub(crate) kind: ArtifactKind,
    /// Hexadecimal; `None` when the bytes could not be read.
    pub(crate) sha256: Option<String>,
    pub(crate) bytes: u64,
    pub(crate) verdict: Verdict,
    /// Time for this artifact alone.
    pub(crate) elapsed: Duration,
}

/// A reference, and the place of the entry that has it.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) owner: usize,
    pub(crate) reference: Reference,
}

/// Analyses an artifact, around which are `depth` others, and what is inside of it. The artifact's own entry comes first,
/// then each child's with its own.
pub(crate) fn analyse(artifact: Artifact<'_>, gap: Option<Gap>, depth: u32, settings: &Settings) -> Found {
    let mut found = Found::default();
    descend((artifact, None), gap, depth, settings, &mut found);
    found
}

/// Looks through a text or executable that is no program of the web: there is a line of it where it shows something.
pub(crate) fn other(artifact: Artifact<'_>, gap: Option<Gap>, depth: u32, settings: &Settings) -> Found {
    let found = analyse(artifact, gap, depth, settings);
    let shows = |entry: &Entry| !entry.verdict.evidence.is_empty() || !entry.verdict.gaps.is_empty();
    if found.entries.iter().any(shows) { found } else { Found::default() }
}

/// An entry for something whose bytes could not be had.
pub(crate) fn unread(path: String, kind: ArtifactKind, bytes: u64, gap: Gap) -> Entry {
    let verdict = Verdict { evidence: Vec::new(), gaps: vec![gap] };
    Entry { path, offset: None, at: None, kind, sha256: None, bytes, verdict, elapsed: Duration::ZERO }
}

fn descend(
    (artifact, at): (Artifact<'_>, Option<Location>),
    gap: Option<Gap>,
    depth: u32,
    settings: &Settings,
    found: &mut Found,
) {
    let start = Instant::now();
    let mut extraction = davy_facts::extract(&artifact, &settings.limits);
    let children = std::mem::take(&mut extraction.children);
    let places = std::mem::take(&mut extraction.places);
    extraction.gaps.extend(gap);
    if artifact.kind == ArtifactKind::Page {
        extraction.gaps.extend(saved::without_scripts(&artifact.bytes));
    }
    if depth >= settings.max_depth && !children.is_empty() {
        extraction.gaps.push(too_deep(children.len()));
    }
    let own = davy_judge::judge(settings.rules, &extraction, &settings.context);
    let sha256 = Some(hex(&artifact.bytes));
    let owner = found.entries.len();
    found.references.extend(extraction.references.into_iter().map(|reference| Named { owner, reference }));
    let Artifact { path, kind, bytes } = artifact;
    let bytes = bytes.len() as u64;
    let elapsed = start.elapsed();
    found.entries.push(Entry { path, offset: None, at, kind, sha256, bytes, verdict: own, elapsed });
    if depth >= settings.max_depth {
        return;
    }
    let mut direct = Vec::with_capacity(children.len());
    let places = places.into_iter().map(Some).chain(std::iter::repeat(None));
    for child in children.into_iter().zip(places) {
        direct.push(found.entries.len());
        descend(child, None, depth + 1, settings, found);
    }
    if !direct.is_empty() {
        let entries = &mut found.entries;
        let own = std::mem::take(&mut entries[owner].verdict);
        let parts = direct.iter().map(|&i| (entries[i].path.as_str(), &entries[i].verdict));
        entries[owner].verdict = davy_judge::from_children(settings.rules, own, parts);
    }
}

fn too_deep(children: usize) -> Gap {
    Gap {
        reason: GapReason::OverLimit,
        location: Location::Whole,
        because: format!("{children} artifacts inside are deeper than --max-depth"),
    }
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
