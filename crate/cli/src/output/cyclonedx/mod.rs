//! CycloneDX 1.6 as a bill of materials for cryptography: which modules and scripts can hash what, and where in them.
//! <https://cyclonedx.org/docs/1.6/json/>

mod algorithms;

use super::Form;
use super::item::Item;
use super::summary::Summary;
use davy_model::{ArtifactKind, Evidence, Location};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Places of one algorithm that are listed; a property says how many there are. Ten thousand places fill some 3 MB.
const OCCURRENCES: usize = 10_000;
/// Artifacts that are listed with what they implement.
const ARTIFACTS: usize = 10_000;

/// What was seen so far.
#[derive(Default)]
pub(crate) struct Cyclonedx {
    algorithms: BTreeMap<String, Seen>,
    /// Artifacts that implement something, by path.
    artifacts: BTreeMap<String, Artifact>,
}

/// One algorithm.
#[derive(Default)]
struct Seen {
    occurrences: Vec<Value>,
    count: usize,
}

/// One artifact.
struct Artifact {
    sha256: Option<String>,
    kind: ArtifactKind,
    level: &'static str,
    provides: BTreeSet<String>,
}

impl Cyclonedx {
    fn item(&mut self, item: &Item<'_>) {
        let entry = item.entry;
        // What a container or a page says of its parts is said there.
        let own = |evidence: &&Evidence| !matches!(evidence.location, Location::Artifact { .. });
        let mut provides = BTreeSet::new();
        for evidence in entry.verdict.evidence.iter().filter(own) {
            for name in &evidence.algorithms {
                provides.insert(name.clone());
                let seen = self.algorithms.entry(name.clone()).or_default();
                seen.count += 1;
                if seen.occurrences.len() < OCCURRENCES {
                    seen.occurrences.push(occurrence(&entry.path, evidence));
                }
            }
        }
        if !provides.is_empty() && self.artifacts.len() < ARTIFACTS {
            let level = super::text::level(entry.verdict.level());
            let artifact = Artifact { sha256: entry.sha256.clone(), kind: entry.kind, level, provides };
            self.artifacts.insert(entry.path.clone(), artifact);
        }
    }
}

impl Form for Cyclonedx {
    fn items(&mut self, items: &[Item<'_>], _: &mut dyn Write) -> io::Result<()> {
        items.iter().for_each(|item| self.item(item));
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let assets = self.algorithms.iter().map(|(name, seen)| asset(name, seen));
        let files = self.artifacts.iter().map(|(path, artifact)| file(path, artifact));
        let dependencies = self.artifacts.iter().map(|(path, artifact)| {
            let provides: Vec<String> = artifact.provides.iter().map(|name| reference(name)).collect();
            json!({ "ref": place(path), "provides": provides })
        });
        let document = json!({
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
            "metadata": {
                "tools": { "components": [{ "type": "application", "name": "davy", "version": summary.version }] },
                "properties": [
                    { "name": "davy:rules", "value": summary.rules },
                    { "name": "davy:artifacts", "value": summary.artifacts.to_string() },
                    { "name": "davy:complete", "value": summary.complete.to_string() },
                ],
            },
            "components": assets.chain(files).collect::<Vec<_>>(),
            "dependencies": dependencies.collect::<Vec<_>>(),
            // What was not read may hold more.
            "compositions": [{ "aggregate": if summary.complete { "complete" } else { "incomplete" } }],
        });
        serde_json::to_writer_pretty(&mut *out, &document)?;
        out.write_all(b"\n")
    }
}

fn reference(algorithm: &str) -> String {
    format!("crypto/algorithm/{algorithm}")
}

fn place(path: &str) -> String {
    format!("artifact/{path}")
}

fn asset(name: &str, seen: &Seen) -> Value {
    let known = algorithms::describe(name);
    let title = if known.title.is_empty() { name } else { known.title };
    json!({
        "type": "cryptographic-asset",
        "bom-ref": reference(name),
        "name": title,
        "cryptoProperties": {
            "assetType": "algorithm",
            "algorithmProperties": {
                "primitive": known.primitive,
                "executionEnvironment": "software-plain-ram",
                "implementationPlatform": "generic",
                "cryptoFunctions": [known.function],
            },
        },
        "properties": [
            { "name": "davy:algorithm", "value": name },
            { "name": "davy:occurrences", "value": seen.count.to_string() },
        ],
        "evidence": { "occurrences": seen.occurrences },
    })
}

fn file(path: &str, artifact: &Artifact) -> Value {
    let mut component = json!({
        "type": "file",
        "bom-ref": place(path),
        "name": path,
        "properties": [
            { "name": "davy:kind", "value": artifact.kind },
            { "name": "davy:level", "value": artifact.level },
        ],
    });
    if let Some(sha256) = &artifact.sha256 {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": sha256 }]);
    }
    component
}

fn occurrence(path: &str, evidence: &Evidence) -> Value {
    let mut value = json!({
        "location": path,
        "additionalContext": format!("{}: {}", evidence.rule, evidence.because),
    });
    match &evidence.location {
        Location::Bytes { start, .. } => value["offset"] = json!(start),
        Location::Function { index, start, .. } => {
            value["offset"] = json!(start);
            value["symbol"] = json!(format!("function {index}"));
        }
        Location::Line { line, .. } => value["line"] = json!(line),
        Location::Whole | Location::Url { .. } | Location::Artifact { .. } => {}
    }
    value
}
