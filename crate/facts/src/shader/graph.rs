//! Values of a shader's expressions: equal expressions are one value, so that a rotation's two halves can be compared.

use crate::limits;
use std::collections::BTreeMap;

/// A value; 0 is one of which nothing is known.
pub(super) type Id = u32;

/// A name, by its place among those of the shader.
pub(super) type Name = u32;

/// How a value comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Op {
    Unknown,
    /// A number: `a` its upper half, `b` its lower one.
    Const,
    /// What the name `a` stands for.
    Name,
    /// The member of name `b` of `a`.
    Member,
    /// The element `b` of `a`.
    Index,
    /// A call of the name `a` with the arguments `b`.
    Call,
    /// The argument `a`, and the others `b`.
    Argument,
    /// `a`, rotated by the number of bits `b` to the right.
    Rotate,
    /// `a`, rotated by `b` to the left, where `b` is not known.
    RotateLeft,
    /// `a`, rotated by `b` to the right, where `b` is not known.
    RotateRight,
    Xor,
    Or,
    And,
    Not,
    Shl,
    Shr,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    /// `<` and its kin.
    Order,
    /// `==` and `!=`.
    Equal,
    /// Anything else of two values.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) op: Op,
    pub(super) a: u32,
    pub(super) b: u32,
}

/// All values of a shader.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    nodes: Vec<Node>,
    known: BTreeMap<Node, Id>,
    names: Vec<&'a str>,
    by_name: BTreeMap<&'a str, Name>,
    /// Whether values had to be left out.
    pub(super) over_limit: bool,
}

impl<'a> Graph<'a> {
    pub(super) fn new() -> Self {
        let unknown = Node { op: Op::Unknown, a: 0, b: 0 };
        Self {
            nodes: vec![unknown],
            known: BTreeMap::new(),
            names: Vec::new(),
            by_name: BTreeMap::new(),
            over_limit: false,
        }
    }

    pub(super) fn node(&self, id: Id) -> Node {
        self.nodes.get(id as usize).copied().unwrap_or(Node { op: Op::Unknown, a: 0, b: 0 })
    }

    pub(super) fn name(&mut self, text: &'a str) -> Name {
        if let Some(&name) = self.by_name.get(text) {
            return name;
        }
        let name = self.names.len() as Name;
        self.names.push(text);
        self.by_name.insert(text, name);
        name
    }

