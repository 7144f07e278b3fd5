//! Rotations whose amounts stand in a table: a permutation that is written as a loop over its steps.
//!
//! How far such a loop turns a word is known after all, where the table is a constant's: all its amounts are told.

use super::shapes::{SMALLEST_ADDRESS, Terms};
use super::tables::Known;
use super::value::{Graph, Id, Node, Op, UNKNOWN};

/// Entries that are read of one table. Keccak has 24 or 25, Skein's table 32.
const ENTRIES: u64 = 32;

/// What stands between an amount and its load: a difference, a mask, a change of width.
const LOOKED_THROUGH: usize = 6;

/// All amounts, to the right, by which a rotation may turn that takes them from a table in data; ascending, each once.
pub(super) fn looked_up(graph: &Graph, rotation: &Node, known: &Known<'_>) -> Vec<u64> {
    let bits = u64::from(rotation.width.bits());
    let Some((load, is_left)) = loaded(graph, rotation.b, bits) else { return Vec::new() };
    let Some(start) = table(graph, load.a) else { return Vec::new() };
    let read = |entry: u64| known.word(start + entry * load.k, load.k);
    let entries = (0..entries(graph, &load)).map_while(read).take_while(|amount| *amount < bits);
    let mut amounts: Vec<u64> = entries.filter(|k| *k > 0).map(|k| if is_left { bits - k } else { k }).collect();
    davy_model::sort(&mut amounts);
    amounts.dedup();
    amounts
}

/// The load that an amount comes from, and whether the amount is what is left of a whole turn.
fn loaded(graph: &Graph, amount: Id, bits: u64) -> Option<(Node, bool)> {
    let (mut id, mut is_left) = (amount, false);
    for _ in 0..LOOKED_THROUGH {
        let node = graph.node(id);
        id = match node.op {
            Op::Load if node.k <= 8 => return Some((node, is_left)),
            Op::Sub if graph.constant(node.a).is_some_and(|whole| whole % bits == 0) => {
                is_left = !is_left;
                node.b
            }
            _ => graph.same_amount(id, bits)?,
        };
    }
    None
}

/// Where a table begins: the constant in an address, and in what the pointers begin with that run through it.
fn table(graph: &Graph, address: Id) -> Option<u64> {
    const LOOPS: u32 = 3;
    let start = constant_in(graph, address, LOOPS) & 0xffff_ffff;
    (start >= SMALLEST_ADDRESS).then_some(start)
}

fn constant_in(graph: &Graph, address: Id, loops: u32) -> u64 {
    let terms = Terms::of(graph, address);
    let mut start = terms.constant();
    if loops > 0 {
        let pointers = terms.variable().map(|id| graph.node(id)).filter(|node| node.op == Op::Phi);
        start = pointers.fold(start, |start, phi| start.wrapping_add(constant_in(graph, phi.a, loops - 1)));
    }
    start
}

/// How many entries an index can choose between, as far as its bits tell.
fn entries(graph: &Graph, load: &Node) -> u64 {
    let terms = Terms::of(graph, load.a);
    let span = terms.variable().map(|id| graph.node(id).bits).fold(0, u64::saturating_add);
    (span / load.k.max(1)).saturating_add(1).min(ENTRIES)
}

impl Graph {
    /// What an amount of a shift was made of by what changes nothing about it: a mask of all amounts, a change of width.
    pub(super) fn same_amount(&self, id: Id, bits: u64) -> Option<Id> {
        let node = self.node(id);
        match node.op {
            Op::Extend | Op::Wrap => Some(node.a),
            Op::Opaque if node.a != UNKNOWN && node.b == UNKNOWN => Some(node.a),
            Op::And if self.constant(node.b).is_some_and(|mask| mask & (bits - 1) == bits - 1) => Some(node.a),
            _ => None,
        }
    }

    /// Whether two amounts of shifts add up to a whole turn, neither of them a constant.
    pub(super) fn is_rest(&self, amount: Id, other: Id, bits: u64) -> bool {
        let (amount, other) = (self.plain_amount(amount, bits), self.plain_amount(other, bits));
        let rests = |whole: Id, part: Id| {
            let node = self.node(whole);
            node.op == Op::Sub
                && self.constant(node.a).is_some_and(|k| k % bits == 0)
                && self.is_alike(self.plain_amount(node.b, bits), part)
        };
        rests(amount, other) || rests(other, amount)
    }

