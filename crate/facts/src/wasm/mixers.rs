//! Mixers that one family of proofs of work has to itself: the round of pwxform (yescrypt, yespower, power2b), and the
//! floating-point registers that RandomX fills from its scratchpad.

use super::shapes::{PartFacts, Terms, is_half_product, whole};
use super::taints::{DATA, Taints};
use super::value::{Graph, Id, Node, Op, Width};
use davy_model::FactName;
use std::collections::BTreeMap;

/// Tables of mixers are smaller; a larger bound bounds nothing.
const TABLE_BYTES: u64 = 1 << 24;

/// What the mixers of a part are worth beside other facts: they are rare in lawful code, and each is most of its family.
pub(super) fn interest(facts: &BTreeMap<(FactName, u64), (u32, u32)>) -> u32 {
    let count = |name: FactName| facts.range((name, 0)..=(name, u64::MAX)).map(|(_, (count, _))| *count).sum::<u32>();
    8 * count(FactName::Pwxform).min(8) + 8 * count(FactName::FloatFromMasked).min(8) + count(FactName::Product64) / 4
}

impl PartFacts {
    /// Adds what a value shows of a family's mixer.
    pub(super) fn mixer(&mut self, graph: &Graph, node: &Node, taints: &Taints, at: u32, multiplies: bool) {
        match node.op {
            Op::Xor if multiplies => {
                if let Some(mask) = pwxform(graph, node, taints) {
                    self.add(FactName::Pwxform, mask, at);
                }
            }
            Op::Mul if node.width == Width::W64 && graph.constant(node.b).is_none() => {
                self.add(FactName::Product64, 0, at);
            }
            Op::Float => {
                if let Some(mask) = loads(graph, node.a, 0).and_then(|load| mask(graph, load, taints)) {
                    self.add(FactName::FloatFromMasked, mask, at);
                }
            }
            Op::Store => self.add(FactName::Stores, 0, at),
            _ => {}
        }
    }
}

/// The mask of the tables, where an exclusive-or ends a round of pwxform.
fn pwxform(graph: &Graph, node: &Node, taints: &Taints) -> Option<u64> {
    let sum_and_word = [(node.a, node.b), (node.b, node.a)];
    sum_and_word.into_iter().find_map(|(sum, word)| {
        let mask = product_plus_looked_up(graph, sum, taints)?;
        let other = Terms::of(graph, word).variable().find_map(|term| looked_up(graph, term, taints))?;
        Some(if mask == 0 { other } else { mask })
    })
}

/// `a·b + S[…]` with factors of 32 bits.
fn product_plus_looked_up(graph: &Graph, sum: Id, taints: &Taints) -> Option<u64> {
    if graph.node(sum).op != Op::Add {
        return None;
    }
    let terms = Terms::of(graph, sum);
    let is_product = |n: Node| n.op == Op::Mul && is_half_product(graph, &n);
    terms.variable().find(|term| is_product(graph.node(*term)))?;
    terms.variable().find_map(|term| looked_up(graph, term, taints))
}

/// The mask of the address at which a word, or half of one, was read; none for an address without.
fn looked_up(graph: &Graph, term: Id, taints: &Taints) -> Option<u64> {
    let node = graph.node(whole(graph, term));
    let address = (node.op == Op::Load).then(|| Terms::of(graph, node.a))?;
    address.variable().find_map(|part| masked_data(graph, part, taints))
}

/// Data under a mask of any size, 0 for one not known; also where a loop starts to count from it, and where it is an
/// index into a larger array, scaled with the place at which the table begins there.
fn masked_data(graph: &Graph, part: Id, taints: &Taints) -> Option<u64> {
    scaled(graph, part, taints, 0, 8)
}

/// The same of a value that is shifted left by `scale` afterwards.
fn scaled(graph: &Graph, part: Id, taints: &Taints, scale: u32, steps: u32) -> Option<u64> {
    let node = graph.node(part);
    if steps == 0 || !taints.has(part, DATA) {
        return None;
    }
    match node.op {
        Op::And | Op::Shl | Op::ShrU if node.bits < TABLE_BYTES => Some(node.bits << scale),
        Op::And => Some(0),
        Op::Shl => scaled(graph, node.a, taints, scale + graph.constant(node.b)? as u32 % 32, steps - 1),
        // A mask that is handed in, then cut to whole entries.
        Op::ShrU if graph.constant(node.b).is_some() => scaled(graph, node.a, taints, scale, steps - 1).map(|_| 0),
        Op::Extend | Op::Wrap => scaled(graph, node.a, taints, scale, steps - 1),
        Op::Add => {
            let terms = Terms::of(graph, part);
            let masks = |term: &Id| matches!(graph.node(*term).op, Op::And | Op::Shl | Op::ShrU);
            terms.variable().filter(masks).find_map(|term| scaled(graph, term, taints, scale, steps - 1))
        }
        // A pointer into the table that a loop counts up.
        Op::Phi => {
            let masks = |t: &Id| matches!(graph.node(*t).op, Op::And | Op::Shl | Op::ShrU);
            let start = Terms::of(graph, node.a).variable().find(|t| masks(t) && taints.has(*t, DATA))?;
            scaled(graph, start, taints, scale, steps - 1)
        }
        _ => None,
    }
}

/// The load that a number is made of.
fn loads(graph: &Graph, id: Id, depth: u32) -> Option<Id> {
    let node = graph.node(id);
    match node.op {
        Op::Load => Some(id),
        Op::Opaque | Op::Wrap | Op::Extend | Op::ShrU | Op::ShrS if depth < 4 => loads(graph, node.a, depth + 1),
        _ => None,
    }
}

/// The mask of a load's address; also where a loop starts to count from one.
fn mask(graph: &Graph, load: Id, taints: &Taints) -> Option<u64> {
    let masked = |address: Id| Terms::of(graph, address).variable().find_map(|term| taints.own_mask(graph, term));
    let address = graph.node(load).a;
    let pointer = |term: Id| Some(graph.node(term)).filter(|n| n.op == Op::Phi).and_then(|n| masked(n.a));
    masked(address).or_else(|| Terms::of(graph, address).variable().find_map(pointer))
}
