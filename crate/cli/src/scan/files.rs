//! Files on the disk: what is in them, and which others stand around them.

use super::analyse::{self, Settings};
use super::budget::Budget;
use super::join::Around;
use super::place::Place;
use super::read::{self, Opened};
use super::store::{Found, Store};
use super::{DEFECT, missing};
use davy_model::{Artifact, ArtifactKind, GapReason, Reference, ReferenceKind};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

/// What all threads read files with.
pub(crate) struct Files {
    store: Store,
    pub(crate) budget: Arc<Budget>,
    pub(crate) limit: u64,
}

/// The files around a page.
pub(crate) struct Beside<'f> {
    pub(crate) files: &'f Files,
    pub(crate) settings: &'f Settings,
}

impl Files {
    pub(crate) fn new(limit: u64) -> Self {
        Self { store: Store::default(), budget: Budget::new(limit), limit }
    }

    /// What is in a file; nothing in one of a kind that is not read.
    pub(crate) fn found(&self, place: &Place, settings: &Settings) -> io::Result<Arc<Found>> {
        let shown = place.show();
        self.store.get(Path::new(&shown), || {
            let opened = read::file(&place.path, &self.budget, self.limit)?;
            Ok(contents(opened, &shown, settings))
        })
    }

    /// What is in a file that a page brings in. That it cannot be read is a gap of the page as well.
    fn beside(&self, place: &Place, settings: &Settings) -> Arc<Found> {
        let guarded = catch_unwind(AssertUnwindSafe(|| self.found(place, settings)));
        let gap = |reason, because| {
            let entries = vec![missing(&place.show(), reason, because)];
            Arc::new(Found { entries, references: Vec::new() })
        };
        match guarded {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => gap(GapReason::NoBody, error.to_string()),
            Err(_) => gap(GapReason::Undecodable, DEFECT.to_owned()),
        }
    }
}

impl Around for Beside<'_> {
    type Place = Place;

    fn find(&self, reference: &Reference, from: &Place, page: &Place) -> Option<Place> {
        // What a script names is relative to its page, what a module imports to itself.
        let beside = (reference.kind != ReferenceKind::Module).then_some(page.path.as_path());
        let is_file = reference.kind != ReferenceKind::Socket;
        is_file.then(|| from.find(&reference.address, beside)).flatten().map(|path| page.other(path))
    }

    fn load(&self, place: &Place) -> Option<Arc<Found>> {
        Some(self.files.beside(place, self.settings))
    }

    fn along(&self, _: &Place) -> Vec<Place> {
        Vec::new()
    }

    fn should_hold(&self, address: &str, _: &Place) -> bool {
        // A path from the page's own place was saved with the page, or should have been.
        !address.contains("://") && !address.starts_with('/')
    }
}

/// Analyses what was opened.
pub(crate) fn contents(opened: Opened, shown: &str, settings: &Settings) -> Found {
    match opened {
        Opened::PassedOver => Found::default(),
        Opened::TooLong { kind, length, gap } => {
            let entries = vec![analyse::unread(shown.to_owned(), kind, length, gap)];
            Found { entries, references: Vec::new() }
        }
        Opened::Read { kind, bytes, gap, share } => {
            let artifact = Artifact { path: shown.to_owned(), kind, bytes: bytes.into() };
            let found = match kind {
                ArtifactKind::Container => analyse::other(artifact, gap, 0, settings),
                _ => analyse::analyse(artifact, gap, 0, settings),
            };
            drop(share);
            found
        }
    }
}
