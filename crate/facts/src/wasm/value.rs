//! Values of a function body as a bounded graph: constants folded, identities removed, equal expressions shared.
//!
//! Every node also carries an upper bound on the bits that can be one. That single number reads a mask however it is
//! written: `x & 0x1ffff0`, `((x >> 4) & 0x1ffff) << 4` and `(x << 11) >> 15 << 4` have the same bound.

use super::fold::{below, commutes, fold, product_bound};
use super::halves::Half;
use crate::limits;
use std::collections::BTreeMap;

/// Index of a node in the [`Graph`].
pub(crate) type Id = u32;

/// The node that stands for a value nothing is known about.
pub(crate) const UNKNOWN: Id = 0;

/// Beside the number of a global: it is no stack pointer, for it never changes or is a variable of a program that was written
/// down.
pub(super) const VARIABLE: u64 = 1 << 32;

/// What a node computes. Amounts of shifts and rotations stand in `b` when variable, in a constant node when not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// Anything; `a` and `b` are operands whose taint it inherits.
    Opaque,
    /// A constant, in `k`.
    Const,
    /// The value of a variable at a loop's head: `a` from outside, `b` from the back edge.
    Phi,
    /// One of two values, depending on the path.
    Join,
    /// A parameter of the function.
    Param,
    /// A global at function entry; index in `k`.
    Global,
    /// A load; address `a`, bytes read in `k`.
    Load,
    /// A store; address `a`, value `b`, bytes written in `k`.
    Store,
    /// An address `a` that is handed to a callee.
    Pass,
    /// A full multiply to twice the width (`i64.mul_wide_u`).
    MulWide,
    /// The result of a call that was not inlined: `a` is its first argument, `b` a length behind two addresses.
    Call,
    Add,
    Sub,
    Mul,
    And,
    Or,
    Xor,
    Shl,
    ShrU,
    ShrS,
    /// Rotation to the right by `b`.
    RotR,
    /// Remainder, unsigned.
    RemU,
    /// i64 from i32, unsigned.
    Extend,
    /// i32 from i64.
    Wrap,
    /// A comparison; `k` is 1 when it asks for an order, 0 when it asks whether both are equal.
    Compare,
    /// Floating-point numbers made of integers.
    Float,
    /// 64 bits whose lower half is `a` and whose upper half is `b`.
    Pair,
}

/// Width of a value, or the lane width of a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    W32,
    W64,
    /// A vector of 32-bit lanes.
    V32,
    /// A vector of 64-bit lanes.
    V64,
    /// A vector whose lanes the operator does not tell (and, or, xor), or any other value.
    Other,
}

impl Width {
    /// Bits of a value or lane.
    pub(crate) fn bits(self) -> u32 {
        match self {
            Self::W32 | Self::V32 => 32,
            Self::W64 | Self::V64 | Self::Other => 64,
        }
    }

    pub(super) fn ones(self) -> u64 {
        if self.bits() == 32 { 0xffff_ffff } else { u64::MAX }
    }

    fn is_vector(self) -> bool {
        matches!(self, Self::V32 | Self::V64 | Self::Other)
    }
}

/// One value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) op: Op,
    pub(crate) width: Width,
    pub(crate) a: Id,
    pub(crate) b: Id,
    pub(crate) k: u64,
    /// Bits that can be one.
    pub(crate) bits: u64,
}

/// Where a node was first made.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Origin {
    /// Byte offset of the operator in the module.
    pub(crate) at: u32,
    /// Part of the function (see [`super::outline::Outline`]).
    pub(crate) part: u32,
}

/// A bounded, hash-consed graph of values.
#[derive(Debug)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    origins: Vec<Origin>,
    table: Vec<Id>,
    /// Values that are halves of wider ones.
    pub(super) halves: BTreeMap<Id, Half>,
    /// Expressions that are being made plain, each inside the one before.
    pub(super) unmixing: u32,
    /// Origin of the nodes that are made next.
    pub(crate) here: Origin,
}

impl Graph {
    pub(crate) fn new() -> Self {
        let (nodes, origins, table, halves) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
        let mut graph = Self { nodes, origins, table, halves, unmixing: 0, here: Origin::default() };
        graph.clear();
        graph
    }

