//! Mixed boolean arithmetic: sums written with and, or, exclusive-or, and the other way round, as obfuscators do.

use super::value::{Graph, Id, Op, Width};

impl Graph {
    /// The plain operator behind a mixed expression, where it is one of the common ones.
    pub(super) fn unmix(&mut self, op: Op, width: Width, a: Id, b: Id) -> Option<Id> {
        // What comes out may be mixed again; code made to go on so is left as it is.
        const DEEPEST: u32 = 8;
        if self.unmixing >= DEEPEST {
            return None;
        }
        self.unmixing += 1;
        let plain = self.unmixed(op, width, a, b);
        self.unmixing -= 1;
        plain
    }

    /// What is shifted by a constant, without a mask that only takes what the shift drops anyhow: rotations are written so
    /// where the amount might be 0.
    pub(super) fn unmasked(&self, op: Op, width: Width, a: Id, amount: u64) -> Id {
        let (amount, ones) = (amount as u32 % width.bits(), self.ones(width));
        let stays = match op {
            Op::Shl => ones >> amount,
            Op::ShrU => ones << amount & ones,
            _ => return a,
        };
        let masked = self.operands(Op::And, a).and_then(|(value, mask)| Some((value, self.constant(mask)?)));
        masked.filter(|(_, mask)| mask & stays == stays).map_or(a, |(value, _)| value)
    }

    fn unmixed(&mut self, op: Op, width: Width, a: Id, b: Id) -> Option<Id> {
        match op {
            Op::Add => self.unmix_sum(width, a, b).or_else(|| self.unmix_sum(width, b, a)),
            Op::Sub => self.unmix_difference(width, a, b),
            Op::Or => self.unmix_or(width, a, b),
            Op::Xor => self.unmix_not(width, a, b),
            Op::And => self.unmix_and(width, a, b).or_else(|| self.unmix_and(width, b, a)),
            _ => None,
        }
    }

    /// The operands, where a value is made by this operator.
    fn operands(&self, op: Op, id: Id) -> Option<(Id, Id)> {
        let node = self.node(id);
        (node.op == op).then_some((node.a, node.b))
    }

    /// The operands of a doubled and.
    fn doubled_and(&self, id: Id) -> Option<(Id, Id)> {
        let (and, amount) = self.operands(Op::Shl, id)?;
        if self.constant(amount) == Some(1) { self.operands(Op::And, and) } else { None }
    }

    fn ones(&self, width: Width) -> u64 {
        u64::MAX >> (64 - width.bits())
    }

    /// The value that this one is the complement of.
    fn inverted(&self, width: Width, id: Id) -> Option<Id> {
        let (value, ones) = self.operands(Op::Xor, id)?;
        (self.constant(ones) == Some(self.ones(width))).then_some(value)
    }

    fn opposite(&self, width: Width, x: Id, y: Id) -> bool {
        match (self.constant(x), self.constant(y)) {
            (Some(x), Some(y)) => x ^ y == self.ones(width),
            _ => self.inverted(width, x) == Some(y) || self.inverted(width, y) == Some(x),
        }
    }

    /// The complement of a value, where that is at hand.
    fn complement(&mut self, width: Width, id: Id) -> Option<Id> {
        match self.constant(id) {
            Some(k) => Some(self.constant_node(!k, width)),
            None => self.inverted(width, id),
        }
    }

    fn unmix_sum(&mut self, width: Width, a: Id, b: Id) -> Option<Id> {
        // (x | y) + (x & y) and (x ^ y) + 2 (x & y) are x + y.
        if let Some((x, y)) = self.operands(Op::Or, a).filter(|p| same(self.operands(Op::And, b), *p)) {
            return Some(self.binary(Op::Add, width, x, y));
        }
        if let Some((x, y)) = self.operands(Op::Xor, a).filter(|p| same(self.doubled_and(b), *p)) {
            return Some(self.binary(Op::Add, width, x, y));
        }
        // (x & ~y) + y is x | y.
        if let Some((p, q)) = self.operands(Op::And, a)
            && let Some(x) = other(p, q, |id| self.opposite(width, id, b))
        {
            return Some(self.binary(Op::Or, width, x, b));
        }
        // a + ~y is a - y - 1, and the 1 folds with its like.
        let y = self.inverted(width, b)?;
        let less = self.binary(Op::Sub, width, a, y);
        let minus_one = self.constant_node(u64::MAX, width);
        Some(self.binary(Op::Add, width, less, minus_one))
    }

