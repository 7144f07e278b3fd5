//! Conditions as files write them to conditions as judging reads them.

use super::raw::{RawCondition, RawNumber};
use super::scoring::Scoring;
use crate::ruleset::{Condition, Term};
use davy_model::{FactName, ScopeKind};
use std::collections::BTreeMap;

/// Deepest nesting of groups: a condition that needs more is better said as two rules.
const NESTING: usize = 8;

/// Where each rule stands, and what its scope is, by id.
pub(crate) type RuleIndex = BTreeMap<String, (u32, ScopeKind)>;

/// What a condition may refer to.
pub(crate) struct Compiler<'a> {
    pub(crate) scoring: &'a Scoring,
    pub(crate) index: &'a RuleIndex,
    /// Scope of the rule that the condition belongs to.
    pub(crate) scope: ScopeKind,
}

impl Compiler<'_> {
    pub(crate) fn condition(&self, raw: &RawCondition) -> Result<Condition, String> {
        self.nested(raw, 0)
    }

    fn nested(&self, raw: &RawCondition, depth: usize) -> Result<Condition, String> {
        if depth > NESTING {
            return Err(format!("conditions nest deeper than {NESTING}"));
        }
        let groups = self.groups(raw, depth)?;
        match (raw.fact, &raw.rule) {
            (None, None) => grouped(raw, groups),
            (Some(_), Some(_)) => Err("a term is about a `fact` or a `rule`, not both".to_owned()),
            _ if !groups.is_empty() => Err("a term cannot stand in one table with groups".to_owned()),
            (Some(fact), None) => self.term(fact, raw).map(Condition::Fact),
            (None, Some(rule)) => self.rule(rule, raw),
        }
    }

    fn groups(&self, raw: &RawCondition, depth: usize) -> Result<Vec<Condition>, String> {
        let mut groups = Vec::new();
        let lists = [
            (&raw.all, Condition::All as fn(Vec<Condition>) -> Condition),
            (&raw.any, Condition::Any),
            (&raw.none, Condition::None),
        ];
        for (list, group) in lists {
            if let Some(list) = list {
                groups.push(group(self.members(list, depth)?));
            }
        }
        if let Some(raw) = &raw.at_least_of {
            let of = self.members(&raw.of, depth)?;
            let n = self.small(&raw.n)?;
            if n == 0 || n as usize > of.len() {
                return Err(format!("`at-least-of` asks for {n} of {}", of.len()));
            }
            groups.push(Condition::AtLeastOf { n, of });
        }
        Ok(groups)
    }

    fn members(&self, list: &[RawCondition], depth: usize) -> Result<Vec<Condition>, String> {
        if list.is_empty() {
            return Err("a group is empty".to_owned());
        }
        list.iter().map(|raw| self.nested(raw, depth + 1)).collect()
    }

    fn rule(&self, id: &str, raw: &RawCondition) -> Result<Condition, String> {
        if has_term_fields(raw) {
            return Err(format!("`rule = \"{id}\"` takes no other field than `in`"));
        }
        let (index, scope) = self.index.get(id).copied().ok_or_else(|| format!("there is no rule `{id}`"))?;
        let anywhere = self.is_artifact(raw)? || matches!(self.scope, ScopeKind::Page | ScopeKind::Artifact);
        if scope == ScopeKind::Page {
            return Err(format!("`{id}` is about a page: no other rule can ask for it"));
        }
        if !anywhere && scope == ScopeKind::Artifact {
            return Err(format!("`{id}` is about the whole artifact: say `in = \"artifact\"`"));
        }
        Ok(Condition::Rule { index, anywhere })
    }

    fn term(&self, fact: FactName, raw: &RawCondition) -> Result<Term, String> {
        if self.scope == ScopeKind::Page {
            return Err("a rule about a page asks for rules, not for facts".to_owned());
        }
        let numbers = |list: &Option<Vec<RawNumber>>| -> Result<Vec<u64>, String> {
            list.iter().flatten().map(|raw| self.scoring.number(raw)).collect()
        };
        let bound = |raw: &Option<RawNumber>, absent| raw.as_ref().map_or(Ok(absent), |raw| self.scoring.number(raw));
        let term = Term {
            fact,
            values: numbers(&raw.value)?,
            min: bound(&raw.min, 0)?,
            max: bound(&raw.max, u64::MAX)?,
            texts: raw.text.clone().unwrap_or_default(),
            listed: raw.listed.unwrap_or(false),
            in_artifact: self.is_artifact(raw)?,
            at_least: bound(&raw.at_least, u64::from(raw.at_most.is_none()))?,
            at_most: bound(&raw.at_most, u64::MAX)?,
            distinct: raw.distinct.as_ref().map_or(Ok(0), |raw| self.small(raw))?,
        };
        sensible(&term, raw)?;
        Ok(term)
    }

    fn is_artifact(&self, raw: &RawCondition) -> Result<bool, String> {
        match raw.place {
            None => Ok(false),
            Some(ScopeKind::Artifact) => Ok(true),
            Some(ScopeKind::Page | ScopeKind::Function | ScopeKind::Loop) => {
                Err("`in` can only be \"artifact\"".to_owned())
            }
        }
    }

    fn small(&self, raw: &RawNumber) -> Result<u32, String> {
        let number = self.scoring.number(raw)?;
        u32::try_from(number).map_err(|_| format!("{number} is too large for a count"))
    }
}