    /// Forgets every value; ids handed out before are void.
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.origins.clear();
        self.table.clear();
        self.halves.clear();
        self.table.resize(1 << 10, 0);
        self.push(Node { op: Op::Opaque, width: Width::Other, a: 0, b: 0, k: 0, bits: u64::MAX });
    }

    pub(crate) fn is_full(&self) -> bool {
        self.nodes.len() >= limits::GRAPH_NODES
    }

    pub(crate) fn origin(&self, id: Id) -> Origin {
        self.origins[id as usize]
    }

    pub(crate) fn node(&self, id: Id) -> Node {
        self.nodes[id as usize]
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The constant that a node stands for.
    pub(crate) fn constant(&self, id: Id) -> Option<u64> {
        let n = self.node(id);
        (n.op == Op::Const).then_some(n.k)
    }

    pub(crate) fn constant_node(&mut self, value: u64, width: Width) -> Id {
        let k = value & width.ones();
        self.intern(Node { op: Op::Const, width, a: 0, b: 0, k, bits: k })
    }

    /// A fresh node that equals no other: loads, parameters, loop heads, calls.
    pub(crate) fn fresh(&mut self, op: Op, width: Width, a: Id, b: Id, k: u64) -> Id {
        let bits = if op == Op::Load && k < 8 && !width.is_vector() { (1 << (8 * k)) - 1 } else { width.ones() };
        self.push(Node { op, width, a, b, k, bits })
    }

    /// A global that is taken for the stack pointer: every ABI keeps it a multiple of 16 at function entry.
    pub(crate) fn stack_pointer(&mut self, global: u64) -> Id {
        self.push(Node { op: Op::Global, width: Width::W32, a: 0, b: 0, k: global, bits: 0xffff_fff0 })
    }

    /// A global that is no stack pointer.
    pub(crate) fn variable(&mut self, global: u64) -> Id {
        self.fresh(Op::Global, Width::Other, 0, 0, global | VARIABLE)
    }

    /// Same as [`Graph::fresh`], but for a sign-extending load, whose upper bits can be one.
    pub(crate) fn fresh_signed_load(&mut self, width: Width, address: Id, bytes: u64) -> Id {
        self.push(Node { op: Op::Load, width, a: address, b: 0, k: bytes, bits: width.ones() })
    }

    /// Gives a loop head its value from the back edge.
    pub(crate) fn close_phi(&mut self, phi: Id, back: Id) {
        let joined = match self.node(phi).b {
            UNKNOWN => back,
            earlier => self.join(earlier, back),
        };
        if let Some(node) = self.nodes.get_mut(phi as usize) {
            node.b = joined;
        }
    }

    /// The value where two paths meet.
    pub(crate) fn join(&mut self, a: Id, b: Id) -> Id {
        if a == b {
            return a;
        }
        let (na, nb) = (self.node(a), self.node(b));
        self.intern(Node { op: Op::Join, width: na.width, a, b, k: 0, bits: na.bits | nb.bits })
    }

    pub(crate) fn opaque(&mut self, width: Width, a: Id, b: Id) -> Id {
        self.intern(Node { op: Op::Opaque, width, a, b, k: 0, bits: width.ones() })
    }

    /// A truth value, 0 or 1, of two operands: an order of them, or whether they are equal.
    pub(crate) fn compare(&mut self, a: Id, b: Id, ordered: bool) -> Id {
        self.intern(Node { op: Op::Compare, width: Width::W32, a, b, k: u64::from(ordered), bits: 1 })
    }

    /// Floating-point numbers made of integers.
    pub(crate) fn float(&mut self, a: Id) -> Id {
        self.intern(Node { op: Op::Float, width: Width::Other, a, b: 0, k: 0, bits: u64::MAX })
    }

    /// A two-operand value in canonical form.
    pub(crate) fn binary(&mut self, op: Op, width: Width, a: Id, b: Id) -> Id {
        if width.is_vector() {
            return self.vector(op, width, a, b);
        }
        let (mut a, mut b) = (a, b);
        let mut op = op;
        if commutes(op) && self.constant(a).is_some() && self.constant(b).is_none()
            || commutes(op) && self.constant(b).is_none() && a > b
        {
            std::mem::swap(&mut a, &mut b);
        }
        let (ka, kb) = (self.constant(a), self.constant(b));
        if let (Some(x), Some(y)) = (ka, kb)
            && let Some(k) = fold(op, width, x, y)
        {
            return self.constant_node(k, width);
        }
        if op == Op::Sub
            && let Some(y) = kb
        {
            op = Op::Add;
            b = self.constant_node(y.wrapping_neg(), width);
        }
        let kb = self.constant(b);
        let a = kb.map_or(a, |y| self.unmasked(op, width, a, y));
        if let Some(same) = self.identity(op, width, a, b, kb).or_else(|| self.unmix(op, width, a, b)) {
            return same;
        }
        if let Some(y) = kb {
            if let Some(id) = self.reassociate(op, width, a, y) {
                return id;
            }
            if op == Op::RemU && y.is_power_of_two() {
                let mask = self.constant_node(y - 1, width);
                return self.binary(Op::And, width, a, mask);
            }
            if op == Op::Mul && y.is_power_of_two() {
                let amount = self.constant_node(u64::from(y.trailing_zeros()), width);
                return self.binary(Op::Shl, width, a, amount);
            }
        } else if matches!(op, Op::Or | Op::Xor | Op::Add)
            && let Some(id) = self.rotation(width, a, b)
        {
            return id;
        }
        let bits = self.bound(op, width, a, b);
        if bits == 0 {
            return self.constant_node(0, width);
        }
        self.intern(Node { op, width, a, b, k: 0, bits })
    }

    fn vector(&mut self, op: Op, width: Width, a: Id, b: Id) -> Id {
        if matches!(op, Op::Or | Op::Xor | Op::Add) {
            let lanes = self.node(a).width;
            if let Some(id) = self.rotation(if width == Width::Other { lanes } else { width }, a, b) {
                return id;
            }
        }
        self.intern(Node { op, width, a, b, k: 0, bits: u64::MAX })
    }

    /// x op neutral = x, x & x = x, x ^ x = 0, and their like.
    fn identity(&mut self, op: Op, width: Width, a: Id, b: Id, kb: Option<u64>) -> Option<Id> {
        let same = a == b && a != UNKNOWN;
        match (op, kb) {
            (Op::Add | Op::Or | Op::Xor | Op::Shl | Op::ShrU | Op::ShrS | Op::RotR, Some(0)) => Some(a),
            (Op::Mul, Some(1)) => Some(a),
            (Op::And, Some(k)) if k & self.node(a).bits == self.node(a).bits => Some(a),
            (Op::And | Op::Or, None) if same => Some(a),
            (Op::Xor | Op::Sub, None) if same => Some(self.constant_node(0, width)),
            _ => None,
        }
    }

    /// (x op k1) op k2 with both constants folded into one.
    fn reassociate(&mut self, op: Op, width: Width, a: Id, k2: u64) -> Option<Id> {
        let n = self.node(a);
        let k1 = if n.op == op { self.constant(n.b)? } else { return None };
        let k = match op {
            Op::Add | Op::And | Op::Or | Op::Xor | Op::Mul => fold(op, width, k1, k2)?,
            Op::Shl | Op::ShrU if k1 + k2 < u64::from(width.bits()) => k1 + k2,
            Op::RotR => (k1 + k2) % u64::from(width.bits()),
            _ => return None,
        };
        let b = self.constant_node(k, width);
        Some(self.binary(op, width, n.a, b))
    }

    /// x << n joined with x >> (w - n) is a rotation, whatever joins them.
    fn rotation(&mut self, width: Width, a: Id, b: Id) -> Option<Id> {
        let (na, nb) = (self.node(a), self.node(b));
        let (left, right) = match (na.op, nb.op) {
            (Op::Shl, Op::ShrU) => (na, nb),
            (Op::ShrU, Op::Shl) => (nb, na),
            _ => return None,
        };
        let bits = u64::from(left.width.bits());
        if left.width != right.width || !self.is_alike(left.a, right.a) {
            return None;
        }
        let amount = match (self.constant(left.b), self.constant(right.b)) {
            (Some(l), Some(r)) if l + r == bits => self.constant_node(r, Width::W32),
            (None, None) if self.is_rest(left.b, right.b, bits) => right.b,
            _ => return None,
        };
        let width = if width == Width::Other { left.width } else { width };
        Some(self.intern(Node { op: Op::RotR, width, a: left.a, b: amount, k: 0, bits: width.ones() }))
    }

    /// Upper bound on the bits of a result.
    fn bound(&self, op: Op, width: Width, a: Id, b: Id) -> u64 {
        let (x, y) = (self.node(a).bits, self.node(b).bits);
        let amount = self.constant(b).map(|k| (k % u64::from(width.bits())) as u32);
        let bits = match op {
            Op::And => x & y,
            Op::Or | Op::Xor => x | y,
            Op::Add if x & y == 0 => x | y,
            Op::Add => (below(x.max(y)) << 1 | 1) & u64::MAX << (x | y).trailing_zeros().min(63),
            Op::Shl => amount.map_or(u64::MAX, |n| x << n),
            Op::ShrU => amount.map_or(below(x), |n| x >> n),
            Op::ShrS if x >> (width.bits() - 1) & 1 == 0 => amount.map_or(below(x), |n| x >> n),
            Op::Mul => product_bound(x, y),
            Op::RemU => match self.constant(b) {
                Some(k) if k > 0 => below(k - 1).min(below(x)),
                _ => below(x),
            },
            _ => u64::MAX,
        };
        bits & width.ones()
    }

    fn push(&mut self, node: Node) -> Id {
        let id = self.nodes.len() as Id;
        self.nodes.push(node);
        self.origins.push(self.here);
        id
    }

    /// Finds the node or adds it.
    pub(super) fn intern(&mut self, node: Node) -> Id {
        if self.nodes.len() * 2 >= self.table.len() {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut slot = hash(&node) as usize & mask;
        loop {
            match self.table[slot] {
                0 => {
                    let id = self.push(node);
                    self.table[slot] = id;
                    return id;
                }
                id if self.nodes[id as usize] == node => return id,
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let size = self.table.len() * 4;
        let old = std::mem::replace(&mut self.table, vec![0; size]);
        for id in old.into_iter().filter(|id| *id != 0) {
            let mut slot = hash(&self.nodes[id as usize]) as usize & (size - 1);
            while self.table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = id;
        }
    }
}

fn hash(node: &Node) -> u64 {
    // Multiply-xor over the fields; the constant is 2^64 divided by the golden ratio (Knuth, TAOCP 6.4).
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut h = (node.op as u64) << 8 | node.width as u64;
    for word in [u64::from(node.a) << 32 | u64::from(node.b), node.k] {
        h = (h ^ word).wrapping_mul(K);
        h ^= h >> 29;
    }
    h
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_reads_the_same_however_it_is_written() {
        let mut g = Graph::new();
        let x = g.fresh(Op::Load, Width::W32, 0, 0, 4);
        let k = |g: &mut Graph, v| g.constant_node(v, Width::W32);
        let (m, four, m17, eleven, fifteen) =
            (k(&mut g, 0x1f_fff0), k(&mut g, 4), k(&mut g, 0x1_ffff), k(&mut g, 11), k(&mut g, 15));
        let plain = g.binary(Op::And, Width::W32, x, m);
        let shifted = g.binary(Op::ShrU, Width::W32, x, four);
        let masked = g.binary(Op::And, Width::W32, shifted, m17);
        let back = g.binary(Op::Shl, Width::W32, masked, four);
        let up = g.binary(Op::Shl, Width::W32, x, eleven);
        let down = g.binary(Op::ShrU, Width::W32, up, fifteen);
        let again = g.binary(Op::Shl, Width::W32, down, four);
        for id in [plain, back, again] {
            assert_eq!(g.node(id).bits, 0x1f_fff0);
        }
    }

    #[test]
    fn two_shifts_are_a_rotation() {
        let mut g = Graph::new();
        let x = g.fresh(Op::Load, Width::W64, 0, 0, 8);
        let (l, r) = (g.constant_node(1, Width::W64), g.constant_node(63, Width::W64));
        let (a, b) = (g.binary(Op::Shl, Width::W64, x, l), g.binary(Op::ShrU, Width::W64, x, r));
        for op in [Op::Or, Op::Xor, Op::Add] {
            let id = g.binary(op, Width::W64, a, b);
            assert_eq!(g.node(id).op, Op::RotR);
            assert_eq!(g.constant(g.node(id).b), Some(63));
        }
    }

    #[test]
    fn constants_fold_and_identities_vanish() {
        let mut g = Graph::new();
        let x = g.fresh(Op::Load, Width::W32, 0, 0, 4);
        let (one, two, zero) =
            (g.constant_node(1, Width::W32), g.constant_node(2, Width::W32), g.constant_node(0, Width::W32));
        let a = g.binary(Op::Add, Width::W32, x, one);
        let b = g.binary(Op::Sub, Width::W32, a, two);
        let c = g.binary(Op::Add, Width::W32, b, one);
        assert_eq!(c, x);
        assert_eq!(g.binary(Op::Xor, Width::W32, x, zero), x);
        let wrapped = g.binary(Op::Xor, Width::W32, x, x);
        assert_eq!(g.constant(wrapped), Some(0));
    }
}
