//! The rules that this build carries, decoded once.

use crate::{Catalogue, RuleSet};
use std::sync::OnceLock;

/// Written by the build script, which also decodes them again to prove that they can be read.
const RULES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.postcard"));
const CATALOGUE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalogue.postcard"));

impl RuleSet {
    /// The rules this build carries.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static DECODED: OnceLock<RuleSet> = OnceLock::new();
        // A table that cannot be read becomes an empty one, and judging with that is never called clean.
        DECODED.get_or_init(|| postcard::from_bytes(RULES).unwrap_or_default())
    }
}

impl Catalogue {
    /// The explanations of the rules this build carries.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static DECODED: OnceLock<Catalogue> = OnceLock::new();
        DECODED.get_or_init(|| postcard::from_bytes(CATALOGUE).unwrap_or_default())
    }
}

#[cfg(feature = "reader")]
impl crate::reader::RuleFile {
    /// The files from which the rules of this build were compiled.
    #[must_use]
    pub fn builtin() -> Vec<Self> {
        const FILES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/files.postcard"));
        postcard::from_bytes(FILES).unwrap_or_default()
    }
}
