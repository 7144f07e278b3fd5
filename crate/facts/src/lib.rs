//! Bytes to facts: reads everything, judges nothing, knows no rule.

mod frame;
pub mod limits;
#[cfg(feature = "script")]
mod page;
#[cfg(feature = "files")]
mod plain;
#[cfg(feature = "script")]
mod reference;
mod request;
#[cfg(feature = "script")]
mod script;
#[cfg(feature = "script")]
mod shader;
mod wasm;

use davy_model::{Artifact, ArtifactKind, Extraction, Location, Scope, ScopeKind, Subject};
pub use frame::{Direction, FrameReader};
pub use limits::Limits;
#[cfg(feature = "files")]
pub use plain::is_read as is_read_as_text;

/// Reads an artifact. A container's own bytes are read as those of a text or executable: what it holds is somebody else's
/// to take out. Never fails and never panics: what could not be read is a gap of the extraction.
#[must_use]
pub fn extract(artifact: &Artifact<'_>, limits: &Limits) -> Extraction {
    let mut extraction = empty(artifact);
    match artifact.kind {
        ArtifactKind::Wasm => wasm::extract(&artifact.bytes, None, limits, &mut extraction),
        #[cfg(feature = "script")]
        ArtifactKind::Script => script::extract(artifact, limits, &mut extraction),
        #[cfg(feature = "script")]
        ArtifactKind::Page => page::extract(artifact, limits, &mut extraction),
        #[cfg(feature = "script")]
        ArtifactKind::Shader => shader::extract(artifact, limits, &mut extraction),
        ArtifactKind::Websocket | ArtifactKind::Request => request::extract(&artifact.bytes, limits, &mut extraction),
        #[cfg(feature = "files")]
        ArtifactKind::Container => plain::extract(artifact, &mut extraction),
        #[cfg(not(feature = "files"))]
        _ => {}
    }
    extraction
}

/// Reads a module once more, with what its linear memory holds after it has started in place of its data segments: what
/// it decrypted or computed by then can be recognised. `memory` begins at address 0; the caller bounds its length
/// ([`limits::STARTED_BYTES`]).
#[must_use]
pub fn extract_started(module: &Artifact<'_>, memory: &[u8], limits: &Limits) -> Extraction {
    let mut extraction = empty(module);
    if module.kind == ArtifactKind::Wasm {
        wasm::extract(&module.bytes, Some(memory), limits, &mut extraction);
    }
    extraction
}

/// The address that `address` means in a document whose own address is `base`; none for what names no other thing.
#[cfg(feature = "script")]
#[must_use]
pub fn resolve(base: &str, address: &str) -> Option<String> {
    reference::join(&reference::Base::new(base.to_owned()), address)
}

/// Whether a script's words make somebody read it as a program: others are passed over after a first look. Says nothing about
/// whether it can be parsed.
#[cfg(feature = "script")]
#[must_use]
pub fn is_read_as_program(script: &[u8]) -> bool {
    script::is_read_as_program(script)
}

/// An extraction that has read nothing yet: the artifact's own scope, without facts.
fn empty(artifact: &Artifact<'_>) -> Extraction {
    Extraction {
        subject: Subject { path: artifact.path.clone(), kind: artifact.kind, bytes: artifact.bytes.len() as u64 },
        scopes: vec![Scope {
            kind: ScopeKind::Artifact,
            location: Location::Whole,
            own: None,
            functions: Vec::new(),
            facts: Vec::new(),
        }],
        gaps: Vec::new(),
        children: Vec::new(),
        places: Vec::new(),
        references: Vec::new(),
    }
}
