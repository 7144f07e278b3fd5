//! Words made wider and narrower.

use super::value::{Graph, Id, Node, Op, Width};

impl Graph {
    pub(crate) fn extend(&mut self, a: Id) -> Id {
        let n = self.node(a);
        match n.op {
            Op::Const => self.constant_node(n.k, Width::W64),
            // extend(wrap(x)) keeps the low half of x.
            Op::Wrap => {
                let low = self.constant_node(0xffff_ffff, Width::W64);
                self.binary(Op::And, Width::W64, n.a, low)
            }
            _ => self.intern(Node { op: Op::Extend, width: Width::W64, a, b: 0, k: 0, bits: n.bits & 0xffff_ffff }),
        }
    }

    pub(crate) fn wrap(&mut self, a: Id) -> Id {
        let n = self.node(a);
        match n.op {
            Op::Const => self.constant_node(n.k, Width::W32),
            Op::Extend | Op::Pair => n.a,
            // A mask or a small shift commutes with dropping the upper half; the constant may then fold.
            Op::And | Op::Or | Op::Xor | Op::Add | Op::Mul => {
                let (x, y) = (self.wrap_leaf(n.a), self.wrap_leaf(n.b));
                match (x, y) {
                    (Some(x), Some(y)) => self.binary(n.op, Width::W32, x, y),
                    _ => self.wrap_node(a, n.bits),
                }
            }
            _ => self.wrap_node(a, n.bits),
        }
    }

    fn wrap_node(&mut self, a: Id, bits: u64) -> Id {
        self.intern(Node { op: Op::Wrap, width: Width::W32, a, b: 0, k: 0, bits: bits & 0xffff_ffff })
    }

    /// Wraps an operand without descending, so that the work stays constant.
    fn wrap_leaf(&mut self, a: Id) -> Option<Id> {
        let n = self.node(a);
        match n.op {
            Op::Const => Some(self.constant_node(n.k, Width::W32)),
            Op::Extend => Some(n.a),
            _ if n.width == Width::W64 => Some(self.wrap_node(a, n.bits)),
            _ => None,
        }
    }
}
