//! Functions that may try nonces: they hardly mix bits themselves, but call from a loop what does.

use super::Readings;
use super::helpers;
use super::module::{FunctionIndex, Module};
use super::outline::Outline;
use super::walk::Walker;
use crate::limits;

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
    for function in seekers(module, hashing, all) {
        let Some((body, outline)) = module.body(function).zip(outline(module, all, function)) else { continue };
        let length = body.range.end - body.range.start;
        if length <= left {
            left -= length;
            let shapes = walker.function(body, outline);
            all.shapes[(function - module.imported()) as usize] = Some(shapes);
        }
    }
}

fn outline<'r>(module: &Module<'_>, all: &'r Readings, function: FunctionIndex) -> Option<&'r Outline> {
    all.outlines.get(function.checked_sub(module.imported())? as usize)?.as_ref()
}

/// Functions not yet read that call a hashing one from a loop, those that call it directly first. In a program that was
/// written down, also those that call it once: nobody has put them in line.
fn seekers(module: &Module<'_>, hashing: &[FunctionIndex], all: &Readings) -> Vec<FunctionIndex> {
    let imported = module.imported();
    let mut leads = vec![false; all.outlines.len()];
    for function in hashing {
        leads[(function - imported) as usize] = true;
    }
    let mut found: Vec<FunctionIndex> = Vec::new();
    for _ in 0..limits::SEEKER_DISTANCE {
        let mut next = leads.clone();
        for (index, outline) in all.outlines.iter().enumerate() {
            let Some(outline) = outline else { continue };
            let calls = |in_loop: bool| {
                let mut called = outline.calls.iter().filter(|c| !in_loop || c.part > 0);
                called.any(|c| {
                    let is_digest = module.digest == Some(c.callee);
                    is_digest
                        || c.callee
                            .checked_sub(imported)
                            .is_some_and(|callee| leads.get(callee as usize) == Some(&true))
                })
            };
            let function = imported + index as u32;
            if all.shapes[index].is_none() && !found.contains(&function) && calls(module.digest.is_none()) {
                found.push(function);
            }
            next[index] = next[index] || calls(false);
            if found.len() >= limits::SEEKERS {
                return found;
            }
        }
        leads = next;
    }
    found
}
