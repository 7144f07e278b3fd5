//! Which finding of the new release is which of the old one.

use super::side::{Side, is_compared};
use crate::accept::fingerprint;
use crate::output::item::Change;
use crate::scan::analyse::Entry;
use std::collections::BTreeMap;

/// What became of each piece of evidence of each artifact; `None` where it is not compared.
pub(crate) type Changes = Vec<Vec<Option<Change>>>;

/// What one rule says of one artifact, at however many places.
struct Finding {
    entry: usize,
    rule: String,
    path: String,
    stable: String,
    sha256: Option<String>,
    change: Option<Change>,
}

/// By what two findings are the same, the surest first.
#[derive(Clone, Copy)]
enum By {
    /// They stand at the same path.
    Path,
    /// The artifact moved, and its bytes are the same.
    Bytes,
    /// The paths differ in a version or a hash of contents.
    StablePath,
}

/// Compares two releases: what became of the old one's evidence and of the new one's. What was before is only said of
/// the new one.
pub(crate) fn changes(old: &Side, new: &Side) -> (Changes, Changes) {
    let (mut olds, mut news) = (findings(old), findings(new));
    for by in [By::Path, By::Bytes, By::StablePath] {
        pair(&mut olds, &mut news, by);
    }
    for finding in &mut news {
        finding.change = finding.change.or(Some(Change::New));
    }
    for finding in &mut olds {
        finding.change = if finding.change.is_some() { None } else { Some(Change::Gone) };
    }
    (told(old, &olds), told(new, &news))
}

fn findings(side: &Side) -> Vec<Finding> {
    let mut all = Vec::new();
    for (index, entry) in side.entries.iter().enumerate() {
        let path = side.inner(&entry.path).to_owned();
        for rule in rules(entry) {
            let stable = fingerprint::stable(&path);
            let (path, sha256) = (path.clone(), entry.sha256.clone());
            all.push(Finding { entry: index, rule, path, stable, sha256, change: None });
        }
    }
    all
}

/// The rules that met in an artifact, each with its algorithms, once.
fn rules(entry: &Entry) -> Vec<String> {
    let compared = entry.verdict.evidence.iter().filter(|evidence| is_compared(entry, evidence));
    let mut all: Vec<String> = compared.map(|e| named(&e.rule, &e.algorithms)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn named(rule: &str, algorithms: &[String]) -> String {
    format!("{rule} {}", algorithms.join(","))
}

/// Pairs what has not found its like yet; of several, the first with the first.
fn pair(olds: &mut [Finding], news: &mut [Finding], by: By) {
    let key = |finding: &Finding| {
        let by = match by {
            By::Path => Some(finding.path.clone()),
            By::Bytes => finding.sha256.clone(),
            By::StablePath => Some(finding.stable.clone()),
        };
        by.map(|by| (finding.rule.clone(), by))
    };
    let mut open: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (index, old) in olds.iter().enumerate().rev().filter(|(_, old)| old.change.is_none()) {
        if let Some(key) = key(old) {
            open.entry(key).or_default().push(index);
        }
    }
    for new in news.iter_mut().filter(|new| new.change.is_none()) {
        let Some(index) = key(new).and_then(|key| open.get_mut(&key)).and_then(Vec::pop) else { continue };
        let same = new.sha256.is_some() && new.sha256 == olds[index].sha256;
        let change = if same { Change::Same } else { Change::Changed };
        (new.change, olds[index].change) = (Some(change), Some(change));
    }
}

/// The changes of findings, back at the pieces of evidence.
fn told(side: &Side, findings: &[Finding]) -> Changes {
    let mut by_rule: BTreeMap<(usize, &str), Option<Change>> = BTreeMap::new();
    for finding in findings {
        by_rule.insert((finding.entry, finding.rule.as_str()), finding.change);
    }
    let change = |index: usize, entry: &Entry| {
        let each = entry.verdict.evidence.iter().map(|evidence| {
            let rule = named(&evidence.rule, &evidence.algorithms);
            let compared = is_compared(entry, evidence);
            if compared { by_rule.get(&(index, rule.as_str())).copied().flatten() } else { None }
        });
        each.collect()
    };
    side.entries.iter().enumerate().map(|(index, entry)| change(index, entry)).collect()
}
