//! Reading and judging as the command does it: a thing and all that is found inside it, on all processors.

use davy_facts::{Limits, extract};
use davy_judge::{Context, RuleSet, from_children, judge};
use davy_model::{Artifact, ArtifactKind, Verdict};
use std::borrow::Cow;
use std::sync::Mutex;

/// Artifacts inside artifacts that are followed.
const DEPTH: usize = 4;

/// The verdict over an artifact and everything inside it.
pub(crate) fn verdict(artifact: &Artifact<'_>) -> Verdict {
    of(artifact, DEPTH)
}

/// The verdict over a module's bytes.
pub(crate) fn of_wasm(bytes: &[u8]) -> Verdict {
    verdict(&Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(bytes) })
}

fn of(artifact: &Artifact<'_>, depth: usize) -> Verdict {
    let extraction = extract(artifact, &Limits::default());
    let own = judge(RuleSet::builtin(), &extraction, &Context::default());
    if depth == 0 || extraction.children.is_empty() {
        return own;
    }
    let inner: Vec<Verdict> = extraction.children.iter().map(|child| of(child, depth - 1)).collect();
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
