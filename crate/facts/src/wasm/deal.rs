//! Functions that deal into buckets, or choose by the words of a hash, but hardly mix: read only beside a hash, whose
//! strings a solver of the generalised birthday problem joins and whose words Autolykos chooses by.

use super::Readings;
use super::module::Module;
use super::outline::Outline;
use super::part::Part;
use super::shapes::Shapes;
use super::walk::Walker;
use crate::limits;
use davy_model::FactName;

/// Reads the bodies that raise counters in memory from their loops, or reverse words there, where the module has a hash.
pub(crate) fn read<'a>(module: &Module<'a>, walker: &mut Walker<'_, 'a>, all: &mut Readings) {
    if !all.shapes.iter().flatten().any(is_hash) {
        return;
    }
    let mut left = limits::SEEKER_BYTES;
    // Those whose counters are plain come first: rewriting hides the one that is added.
    for plain in [true, false] {
        for (index, body) in module.bodies.iter().enumerate() {
            let suits = |o: &&Outline| all.shapes[index].is_none() && (o.deals(plain) || plain && o.reverses());
            let outline = all.outlines[index].as_ref().filter(suits);
            let length = body.range.end - body.range.start;
            if let Some(outline) = outline.filter(|_| length <= left) {
                left -= length;
                all.shapes[index] = Some(walker.function(body, outline));
            }
        }
    }
}

/// Whether words are rotated by as many different amounts as the simplest hashes have (SipHash has five, BLAKE2 four).
fn is_hash(shapes: &Shapes) -> bool {
    const LEAST_AMOUNTS: usize = 4;
    let amounts = |name: FactName| {
        let facts = shapes.parts.iter().flat_map(|p| p.facts.range((name, 0)..=(name, u64::MAX)));
        let mut amounts: Vec<u64> = facts.map(|((_, amount), _)| *amount).collect();
        davy_model::sort(&mut amounts);
        amounts.dedup();
        amounts.len()
    };
    amounts(FactName::Rotation64) >= LEAST_AMOUNTS || amounts(FactName::Rotation32) >= LEAST_AMOUNTS
}

impl Outline {
    /// Whether a loop raises a counter in memory by one, or at least stores something, and something is joined by
    /// exclusive-or.
    fn deals(&self, plain: bool) -> bool {
        let stores = |part: &Part| if plain { part.raised > 0 } else { part.stores };
        self.parts.iter().skip(1).any(stores) && self.parts.iter().any(|p| p.mixes > 0)
    }

    /// Whether a loop may reverse the bytes of a word (two rotations and two masks) and the function calls another.
    fn reverses(&self) -> bool {
        let reversal = |p: &Part| p.masks >= 2 && p.mixes >= 2;
        !self.calls.is_empty() && self.parts.iter().skip(1).any(reversal)
    }
}
