//! Words that overlap: four bytes read at an address that moves by one byte from turn to turn, reduced to an index.
//! Autolykos chooses its elements so; whoever only deals with the words of a hash takes each byte once.

use super::shapes::{PartFacts, Terms};
use super::value::{Graph, Id, Node, Op};
use davy_model::FactName;

/// Bytes of a word.
const WORD: u64 = 4;

/// Values looked at behind one remainder: four bytes, each extended, shifted and joined, and the masks of a byte swap.
const LOOKED_AT: usize = 32;

/// A mask in place of a remainder leaves as many bits at least: smaller tables are no proof of work's.
const LEAST_MASK: u64 = (1 << 16) - 1;

/// Adds what a value shows.
pub(super) fn read(part: &mut PartFacts, graph: &Graph, node: &Node, at: u32) {
    match node.op {
        Op::Load if Terms::of(graph, node.a).variable().any(|term| is_window(graph, &scaled(graph, term))) => {
            part.add(FactName::OverlappingWord, 1, at);
        }
        Op::RemU | Op::And if is_window(graph, node) => part.add(FactName::OverlappingWord, 0, at),
        _ => {}
    }
}

/// What an index is, without the length of entries.
fn scaled(graph: &Graph, id: Id) -> Node {
    let mut node = graph.node(id);
    for _ in 0..4 {
        node = match node.op {
            Op::Shl | Op::Mul if graph.constant(node.b).is_some() => graph.node(node.a),
            Op::Extend | Op::Wrap => graph.node(node.a),
            _ => break,
        };
    }
    node
}

/// Whether a value is the remainder of a word that overlaps with the next.
fn is_window(graph: &Graph, node: &Node) -> bool {
    let reduces = match node.op {
        Op::RemU => true,
        Op::And => {
            graph.constant(node.b).is_some_and(|k| k >= LEAST_MASK && k < u64::from(u32::MAX) && k & (k + 1) == 0)
        }
        _ => false,
    };
    reduces && bytes_of(graph, node.a) == Some(WORD)
}

/// Bytes loaded at moving addresses, where a value is made of nothing else.
fn bytes_of(graph: &Graph, root: Id) -> Option<u64> {
    let mut open = vec![root];
    let mut seen: Vec<Id> = Vec::new();
    let mut bytes = 0;
    while let Some(id) = open.pop() {
        if seen.contains(&id) {
            continue;
        }
        if seen.len() == LOOKED_AT {
            return None;
        }
        seen.push(id);
        let node = graph.node(id);
        match node.op {
            Op::Load if node.k <= WORD && moves_by_one(graph, node.a) => bytes += node.k,
            Op::Extend | Op::Wrap => open.push(node.a),
            Op::Or | Op::And | Op::Shl | Op::ShrU | Op::RotR => open.extend([node.a, node.b]),
            Op::Const => {}
            _ => return None,
        }
    }
    Some(bytes)
}

/// Whether an address counts up by one byte.
fn moves_by_one(graph: &Graph, address: Id) -> bool {
    let counts = |id: Id| {
        let node = graph.node(id);
        let next = graph.node(node.b);
        node.op == Op::Phi && next.op == Op::Add && next.a == id && graph.constant(next.b) == Some(1)
    };
    Terms::of(graph, address).variable().any(counts)
}
