//! Where a fact was read, so that a person can go and look.

use serde::{Deserialize, Serialize};

/// A place inside an artifact, or the artifact as a whole. Offsets are bytes from the artifact's first byte.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Location {
    /// The whole artifact.
    Whole,
    /// A range of bytes, `start` inclusive, `end` exclusive.
    Bytes {
        /// First byte.
        start: u32,
        /// One past the last byte.
        end: u32,
    },
    /// A WebAssembly function, or a part of its body.
    Function {
        /// Index in the function index space: imports come first, as in `wasm-objdump`.
        index: u32,
        /// First byte of the part of the body that is meant.
        start: u32,
        /// One past the last byte of that part.
        end: u32,
    },
    /// A place in a text, both counted from 1.
    Line {
        /// Line.
        line: u32,
        /// Column in UTF-16 units.
        column: u32,
    },
    /// An address that was asked for.
    Url {
        /// The address in canonical form.
        url: String,
    },
    /// Another artifact, inside this one.
    Artifact {
        /// Path of the inner artifact.
        path: String,
    },
}
