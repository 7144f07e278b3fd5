//! The baseline that a scan writes: an entry for each finding, with what people wrote into the entries before.

use super::file::{self, Accepted};
use super::{date, fingerprint};
use crate::failure::{Failure, complain};
use crate::output::item::{repeats, tells};
use crate::scan::analyse::Entry;
use davy_model::Level;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Days for which a new entry holds: twice a year somebody looks again.
const DAYS: u64 = 180;

/// What is written at the end.
pub(crate) struct Record {
    path: PathBuf,
    today: String,
    /// Entries of before, by fingerprint: those of the baseline that is judged by, or of the file that is replaced.
    before: BTreeMap<String, Vec<Accepted>>,
    /// By path, rule and fingerprint: the order in which they are written. The hash tells miners at one path apart.
    entries: BTreeMap<(String, String, String, String), Accepted>,
}

impl Record {
    pub(crate) fn open(path: &Path, judged_by: &[Accepted], today: &str) -> Result<Self, Failure> {
        let replaced = if path.exists() { file::read(path)? } else { Vec::new() };
        let mut before: BTreeMap<String, Vec<Accepted>> = BTreeMap::new();
        for entry in judged_by.iter().cloned().chain(replaced) {
            before.entry(entry.fingerprint()).or_default().push(entry);
        }
        Ok(Self { path: path.to_owned(), today: today.to_owned(), before, entries: BTreeMap::new() })
    }

    /// Adds what is told of an artifact. What it says of its parts is accepted with them.
    pub(crate) fn add(&mut self, entry: &Entry, folder: &Path) {
        for evidence in entry.verdict.evidence.iter().filter(|evidence| tells(entry, evidence)) {
            if repeats(entry, evidence).is_some() {
                continue;
            }
            let path = fingerprint::placed(&entry.path, folder);
            let accepted = Accepted {
                rule: evidence.rule.clone(),
                path,
                algorithms: evidence.algorithms.clone(),
                level: evidence.weight.supports(),
                sha256: entry.sha256.clone(),
                reason: String::new(),
                expires: date::after(DAYS),
            };
            let accepted = self.with_reason(accepted);
            let sha256 = if accepted.level == Level::Mining { entry.sha256.clone() } else { None };
            let key =
                (accepted.path.clone(), accepted.rule.clone(), accepted.fingerprint(), sha256.unwrap_or_default());
            self.entries.entry(key).or_insert(accepted);
        }
    }

    /// Takes over reason and date of the entry that stood for it before. A miner's date is only changed by people, and its
    /// reason was given for its bytes.
    fn with_reason(&self, mut accepted: Accepted) -> Accepted {
        let mines = accepted.level == Level::Mining;
        let same = |old: &&Accepted| !mines || (old.sha256 == accepted.sha256 && old.level == Level::Mining);
        let before = self.before.get(&accepted.fingerprint()).and_then(|all| all.iter().find(same));
        match before {
            Some(old) => {
                accepted.reason.clone_from(&old.reason);
                if mines || old.expires >= self.today {
                    accepted.expires.clone_from(&old.expires);
                }
            }
            None if !mines => accepted.reason = format!("as it was on {}", self.today),
            None => {}
        }
        accepted
    }

    pub(crate) fn write(&self, quiet: bool) -> Result<(), Failure> {
        let all: Vec<Accepted> = self.entries.values().cloned().collect();
        let silent = all.iter().filter(|entry| entry.lacks_reason()).count();
        file::write(&self.path, all)?;
        if silent > 0 && !quiet {
            let shown = self.path.display();
            complain(&format!("{silent} entries of {shown} are mining: they accept nothing until each gives a reason"));
        }
        Ok(())
    }
}