fn grouped(raw: &RawCondition, mut groups: Vec<Condition>) -> Result<Condition, String> {
    if has_term_fields(raw) || raw.place.is_some() {
        return Err("a term must name its `fact` or `rule`".to_owned());
    }
    match groups.len() {
        0 => Err("a condition is empty".to_owned()),
        1 => Ok(groups.remove(0)),
        _ => Ok(Condition::All(groups)),
    }
}

fn has_term_fields(raw: &RawCondition) -> bool {
    raw.value.is_some()
        || raw.min.is_some()
        || raw.max.is_some()
        || raw.text.is_some()
        || raw.listed.is_some()
        || raw.at_least.is_some()
        || raw.at_most.is_some()
        || raw.distinct.is_some()
}

/// Refuses terms that can never hold or always hold: they are mistakes.
fn sensible(term: &Term, raw: &RawCondition) -> Result<(), String> {
    if raw.value.as_ref().is_some_and(Vec::is_empty) || raw.text.as_ref().is_some_and(Vec::is_empty) {
        return Err("an empty list chooses nothing: leave it out or fill it".to_owned());
    }
    if term.min > term.max || term.at_least > term.at_most {
        return Err("the lower bound lies above the upper one".to_owned());
    }
    if term.listed && !matches!(term.fact, FactName::Host | FactName::NamedHost | FactName::TextAddress) {
        return Err("only `host`, `named-host` and `text-address` facts can be `listed`".to_owned());
    }
    if !term.texts.is_empty() && is_wordless(term.fact) {
        return Err("facts of this name have no text".to_owned());
    }
    let choices = term.values.len().max(1) * term.texts.len().max(1);
    let is_finite = !term.values.is_empty() && (!term.texts.is_empty() || is_wordless(term.fact));
    if is_finite && term.distinct as usize > choices {
        return Err(format!("{} different facts can never be chosen from {choices}", term.distinct));
    }
    Ok(())
}

/// Facts that never carry a text.
fn is_wordless(fact: FactName) -> bool {
    use FactName as F;
    matches!(
        fact,
        F::MemoryMin
            | F::MemoryMax
            | F::Functions
            | F::FunctionsReachable
            | F::HotCode
            | F::HashShare
            | F::MaskedAddress
            | F::Mul128
            | F::Rotation32
            | F::Rotation64
            | F::ByteLookup
            | F::LoopBound
            | F::MultiplyAdd
            | F::Xor
            | F::Loops
            | F::NonceStore
            | F::TargetCompare
            | F::ChainedAddress
            | F::MaskedStore
    )
}
