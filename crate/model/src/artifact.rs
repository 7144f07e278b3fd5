//! What is read: bytes with a path and a kind.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One thing to read. Borrowed where the caller holds the bytes, owned where a parent artifact produced them.
#[derive(Debug, Clone)]
pub struct Artifact<'a> {
    /// The outer path, then `!/` and the inner name for what was found inside (contract: `path`).
    pub path: String,
    /// What the bytes are, decided by content first and name second.
    pub kind: ArtifactKind,
    /// The bytes themselves; for a request or WebSocket its address as UTF-8.
    pub bytes: Cow<'a, [u8]>,
}

/// The kinds of artifact, in the words of the command line's contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactKind {
    /// A WebAssembly binary module.
    Wasm,
    /// A JavaScript program: classic script, module or worker.
    Script,
    /// An HTML document.
    Page,
    /// A WGSL or GLSL program.
    Shader,
    /// A WebSocket: its address, later its frames.
    Websocket,
    /// Any other request: its address.
    Request,
    /// Something that holds artifacts: a folder, an archive, a capture.
    Container,
}