    fn unmix_difference(&mut self, width: Width, a: Id, b: Id) -> Option<Id> {
        let (and, or) = (self.operands(Op::And, b), self.operands(Op::Or, b));
        if let Some(rest) = self.masked_rest(width, a, and) {
            return Some(rest);
        }
        // (x | y) - (x & y) and x + y - 2 (x & y) are x ^ y; x + y - (x | y) is x & y.
        if let Some((x, y)) = self.operands(Op::Or, a) {
            if same(and, (x, y)) {
                return Some(self.binary(Op::Xor, width, x, y));
            }
            // (p | q) - p is ~p & q.
            let rest = other(x, y, |id| id == b);
            if let Some(q) = rest
                && let Some(p) = self.complement(width, b)
            {
                return Some(self.binary(Op::And, width, p, q));
            }
        }
        if let Some((x, y)) = self.operands(Op::Add, a) {
            if same(self.doubled_and(b), (x, y)) {
                return Some(self.binary(Op::Xor, width, x, y));
            }
            if same(or, (x, y)) {
                return Some(self.binary(Op::And, width, x, y));
            }
        }
        // (x ^ y) - 2 (~x & y) is x - y.
        if let (Some((x, y)), Some((p, q))) = (self.operands(Op::Xor, a), self.doubled_and(b)) {
            for (x, y) in [(x, y), (y, x)] {
                if other(p, q, |id| id == y).is_some_and(|p| self.opposite(width, p, x)) {
                    return Some(self.binary(Op::Sub, width, x, y));
                }
            }
        }
        // a - ~y is a + y + 1.
        let y = self.inverted(width, b)?;
        let sum = self.binary(Op::Add, width, a, y);
        let one = self.constant_node(1, width);
        Some(self.binary(Op::Add, width, sum, one))
    }

    /// x - (x & k) is x & ~k, also where x is itself what a mask leaves of something.
    fn masked_rest(&mut self, width: Width, a: Id, and: Option<(Id, Id)>) -> Option<Id> {
        let (x, k) = and?;
        let gone = self.constant(k)?;
        let kept = if x == a {
            self.ones(width)
        } else {
            let (y, kept) = self.operands(Op::And, a)?;
            self.constant(kept).filter(|kept| y == x && gone & kept == gone)?
        };
        let mask = self.constant_node(kept & !gone, width);
        Some(self.binary(Op::And, width, x, mask))
    }

    /// (x & ~y) | (~x & y) is x ^ y.
    fn unmix_or(&mut self, width: Width, a: Id, b: Id) -> Option<Id> {
        let ((x, not_y), (p, q)) = (self.operands(Op::And, a)?, self.operands(Op::And, b)?);
        for (x, not_y) in [(x, not_y), (not_y, x)] {
            for (not_x, y) in [(p, q), (q, p)] {
                if self.opposite(width, x, not_x) && self.opposite(width, y, not_y) {
                    // The plain ones of each pair: their complements were made from them.
                    let (x, y) = (x.min(not_x), y.min(not_y));
                    let id = self.binary(Op::Xor, width, x, y);
                    return Some(id);
                }
            }
        }
        None
    }

    /// ~(~x | ~y) is x & y, and ~(~x & ~y) is x | y.
    fn unmix_not(&mut self, width: Width, a: Id, b: Id) -> Option<Id> {
        if self.constant(b) != Some(self.ones(width)) {
            return None;
        }
        for (op, dual) in [(Op::Or, Op::And), (Op::And, Op::Or)] {
            if let Some((p, q)) = self.operands(op, a)
                && let Some(x) = self.complement(width, p)
                && let Some(y) = self.complement(width, q)
            {
                return Some(self.binary(dual, width, x, y));
            }
        }
        None
    }

    /// (x | y) & ~(x & y) and (x | y) & (~x | ~y) are x ^ y.
    fn unmix_and(&mut self, width: Width, a: Id, b: Id) -> Option<Id> {
        let (x, y) = self.operands(Op::Or, a)?;
        let nand = self.inverted(width, b).and_then(|and| self.operands(Op::And, and));
        let split = self.operands(Op::Or, b).is_some_and(|(p, q)| {
            self.opposite(width, x, p) && self.opposite(width, y, q)
                || self.opposite(width, x, q) && self.opposite(width, y, p)
        });
        (same(nand, (x, y)) || split).then(|| self.binary(Op::Xor, width, x, y))
    }
}

fn same(pair: Option<(Id, Id)>, (x, y): (Id, Id)) -> bool {
    pair == Some((x, y)) || pair == Some((y, x))
}

