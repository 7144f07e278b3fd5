//! Whether a condition holds in a scope, and which facts made it hold.

use super::Matched;
use crate::ruleset::{Condition, Term};
use crate::{Context, RuleSet};
use davy_model::{Fact, FactName, Scope};

/// One scope, with everything that a condition about it may ask.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) artifact: &'a Scope,
    pub(crate) rules: &'a RuleSet,
    pub(crate) context: &'a Context,
    /// What each earlier rule matched, by the rule's place in the set.
    pub(crate) matched: &'a [Matched],
}

impl<'a> View<'a> {
    pub(crate) fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::All(of) => of.iter().all(|c| self.holds(c)),
            Condition::Any(of) => of.iter().any(|c| self.holds(c)),
            Condition::None(of) => !of.iter().any(|c| self.holds(c)),
            Condition::AtLeastOf { n, of } => of.iter().filter(|c| self.holds(c)).count() >= *n as usize,
            Condition::Fact(term) => self.bounds_hold(term),
            Condition::Rule { index, anywhere } => self
                .matched
                .get(*index as usize)
                .is_some_and(|m| if *anywhere { m.any() } else { m.within(self.scope) }),
        }
    }

    fn bounds_hold(&self, term: &Term) -> bool {
        let (mut sum, mut distinct) = (0u64, 0u32);
        for fact in self.passing(term) {
            sum = sum.saturating_add(u64::from(fact.count));
            // Facts of a scope are distinct by (name, text, value): the model promises it.
            distinct = distinct.saturating_add(1);
        }
        sum >= term.at_least && sum <= term.at_most && distinct >= term.distinct
    }

    /// The facts that a term chooses, in the scope's order.
    fn passing<'t>(&self, term: &'t Term) -> impl Iterator<Item = &'a Fact> + use<'a, 't> {
        let view = *self;
        let scope = if term.in_artifact { self.artifact } else { self.scope };
        named(scope, term.fact).iter().filter(move |fact| view.passes(term, fact))
    }

    fn passes(&self, term: &Term, fact: &Fact) -> bool {
        let text = fact.text.as_deref().unwrap_or_default();
        (term.values.is_empty() || term.values.contains(&fact.value))
            && (term.min..=term.max).contains(&fact.value)
            && (term.texts.is_empty() || term.texts.iter().any(|t| t == text))
            && (!term.listed || self.is_listed(text))
    }

    fn is_listed(&self, host: &str) -> bool {
        let context = self.context;
        context.allow_hosts.entry_for(host).is_none()
            && (context.block_hosts.entry_for(host).is_some() || self.rules.hosts.entry_for(host).is_some())
    }

    /// The facts that a condition's terms choose, those inside `none` aside; of one name, or of all.
    pub(crate) fn chosen(&self, condition: &Condition, name: Option<FactName>) -> Vec<&'a Fact> {
        let mut facts = Vec::new();
        self.collect(condition, name, &mut facts);
        davy_model::sort_by(&mut facts, |a, b| a.order(b));
        facts.dedup();
        facts
    }

    fn collect(&self, condition: &Condition, name: Option<FactName>, into: &mut Vec<&'a Fact>) {
        match condition {
            Condition::All(of) | Condition::Any(of) | Condition::AtLeastOf { of, .. } => {
                of.iter().for_each(|c| self.collect(c, name, into));
            }
            Condition::Fact(term) if name.is_none_or(|n| n == term.fact) => into.extend(self.passing(term)),
            Condition::Fact(_) | Condition::None(_) | Condition::Rule { .. } => {}
        }
    }
}

/// The facts of one name. A scope's facts are ordered by name first: the model promises it.
fn named(scope: &Scope, name: FactName) -> &[Fact] {
    let start = scope.facts.partition_point(|fact| fact.name < name);
    let rest = &scope.facts[start..];
    &rest[..rest.partition_point(|fact| fact.name == name)]
}

/// The rules that a condition asks for, those inside `none` aside, by their place in the rule set.
pub(super) fn rules_asked_for(condition: &Condition, into: &mut Vec<u32>) {
    match condition {
        Condition::All(of) | Condition::Any(of) | Condition::AtLeastOf { of, .. } => {
            of.iter().for_each(|c| rules_asked_for(c, into));
        }
        Condition::Rule { index, .. } => into.push(*index),
        Condition::Fact(_) | Condition::None(_) => {}
    }
}
