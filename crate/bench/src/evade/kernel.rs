//! What is attacked: kernels of `target/corpus/mining` that have test vectors, one of each case and algorithm.

use crate::families::Families;
use crate::judged;
use crate::root::root;
use crate::without::Rules;
use anyhow::{Context, Result, bail};
use davy_model::{Artifact, Level, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An input and what the algorithm makes of it, in hex.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Vector {
    pub(crate) input: String,
    pub(crate) output: String,
}

/// A module to attack.
#[derive(Debug)]
pub(crate) struct Kernel {
    /// Its file's stem, after its case where that does not begin with it.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) vectors: Vec<Vector>,
    /// What else its page holds: a pool's socket beside hashes that have lawful uses too.
    pub(crate) socket: Option<Artifact<'static>>,
    /// What it is judged to be before anything is done to it.
    pub(crate) level: Level,
}

impl Kernel {
    /// The verdict over a mutant of it, in the kernel's page.
    pub(crate) fn judge(&self, bytes: &[u8], rules: &Rules) -> Verdict {
        judged::in_page(judged::of_wasm(bytes, rules), "", self.socket.as_ref(), rules)
    }
}

/// A kernel rewritten.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mutant {
    pub(crate) bytes: Vec<u8>,
    /// What its exports are called now, by their old names.
    pub(crate) names: BTreeMap<String, String>,
}

impl Mutant {
    /// A mutant whose exports kept their names.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        Self { bytes, names: BTreeMap::new() }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    path: String,
    group: String,
    case: String,
    #[serde(default)]
    expect: Expect,
    known_failure: Option<String>,
    #[serde(default)]
    vectors: Vec<Vector>,
    #[serde(default)]
    unsupported: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Expect {
    algorithms: Vec<String>,
}

/// The kernels that the names choose, all of them without names: by file, by case, or as the tables name them.
pub(crate) fn choose(names: &[String], rules: &Rules) -> Result<Vec<Kernel>> {
    let corpus = root().join("target/corpus");
    let path = corpus.join("manifest.json");
    let text = std::fs::read_to_string(&path).with_context(|| format!("{} is missing", path.display()))?;
    let entries: Vec<Entry> = serde_json::from_str(&text).context("the manifest is not xtask's")?;
    let families = Families::read()?;
    let mut seen = BTreeSet::new();
    let mut kernels = Vec::new();
    for entry in entries.iter().filter(|entry| is_kernel(entry)) {
        let stem = entry.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".wasm");
        // Two cases may call a file the same.
        let own = if stem.starts_with(&entry.case) { stem.to_owned() } else { format!("{} {stem}", entry.case) };
        let is_named = names.is_empty() || names.iter().any(|name| [stem, &entry.case, &own].contains(&name.as_str()));
        // Of a case whose kernels name different algorithms, one of each.
        if !is_named || !seen.insert((&entry.case, &entry.expect.algorithms)) {
            continue;
        }
        let file = corpus.join(&entry.path);
        let bytes = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let context = families.get(&entry.case).ok().and_then(|family| family.context.as_deref());
        let mut kernel = Kernel {
            name: own,
            bytes,
            vectors: entry.vectors.clone(),
            socket: context.and_then(judged::socket),
            level: Level::Clean,
        };
        kernel.level = kernel.judge(&kernel.bytes, rules).level();
        kernels.push(kernel);
    }
    if kernels.is_empty() {
        bail!("no kernel with a test vector is called {}", names.join(" or "));
    }
    Ok(kernels)
}

fn is_kernel(entry: &Entry) -> bool {
    let rewritten = ["-mutate-", "-wasm-opt"].iter().any(|way| entry.path.contains(way));
    entry.group == "mining"
        && !entry.vectors.is_empty()
        && !entry.unsupported
        && !rewritten
        && entry.known_failure.is_none()
        && !entry.expect.algorithms.is_empty()
}