    fn plain_amount(&self, mut id: Id, bits: u64) -> Id {
        for _ in 0..LOOKED_THROUGH {
            match self.same_amount(id, bits) {
                Some(plain) => id = plain,
                None => return id,
            }
        }
        id
    }

    /// Whether two values are one, or read from one place: an unoptimised build reads a word anew wherever it is named.
    pub(super) fn is_alike(&self, a: Id, b: Id) -> bool {
        const DEPTH: u32 = 3;
        self.is_alike_within(a, b, DEPTH)
    }

    fn is_alike_within(&self, a: Id, b: Id, depth: u32) -> bool {
        if a == b {
            return a != UNKNOWN;
        }
        let (x, y) = (self.node(a), self.node(b));
        let same = x.op == y.op && x.width == y.width && x.k == y.k && x.bits == y.bits;
        match x.op {
            Op::Load => same && x.a == y.a,
            Op::Xor | Op::Add | Op::And | Op::Or if same && depth > 0 => {
                let both =
                    |c: Id, d: Id| self.is_alike_within(x.a, c, depth - 1) && self.is_alike_within(x.b, d, depth - 1);
                both(y.a, y.b) || both(y.b, y.a)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Limits, extract};
    use davy_model::{Artifact, ArtifactKind, FactName};
    use std::borrow::Cow;

    /// The amounts of 32-bit rotations in a loop that computes `turned` of `$x` with an index `$i`, beside what makes it a hash.
    fn amounts(turned: &str) -> Vec<u64> {
        let mix =
            "(local.set $x (i32.xor (i32.rotl (local.get $x) (i32.const 1)) (i32.load (i32.const 4096))))".repeat(8);
        let text = format!(
            r#"(module (memory 1) (data (i32.const 1024) "\05\0b\11\80")
              (func (export "hash") (param $x i32) (param $i i32)
                (loop {mix} (local.set $x (i32.xor (i32.load (i32.const 2048)) {turned}))
                  (local.set $i (i32.add (local.get $i) (i32.const 1)))
                  (br_if 0 (i32.lt_u (local.get $i) (i32.const 64))))
                (i32.store (i32.const 2048) (local.get $x))))"#
        );
        let bytes = wat::parse_str(text).unwrap();
        let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(&bytes) };
        let extraction = extract(&artifact, &Limits::default());
        let all = extraction.scopes.iter().flat_map(|scope| &scope.facts);
        let mut values: Vec<u64> =
            all.filter(|f| f.name == FactName::Rotation32 && f.value != 31).map(|f| f.value).collect();
        davy_model::sort(&mut values);
        values.dedup();
        values
    }

    #[test]
    fn amounts_in_a_table_are_told() {
        let entry = "(i32.load8_u offset=1024 (i32.and (local.get $i) (i32.const 3)))";
        assert_eq!(amounts(&format!("(i32.rotr (local.get $x) {entry})")), [0, 5, 11, 17]);
        assert_eq!(amounts(&format!("(i32.rotl (local.get $x) {entry})")), [0, 15, 21, 27]);
        let shifts = format!(
            "(i32.or (i32.shl (local.get $x) {entry}) (i32.shr_u (local.get $x) (i32.sub (i32.const 32) {entry})))"
        );
        assert_eq!(amounts(&shifts), [0, 15, 21, 27], "as two shifts, the table read for each");
    }

    #[test]
    fn an_index_with_few_bits_reads_few_entries() {
        let entry = "(i32.load8_u offset=1024 (i32.and (local.get $i) (i32.const 1)))";
        assert_eq!(amounts(&format!("(i32.rotr (local.get $x) {entry})")), [0, 5, 11]);
    }

    #[test]
    fn what_data_chooses_has_no_amounts() {
        assert_eq!(amounts("(i32.rotr (local.get $x) (i32.load8_u offset=3072 (local.get $i)))"), [0]);
        assert_eq!(amounts("(i32.rotr (local.get $x) (i32.and (local.get $x) (i32.const 31)))"), [0]);
        // Two words side by side, as a shift of a long number has them.
        let shifts = "(i32.or (i32.shl (local.get $x) (local.get $i))
            (i32.shr_u (i32.load (i32.const 512)) (i32.sub (i32.const 32) (local.get $i))))";
        assert_eq!(amounts(shifts), []);
    }
}