    pub(super) fn text(&self, name: Name) -> &'a str {
        self.names.get(name as usize).copied().unwrap_or_default()
    }

    pub(super) fn constant(&mut self, value: u64) -> Id {
        self.add(Op::Const, (value >> 32) as u32, value as u32)
    }

    /// The number that a value is.
    pub(super) fn value(&self, id: Id) -> Option<u64> {
        let node = self.node(id);
        (node.op == Op::Const).then(|| u64::from(node.a) << 32 | u64::from(node.b))
    }

    /// A value of one or two others, folded where both are numbers, a rotation where it is one.
    pub(super) fn of(&mut self, op: Op, a: Id, b: Id) -> Id {
        if let (Some(x), Some(y)) = (self.value(a), self.value(b))
            && let Some(value) = fold(op, x as u32, y as u32)
        {
            return self.constant(u64::from(value));
        }
        if matches!(op, Op::Or | Op::Xor | Op::Add)
            && let Some((op, a, b)) = self.rotation(a, b).or_else(|| self.rotation(b, a))
        {
            let b = if op == Op::Rotate { self.constant(u64::from(b)) } else { b };
            return self.add(op, a, b);
        }
        self.add(op, a, b)
    }

    pub(super) fn add(&mut self, op: Op, a: u32, b: u32) -> Id {
        let node = Node { op, a, b };
        if let Some(&id) = self.known.get(&node) {
            return id;
        }
        if self.nodes.len() >= limits::SHADER_VALUES {
            self.over_limit = true;
            return 0;
        }
        let id = self.nodes.len() as Id;
        self.nodes.push(node);
        self.known.insert(node, id);
        id
    }

    /// `(x << n) | (x >> (32 - n))`, as operation, x, and bits to the right or the value that says how many.
    fn rotation(&self, left: Id, right: Id) -> Option<(Op, Id, u32)> {
        let (left, right) = (self.node(left), self.node(right));
        if left.op != Op::Shl || right.op != Op::Shr || left.a != right.a || left.a == 0 {
            return None;
        }
        let difference = |of: Id, from: Id| {
            let node = self.node(of);
            node.op == Op::Sub && node.b == from && self.value(node.a) == Some(32)
        };
        match (self.value(left.b), self.value(right.b)) {
            (Some(up), Some(down)) if up + down == 32 && down > 0 && up > 0 => Some((Op::Rotate, left.a, down as u32)),
            (None, None) if difference(right.b, left.b) => Some((Op::RotateLeft, left.a, left.b)),
            (None, None) if difference(left.b, right.b) => Some((Op::RotateRight, left.a, right.b)),
            _ => None,
        }
    }

    /// The bits by which `(x << n) | (y >> (32 - n))` moves a word of 64 bits to the left, where it is one half of that.
    pub(super) fn half_rotation(&self, a: Id, b: Id) -> Option<u32> {
        let (mut left, mut right) = (self.node(a), self.node(b));
        if left.op == Op::Shr {
            std::mem::swap(&mut left, &mut right);
        }
        let (up, down) = (self.value(left.b)?, self.value(right.b)?);
        let halves = left.op == Op::Shl && right.op == Op::Shr && left.a != right.a;
        (halves && up > 0 && down > 0 && up + down == 32).then_some(up as u32)
    }

    /// The arguments of a call.
    pub(super) fn arguments(&self, call: Id) -> Vec<Id> {
        let mut found = Vec::new();
        let mut next = self.node(self.node(call).b);
        while next.op == Op::Argument && found.len() < limits::SHADER_ARGUMENTS {
            found.push(next.a);
            next = self.node(next.b);
        }
        found
    }

    /// The name at which an element, a member or a pointer's target begins.
    pub(super) fn base(&self, id: Id) -> Option<Name> {
        let mut node = self.node(id);
        // As deep as expressions nest, by far.
        for _ in 0..limits::SHADER_NESTING * 4 {
            match node.op {
                Op::Name => return Some(node.a),
                Op::Member | Op::Index => node = self.node(node.a),
                _ => return None,
            }
        }
        None
    }

    /// Whether a value or one that it is made of is such. `inside` says which of a node's own two values to look at.
    pub(super) fn any(&self, id: Id, is: impl Fn(Id, Node) -> bool, inside: impl Fn(Node) -> [Id; 2]) -> bool {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let node = self.node(id);
            if is(id, node) {
                return true;
            }
            open.extend(inside(node).into_iter().filter(|&id| id != 0));
        }
        false
    }
}

/// The values that a value is made of.
pub(super) fn made_of(node: Node) -> [Id; 2] {
    match node.op {
        Op::Unknown | Op::Const | Op::Name => [0, 0],
        Op::Member | Op::Not => [node.a, 0],
        Op::Call => [node.b, 0],
        _ => [node.a, node.b],
    }
}

fn fold(op: Op, x: u32, y: u32) -> Option<u32> {
    match op {
        Op::Add => Some(x.wrapping_add(y)),
        Op::Sub => Some(x.wrapping_sub(y)),
        Op::Mul => Some(x.wrapping_mul(y)),
        Op::And => Some(x & y),
        Op::Or => Some(x | y),
        Op::Xor => Some(x ^ y),
        Op::Shl => Some(x.checked_shl(y).unwrap_or(0)),
        Op::Shr => Some(x.checked_shr(y).unwrap_or(0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotations_are_seen_whichever_half_comes_first() {
        let mut graph = Graph::new();
        let (x, n) = (graph.name("x"), graph.name("n"));
        let (x, n) = (graph.add(Op::Name, x, 0), graph.add(Op::Name, n, 0));
        let [seven, rest, all] = [7, 25, 32].map(|k| graph.constant(k));
        let (up, down) = (graph.of(Op::Shl, x, rest), graph.of(Op::Shr, x, seven));
        for op in [Op::Or, Op::Xor, Op::Add] {
            let rotated = graph.of(op, up, down);
            assert_eq!(graph.node(rotated), Node { op: Op::Rotate, a: x, b: seven });
            assert_eq!(graph.of(op, down, up), rotated);
        }
        let back = graph.of(Op::Sub, all, n);
        let (up, down) = (graph.of(Op::Shl, x, n), graph.of(Op::Shr, x, back));
        let rotated = graph.of(Op::Or, up, down);
        assert_eq!(graph.node(rotated).op, Op::RotateLeft);
        let other = graph.of(Op::Or, n, x);
        assert_eq!(graph.node(other).op, Op::Or);
    }
}
