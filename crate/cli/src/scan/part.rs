//! One part of a container: analysed like a file, and kept until what stands around it is known.

use super::analyse::{self, Entry, Settings};
use super::store::Found;
use super::{join, kind};
use davy_archive::{Message, Name, Part};
use davy_facts::{Direction, FrameReader};
use davy_model::{Artifact, ArtifactKind, GapReason, Level, Verdict, Weight};
use std::sync::Arc;
use std::time::Instant;

/// Where a socket's reader starts to choose among many messages: always the same, so that reports are equal.
const SEED: u32 = 1;

/// A part that was analysed.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: Name,
    /// Number of the container, or containers, whose parts may name one another.
    pub(crate) site: u32,
    /// What the capture calls the page that it was loaded for.
    pub(crate) page: Option<String>,
    pub(crate) found: Arc<Found>,
}

impl Member {
    /// A part of which only lines are known.
    pub(crate) fn of(name: Name, site: u32, entries: Vec<Entry>) -> Self {
        Self { name, site, page: None, found: Arc::new(Found { entries, references: Vec::new() }) }
    }

    /// Whether it is a document.
    pub(crate) fn is_page(&self) -> bool {
        self.found.entries.first().is_some_and(|first| first.kind == ArtifactKind::Page)
    }
}

/// Analyses a part. Nothing is found in one of a kind that is not read.
pub(crate) fn member(mut part: Part, settings: &Settings) -> Member {
    let (name, site, page, path) = (part.name.clone(), part.site, part.page.take(), part.path.clone());
    let offset = part.offset;
    let mut found = match part.messages.take() {
        Some(messages) => socket(&part, &messages, settings),
        None => content(part, settings),
    };
    if let Name::Url(url) = &name
        && url.starts_with("http")
    {
        address(url, path, &mut found, settings);
    }
    found.entries.iter_mut().for_each(|entry| entry.offset = offset);
    Member { name, site, page, found: Arc::new(found) }
}

fn content(part: Part, settings: &Settings) -> Found {
    let Part { path, name, depth, media, body, length, gap, .. } = part;
    let head = body.as_deref().unwrap_or_default();
    let kind = kind::of_part(&name, media.as_deref(), &head[..head.len().min(kind::HEAD)]);
    match (kind, body, gap) {
        (Some(kind), Some(bytes), gap) => {
            analyse::analyse(Artifact { path, kind, bytes: bytes.into() }, gap, depth, settings)
        }
        // A picture that was not saved is none that would be read; of other gaps it cannot be known what they hide.
        (None, None, Some(gap)) if gap.reason == GapReason::NoBody => Found::default(),
        (None, Some(bytes), gap) => {
            // Texts and executables are looked through as far as they are read.
            let gap = gap.filter(|gap| gap.reason != GapReason::OverLimit);
            analyse::other(Artifact { path, kind: ArtifactKind::Container, bytes: bytes.into() }, gap, depth, settings)
        }
        (kind, None, Some(gap)) => {
            let entry = analyse::unread(path, kind.unwrap_or(ArtifactKind::Container), length, gap);
            Found { entries: vec![entry], references: Vec::new() }
        }
        (_, None, None) => Found::default(),
    }
}

/// What passed a socket, and its address.
fn socket(part: &Part, messages: &[Message], settings: &Settings) -> Found {
    let start = Instant::now();
    let url = part.name.text();
    let mut reader = FrameReader::new(SEED);
    for Message { sent, bytes } in messages {
        reader.feed(if *sent { Direction::Sent } else { Direction::Received }, bytes);
    }
    let mut verdict = davy_judge::judge(settings.rules, &reader.extraction(url), &settings.context);
    verdict.evidence.extend(join::judge_address(url, ArtifactKind::Websocket, settings).evidence);
    davy_judge::sort(&mut verdict.evidence);
    let mut entry = line(part.path.clone(), ArtifactKind::Websocket, part.length, verdict);
    entry.elapsed = start.elapsed();
    Found { entries: vec![entry], references: Vec::new() }
}

/// Adds what the address of a request says: a host on the list, a pool's login. That its path has the shape of a proxy's
/// says nothing where no socket was opened.
fn address(url: &str, path: String, found: &mut Found, settings: &Settings) {
    let mut verdict = join::judge_address(url, ArtifactKind::Request, settings);
    verdict.evidence.retain(|evidence| evidence.weight > Weight::Moderate);
    if verdict.level() == Level::Clean {
        return;
    }
    match found.entries.first_mut() {
        Some(first) => {
            first.verdict.evidence.extend(verdict.evidence);
            davy_judge::sort(&mut first.verdict.evidence);
        }
        None => found.entries.push(line(path, ArtifactKind::Request, url.len() as u64, verdict)),
    }
}

fn line(path: String, kind: ArtifactKind, bytes: u64, verdict: Verdict) -> Entry {
    Entry { path, offset: None, at: None, kind, sha256: None, bytes, verdict, elapsed: std::time::Duration::ZERO }
}
