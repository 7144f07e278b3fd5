//! Data-flow of chains and of walks over a dataset: what Ethash, ProgPoW and Lyra2 cannot do without.

use super::outline::Outline;
use super::shapes::{PartFacts, Shapes};
use super::value::{Graph, Id, Node, Op, Width};
use davy_model::FactName;

/// FNV's 32-bit prime (Fowler, Noll, Vo).
const FNV_PRIME: u64 = 0x0100_0193;

/// Multipliers of the two multiply-with-carry generators in Marsaglia's KISS99.
const KISS99: [u64; 2] = [36_969, 18_000];

/// Ethash counts to 64 and 256; sizes of buffers that loops also compare with are larger.
const LARGEST_BOUND: u64 = 1024;

/// Whether a graph holds the constants that [`read`] looks for: without them it need not.
pub(super) fn is_worthwhile(graph: &Graph) -> bool {
    let known = |node: &Node| node.op == Op::Const && (node.k == FNV_PRIME || KISS99.contains(&node.k));
    graph.nodes().iter().any(known)
}

/// Adds what one value shows.
pub(super) fn read(part: &mut PartFacts, graph: &Graph, node: &Node, at: u32) {
    match node.op {
        Op::Xor if is_fnv_mix(graph, node) => part.add(FactName::FnvMix, 0, at),
        Op::Load => match divided(graph, node.a, &mut 64) {
            Some(sum) if is_mixed(graph, sum, 4) => part.add(FactName::FnvWalk, 0, at),
            Some(sum) if is_joined(graph, sum, 4) => part.add(FactName::FnvSeek, 0, at),
            _ => {}
        },
        Op::RemU if is_mixed(graph, node.a, 4) => part.add(FactName::FnvRemainder, 0, at),
        Op::Mul if node.width == Width::W32 => {
            let half = graph.node(node.a).bits <= 0xffff;
            let factor = graph.constant(node.b).filter(|k| half && KISS99.contains(k));
            factor.into_iter().for_each(|k| part.add(FactName::CarryMultiply, k, at));
        }
        _ => {}
    }
}

/// What these facts are worth among others, by how many there are of each.
pub(super) fn interest(count: impl Fn(FactName) -> u32) -> u32 {
    let (walks, mixes) = (count(FactName::FnvWalk), count(FactName::FnvMix));
    8 * walks.min(4)
        + 2 * mixes.min(8)
        + 8 * count(FactName::FnvSeek).min(4)
        + 4 * count(FactName::CarryMultiply).min(4)
        + count(FactName::BareMix).min(16)
        + 4 * count(FactName::OverlappingWord).min(2)
}

/// Adds what takes a second look.
pub(super) fn close(parts: &mut [PartFacts], graph: &Graph) {
    let has = |part: &PartFacts, amount: u64| part.facts.contains_key(&(FactName::Rotation64, amount));
    if [16, 24, 32, 63].into_iter().all(|amount| parts.iter().any(|part| has(part, amount))) {
        bare_mixes(parts, graph);
    }
}

/// Names each walk by the largest number that its loop, or one around it, counts to. What is done with a remainder may
/// stand in another function; through a table it could be any, so that nothing is said then.
pub(super) fn name_walks(shapes: &mut Shapes, outline: &Outline) {
    if !outline.indirect.is_empty() {
        for part in &mut shapes.parts {
            part.facts.remove(&(FactName::FnvRemainder, 0));
        }
    }
    name_by_bound(shapes, outline, FactName::FnvWalk);
    name_by_bound(shapes, outline, FactName::FnvRemainder);
}

fn name_by_bound(shapes: &mut Shapes, outline: &Outline, name: FactName) {
    for index in 0..shapes.parts.len() {
        let Some((count, at)) = shapes.parts[index].facts.remove(&(name, 0)) else { continue };
        let parent = |part: &u32| outline.parts.get(*part as usize).and_then(|part| part.parent);
        let around = std::iter::successors(Some(index as u32), parent).filter(|part| *part > 0);
        let bounds = (FactName::LoopBound, 0)..=(FactName::LoopBound, LARGEST_BOUND);
        let largest = |part: u32| {
            let all = shapes.parts.get(part as usize)?.facts.range(bounds.clone());
            all.map(|((_, bound), _)| *bound).max()
        };
        let bound = around.filter_map(largest).max().unwrap_or(0);
        shapes.parts[index].facts.insert((name, bound), (count, at));
    }
}

