//! One file: read, judged, timed.

use super::manifest::Item;
use crate::families::Families;
use crate::judged;
use crate::without::Rules;
use anyhow::{Context as _, Result};
use davy_judge::Context;
use davy_model::{Artifact, ArtifactKind, Level};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;
use wasmparser::{Parser, Payload};

/// What came of one file.
#[derive(Debug)]
pub(crate) struct Scored {
    /// SHA-256 of its code section, or of the whole where there is none.
    pub(crate) code: String,
    pub(crate) bytes: usize,
    pub(crate) is_wasm: bool,
    pub(crate) level: Level,
    pub(crate) algorithms: Vec<String>,
    pub(crate) rules: Vec<String>,
    /// What was lost, when something was.
    pub(crate) lost: Option<String>,
    /// Milliseconds to read and judge.
    pub(crate) davy: f64,
    /// Milliseconds for one pass over all operators, of a module.
    pub(crate) plain: f64,
    /// The level by the rules without its own family.
    pub(crate) without_own: Option<Level>,
}

/// A family and the rules that do not know it.
pub(crate) type LeftOut = (String, Rules);

/// Rules for each family of the manifest without that family.
pub(crate) fn left_out(items: &[Item], without: &[String], families: &Families) -> Result<Vec<LeftOut>> {
    let present: BTreeSet<&str> =
        items.iter().filter(|item| item.mines).filter_map(|item| families.name_of(&item.family)).collect();
    let of = |name: &str| {
        let names: Vec<String> = without.iter().cloned().chain([name.to_owned()]).collect();
        Ok((name.to_owned(), Rules::without(&names, families)?))
    };
    present.into_iter().map(of).collect()
}

/// Reads and judges one file.
pub(crate) fn one(folder: &Path, item: &Item, rules: &Rules, left_out: &[LeftOut]) -> Result<Scored> {
    let path = folder.join(&item.path);
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let artifact = judged::artifact(item.path.clone(), bytes);
    let socket = item.context.as_deref().and_then(judged::socket);
    let of = |tree: &judged::Tree, rules: &Rules| {
        let own = judged::judge(tree, rules, &Context::default());
        judged::in_page(own, &item.path, socket.as_ref(), rules)
    };
    let start = Instant::now();
    let tree = judged::read(&artifact);
    let verdict = of(&tree, rules);
    let davy = start.elapsed().as_secs_f64() * 1e3;
    let is_wasm = artifact.kind == ArtifactKind::Wasm;
    let without_own =
        left_out.iter().find(|(name, _)| item.mines && *name == item.family).map(|(_, rules)| of(&tree, rules).level());
    let mut fired: Vec<String> = verdict.evidence.iter().map(|evidence| evidence.rule.clone()).collect();
    fired.sort();
    fired.dedup();
    Ok(Scored {
        code: code(&artifact),
        bytes: artifact.bytes.len(),
        is_wasm,
        level: verdict.level(),
        algorithms: verdict.algorithms(),
        rules: fired,
        lost: verdict.gaps.iter().find(|gap| gap.reason.is_lost()).map(|gap| gap.because.clone()),
        davy,
        plain: if is_wasm { plain(&artifact.bytes) } else { 0.0 },
        without_own,
    })
}

/// What makes two files the same: the code section. Names, data and custom sections do not.
fn code(artifact: &Artifact<'_>) -> String {
    let bytes = &artifact.bytes;
    let section = Parser::new(0).parse_all(bytes).find_map(|payload| match payload {
        Ok(Payload::CodeSectionStart { unchecked_range: range, .. }) => {
            bytes.get(range.start as usize..(range.end as usize).min(bytes.len()))
        }
        _ => None,
    });
    let digest = Sha256::digest(section.unwrap_or(bytes));
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Milliseconds to decode every operator and do nothing with it: what any analysis pays at least.
fn plain(bytes: &[u8]) -> f64 {
    let start = Instant::now();
    std::hint::black_box(operators(bytes));
    start.elapsed().as_secs_f64() * 1e3
}

/// Decodes every operator of a module; how many there are.
pub(crate) fn operators(bytes: &[u8]) -> u64 {
    let mut operators = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        let Ok(Payload::CodeSectionEntry(body)) = payload else { continue };
        let Ok(reader) = body.get_operators_reader() else { continue };
        operators += reader.into_iter().map_while(Result::ok).map(std::hint::black_box).count() as u64;
    }
    operators
}
