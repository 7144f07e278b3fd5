//! The shared words of Davy: plain data that every room understands, with no logic beyond derivation.
//!
//! Bytes enter as an [`Artifact`]; reading it gives an [`Extraction`] of located [`Fact`]s and [`Gap`]s;
//! judging that gives a [`Verdict`], which is nothing but its [`Evidence`]; policy turns it into an [`Action`].

mod action;
mod artifact;
mod evidence;
mod extraction;
mod fact;
mod gap;
mod location;
mod sort;
mod verdict;

pub use action::{Action, Decision, Mode};
pub use artifact::{Artifact, ArtifactKind};
pub use evidence::{Evidence, Weight};
pub use extraction::{Extraction, Reference, ReferenceKind, Scope, ScopeKind, Subject};
pub use fact::{Fact, FactName};
pub use gap::{Gap, GapReason};
pub use location::Location;
pub use sort::{sort, sort_by};
pub use verdict::{Level, Verdict};
