//! The examples that rules name, run: addresses as they are, cases of the corpus where they are built.

use crate::scan::analyse::{self, Settings};
use crate::scan::kind;
use davy_judge::Explanation;
use davy_model::{Artifact, ArtifactKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Where modules of a case are, and where its texts are, from the project's folder.
const PLACES: [&str; 2] = ["target/corpus", "tests/corpus"];

/// What became of examples.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Addresses that were judged.
    pub(crate) addresses: usize,
    /// Cases that were judged.
    pub(crate) cases: usize,
    /// Cases that are not here, or are no files to be judged alone.
    pub(crate) not_run: usize,
    /// What does not hold.
    pub(crate) problems: Vec<String>,
}

/// Runs examples with one set of rules.
pub(crate) struct Runner<'s> {
    settings: &'s Settings,
    project: Option<PathBuf>,
    /// Rules that fired, in each file of a case.
    cases: BTreeMap<String, Vec<BTreeSet<String>>>,
}

impl<'s> Runner<'s> {
    pub(crate) fn new(settings: &'s Settings) -> Self {
        let here = std::env::current_dir().unwrap_or_default();
        let project = here.ancestors().find(|folder| folder.join(PLACES[1]).is_dir()).map(Path::to_path_buf);
        Self { settings, project, cases: BTreeMap::new() }
    }

    /// Runs the examples of a rule.
    pub(crate) fn run(&mut self, rule: &Explanation, outcome: &mut Outcome) {
        let wanted = rule.matches.iter().map(|example| (example, true));
        for (example, must) in wanted.chain(rule.rejects.iter().map(|example| (example, false))) {
            let fired = if is_address(example) {
                outcome.addresses += 1;
                self.address(example).contains(&rule.id)
            } else {
                let files = self.case(example);
                if files.is_empty() {
                    outcome.not_run += 1;
                    continue;
                }
                outcome.cases += 1;
                files.iter().any(|fired| fired.contains(&rule.id))
            };
            if fired != must {
                let what = if must { "does not hold in" } else { "holds in" };
                let list = if must { "match" } else { "reject" };
                outcome.problems.push(format!("{}: {what} {example}, which `examples.{list}` names", rule.id));
            }
        }
    }

    fn address(&self, address: &str) -> BTreeSet<String> {
        let is_socket = address.starts_with("ws:") || address.starts_with("wss:");
        let kind = if is_socket { ArtifactKind::Websocket } else { ArtifactKind::Request };
        self.fired(Artifact { path: address.to_owned(), kind, bytes: address.as_bytes().into() })
    }

    fn fired(&self, artifact: Artifact<'_>) -> BTreeSet<String> {
        let found = analyse::analyse(artifact, None, self.settings);
        let evidence = found.entries.into_iter().flat_map(|entry| entry.verdict.evidence);
        evidence.map(|evidence| evidence.rule).collect()
    }

    fn case(&mut self, case: &str) -> Vec<BTreeSet<String>> {
        if let Some(known) = self.cases.get(case) {
            return known.clone();
        }
        let folders = self.project.iter().flat_map(|project| PLACES.map(|place| project.join(place).join(case)));
        let mut files: Vec<PathBuf> =
            folders.flat_map(|folder| fs::read_dir(folder).into_iter().flatten()).flatten().map(|e| e.path()).collect();
        files.sort();
        let read = |path: &PathBuf| {
            let bytes = fs::read(path).ok()?;
            let name = path.file_name()?.to_string_lossy();
            let kind = kind::of_file(&name, &bytes[..bytes.len().min(kind::HEAD)], bytes.len() as u64)?;
            Some(self.fired(Artifact { path: name.into_owned(), kind, bytes: bytes.into() }))
        };
        let fired: Vec<BTreeSet<String>> = files.iter().filter_map(read).collect();
        self.cases.insert(case.to_owned(), fired.clone());
        fired
    }
}

fn is_address(example: &str) -> bool {
    example.contains("://")
}
