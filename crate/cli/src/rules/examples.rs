//! The examples that rules name, run: addresses as they are, cases of the corpus where they are built.

use super::page::Page;
use super::transcript;
use crate::scan::analyse::{self, Entry, Settings};
use crate::scan::kind;
use davy_judge::{Explanation, judge, judge_page};
use davy_model::{Artifact, ArtifactKind, Evidence};
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
    /// Cases that are not here, or not built.
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
        fired(self.socket(address))
    }

    fn socket(&self, address: &str) -> Vec<Entry> {
        let is_socket = address.starts_with("ws:") || address.starts_with("wss:");
        let kind = if is_socket { ArtifactKind::Websocket } else { ArtifactKind::Request };
        self.analysed(Artifact { path: address.to_owned(), kind, bytes: address.as_bytes().into() })
    }

    fn analysed(&self, artifact: Artifact<'_>) -> Vec<Entry> {
        analyse::analyse(artifact, None, 0, self.settings).entries
    }

    /// A file, where it is one to be judged.
    fn file(&self, path: &Path) -> Option<Vec<Entry>> {
        let bytes = fs::read(path).ok()?;
        let name = path.file_name()?.to_string_lossy();
        let kind = kind::of_file(&name, &bytes[..bytes.len().min(kind::HEAD)], bytes.len() as u64);
        // Other texts are looked through; what says how a case is judged is none of it.
        let kind = kind.or_else(|| (name != "case.toml").then_some(ArtifactKind::Container))?;
        Some(self.analysed(Artifact { path: name.into_owned(), kind, bytes: bytes.into() }))
    }

    /// Where a path of the corpus may be.
    fn places(&self, path: &str) -> impl Iterator<Item = PathBuf> {
        self.project.iter().flat_map(move |project| PLACES.map(|place| project.join(place).join(path)))
    }

    /// A socket's messages, where the case is a transcript.
    fn transcript(&self, case: &str) -> Option<BTreeSet<String>> {
        let text = self.places(&format!("{case}.txt")).find_map(|path| fs::read_to_string(path).ok())?;
        let extraction = transcript::read(&text)?;
        Some(ids(judge(self.settings.rules, &extraction, &self.settings.context).evidence))
    }

    /// What a page's parts mean together; nothing where one of them is not built.
    fn page(&self, case: &str) -> Option<BTreeSet<String>> {
        let text = self.places(&format!("{case}/case.toml")).find_map(|path| fs::read_to_string(path).ok())?;
        let page = Page::read(&text)?;
        let part = |path: &str| self.places(path).find_map(|place| self.file(&place));
        let files: Option<Vec<Vec<Entry>>> = page.files().map(part).collect();
        let sockets = page.addresses.iter().map(|address| self.socket(address));
        let parts: Vec<Entry> = files?.into_iter().chain(sockets).flatten().collect();
        let parts = parts.iter().map(|entry| (entry.path.as_str(), &entry.verdict));
        Some(ids(judge_page(self.settings.rules, parts)))
    }

    /// The files of a case that can be judged alone.
    fn files(&self, case: &str) -> Vec<Vec<Entry>> {
        let entries = self.places(case).flat_map(|folder| fs::read_dir(folder).into_iter().flatten());
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        files.iter().filter_map(|path| self.file(path)).collect()
    }

    fn case(&mut self, case: &str) -> Vec<BTreeSet<String>> {
        if let Some(known) = self.cases.get(case) {
            return known.clone();
        }
        let files: Vec<BTreeSet<String>> = if case.starts_with("page/") {
            self.page(case).into_iter().collect()
        } else if case.starts_with("frames/") {
            self.transcript(case).into_iter().collect()
        } else {
            self.files(case).into_iter().map(fired).collect()
        };
        self.cases.insert(case.to_owned(), files.clone());
        files
    }
}

/// Rules that fired in a thing or inside of it.
fn fired(entries: Vec<Entry>) -> BTreeSet<String> {
    ids(entries.into_iter().flat_map(|entry| entry.verdict.evidence))
}

/// Rules that gave evidence.
fn ids(evidence: impl IntoIterator<Item = Evidence>) -> BTreeSet<String> {
    evidence.into_iter().map(|evidence| evidence.rule).collect()
}

fn is_address(example: &str) -> bool {
    example.contains("://")
}
