//! Arithmetic of 64 bits carried out in two halves of 32, as compilers for machines without wider words write it and as
//! lowered modules have it: helpers that are handed both halves, sums with a carry, rotations across halves. The graph is
//! given the wide values that they amount to, so that every reader sees what it would have seen before.

mod helper;
mod run;
#[cfg(test)]
mod tests;

use super::value::{Graph, Id, Node, Op, UNKNOWN, Width};
pub(super) use helper::{Helper, Helpers};

/// A half of a wide value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Half {
    whole: Id,
    is_low: bool,
    /// The other half.
    partner: Id,
}

/// Values between one half's operator and the other's. Lowered code has both within a dozen; optimisers move them apart.
const NEAR: usize = 96;

/// Exclusive-ors looked through for what tells which half is which.
const DEPTH: u32 = 4;

/// Bits of a half.
const HALF: u64 = 32;

impl Graph {
    /// What a helper makes of its arguments.
    pub(super) fn wide(&mut self, helper: Helper, arguments: &[Id]) -> Id {
        let argument = |index: usize| arguments.get(index).copied().unwrap_or(UNKNOWN);
        let whole = self.paired(argument(0), argument(1));
        let second = if helper.takes_words() { self.paired(argument(2), argument(3)) } else { argument(2) };
        let op = match helper {
            Helper::Add => Op::Add,
            Helper::Sub => Op::Sub,
            Helper::Mul => Op::Mul,
            Helper::Shl => Op::Shl,
            Helper::ShrU => Op::ShrU,
            Helper::ShrS => Op::ShrS,
            Helper::RotL | Helper::RotR => {
                let amount = match (self.constant(second), helper) {
                    (Some(left), Helper::RotL) => self.constant_node((64 - left % 64) % 64, Width::W32),
                    (None, Helper::RotL) => self.opaque(Width::W32, second, UNKNOWN),
                    _ => second,
                };
                return self.binary(Op::RotR, Width::W64, whole, amount);
            }
        };
        let second = match self.constant(second) {
            Some(amount) if !helper.takes_words() => self.constant_node(amount % 64, Width::W64),
            _ => second,
        };
        self.binary(op, Width::W64, whole, second)
    }

    /// The halves of a wide value, the lower first.
    pub(super) fn halves_of(&mut self, whole: Id) -> (Id, Id) {
        let low = self.wrap(whole);
        let amount = self.constant_node(HALF, Width::W64);
        let upper = self.binary(Op::ShrU, Width::W64, whole, amount);
        let high = self.wrap(upper);
        self.note_halves(low, high, whole);
        (low, high)
    }

    /// Remembers of what two values are the halves. A constant stands for much else too; 0 is what a shift leaves of one.
    fn note_halves(&mut self, low: Id, high: Id, whole: Id) {
        let half = |is_low, partner| Half { whole, is_low, partner };
        match (self.constant(low), self.constant(high)) {
            (None, None) => {
                self.halves.insert(low, half(true, high));
                self.halves.insert(high, half(false, low));
            }
            (None, Some(0)) => drop(self.halves.insert(low, half(true, high))),
            (Some(0), None) => drop(self.halves.insert(high, half(false, low))),
            _ => {}
        }
    }

    /// The wide value of which these are the halves.
    pub(super) fn paired(&mut self, low: Id, high: Id) -> Id {
        self.told(low, high, DEPTH).unwrap_or_else(|| self.pair(low, high))
    }

    fn pair(&mut self, low: Id, high: Id) -> Id {
        let bits = self.node(low).bits & 0xffff_ffff | self.node(high).bits << HALF;
        self.intern(Node { op: Op::Pair, width: Width::W64, a: low, b: high, k: 0, bits })
    }

    fn turned(&mut self, whole: Id, right: u64) -> Id {
        let amount = self.constant_node(right % 64, Width::W32);
        self.binary(Op::RotR, Width::W64, whole, amount)
    }

