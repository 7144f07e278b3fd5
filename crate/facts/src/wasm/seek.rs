//! Functions that may try nonces: they hardly mix bits themselves, but call from a loop what does.

use super::Readings;
use super::helpers;
use super::module::{FunctionIndex, Module};
use super::outline::Outline;
use super::shapes::Shapes;
use super::walk::Walker;
use crate::limits;
use davy_model::sort_by;
use std::collections::BTreeSet;

/// Reads the bodies that call hashing functions from their loops, so that it is known what those loops are for.
/// Every outline is known afterwards.
pub(crate) fn read<'a>(
    module: &Module<'a>,
    walker: &mut Walker<'_, 'a>,
    hashing: &[FunctionIndex],
    all: &mut Readings,
) {
    for (outline, body) in all.outlines.iter_mut().zip(&module.bodies) {
        outline.get_or_insert_with(|| helpers::outline(module, body));
    }
    let mut left = limits::SEEKER_BYTES;
    let (unread, known) = seekers(module, hashing, all);
    let at = |function: FunctionIndex| (function - module.imported()) as usize;
    for function in known {
        all.shapes.get_mut(at(function)).into_iter().flatten().for_each(Shapes::note_tries);
    }
    for function in unread {
        let Some((body, outline)) = module.body(function).zip(outline(module, all, function)) else { continue };
        let length = body.range.end - body.range.start;
        if length <= left {
            left -= length;
            let mut shapes = walker.function(body, outline);
            shapes.note_tries();
            all.shapes[at(function)] = Some(shapes);
        }
    }
}

fn outline<'r>(module: &Module<'_>, all: &'r Readings, function: FunctionIndex) -> Option<&'r Outline> {
    all.outlines.get(function.checked_sub(module.imported())? as usize)?.as_ref()
}

/// Functions that call a hashing one from a loop, through up to [`limits::SEEKER_DISTANCE`] calls, the nearest
/// first. In a program that was written down, also those that call it once: nobody has put them in line.
///
/// What few functions lead to comes first: a miner's hash is called by its search, a large program's hash tables are used
/// all over it and would crowd the search out. Those that are still to be read, and those that were read before.
fn seekers(module: &Module<'_>, hashing: &[FunctionIndex], all: &Readings) -> (Vec<FunctionIndex>, Vec<FunctionIndex>) {
    let callers = Callers::of(module, all);
    let leads = hashing.iter().copied().chain(module.digest);
    let mut ways: Vec<Vec<FunctionIndex>> = leads.map(|lead| callers.seekers(lead, module.digest.is_some())).collect();
    sort_by(&mut ways, |a, b| a.len().cmp(&b.len()));
    let (mut found, mut known): (Vec<FunctionIndex>, Vec<FunctionIndex>) = (Vec::new(), Vec::new());
    for function in ways.into_iter().flatten() {
        let Some(shapes) = all.shapes.get((function - module.imported()) as usize) else { continue };
        let of = if shapes.is_none() { &mut found } else { &mut known };
        if of.len() < limits::SEEKERS && !of.contains(&function) {
            of.push(function);
        }
        if found.len() >= limits::SEEKERS {
            break;
        }
    }
    (found, known)
}

/// Who calls whom, backwards.
struct Callers {
    /// For each function, those that call it, and whether from a loop; each at most twice.
    of: Vec<Vec<(FunctionIndex, bool)>>,
}

impl Callers {
    fn of(module: &Module<'_>, all: &Readings) -> Self {
        let imported = module.imported();
        let mut of = vec![Vec::new(); imported as usize + all.outlines.len()];
        for (caller, outline) in (imported..).zip(&all.outlines) {
            for call in outline.iter().flat_map(|outline| &outline.calls) {
                let Some(callers) = of.get_mut(call.callee as usize) else { continue };
                let known = (caller, call.part > 0);
                if !callers.iter().rev().take(2).any(|other| *other == known) {
                    callers.push(known);
                }
            }
        }
        Self { of }
    }

    /// Functions that lead to `lead` from a loop, or from anywhere, the nearest first: not all where they are many.
    fn seekers(&self, lead: FunctionIndex, anywhere: bool) -> Vec<FunctionIndex> {
        let (mut found, mut seen, mut level) = (Vec::new(), BTreeSet::from([lead]), vec![lead]);
        for _ in 0..limits::SEEKER_DISTANCE {
            let mut next = Vec::new();
            for (caller, in_loop) in level.iter().filter_map(|callee| self.of.get(*callee as usize)).flatten() {
                if (*in_loop || anywhere) && !found.contains(caller) {
                    found.push(*caller);
                }
                if seen.insert(*caller) {
                    next.push(*caller);
                }
                // One function may be called from everywhere, so that the bounds hold within a level as well.
                if found.len() >= limits::SEEKERS || seen.len() >= limits::SEEKER_CALLERS {
                    return found;
                }
            }
            level = next;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::{Limits, extract, limits};
    use davy_model::{Artifact, ArtifactKind, FactName, Scope, ScopeKind};
    use std::borrow::Cow;

    #[test]
    fn a_search_is_found_beside_a_hash_that_is_used_everywhere() {
        let mix =
            "(local.set 0 (i32.xor (i32.rotl (local.get 0) (i32.const 7)) (i32.load (i32.const 512))))".repeat(24);
        let hash = |name: &str| format!("(func ${name} (param i32) (loop {mix} (br_if 0 (local.get 0))))");
        let users: String = (0..2 * limits::SEEKERS)
            .map(|n| {
                format!(
                    r#"(func (export "{n}") (param i32) (loop (call $table (i32.const {n})) (br_if 0 (local.get 0))))"#
                )
            })
            .collect();
        let text = format!(
            r#"(module (memory 1) {} {} {users}
              (func (export "search") (param $n i32)
                (loop (i32.store (i32.const 76) (local.get $n)) (call $work (i32.const 3))
                  (local.set $n (i32.add (local.get $n) (i32.const 1))) (br_if 0 (local.get $n)))))"#,
            hash("table"),
            hash("work"),
        );
        let bytes = wat::parse_str(text).unwrap();
        let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(&bytes) };
        let extraction = extract(&artifact, &Limits::default());
        let tries = |scope: &&Scope| scope.facts.iter().any(|fact| fact.name == FactName::NonceStore);
        let own = extraction.scopes.iter().filter(|scope| scope.kind == ScopeKind::Loop).find(tries);
        assert!(
            own.is_some_and(|own| own.functions.len() == 2),
            "the loop and what it calls, although it compares nothing"
        );
    }
}
