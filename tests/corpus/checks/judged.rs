//! Reading and judging as the command does it: a thing and all that is found inside it, on all processors.

use davy_facts::{Limits, extract};
use davy_judge::{Catalogue, Context, RuleSet, from_children, judge};
use davy_model::{Artifact, ArtifactKind, Level, Verdict};
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::Mutex;

/// Artifacts inside artifacts that are followed.
const DEPTH: usize = 4;

/// The verdict over an artifact and everything inside it.
pub(crate) fn verdict(artifact: &Artifact<'_>) -> Verdict {
    at_depth(artifact, DEPTH)
}

/// The verdict over a module's bytes.
pub(crate) fn of_wasm(bytes: &[u8]) -> Verdict {
    verdict(&Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(bytes) })
}

fn at_depth(artifact: &Artifact<'_>, depth: usize) -> Verdict {
    let extraction = extract(artifact, &Limits::default());
    let own = judge(RuleSet::builtin(), &extraction, &Context::default());
    if depth == 0 || extraction.children.is_empty() {
        return own;
    }
    let inner: Vec<Verdict> = extraction.children.iter().map(|child| at_depth(child, depth - 1)).collect();
    let paths = extraction.children.iter().map(|child| child.path.as_str());
    from_children(RuleSet::builtin(), own, paths.zip(&inner))
}

/// `work` over every item, on all processors; results keep the order of the items.
pub(crate) fn all<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let queue = Mutex::new(items.iter().enumerate());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let next = || queue.lock().expect("no worker panics while it holds the queue").next();
    let worker = || {
        let mut done = Vec::new();
        while let Some((index, item)) = next() {
            done.push((index, work(item)));
        }
        done
    };
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("judging never panics")).collect()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Rules that fired, each once, in order.
pub(crate) fn fired(verdict: &Verdict) -> Vec<&str> {
    let mut rules: Vec<&str> = verdict.evidence.iter().map(|evidence| evidence.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// The verdict over a text.
pub(crate) fn of(kind: ArtifactKind, text: &str) -> Verdict {
    verdict(&Artifact { path: "x".to_owned(), kind, bytes: Cow::Borrowed(text.as_bytes()) })
}

/// What the case of a text says, shaders among them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct TextCase {
    #[serde(rename = "about")]
    _about: String,
    /// For a look-alike: what it shares with a miner's.
    #[serde(rename = "near-miss", default)]
    _near_miss: Option<String>,
    pub(crate) level: Level,
    rules: Vec<String>,
    not_rules: Vec<String>,
    algorithms: Vec<String>,
}

impl TextCase {
    /// What is expected of its text.
    pub(crate) fn expected(&self) -> Expected<'_> {
        let Self { level, rules, not_rules, algorithms, .. } = self;
        Expected { level: *level, rules, not_rules, algorithms }
    }
}

/// What a case says of its text.
pub(crate) struct Expected<'c> {
    /// Exactly this level.
    pub(crate) level: Level,
    /// Rules that must fire.
    pub(crate) rules: &'c [String],
    /// Rules that must not fire.
    pub(crate) not_rules: &'c [String],
    /// All algorithms that are named.
    pub(crate) algorithms: &'c [String],
}

/// Holds a verdict against what its case expects; it must be complete.
pub(crate) fn judged_as(name: &str, verdict: &Verdict, expected: &Expected<'_>) {
    assert_eq!(verdict.level(), expected.level, "{name}: {:?}", verdict.evidence);
    assert!(verdict.is_complete(), "{name}: {:?}", verdict.gaps);
    let fired = fired(verdict);
    for rule in expected.rules {
        assert!(fired.contains(&rule.as_str()), "{name}: {rule} does not fire but {fired:?}");
    }
    for rule in expected.not_rules {
        assert!(!fired.contains(&rule.as_str()), "{name}: {rule} fires");
    }
    assert_eq!(verdict.algorithms(), expected.algorithms, "{name}");
}

/// Every rule must fire in the cases of a group that it names, and in none of its near misses.
pub(crate) fn rules_hold(group: &str, all: &[(String, Verdict)]) {
    for entry in Catalogue::builtin().iter() {
        let holds = |case: &String| {
            all.iter().find(|(name, _)| name == case).map(|(_, v)| fired(v).contains(&entry.id.as_str()))
        };
        for case in entry.matches.iter().filter(|case| case.starts_with(group)) {
            assert_eq!(holds(case), Some(true), "{} in {case}", entry.id);
        }
        for case in entry.rejects.iter().filter(|case| case.starts_with(group)) {
            assert_eq!(holds(case), Some(false), "{} in {case}", entry.id);
        }
    }
}
