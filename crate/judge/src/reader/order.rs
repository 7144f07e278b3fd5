//! An order of rules in which each stands after those it waits for.

use super::Problem;
use super::raw::RawCondition;
use super::rule::Draft;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts drafts by dependency, and by id where that leaves a choice. Rules that wait for each other in a circle, that
/// share an id, or that wait for a rule that is not there, are problems; they keep a place all the same.
pub(crate) fn by_dependency(drafts: Vec<Draft>, problems: &mut Vec<Problem>) -> Vec<Draft> {
    let mut waiting: BTreeMap<String, (BTreeSet<String>, Draft)> = BTreeMap::new();
    for draft in drafts {
        let mut needs = BTreeSet::new();
        needed(&draft.raw.when, &mut needs);
        draft.raw.algorithm.iter().for_each(|named| needed(&named.when, &mut needs));
        let file = draft.file.clone();
        if waiting.insert(draft.raw.id.clone(), (needs, draft)).is_some() {
            problems.push(Problem::new(&file, "another rule has the same `id`"));
        }
    }
    let known: BTreeSet<String> = waiting.keys().cloned().collect();
    let mut ordered: Vec<Draft> = Vec::new();
    let mut placed: BTreeSet<String> = BTreeSet::new();
    while !waiting.is_empty() {
        // A rule that is not there is reported by the condition that names it; here it holds nobody up.
        let ready = |needs: &BTreeSet<String>| needs.iter().all(|id| placed.contains(id) || !known.contains(id));
        let Some(id) = waiting.iter().find(|(_, (needs, _))| ready(needs)).map(|(id, _)| id.clone()) else {
            break;
        };
        ordered.extend(waiting.remove(&id).map(|(_, draft)| draft));
        placed.insert(id);
    }
    let circle: Vec<String> = waiting.keys().cloned().collect();
    for (_, draft) in waiting.into_values() {
        problems.push(Problem::new(&draft.file, format!("waits in a circle: {}", circle.join(", "))));
        ordered.push(draft);
    }
    ordered
}

fn needed(raw: &RawCondition, into: &mut BTreeSet<String>) {
    into.extend(raw.rule.clone());
    let groups = [&raw.all, &raw.any, &raw.none].into_iter().flatten().flatten();
    groups.chain(raw.at_least_of.iter().flat_map(|group| &group.of)).for_each(|member| needed(member, into));
}