/// The one of two for which the other fits.
fn other(p: Id, q: Id, fits: impl Fn(Id) -> bool) -> Option<Id> {
    if fits(p) {
        Some(q)
    } else if fits(q) {
        Some(p)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small language: `x`, `y` and what is made of them.
    struct Words {
        graph: Graph,
        x: Id,
        y: Id,
    }

    impl Words {
        fn new(width: Width, mask: Option<u64>) -> Self {
            let mut graph = Graph::new();
            let x = graph.fresh(Op::Load, width, 0, 0, 8);
            let y = match mask {
                Some(k) => graph.constant_node(k, width),
                None => graph.fresh(Op::Load, width, 0, 0, 8),
            };
            Self { graph, x, y }
        }

        fn is(&mut self, width: Width, op: Op, made: impl Fn(&mut Graph, Id, Id) -> Id) {
            let made = made(&mut self.graph, self.x, self.y);
            let plain = self.graph.binary(op, width, self.x, self.y);
            assert_eq!(made, plain, "{op:?}: {:?}", self.graph.node(made));
        }
    }

    #[test]
    fn a_rotation_that_masks_before_it_shifts_is_a_rotation() {
        let mut g = Graph::new();
        let x = g.fresh(Op::Load, Width::W32, 0, 0, 4);
        let k = |g: &mut Graph, v| g.constant_node(v, Width::W32);
        let (low, high, seven, rest) =
            (k(&mut g, u64::from(u32::MAX >> 7)), k(&mut g, 0xfe00_0000), k(&mut g, 7), k(&mut g, 25));
        let (a, b) = (g.binary(Op::And, Width::W32, x, low), g.binary(Op::And, Width::W32, x, high));
        let (left, right) = (g.binary(Op::Shl, Width::W32, a, seven), g.binary(Op::ShrU, Width::W32, b, rest));
        let rotated = g.binary(Op::Or, Width::W32, left, right);
        assert_eq!(g.node(rotated).op, Op::RotR);
        let (short, by_two) = (k(&mut g, 0xff), k(&mut g, 2));
        let part = g.binary(Op::And, Width::W32, x, short);
        let shifted = g.binary(Op::Shl, Width::W32, part, by_two);
        assert_eq!(g.node(shifted).a, part, "a mask that takes more than the shift does");
    }

    #[test]
    fn mixed_expressions_are_their_plain_operators() {
        for width in [Width::W32, Width::W64] {
            for mask in [None, Some(0x1f_fff0)] {
                let two = |g: &mut Graph, id| {
                    let one = g.constant_node(1, width);
                    g.binary(Op::Shl, width, id, one)
                };
                let not = |g: &mut Graph, id| {
                    let ones = g.constant_node(u64::MAX, width);
                    g.binary(Op::Xor, width, id, ones)
                };
                let mut words = Words::new(width, mask);
                words.is(width, Op::Add, |g, x, y| {
                    let (xor, and) = (g.binary(Op::Xor, width, x, y), g.binary(Op::And, width, x, y));
                    let and = two(g, and);
                    g.binary(Op::Add, width, xor, and)
                });
                words.is(width, Op::Add, |g, x, y| {
                    let (or, and) = (g.binary(Op::Or, width, x, y), g.binary(Op::And, width, x, y));
                    g.binary(Op::Add, width, or, and)
                });
                words.is(width, Op::Xor, |g, x, y| {
                    let (or, and) = (g.binary(Op::Or, width, x, y), g.binary(Op::And, width, x, y));
                    g.binary(Op::Sub, width, or, and)
                });
                words.is(width, Op::Xor, |g, x, y| {
                    let (nx, ny) = (not(g, x), not(g, y));
                    let (a, b) = (g.binary(Op::And, width, x, ny), g.binary(Op::And, width, nx, y));
                    g.binary(Op::Or, width, a, b)
                });
                words.is(width, Op::And, |g, x, y| {
                    let (sum, or) = (g.binary(Op::Add, width, x, y), g.binary(Op::Or, width, x, y));
                    g.binary(Op::Sub, width, sum, or)
                });
                words.is(width, Op::And, |g, x, y| {
                    let (nx, ny) = (not(g, x), not(g, y));
                    let or = g.binary(Op::Or, width, nx, ny);
                    not(g, or)
                });
                words.is(width, Op::And, |g, x, y| {
                    let nx = not(g, x);
                    let or = g.binary(Op::Or, width, nx, y);
                    g.binary(Op::Sub, width, or, nx)
                });
                if mask.is_some() {
                    // x % 2^21 - x % 2^4
                    words.is(width, Op::And, |g, x, _| {
                        let (large, small) = (g.constant_node(1 << 21, width), g.constant_node(16, width));
                        let all = g.binary(Op::RemU, width, x, large);
                        let low = g.binary(Op::RemU, width, all, small);
                        g.binary(Op::Sub, width, all, low)
                    });
                }
                words.is(width, Op::Sub, |g, x, y| {
                    let (ny, one) = (not(g, y), g.constant_node(1, width));
                    let sum = g.binary(Op::Add, width, x, ny);
                    g.binary(Op::Add, width, sum, one)
                });
            }
        }
    }
}
