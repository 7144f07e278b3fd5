//! `target/corpus/manifest.json`: every module that was built, what is expected of it, and its test vectors. The tests
//! in Rust and in node read it, and nothing else of the cases.

use super::case::{Case, Expect, Variant, Vector};
use super::rewrite;
use anyhow::{Context, Result};
use serde::Serialize;
use std::path::Path;

/// One module.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Module {
    /// From `target/corpus`, with `/`.
    pub(crate) path: String,
    group: String,
    case: String,
    /// Who wrote it: the crate whose C it is, what the build names, or this project.
    origin: String,
    about: String,
    expect: Expect,
    #[serde(skip_serializing_if = "Option::is_none")]
    known_failure: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    vectors: Vec<Vector>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unsupported: bool,
}

impl Module {
    /// A variant's own module and those rewritten from it.
    pub(crate) fn of(case: &Case, variant: &Variant) -> Vec<Self> {
        let author = variant.build.origin.as_ref().or(variant.build.vendor.as_ref());
        let module = |stem: String| Self {
            path: format!("{}/{}/{stem}.wasm", case.group, case.name),
            group: case.group.clone(),
            case: case.name.clone(),
            origin: author.cloned().unwrap_or_else(|| "davy".to_owned()),
            about: case.about.clone(),
            expect: variant.build.expect.clone().unwrap_or_else(|| case.expect.clone()),
            known_failure: case.known_failure(&stem).map(str::to_owned),
            vectors: variant.build.vector.clone(),
            unsupported: variant.build.unsupported,
        };
        rewrite::stems(variant).into_iter().map(module).collect()
    }
}

/// Writes the manifest, unless it stands there already.
pub(crate) fn write(path: &Path, modules: &[Module]) -> Result<()> {
    let mut text = serde_json::to_string_pretty(modules)?;
    text.push('\n');
    if std::fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
