//! Where in memory an address points: an object and a distance from it.

use super::shapes::Terms;
use super::value::{Graph, Id, Op};

/// Bytes of an object: the state of a mixer is a line or a few.
const OBJECT: u64 = 256;

/// Where a word stands: what the object is reached by (0 for an address known as a number), and the distance from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) root: Id,
    at: u64,
}

impl Place {
    /// Whether both stand in one object.
    pub(super) fn is_near(self, other: Self) -> bool {
        self.root == other.root && self.at.abs_diff(other.at) < OBJECT
    }
}

/// The place that an address means, indices aside; none where nothing tells the object.
pub(super) fn of(graph: &Graph, address: Id) -> Option<Place> {
    let mut place = Place { root: 0, at: 0 };
    let mut address = address;
    for _ in 0..4 {
        let terms = Terms::of(graph, address);
        place.at = place.at.wrapping_add(terms.constant()) & 0xffff_ffff;
        // A loop variable that begins with a number is an index.
        let is_base = |id: &Id| {
            let node = graph.node(*id);
            let is_pointer = node.op == Op::Phi && graph.constant(node.a).is_none();
            is_pointer || matches!(node.op, Op::Param | Op::Global | Op::Load | Op::Call)
        };
        let mut bases = terms.variable().filter(is_base);
        let base = match (bases.next(), bases.next()) {
            (Some(base), None) => base,
            (None, _) if terms.constant() > 0 => return Some(place),
            _ => return None,
        };
        let node = graph.node(base);
        if node.op != Op::Phi {
            return Some(Place { root: base, ..place });
        }
        // A pointer that a loop counts up: the object is where it began.
        address = node.a;
    }
    None
}

/// Objects that are written in loops, by what they are reached by; ascending.
pub(super) fn written(graph: &Graph) -> Vec<Id> {
    let mut roots = Vec::new();
    for (index, node) in graph.nodes().iter().enumerate().skip(1) {
        if node.op == Op::Store && graph.origin(index as Id).part > 0 {
            let terms = Terms::of(graph, node.a);
            let is_base = |id: &Id| matches!(graph.node(*id).op, Op::Param | Op::Load | Op::Call);
            roots.extend(terms.variable().filter(is_base));
        }
    }
    davy_model::sort(&mut roots);
    roots.dedup();
    roots
}