    /// The wide value of which these are the halves, where more than their standing side by side tells so.
    fn told(&mut self, low: Id, high: Id, depth: u32) -> Option<Id> {
        match (self.constant(low), self.constant(high)) {
            (Some(low), Some(high)) => return Some(self.constant_node(low | high << HALF, Width::W64)),
            (None, Some(0)) => return Some(self.extend(low)),
            (Some(0), None) => {
                let (upper, amount) = (self.extend(high), self.constant_node(HALF, Width::W64));
                return Some(self.binary(Op::Shl, Width::W64, upper, amount));
            }
            _ => {}
        }
        if let Some(whole) = self.noted(low, high) {
            return Some(whole);
        }
        // Halves that changed places.
        if let Some(whole) = self.noted(high, low) {
            return Some(self.turned(whole, HALF));
        }
        if depth == 0 {
            return None;
        }
        let (l, h) = (self.node(low), self.node(high));
        match (l.op, h.op) {
            (Op::Xor, Op::Xor) => self.told_of_both(&l, &h, depth),
            // The other half's operand was 0.
            (Op::Xor, _) if self.constant(high).is_none() => {
                [(l.a, l.b), (l.b, l.a)].into_iter().find_map(|(half, more)| {
                    let whole = self.told(half, high, depth - 1)?;
                    let more = self.extend(more);
                    Some(self.binary(Op::Xor, Width::W64, whole, more))
                })
            }
            (_, Op::Xor) if self.constant(low).is_none() => {
                [(h.a, h.b), (h.b, h.a)].into_iter().find_map(|(half, more)| {
                    let whole = self.told(low, half, depth - 1)?;
                    let zero = self.constant_node(0, Width::W32);
                    let more = self.paired(zero, more);
                    Some(self.binary(Op::Xor, Width::W64, whole, more))
                })
            }
            (Op::Load, Op::Load) if self.follows(l.a, h.a) => Some(self.pair(low, high)),
            (Op::Load, Op::Load) if self.follows(h.a, l.a) => {
                let pair = self.pair(high, low);
                Some(self.turned(pair, HALF))
            }
            _ => None,
        }
    }

    /// The exclusive-or of two wide values, each half of it of two halves.
    fn told_of_both(&mut self, low: &Node, high: &Node, depth: u32) -> Option<Id> {
        for (a, b) in [(high.a, high.b), (high.b, high.a)] {
            if let Some((x, y)) = self.told_one(low.a, a, low.b, b, depth - 1) {
                return Some(self.binary(Op::Xor, Width::W64, x, y));
            }
        }
        None
    }

    /// Two wide values by their halves, where something tells of one that they are.
    fn told_one(&mut self, low: Id, high: Id, other_low: Id, other_high: Id, depth: u32) -> Option<(Id, Id)> {
        let (one, other) = (self.told(low, high, depth), self.told(other_low, other_high, depth));
        if one.is_none() && other.is_none() {
            return None;
        }
        let one = one.unwrap_or_else(|| self.pair(low, high));
        Some((one, other.unwrap_or_else(|| self.pair(other_low, other_high))))
    }

    /// The wide value that was noted for two halves, or of which they are visibly cut.
    fn noted(&self, low: Id, high: Id) -> Option<Id> {
        let is_one = |half: &&Half, is_low: bool, partner: Id| half.is_low == is_low && half.partner == partner;
        let noted = self.halves.get(&low).filter(|half| is_one(half, true, high));
        let noted = noted.or_else(|| self.halves.get(&high).filter(|half| is_one(half, false, low)));
        if let Some(half) = noted {
            return Some(half.whole);
        }
        let (l, h) = (self.node(low), self.node(high));
        let upper = self.node(h.a);
        let is_cut = l.op == Op::Wrap && h.op == Op::Wrap && upper.op == Op::ShrU;
        (is_cut && upper.a == l.a && self.constant(upper.b) == Some(HALF)).then_some(l.a)
    }

