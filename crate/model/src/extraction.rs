//! What reading one artifact gave: facts by scope, gaps, and artifacts found inside.

use crate::{Artifact, ArtifactKind, Fact, Gap, Location};

/// Everything that was read from one artifact. Extraction never fails: what could not be read is a gap.
#[derive(Debug, Clone)]
pub struct Extraction {
    /// What was read.
    pub subject: Subject,
    /// Places in which facts meet, outermost first: the whole artifact is always the first.
    pub scopes: Vec<Scope>,
    /// What was not read.
    pub gaps: Vec<Gap>,
    /// Artifacts found inside this one.
    pub children: Vec<Artifact<'static>>,
    /// Where in this artifact each of [`Self::children`] starts, in their order; children beyond its end stand at no one
    /// place.
    pub places: Vec<Location>,
    /// Other things that this one brings in by address, in the order of the text, each (kind, address) once.
    pub references: Vec<Reference>,
}

/// Something that an artifact brings in by an address that stands in it as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What it is brought in as.
    pub kind: ReferenceKind,
    /// The address: absolute with a scheme, or as a path from the artifact's own place. What a page's `<base>` says has
    /// been applied.
    pub address: String,
    /// Where it is named.
    pub location: Location,
}

/// What a thing is brought in as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReferenceKind {
    /// A classic script of a page, or one that a worker imports.
    Script,
    /// A module: of a page, imported, preloaded or in an import map.
    Module,
    /// The script of a worker, shared worker, service worker or worklet.
    Worker,
    /// Data that a script fetches: a WebAssembly module, a shader's text.
    Data,
    /// A document in a frame.
    Frame,
    /// A WebSocket.
    Socket,
}

/// The artifact that an extraction speaks of, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Path as in [`Artifact::path`].
    pub path: String,
    /// Kind as in [`Artifact::kind`].
    pub kind: ArtifactKind,
    /// Length in bytes.
    pub bytes: u64,
}

/// A place in which facts meet. Facts of a scope include those of everything it calls, so that a rule about one
/// scope never adds up unrelated corners of a large program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// What kind of place.
    pub kind: ScopeKind,
    /// Where it is.
    pub location: Location,
    /// The function that the scope is about; none for the artifact's own.
    pub own: Option<u32>,
    /// Functions that belong to the scope (its own and those that it calls), ascending: WebAssembly's by their index, a
    /// program's by their number in it; empty elsewhere.
    pub functions: Vec<u32>,
    /// The facts that meet here, ordered by name, text and value; each (name, text, value) at most once.
    pub facts: Vec<Fact>,
}

/// Kinds of scope, from the widest to the narrowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScopeKind {
    /// Everything that one page, package or folder brings together: its artifacts have been judged, and a rule about it
    /// asks which rules they met. No extraction holds such a scope.
    Page,
    /// The whole artifact.
    Artifact,
    /// A function with everything it calls directly or through other functions.
    Function,
    /// An outermost loop with its inner loops and everything called from inside it.
    Loop,
}
