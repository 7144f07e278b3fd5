//! Nonces that never stand in memory: a counter that is added to what a hash mixes, as the word of the message that it is,
//! and numbers that are hashed one after the other, joined with its state by exclusive-or.

use super::purpose::{Found, Reader};
use super::shapes::Terms;
use super::value::{Graph, Id, Op};
use davy_model::FactName;

/// Fewest rotations of a graph that hashes: half of what one compression of SHA-1, rolled up by four, shows.
const LEAST_ROTATIONS: usize = 8;

/// What `nonce-store` tells of a nonce that is stored nowhere.
const REGISTER: u64 = 2;

/// The sums that take in a counter.
pub(super) fn read(reader: &Reader<'_>) -> Vec<Found> {
    let graph = reader.graph;
    let nodes = || graph.nodes().iter().enumerate().skip(1);
    let mut found = Vec::new();
    let rotations = nodes().filter(|(_, node)| node.op == Op::RotR).take(LEAST_ROTATIONS).count();
    if rotations < LEAST_ROTATIONS || !nodes().any(|(id, node)| node.op == Op::Phi && reader.grows(id as Id)) {
        return found;
    }
    for (index, node) in nodes().filter(|(_, node)| node.op == Op::Xor) {
        let origin = graph.origin(index as Id);
        let mut sides = [(node.a, node.b), (node.b, node.a)].into_iter();
        let part = sides.find_map(|(word, rest)| {
            let takes_in = mixes(graph, rest) || is_state(reader, rest);
            let part = takes_in.then(|| reader.number(word)).flatten()?;
            (mixes(graph, rest) || graph.origin(rest).part != part).then_some(part)
        });
        if let Some(part) = part.filter(|part| origin.part > 0 && reader.nest.is_inside(origin.part, *part)) {
            found.push((part, FactName::NumberedHash, 0, origin.at));
        }
    }
    for (index, node) in nodes().filter(|(_, node)| node.op == Op::Add) {
        let origin = graph.origin(index as Id);
        if origin.part == 0 {
            continue;
        }
        let sides = [(node.a, node.b), (node.b, node.a)];
        let taken = sides.into_iter().filter(|(word, rest)| is_word(graph, *word) && mixes(graph, *rest));
        let part =
            taken.filter_map(|(word, _)| reader.counter(word)).find(|part| reader.nest.is_inside(origin.part, *part));
        if let Some(part) = part {
            found.push((part, FactName::NonceStore, REGISTER, origin.at));
        }
    }
    found
}

/// Whether a value is one that a loop of rounds carries on, and no counter.
fn is_state(reader: &Reader<'_>, id: Id) -> bool {
    let node = reader.graph.node(id);
    node.op == Op::Phi && !reader.grows(id)
}

/// What a counter may look like: itself, moved on, or with its bytes reversed.
fn is_word(graph: &Graph, id: Id) -> bool {
    matches!(graph.node(id).op, Op::Phi | Op::Add | Op::Or | Op::RotR)
}

/// Whether a sum has a term that was mixed.
pub(super) fn mixes(graph: &Graph, id: Id) -> bool {
    Terms::of(graph, id).variable().any(|term| matches!(graph.node(term).op, Op::Xor | Op::RotR))
}
