//! The files of a folder of rules, and the version that their content gives.

use super::{Problem, RuleFile};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Folders that hold rules; a rule's folder is the first part of its id.
pub(crate) const NAMESPACES: [&str; 7] = ["algorithm", "behaviour", "nursery", "page", "protocol", "script", "text"];
/// Folder of host lists.
pub(crate) const HOSTS: &str = "hosts";
/// The scoring file.
pub(crate) const SCORING: &str = "scoring.toml";

/// Reads every file that can mean something; other files (this folder's README, a NOTICE) are passed over.
pub(crate) fn read(folder: &Path) -> Result<Vec<RuleFile>, Vec<Problem>> {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    take(&folder.join(SCORING), SCORING.to_owned(), &mut files, &mut problems);
    for name in NAMESPACES {
        take_all(folder, name, "toml", &mut files, &mut problems);
    }
    take_all(folder, HOSTS, "txt", &mut files, &mut problems);
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

/// Reads the files of a folder of rules under test: laid out alike, but with only what is tried. What would mean nothing
/// there is a problem, since its author meant something by it.
pub(crate) fn read_trial(folder: &Path) -> Result<Vec<RuleFile>, Vec<Problem>> {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    if folder.join(SCORING).exists() {
        take(&folder.join(SCORING), SCORING.to_owned(), &mut files, &mut problems);
    }
    for name in NAMESPACES {
        take_all(folder, name, "toml", &mut files, &mut problems);
    }
    take_all(folder, HOSTS, "txt", &mut files, &mut problems);
    stray(folder, &mut problems);
    if files.is_empty() && problems.is_empty() {
        let namespaces = NAMESPACES.join("/, ");
        problems
            .push(Problem::new(".", format!("holds no rule: rules stand in {namespaces}/, host lists in {HOSTS}/")));
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

/// Rules where none are looked for, and a folder that cannot be listed.
fn stray(folder: &Path, problems: &mut Vec<Problem>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return problems.push(Problem::new(".", format!("cannot be listed: {error}"))),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_rule = |path: &Path| path.extension().is_some_and(|extension| extension == "toml");
        if is_rule(&entry.path()) && name != SCORING {
            problems
                .push(Problem::new(&name, format!("a rule stands in one of the folders {}", NAMESPACES.join(", "))));
        }
        let known = NAMESPACES.contains(&name.as_str()) || name == HOSTS;
        let inside = std::fs::read_dir(entry.path()).into_iter().flatten().flatten();
        if !known && inside.into_iter().any(|inner| is_rule(&inner.path())) {
            problems.push(Problem::new(&name, format!("no rules are read here, only in {}", NAMESPACES.join(", "))));
        }
    }
}

fn take_all(folder: &Path, name: &str, ending: &str, files: &mut Vec<RuleFile>, problems: &mut Vec<Problem>) {
    // A folder that is not there holds no rules.
    let Ok(entries) = std::fs::read_dir(folder.join(name)) else { return };
    for entry in entries {
        let path = match entry {
            Ok(entry) => entry.path(),
            Err(error) => {
                problems.push(Problem::new(name, format!("cannot be listed: {error}")));
                continue;
            }
        };
        if path.extension().is_some_and(|e| e == ending) {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            take(&path, format!("{name}/{file}"), files, problems);
        }
    }
}

fn take(path: &Path, name: String, files: &mut Vec<RuleFile>, problems: &mut Vec<Problem>) {
    match std::fs::read_to_string(path) {
        Ok(text) => files.push(RuleFile { path: name, text }),
        Err(error) => problems.push(Problem::new(&name, format!("cannot be read: {error}"))),
    }
}

/// The scoring file's version and the first 8 hex digits of a SHA-256 over all files, sorted by path.
pub(crate) fn version(scoring: &str, files: &[&RuleFile]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        // Lengths keep a file's end and the next file's name apart.
        hash.update((file.path.len() as u64).to_le_bytes());
        hash.update(&file.path);
        hash.update((file.text.len() as u64).to_le_bytes());
        hash.update(&file.text);
    }
    let digits: String = hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{scoring}-{digits}")
}
