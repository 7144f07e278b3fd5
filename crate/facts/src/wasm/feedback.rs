//! Walks whose state stands in memory: what was read at a confined address is mixed into an object, and the next such
//! address is computed from that object.

use super::confined::WEAK;
use super::nest::Nest;
use super::place::{self, Place};
use super::purpose::Found;
use super::shapes::Terms;
use super::taints::{DATA, STIRRED, Taints, WALKED};
use super::value::{Graph, Id, Op};
use davy_model::FactName;

/// Values looked at behind one address.
const LOOKED_AT: usize = 48;

/// A word that is written in a loop, and whether from what the walk has read, mixed with something else or not.
struct Fed {
    place: Place,
    part: u32,
    walked: bool,
    stirred: bool,
}

/// Reads which confined addresses are computed from an object that earlier such reads were mixed into.
pub(super) fn read(graph: &Graph, parents: &[Option<u32>], taints: &Taints) -> Vec<Found> {
    let reader = Reader { graph, nest: Nest(parents), taints };
    let fed = reader.fed();
    let mut found = Vec::new();
    if fed.is_empty() {
        return found;
    }
    for (index, node) in graph.nodes().iter().enumerate().skip(1) {
        let origin = graph.origin(index as Id);
        if !matches!(node.op, Op::Load | Op::Pass) || origin.part == 0 {
            continue;
        }
        for term in Terms::of(graph, node.a).variable() {
            let Some(mask) = taints.term_mask(graph, term) else { continue };
            // What a callee reads at such an address it may mix into any word that changes here.
            let enough = |f: &Fed| f.stirred || f.walked && mask != WEAK || node.op == Op::Pass;
            if reader.is_from(term, origin.part, fed.iter().filter(|f| enough(f))) {
                found.push((origin.part, FactName::FedAddress, mask, origin.at));
            }
        }
    }
    found
}

struct Reader<'g> {
    graph: &'g Graph,
    nest: Nest<'g>,
    taints: &'g Taints,
}

impl Reader<'_> {
    /// Stores, in loops, of what a walk has read, or of any data where a callee does the reading.
    fn fed(&self) -> Vec<Fed> {
        let mut fed = Vec::new();
        let passes = self.graph.nodes().iter().any(|node| node.op == Op::Pass && self.is_confined(node.a));
        for (index, node) in self.graph.nodes().iter().enumerate().skip(1) {
            let part = self.graph.origin(index as Id).part;
            let (walked, stirred) = (self.taints.has(node.b, WALKED), self.taints.has(node.b, STIRRED));
            if node.op == Op::Store && part > 0 && node.k >= 4 && (walked || passes && self.taints.has(node.b, DATA)) {
                fed.extend(place::of(self.graph, node.a).map(|place| Fed { place, part, walked, stirred }));
            }
        }
        fed
    }

    fn is_confined(&self, address: Id) -> bool {
        Terms::of(self.graph, address).variable().any(|term| self.taints.term_mask(self.graph, term).is_some())
    }

    /// Whether an address that is used in a part is made of a word that is written in the same loop or one around it.
    fn is_from<'f>(&self, term: Id, part: u32, fed: impl Iterator<Item = &'f Fed> + Clone) -> bool {
        let mut seen = [0; LOOKED_AT];
        seen[0] = term;
        let (mut known, mut next) = (1, 0);
        while next < known {
            let node = self.graph.node(seen[next]);
            next += 1;
            if node.op == Op::Load {
                let place = place::of(self.graph, node.a);
                let is_fed = |f: &Fed| place.is_some_and(|p| p.is_near(f.place)) && self.nest.meet(f.part, part);
                if fed.clone().any(is_fed) {
                    return true;
                }
                continue;
            }
            if matches!(node.op, Op::Store | Op::Call | Op::Param | Op::Global | Op::Const) {
                continue;
            }
            for operand in [node.a, node.b] {
                if operand != 0 && known < LOOKED_AT && !seen[..known].contains(&operand) {
                    seen[known] = operand;
                    known += 1;
                }
            }
        }
        false
    }
}
