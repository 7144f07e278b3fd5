//! What JavaScript and asm.js compute.

use super::program::{Pass, Program};
use crate::Limits;
use davy_model::{Extraction, Fact, FactName, Location};

/// Code that mixes has exclusive-ors, and shifts or products of words beside them.
pub(super) const PASS: Pass = Pass { words: &["^", "<<", ">>>", "imul"], wants: mixes, read };

/// Fewer exclusive-ors than these are masks of regular expressions and flags.
const LEAST_MIXING: u32 = 8;

fn mixes(counts: &[u32]) -> bool {
    counts.first().is_some_and(|exclusive_ors| *exclusive_ors >= LEAST_MIXING) && counts.iter().skip(1).any(|c| *c > 0)
}

fn read(program: &Program<'_, '_>, _: &Limits, out: &mut Extraction) {
    let scopes = program.semantic.scoping();
    let functions = scopes.scope_descendants_from_root().filter(|s| scopes.scope_flags(*s).is_function()).count();
    let count = u32::try_from(functions).unwrap_or(u32::MAX);
    if let Some(scope) = out.scopes.first_mut().filter(|_| count > 0) {
        scope.facts.push(Fact { name: FactName::Functions, value: 0, count, text: None, location: Location::Whole });
        davy_model::sort_by(&mut scope.facts, Fact::order);
    }
}
