//! What somebody has looked at and accepted, so that a gate speaks only of what is new.
//!
//! A finding is accepted by an entry of the baseline with its rule, its algorithms and its path, until the entry's date.
//! Code that mines is never accepted silently: its entry must give a reason, and holds for those bytes alone.

mod date;
mod file;
pub(crate) mod fingerprint;
mod record;

pub(crate) use file::Accepted;

use crate::args::Options;
use crate::failure::{Failure, complain};
use crate::output::item::{Item, Note, is_told_inside, repeats};
use crate::scan::analyse::Entry;
use davy_model::{Evidence, Level};
use record::Record;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Entries that are named one by one when something is wrong with them.
const NAMED: usize = 5;

/// The baseline of one scan.
pub(crate) struct Acceptance {
    path: Option<PathBuf>,
    entries: Vec<Accepted>,
    /// Entries by fingerprint.
    prints: BTreeMap<String, Vec<usize>>,
    /// Entries by rule and stable path: what containers and pages say of their parts.
    places: BTreeMap<(String, String), Vec<usize>>,
    /// Whether an entry matched anything.
    used: Vec<bool>,
    /// Pieces of evidence that were accepted.
    accepted: u64,
    folder: PathBuf,
    today: String,
    /// Folders that are scanned whole: what lies in them has a line of its own.
    folders: Vec<PathBuf>,
    record: Option<Record>,
}

impl Acceptance {
    /// Reads the baseline that the command line names, and prepares the one that it asks for.
    pub(crate) fn open(options: &Options, paths: &[PathBuf]) -> Result<Self, Failure> {
        let (folder, today) = (std::env::current_dir().unwrap_or_default(), date::today());
        let entries = options.baseline.as_deref().map(file::read).transpose()?.unwrap_or_default();
        let record = options.write_baseline.as_deref().map(|path| Record::open(path, &entries, &today)).transpose()?;
        let (mut prints, mut places) = (BTreeMap::<_, Vec<usize>>::new(), BTreeMap::<_, Vec<usize>>::new());
        for (index, entry) in entries.iter().enumerate() {
            prints.entry(entry.fingerprint()).or_default().push(index);
            let place = (entry.rule.clone(), fingerprint::stable(&entry.path));
            places.entry(place).or_default().push(index);
        }
        let (path, used) = (options.baseline.clone(), vec![false; entries.len()]);
        let folders = paths.iter().filter(|path| path.is_dir()).cloned().collect();
        Ok(Self { path, entries, prints, places, used, accepted: 0, folder, today, folders, record })
    }

    /// How many pieces of evidence were accepted, where there is a baseline.
    pub(crate) fn accepted(&self) -> Option<u64> {
        self.path.is_some().then_some(self.accepted)
    }

    /// An artifact and those inside of it with what is accepted of them, outermost first.
    pub(crate) fn items<'a>(&'a mut self, entries: &'a [Entry]) -> Vec<Item<'a>> {
        if let Some(record) = &mut self.record {
            entries.iter().for_each(|entry| record.add(entry, &self.folder));
        }
        if self.path.is_none() {
            return entries.iter().map(|entry| Item { entry, notes: Vec::new() }).collect();
        }
        let found: Vec<Vec<Option<usize>>> = entries.iter().map(|entry| self.judge(entry)).collect();
        let note = |index: Option<usize>| Note { accepted: index.map(|index| &self.entries[index]), change: None };
        let item =
            |(entry, all): (&'a Entry, Vec<Option<usize>>)| Item { entry, notes: all.into_iter().map(note).collect() };
        entries.iter().zip(found).map(item).collect()
    }

    /// For each piece of evidence the entry that accepts it.
    fn judge(&mut self, entry: &Entry) -> Vec<Option<usize>> {
        let all: Vec<Option<usize>> = entry.verdict.evidence.iter().map(|e| self.find(entry, e)).collect();
        for &index in all.iter().flatten() {
            self.used[index] = true;
        }
        let counted = entry.verdict.evidence.iter().zip(&all);
        let counted = counted.filter(|(e, index)| index.is_some() && !is_told_inside(entry, e));
        self.accepted += u64::try_from(counted.count()).unwrap_or(u64::MAX);
        all
    }

    fn find(&self, entry: &Entry, evidence: &Evidence) -> Option<usize> {
        let level = evidence.weight.supports();
        if let Some(path) = repeats(entry, evidence) {
            return self.find_part(path, &evidence.rule, level);
        }
        let path = fingerprint::placed(&entry.path, &self.folder);
        let print = fingerprint::of(&evidence.rule, &evidence.algorithms, &path);
        let holds = |index: &usize| self.entries[*index].holds(level, entry.sha256.as_deref(), &self.today);
        self.prints.get(&print)?.iter().copied().find(holds)
    }

    /// What is said of a part, or of what is inside of that, was accepted with it. Whether its bytes are still the same is
    /// judged at its own line; where it has none, here.
    fn find_part(&self, path: &str, rule: &str, level: Level) -> Option<usize> {
        let has_line = path.contains("!/") || self.folders.iter().any(|folder| Path::new(path).starts_with(folder));
        let sha256 = if has_line || level < Level::Mining { None } else { file::sha256(Path::new(path)) };
        let stable = fingerprint::stable(&fingerprint::placed(path, &self.folder));
        let from = (rule.to_owned(), stable.clone());
        let near =
            self.places.range(from..).take_while(|((other, path), _)| other == rule && path.starts_with(&stable));
        let inside =
            near.filter(|((_, path), _)| path[stable.len()..].is_empty() || path[stable.len()..].starts_with("!/"));
        let holds = |index: &usize| {
            let entry = &self.entries[*index];
            let bytes = if has_line { entry.sha256.as_deref() } else { sha256.as_deref() };
            entry.holds(level, bytes, &self.today)
        };
        inside.flat_map(|(_, indices)| indices).copied().find(holds)
    }

    /// Writes what was asked for and says what is wrong with the baseline.
    pub(crate) fn finish(&self, quiet: bool) -> Result<(), Failure> {
        if let (Some(path), false) = (&self.path, quiet) {
            let shown = path.display();
            let expired = |entry: &&Accepted| entry.expires < self.today;
            self.tell(&format!("entries of {shown} have expired"), self.entries.iter().filter(expired));
            let silent = |entry: &&Accepted| entry.lacks_reason();
            self.tell(
                &format!("entries of {shown} are mining without a reason or a hash, and accept nothing"),
                self.entries.iter().filter(silent),
            );
            let stale = self.entries.iter().zip(&self.used).filter(|(_, used)| !**used).map(|(entry, _)| entry);
            let stale = stale.filter(|entry| entry.expires >= self.today && !entry.lacks_reason());
            self.tell(&format!("entries of {shown} match nothing"), stale);
        }
        self.record.as_ref().map_or(Ok(()), |record| record.write(quiet))
    }

    fn tell<'e>(&self, what: &str, entries: impl Iterator<Item = &'e Accepted>) {
        let all: Vec<String> = entries.map(|entry| format!("{} in {}", entry.rule, entry.path)).collect();
        if !all.is_empty() {
            let more = if all.len() > NAMED { ", …" } else { "" };
            let named: Vec<&str> = all.iter().take(NAMED).map(String::as_str).collect();
            complain(&format!("{} {what}: {}{more}", all.len(), named.join(", ")));
        }
    }
}
