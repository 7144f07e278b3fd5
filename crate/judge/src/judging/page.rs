//! What artifacts mean together: code that hashes is lawful, a socket to a pool may be a site's about mining, a page
//! that has both mines.

use super::{condition, sort};
use crate::RuleSet;
use crate::ruleset::{Condition, Part, Rule};
use condition::rules_asked_for;
use davy_model::{Evidence, Location, ScopeKind, Verdict};
use std::cmp::Reverse;

/// Judges what a page brings together by the rules about pages: each asks which rules its artifacts met. Evidence
/// points at the artifact whose own evidence for the rule weighs most.
#[must_use]
pub fn judge_page<'a>(rules: &RuleSet, parts: impl IntoIterator<Item = (&'a str, &'a Verdict)>) -> Vec<Evidence> {
    let mut met: Vec<(usize, &str, &Evidence)> = Vec::new();
    for (path, verdict) in parts {
        for evidence in &verdict.evidence {
            if let Some(index) = rules.rules.iter().position(|rule| rule.id == evidence.rule) {
                met.push((index, path, evidence));
            }
        }
    }
    let about_pages = rules.rules.iter().filter(|rule| rule.scope == ScopeKind::Page);
    let mut evidence: Vec<Evidence> = about_pages.filter_map(|rule| joined(rule, &met)).collect();
    sort(&mut evidence);
    evidence
}

fn joined(rule: &Rule, met: &[(usize, &str, &Evidence)]) -> Option<Evidence> {
    let has = |index: u32| met.iter().any(|(rule, ..)| *rule == index as usize);
    if !holds(&rule.when, &has) {
        return None;
    }
    let mut asked = Vec::new();
    rules_asked_for(&rule.when, &mut asked);
    let chosen = || met.iter().filter(|(index, ..)| asked.contains(&(*index as u32)));
    let heaviest = chosen().min_by_key(|(_, path, evidence)| (Reverse(evidence.weight), *path))?;
    let always = rule.algorithms.iter().map(|named| named.name.clone());
    let mut algorithms: Vec<String> = chosen().flat_map(|(.., e)| e.algorithms.iter().cloned()).chain(always).collect();
    davy_model::sort(&mut algorithms);
    algorithms.dedup();
    Some(Evidence {
        rule: rule.id.clone(),
        weight: rule.weight,
        algorithms,
        location: Location::Artifact { path: heaviest.1.to_owned() },
        because: words(rule),
    })
}

fn holds(condition: &Condition, has: &impl Fn(u32) -> bool) -> bool {
    match condition {
        Condition::All(of) => of.iter().all(|c| holds(c, has)),
        Condition::Any(of) => of.iter().any(|c| holds(c, has)),
        Condition::None(of) => !of.iter().any(|c| holds(c, has)),
        Condition::AtLeastOf { n, of } => of.iter().filter(|c| holds(c, has)).count() >= *n as usize,
        Condition::Rule { index, .. } => has(*index),
        // The reader lets no fact into a rule about a page.
        Condition::Fact(_) => false,
    }
}

fn words(rule: &Rule) -> String {
    let said = rule.because.iter().filter_map(|part| match part {
        Part::Words(words) => Some(words.as_str()),
        Part::Facts { .. } | Part::Counted { .. } => None,
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use davy_model::{Level, Weight};

    fn verdict(rule: &str, weight: Weight) -> Verdict {
        let evidence = Evidence {
            rule: rule.to_owned(),
            weight,
            algorithms: vec![String::from("sha256")],
            location: Location::Whole,
            because: String::from("because"),
        };
        Verdict { evidence: vec![evidence], gaps: Vec::new() }
    }

    #[test]
    fn a_hash_core_and_a_pool_on_one_page_are_mining() {
        let rules = RuleSet::builtin();
        let core = verdict("behaviour/hash-core", Weight::Moderate);
        let pool = verdict("protocol/pool-login", Weight::Strong);
        assert!(judge_page(rules, [("a.wasm", &core)]).is_empty());
        assert!(judge_page(rules, [("wss://x", &pool)]).is_empty());
        let evidence = judge_page(rules, [("a.wasm", &core), ("wss://x", &pool)]);
        assert_eq!(evidence.len(), 1);
        assert_eq!(evidence[0].algorithms, ["sha256"]);
        assert_eq!(Verdict { evidence, gaps: Vec::new() }.level(), Level::Mining);
    }
}
