//! Operations that stand in functions of their own: an obfuscator outlines each exclusive-or, and what hashes then shows
//! nothing but calls. Callers are given back what such helpers do, so that they are read like any other body; calls
//! through a table at a constant index are calls of whoever stands there.

use super::module::{Body, FunctionIndex, Module};
use super::outline::{Call, Outline};
use super::triage;

/// Longest body of a helper: two arguments, an operation or a few, and moves between them.
const LONGEST: u32 = 64;

/// Calls between a caller and the operation, as deep as bodies are read in place.
const DEPTH: usize = crate::limits::INLINE_DEPTH;

/// What one call of a helper does.
#[derive(Debug, Default, Clone, Copy)]
struct Does {
    mixes: u32,
    products: u32,
    halves: u32,
    masks: u32,
    work: u32,
}

/// The helpers of a module, ascending by function.
#[derive(Debug, Default)]
pub(super) struct Helpers(Vec<(FunctionIndex, Does)>);

impl Helpers {
    /// Short functions that mix and neither loop nor store, and those that do nothing but call one.
    pub(super) fn of(module: &Module<'_>) -> Self {
        let short = |body: &&Body<'_>| body.length() <= LONGEST;
        let mut helpers = Self::default();
        if !module.bodies.iter().filter(short).any(|body| triage::can_help(body.body.as_bytes())) {
            return helpers;
        }
        let candidates: Vec<(FunctionIndex, Outline)> = module
            .bodies
            .iter()
            .filter(short)
            .map(|body| (body.index, outline(module, body)))
            .filter(|(_, outline)| outline.is_leaf() && !outline.parts[0].stores)
            .collect();
        for _ in 0..DEPTH {
            let before = helpers.0.len();
            for (function, outline) in &candidates {
                let mut does = Does::own(outline);
                let calls_helpers = outline.calls.iter().all(|call| match helpers.get(call.callee) {
                    Some(more) => {
                        does.add(more);
                        true
                    }
                    None => false,
                });
                if calls_helpers
                    && does.mixes + does.products + does.halves + does.masks > 0
                    && helpers.get(*function).is_none()
                {
                    let at = helpers.0.partition_point(|(other, _)| other < function);
                    helpers.0.insert(at, (*function, does));
                }
            }
            if helpers.0.len() == before {
                break;
            }
        }
        helpers
    }

    fn get(&self, function: FunctionIndex) -> Option<Does> {
        let at = self.0.binary_search_by_key(&function, |(helper, _)| *helper).ok()?;
        Some(self.0[at].1)
    }

    /// Whether a body's bytes can hold as many calls of helpers as a hash has of what they do.
    pub(super) fn can_matter(&self, body: &[u8]) -> bool {
        const LEAST: usize = 3;
        !self.0.is_empty() && triage::calls(body, |callee| self.get(callee).is_some()).take(LEAST).count() == LEAST
    }

    /// Counts what a caller's helpers do as the caller's own.
    pub(super) fn count(&self, outline: &mut Outline) {
        if self.0.is_empty() {
            return;
        }
        for call in &outline.calls {
            let Some((does, part)) = self.get(call.callee).zip(outline.parts.get_mut(call.part as usize)) else {
                continue;
            };
            part.lend(does.mixes, does.products, does.work);
            part.halves += does.halves;
            part.masks += does.masks;
        }
    }
}

impl Does {
    fn own(outline: &Outline) -> Self {
        let part = &outline.parts[0];
        Self { mixes: part.mixes, products: part.products, halves: part.halves, masks: part.masks, work: part.work }
    }

    fn add(&mut self, more: Self) {
        self.mixes += more.mixes;
        self.products += more.products;
        self.halves += more.halves;
        self.masks += more.masks;
        self.work += more.work;
    }
}

/// A body's skeleton, with calls through a table at a constant index as the direct calls that they are.
pub(super) fn outline(module: &Module<'_>, body: &Body<'_>) -> Outline {
    let mut outline = Outline::read(body);
    for (part, table, index) in std::mem::take(&mut outline.fixed) {
        match module.in_table(table, index) {
            Some(callee) => outline.calls.push(Call { callee, part, is_last: false }),
            None => outline.is_bound = false,
        }
    }
    outline
}
