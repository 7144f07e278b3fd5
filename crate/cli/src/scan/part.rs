//! One part of a container: analysed like a file, and kept until what stands around it is known.

use super::analyse::{self, Entry, Settings};
use super::kind;
use super::store::Found;
use davy_archive::{Name, Part};
use davy_model::{Artifact, ArtifactKind};
use std::sync::Arc;

/// A part that was analysed.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: Name,
    /// Number of the container, or containers, whose parts may name one another.
    pub(crate) site: u32,
    pub(crate) found: Arc<Found>,
}

impl Member {
    /// A part of which only lines are known.
    pub(crate) fn of(name: Name, site: u32, entries: Vec<Entry>) -> Self {
        Self { name, site, found: Arc::new(Found { entries, references: Vec::new() }) }
    }
}

/// Analyses a part. Nothing is found in one of a kind that is not read.
pub(crate) fn member(part: Part, settings: &Settings) -> Member {
    let Part { path, name, site, depth, media, body, length, gap } = part;
    let head = body.as_deref().unwrap_or_default();
    let kind = kind::of_part(&name, media.as_deref(), &head[..head.len().min(kind::HEAD)]);
    let found = match (kind, body, gap) {
        (Some(kind), Some(bytes), gap) => {
            analyse::analyse(Artifact { path, kind, bytes: bytes.into() }, gap, depth, settings)
        }
        // What it is cannot be known, and so not that it matters nothing.
        (kind, None, Some(gap)) => {
            let entry = analyse::unread(path, kind.unwrap_or(ArtifactKind::Container), length, gap);
            Found { entries: vec![entry], references: Vec::new() }
        }
        (_, Some(_), Some(gap)) if gap.reason != davy_model::GapReason::OverLimit => {
            let entry = analyse::unread(path, ArtifactKind::Container, length, gap);
            Found { entries: vec![entry], references: Vec::new() }
        }
        _ => Found::default(),
    };
    Member { name, site, found: Arc::new(found) }
}
