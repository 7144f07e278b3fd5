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
    if !taints.walks() {
        return Vec::new();
    }
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
        self.graph.depends::<LOOKED_AT>(term, |id| {
            let node = self.graph.node(id);
            let place = if node.op == Op::Load { place::of(self.graph, node.a) } else { None };
            let is_fed = |f: &Fed| place.is_some_and(|p| p.is_near(f.place)) && self.nest.meet(f.part, part);
            fed.clone().any(is_fed)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{Limits, extract};
    use davy_model::{Artifact, ArtifactKind, FactName};
    use std::borrow::Cow;

    /// A mixer that makes an address of a word of its state, reads there, and mixes what it read into the state.
    fn module(index: &str, mix: &str) -> Vec<u8> {
        let stir = "(local.set $x (i32.xor (i32.rotl (local.get $x) (i32.const 7)) (local.get $n)))".repeat(8);
        let text = format!(
            r#"(module (memory 2) (func (export "walk") (param $state i32) (param $region i32) (param $n i32) (param $turns i32)
              (local $x i32) (local $i i32)
              (loop
                (local.set $x (i32.load offset=8 (local.get $state)))
                (local.set $x (i32.load (i32.add (local.get $region) {index})))
                {mix}
                {stir}
                (i32.store offset=2048 (local.get $state) (local.get $x))
                (br_if 0 (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))))"#
        );
        wat::parse_str(text).unwrap()
    }

    fn count(bytes: &[u8], name: FactName, value: u64) -> u32 {
        let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(bytes) };
        let extraction = extract(&artifact, &Limits::default());
        let facts = extraction.scopes.iter().flat_map(|s| &s.facts);
        facts.filter(|f| f.name == name && f.value == value).map(|f| f.count).max().unwrap_or(0)
    }

    const INTO_THE_STATE: &str = "(i32.store offset=8 (local.get $state) (i32.xor (local.get $x) (local.get $turns)))";

    #[test]
    fn a_state_in_memory_leads_the_walk_whatever_bounds_it() {
        let mask = "(i32.and (local.get $x) (i32.const 0xffff0))";
        assert_eq!(count(&module(mask, INTO_THE_STATE), FactName::FedAddress, 0xffff0), 1);
        let modulo = "(i32.shl (i32.rem_u (local.get $x) (local.get $n)) (i32.const 4))";
        assert_eq!(count(&module(modulo, INTO_THE_STATE), FactName::FedAddress, 0), 1);
        let scaled = "(i32.shl (i32.wrap_i64 (i64.shr_u (i64.mul (i64.extend_i32_u (local.get $x))
            (i64.extend_i32_u (local.get $n))) (i64.const 32))) (i32.const 4))";
        assert_eq!(count(&module(scaled, INTO_THE_STATE), FactName::FedAddress, 0), 1);
        let read = "(i32.and (local.get $x) (i32.load offset=512 (local.get $region)))";
        assert_eq!(count(&module(read, INTO_THE_STATE), FactName::FedAddress, 1), 1, "told by what is written");
    }

    #[test]
    fn what_is_read_elsewhere_leads_nowhere() {
        let mask = "(i32.and (local.get $x) (i32.const 0xffff0))";
        let out = "(i32.store offset=1024 (local.get $state) (i32.xor (local.get $x) (local.get $turns)))";
        assert_eq!(count(&module(mask, out), FactName::FedAddress, 0xffff0), 0);
        let whole = "(local.get $x)";
        assert_eq!(count(&module(whole, INTO_THE_STATE), FactName::FedAddress, 0), 0, "a pointer is no index");
    }
}
