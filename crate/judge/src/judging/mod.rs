//! Facts × rules to a verdict: every rule in every scope of its kind, the narrowest matches kept.

mod condition;
mod narrow;
mod page;
mod sentence;

use crate::ruleset::Rule;
use crate::{Context, RuleSet};
use condition::View;
use davy_model::{Evidence, Extraction, Gap, GapReason, Location, Scope, ScopeKind, Verdict};
pub(crate) use narrow::Matched;
pub use page::judge_page;
use std::cmp::Reverse;

/// Judges one extraction by the rules. What is inside its children is not judged here: each child is an artifact of its
/// own, and [`from_children`](crate::from_children) tells what it means for its parent.
#[must_use]
pub fn judge(rules: &RuleSet, extraction: &Extraction, context: &Context) -> Verdict {
    let mut verdict = Verdict { evidence: Vec::new(), gaps: extraction.gaps.clone() };
    if rules.rules.is_empty() {
        verdict.gaps.push(no_rules());
    }
    let Some(artifact) = extraction.scopes.first() else { return verdict };
    let mut matched: Vec<Matched> = Vec::with_capacity(rules.rules.len());
    for rule in &rules.rules {
        let views =
            scopes_of(rule, extraction).map(|scope| View { scope, artifact, rules, context, matched: &matched });
        let narrowest = narrow::narrowest(views.filter(|view| view.holds(&rule.when)).collect());
        let kept = narrowest.iter().take(rules.bounds.evidence_per_rule as usize);
        verdict.evidence.extend(kept.map(|view| evidence(rule, view)));
        matched.push(Matched::of(rule.scope, narrowest.iter().map(|view| view.scope)));
    }
    sort(&mut verdict.evidence);
    verdict
}

/// The order that a verdict promises: heaviest first, then by rule and place.
pub fn sort(evidence: &mut [Evidence]) {
    davy_model::sort_by(evidence, |a, b| {
        (Reverse(a.weight), &a.rule, &a.location, &a.because).cmp(&(
            Reverse(b.weight),
            &b.rule,
            &b.location,
            &b.because,
        ))
    });
}

fn scopes_of<'a>(rule: &Rule, extraction: &'a Extraction) -> impl Iterator<Item = &'a Scope> {
    let kind = rule.scope;
    // Only the first scope is the artifact's own; the model says that it always is.
    let most = if kind == ScopeKind::Artifact { 1 } else { usize::MAX };
    extraction.scopes.iter().filter(move |scope| scope.kind == kind).take(most)
}

fn evidence(rule: &Rule, view: &View<'_>) -> Evidence {
    let mut algorithms: Vec<String> = rule
        .algorithms
        .iter()
        .filter(|named| named.when.as_ref().is_none_or(|when| view.holds(when)))
        .map(|named| named.name.clone())
        .collect();
    davy_model::sort(&mut algorithms);
    algorithms.dedup();
    Evidence {
        rule: rule.id.clone(),
        weight: rule.weight,
        algorithms,
        location: location(rule, view),
        because: sentence::write(rule, view),
    }
}

/// The scope's own place; where that is only "the whole artifact", the one place at which all chosen facts stand.
fn location(rule: &Rule, view: &View<'_>) -> Location {
    let scope = &view.scope.location;
    if *scope != Location::Whole {
        return scope.clone();
    }
    let mut places = view.chosen(&rule.when, None).into_iter().map(|fact| &fact.location);
    match places.next() {
        Some(first) if places.all(|other| other == first) => first.clone(),
        _ => scope.clone(),
    }
}

fn no_rules() -> Gap {
    Gap {
        reason: GapReason::Undecodable,
        location: Location::Whole,
        because: String::from("there is no rule to judge by: the rule set is empty or could not be read"),
    }
}

#[cfg(test)]
mod tests;