    /// Whether one address is the next word's.
    fn follows(&self, first: Id, second: Id) -> bool {
        let place = |id: Id| {
            let node = self.node(id);
            match (node.op, self.constant(node.b)) {
                (Op::Add, Some(offset)) => (node.a, offset),
                _ => (id, 0),
            }
        };
        let ((root, at), (other, next)) = (place(first), place(second));
        root == other && next.wrapping_sub(at) & 0xffff_ffff == 4
    }

    /// What an operator of 32 bits gives, where it completes a wide one; otherwise what it gave itself.
    pub(super) fn completed(&mut self, id: Id) -> Id {
        let node = self.node(id);
        if node.width != Width::W32 || self.halves.contains_key(&id) {
            return id;
        }
        match node.op {
            Op::Xor if !self.halves.is_empty() => self.complete_xor(id, &node),
            Op::Or => {
                self.complete_rotation(id, &node);
                self.complete_or(id, &node);
            }
            Op::Add => return self.complete_sum(&node).unwrap_or(id),
            _ => {}
        }
        id
    }

    /// The exclusive-or that stands near with the other half of an operand.
    fn complete_xor(&mut self, id: Id, node: &Node) {
        for (operand, more) in [(node.a, node.b), (node.b, node.a)] {
            let half = self.halves.get(&operand).filter(|half| self.constant(half.partner).is_none());
            let Some(half) = half.copied() else { continue };
            let mirrored = self.near(id, |other| {
                other.op == Op::Xor && other.width == Width::W32 && (other.a == half.partner || other.b == half.partner)
            });
            let Some(mirrored) = mirrored else { continue };
            let other = self.node(mirrored);
            let rest = if other.a == half.partner { other.b } else { other.a };
            let (low, high) = if half.is_low { (more, rest) } else { (rest, more) };
            let more = self.paired(low, high);
            let whole = self.binary(Op::Xor, Width::W64, half.whole, more);
            let (low, high) = if half.is_low { (id, mirrored) } else { (mirrored, id) };
            return self.note_halves(low, high, whole);
        }
    }

    /// A half of a rotation across halves, `high << n | low >> 32 - n`, beside which the other stands.
    fn complete_rotation(&mut self, id: Id, node: &Node) {
        let Some((left, right, amount)) = self.funnel(node) else { return };
        let mirrored = self.near(id, |other| {
            other.op == Op::Or && self.funnel(other).is_some_and(|(l, r, n)| (l, r, n) == (right, left, amount))
        });
        let Some(mirrored) = mirrored else { return };
        let is_told = self.noted(left, right).is_some() && self.noted(right, left).is_none();
        let (low, high) = if is_told { (left, right) } else { (right, left) };
        let whole = self.paired(low, high);
        let whole = self.turned(whole, 64 - amount);
        // What is shifted to the left is the half that this one becomes.
        let (low, high) = if is_told { (id, mirrored) } else { (mirrored, id) };
        self.note_halves(low, high, whole);
    }

    /// Two wide values joined half by half: a rotation as two shifts, each of which a helper was called for. Where a shift has
    /// left 0 of a half, the other value's half is the whole of it.
    fn complete_or(&mut self, id: Id, node: &Node) {
        let half = |id: Id| self.halves.get(&id).copied();
        let (Some(one), Some(other)) = (half(node.a), half(node.b)) else { return };
        if one.is_low != other.is_low {
            return;
        }
        let nothing = |half: &Half| self.constant(half.partner) == Some(0);
        let partner = match (nothing(&one), nothing(&other)) {
            (true, true) => None,
            (true, false) => Some(other.partner),
            (false, true) => Some(one.partner),
            (false, false) => self.near(id, |mirrored| {
                let partners = [(one.partner, other.partner), (other.partner, one.partner)];
                mirrored.op == Op::Or && mirrored.width == Width::W32 && partners.contains(&(mirrored.a, mirrored.b))
            }),
        };
        let Some(partner) = partner else { return };
        let whole = self.binary(Op::Or, Width::W64, one.whole, other.whole);
        let (low, high) = if one.is_low { (id, partner) } else { (partner, id) };
        self.note_halves(low, high, whole);
    }

