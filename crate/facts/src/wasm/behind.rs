//! What a value or an address is made of.

use super::value::{Graph, Id, Op, VARIABLE};

impl Graph {
    /// Whether a value is made of one that fits, not through memory; at most `BOUND` values are looked at.
    pub(super) fn depends<const BOUND: usize>(&self, root: Id, mut fits: impl FnMut(Id) -> bool) -> bool {
        let mut seen = [0; BOUND];
        seen[0] = root;
        let mut known = 1;
        let mut next = 0;
        while next < known {
            let id = seen[next];
            next += 1;
            if fits(id) {
                return true;
            }
            let node = self.node(id);
            if matches!(node.op, Op::Load | Op::Store | Op::Call | Op::Param | Op::Global) {
                continue;
            }
            for operand in [node.a, node.b] {
                if operand != 0 && known < BOUND && !seen[..known].contains(&operand) {
                    seen[known] = operand;
                    known += 1;
                }
            }
        }
        false
    }

    /// Whether an address is a fixed place on the shadow stack: its pointer, or that and a constant or an index.
    pub(super) fn is_frame(&self, address: Id) -> bool {
        let node = self.node(address);
        node.op == Op::Global || node.op == Op::Add && self.node(node.a).op == Op::Global
    }

    /// The same, but for places at globals that are no stack pointer.
    pub(super) fn is_stack(&self, address: Id) -> bool {
        let node = self.node(address);
        let base = if node.op == Op::Add { self.node(node.a) } else { node };
        self.is_frame(address) && base.k < VARIABLE
    }
}
