//! Functions that deal into buckets but hardly mix: read only beside BLAKE2b, whose strings Equihash joins.

use super::Readings;
use super::module::Module;
use super::outline::{Outline, Part};
use super::shapes::Shapes;
use super::walk::Walker;
use crate::limits;
use davy_model::FactName;

/// Reads the bodies that raise counters in memory from their loops, where the module has BLAKE2b.
pub(crate) fn read<'a>(module: &Module<'a>, walker: &mut Walker<'_, 'a>, all: &mut Readings) {
    if !all.shapes.iter().flatten().any(is_blake2b) {
        return;
    }
    let mut left = limits::SEEKER_BYTES;
    // Those whose counters are plain come first: rewriting hides the one that is added.
    for plain in [true, false] {
        for (index, body) in module.bodies.iter().enumerate() {
            let outline = all.outlines[index].as_ref().filter(|o| all.shapes[index].is_none() && o.deals(plain));
            let length = body.range.end - body.range.start;
            if let Some(outline) = outline.filter(|_| length <= left) {
                left -= length;
                all.shapes[index] = Some(walker.function(body, outline));
            }
        }
    }
}

fn is_blake2b(shapes: &Shapes) -> bool {
    let all = |amount: u64| shapes.parts.iter().any(|p| p.facts.contains_key(&(FactName::Rotation64, amount)));
    [16, 24, 32, 63].into_iter().all(all)
}

impl Outline {
    /// Whether a loop raises a counter in memory by one, or at least stores something, and something is joined by
    /// exclusive-or.
    fn deals(&self, plain: bool) -> bool {
        let stores = |part: &Part| if plain { part.raised > 0 } else { part.stores };
        self.parts.iter().skip(1).any(stores) && self.parts.iter().any(|p| p.mixes > 0)
    }
}