    /// What is shifted to the left and to the right, and by how much to the left, where a value is made of two words so.
    fn funnel(&self, node: &Node) -> Option<(Id, Id, u64)> {
        let (a, b) = (self.node(node.a), self.node(node.b));
        let (left, right) = match (a.op, b.op) {
            (Op::Shl, Op::ShrU) => (a, b),
            (Op::ShrU, Op::Shl) => (b, a),
            _ => return None,
        };
        let (l, r) = (self.constant(left.b)?, self.constant(right.b)?);
        (node.width == Width::W32 && left.a != right.a && l + r == HALF).then_some((left.a, right.a, l))
    }

    /// A value made shortly before.
    fn near(&self, id: Id, fits: impl Fn(&Node) -> bool) -> Option<Id> {
        let last = self.nodes().len();
        let first = last.saturating_sub(NEAR).max(1);
        (first..last).rev().map(|other| other as Id).find(|other| *other != id && fits(&self.nodes()[*other as usize]))
    }

    /// The upper half of a sum, to which a comparison of the lower half adds the carry.
    fn complete_sum(&mut self, node: &Node) -> Option<Id> {
        [(node.a, node.b), (node.b, node.a)].into_iter().find_map(|(high, carry)| {
            let (sum, _) = self.carries(carry)?;
            self.wide_sum(sum, high, false)
        })
    }

    /// The upper half of a sum that is one of two values, one more where the lower half ran over.
    pub(super) fn chosen(&mut self, condition: Id, with: Id, without: Id) -> Option<Id> {
        let (sum, _) = self.carries(condition)?;
        let one = self.constant_node(1, Width::W32);
        let raised = self.binary(Op::Add, Width::W32, without, one);
        if raised == with { self.wide_sum(sum, without, true) } else { None }
    }

    /// The sum, and an operand of it, that a comparison says to have run over.
    pub(super) fn carries(&self, condition: Id) -> Option<(Id, Id)> {
        let compare = self.node(condition);
        if compare.op != Op::Compare || compare.k != 1 {
            return None;
        }
        [(compare.a, compare.b), (compare.b, compare.a)].into_iter().find(|(sum, operand)| {
            let sum = self.node(*sum);
            sum.op == Op::Add && sum.width == Width::W32 && (sum.a == *operand || sum.b == *operand)
        })
    }

    /// The upper half of a wide sum, by its lower half and by what the upper one is without the carry. Where nothing tells
    /// how the halves belong together, that is only `assumed` where a carry is chosen: a comparison may be added to anything.
    fn wide_sum(&mut self, sum: Id, high: Id, assumed: bool) -> Option<Id> {
        let (low, upper) = (self.node(sum), self.node(high));
        let operands = if upper.op == Op::Add {
            let (a, b) = (upper.a, upper.b);
            let told = self.told_one(low.a, a, low.b, b, DEPTH);
            let told = told.or_else(|| self.told_one(low.a, b, low.b, a, DEPTH));
            told.or_else(|| Some((self.pair(low.a, a), self.pair(low.b, b))))
        } else {
            [(low.a, low.b), (low.b, low.a)].into_iter().find_map(|(half, more)| {
                let whole = self.told(half, high, DEPTH)?;
                Some((whole, self.extend(more)))
            })
        };
        let (a, b) = match operands {
            Some(operands) => operands,
            None if assumed => (self.pair(low.a, high), self.extend(low.b)),
            None => return None,
        };
        let whole = self.binary(Op::Add, Width::W64, a, b);
        let (_, half) = self.halves_of(whole);
        self.note_halves(sum, half, whole);
        Some(half)
    }
}
