//! Lawful packages: nothing in them is mining, and each kind stays below its own level. `lawful/expect.toml` has the levels.

use crate::judged::{all, fired, verdict};
use crate::manifest::root;
use davy_model::{Artifact, ArtifactKind, Level};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Fewest modules and scripts that the packages must hold, so that a half installed folder cannot pass.
const FEWEST_MODULES: usize = 15;
const FEWEST_SCRIPTS: usize = 100;

/// Longest script that is read here; the command reads longer ones.
const LONGEST_SCRIPT: u64 = 6 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Ceilings {
    at_most: BTreeMap<String, Level>,
}

struct Subject {
    package: String,
    path: PathBuf,
    kind: ArtifactKind,
}

#[test]
fn lawful_packages_stay_below_their_levels() {
    let folder = root().join("tests/corpus/lawful");
    let text = std::fs::read_to_string(folder.join("expect.toml")).expect("expect.toml stands beside the packages");
    let ceilings: Ceilings = toml::from_str(&text).expect("expect.toml has the levels");
    let modules = folder.join("node_modules");
    let mut subjects = Vec::new();
    for package in ceilings.at_most.keys() {
        let place = modules.join(package);
        assert!(place.is_dir(), "{package} is not installed; run `cargo xtask test`");
        collect(&place, package, &mut subjects);
    }
    let count = |kind| subjects.iter().filter(|subject| subject.kind == kind).count();
    assert!(count(ArtifactKind::Wasm) >= FEWEST_MODULES, "only {} modules", count(ArtifactKind::Wasm));
    assert!(count(ArtifactKind::Script) >= FEWEST_SCRIPTS, "only {} scripts", count(ArtifactKind::Script));
    let faults: Vec<String> =
        all(&subjects, |subject| fault(subject, ceilings.at_most[&subject.package])).into_iter().flatten().collect();
    assert!(faults.is_empty(), "{} of {} files:\n{}", faults.len(), subjects.len(), faults.join("\n"));
}

fn fault(subject: &Subject, ceiling: Level) -> Option<String> {
    let bytes = std::fs::read(&subject.path).expect("an installed file can be read");
    let path = subject.path.display().to_string();
    let verdict = verdict(&Artifact { path, kind: subject.kind, bytes: Cow::Owned(bytes) });
    let level = verdict.level();
    (level > ceiling)
        .then(|| format!("  {} is {level:?}, at most {ceiling:?}, by {:?}", subject.path.display(), fired(&verdict)))
}

/// The modules and scripts of a package, without the packages inside it.
fn collect(folder: &Path, package: &str, into: &mut Vec<Subject>) {
    let entries = std::fs::read_dir(folder).expect("an installed folder can be read");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            if name != "node_modules" {
                collect(&path, package, into);
            }
        } else if let Some(kind) = kind(&path) {
            into.push(Subject { package: package.to_owned(), path, kind });
        }
    }
}

fn kind(path: &Path) -> Option<ArtifactKind> {
    let short = || path.metadata().is_ok_and(|metadata| metadata.len() <= LONGEST_SCRIPT);
    match path.extension()?.to_str()? {
        "wasm" => Some(ArtifactKind::Wasm),
        "js" | "mjs" | "cjs" if short() => Some(ArtifactKind::Script),
        _ => None,
    }
}