/// `x·prime ^ y` of two whole words. Hash tables mix bytes in, which are no more than 8 bits.
fn is_fnv_mix(graph: &Graph, node: &Node) -> bool {
    let product = |id| {
        let factor = graph.node(id);
        factor.op == Op::Mul && graph.constant(factor.b) == Some(FNV_PRIME)
    };
    let word = |id| graph.constant(id).is_none() && graph.node(id).bits > 0xff;
    node.width == Width::W32 && (product(node.a) && word(node.b) || product(node.b) && word(node.a))
}

/// What is divided where an address is decided by a remainder: the sum is followed through shifts, products and additions.
fn divided(graph: &Graph, id: Id, steps: &mut u32) -> Option<Id> {
    *steps = steps.checked_sub(1)?;
    let node = graph.node(id);
    match node.op {
        Op::RemU => Some(node.a),
        Op::Add | Op::Or => divided(graph, node.a, steps).or_else(|| divided(graph, node.b, steps)),
        Op::Shl | Op::Mul | Op::Extend | Op::Wrap | Op::And => divided(graph, node.a, steps),
        _ => None,
    }
}

/// `(x ^ y)·prime` of two whole words, FNV-1a.
fn is_joined(graph: &Graph, id: Id, steps: u32) -> bool {
    let node = graph.node(id);
    match node.op {
        Op::Mul if graph.constant(node.b) == Some(FNV_PRIME) => {
            let sum = graph.node(node.a);
            let word = |id| graph.constant(id).is_none() && graph.node(id).bits > 0xff;
            sum.op == Op::Xor && word(sum.a) && word(sum.b)
        }
        Op::Extend | Op::Wrap | Op::Join if steps > 0 => is_joined(graph, node.a, steps - 1),
        _ => false,
    }
}

fn is_mixed(graph: &Graph, id: u32, steps: u32) -> bool {
    let node = graph.node(id);
    match node.op {
        Op::Xor => is_fnv_mix(graph, &node),
        Op::Extend | Op::Wrap | Op::Join if steps > 0 => is_mixed(graph, node.a, steps - 1),
        _ => false,
    }
}

/// Rotations by 32 or 16 of `d ^ (a + b)`, BLAKE2's mixing function without a message: both terms are words of the
/// state. A sum that is such a word was itself mixed into another; a partial sum was not, and gives the message away.
fn bare_mixes(parts: &mut [PartFacts], graph: &Graph) {
    let is = |id: u32, op: Op| graph.node(id).op == op;
    let mut mixed = vec![false; graph.nodes().len()];
    for node in graph.nodes().iter().filter(|node| node.op == Op::Xor) {
        mixed[node.a as usize] = true;
        mixed[node.b as usize] = true;
    }
    let word = |id: u32| match graph.node(id).op {
        Op::RotR | Op::Phi | Op::Join | Op::Load | Op::Param | Op::Pair => true,
        Op::Add => mixed[id as usize],
        _ => false,
    };
    for (index, node) in graph.nodes().iter().enumerate() {
        let amount = graph.constant(node.b).filter(|k| node.op == Op::RotR && matches!(k, 16 | 32));
        let Some(amount) = amount.filter(|_| matches!(node.width, Width::W64 | Width::V64) && is(node.a, Op::Xor))
        else {
            continue;
        };
        let mix = graph.node(node.a);
        // Two words from memory are no proof: a message may have been added to one of them there.
        let sum = |id: u32| {
            let sum = graph.node(id);
            sum.op == Op::Add && word(sum.a) && word(sum.b) && !(is(sum.a, Op::Load) && is(sum.b, Op::Load))
        };
        let origin = graph.origin(index as u32);
        if let Some(part) = parts.get_mut(origin.part as usize).filter(|_| sum(mix.a) || sum(mix.b)) {
            part.add(FactName::BareMix, amount, origin.at);
        }
    }
}
