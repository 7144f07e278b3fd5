//! What a loop is for: trying numbers in one place until a result falls below a bound.
//!
//! A counter (a loop variable that grows by one, or by a step that is handed in) stored to an address that stays the
//! same is a nonce being tried; a block counter of a hash grows by the block's length, an index is stored to places
//! that move with it.

use super::nest::Nest;
use super::registers;
use super::value::{Graph, Id, Node, Op, UNKNOWN, Width};
use davy_model::FactName;

/// A fact, by the part in which it counts: part, name, value, first byte.
pub(super) type Found = (u32, FactName, u64, u32);

/// Values looked at behind one value: an expression of a nonce or target is a handful of shifts and sums.
const LOOKED_AT: usize = 48;

/// Places where ways meet that are looked through for a word, one behind the other: an `if` around a loop is two.
const JOINS: u32 = 2;

/// Constants below this that are compared with are lengths and counts, not targets.
const SMALLEST_TARGET: u64 = 1 << 20;

/// Reads nonces being tried and results being compared.
pub(super) fn read(graph: &Graph, parents: &[Option<u32>]) -> Vec<Found> {
    let mut reader = Reader { graph, nest: Nest(parents), raised: raised_in_frame(graph), found: Vec::new() };
    reader.found = registers::read(&reader);
    for (index, node) in graph.nodes().iter().enumerate().skip(1) {
        let id = index as Id;
        match node.op {
            Op::Store => reader.store(id),
            Op::Compare if graph.origin(id).part > 0 => reader.compare(id),
            _ => {}
        }
    }
    reader.found
}

/// Loop variables that are written back to the shadow stack raised by one, and whose value is not known at the loop's end:
/// where the result's buffer stands below a counter in an unoptimised frame, handing the buffer on loses the counter.
fn raised_in_frame(graph: &Graph) -> Vec<Id> {
    let raised = |store: &Node| {
        let value = graph.node(store.b);
        let phi = graph.node(value.a);
        let is_raised = value.op == Op::Add && graph.constant(value.b) == Some(1);
        (is_raised && phi.op == Op::Phi && phi.b == UNKNOWN && graph.is_frame(store.a)).then_some(value.a)
    };
    let mut all: Vec<Id> = graph.nodes().iter().filter(|node| node.op == Op::Store).filter_map(raised).collect();
    davy_model::sort(&mut all);
    all
}

pub(super) struct Reader<'g> {
    pub(super) graph: &'g Graph,
    pub(super) nest: Nest<'g>,
    /// Sorted.
    raised: Vec<Id>,
    found: Vec<Found>,
}

impl Reader<'_> {
    fn store(&mut self, id: Id) {
        let store = self.graph.node(id);
        let origin = self.graph.origin(id);
        if origin.part == 0 || store.k > 8 {
            return;
        }
        let part = match self.tried(store.b) {
            Some(part)
                if self.nest.is_inside(origin.part, part)
                    && (!self.moves(store.a, part) || self.is_byte_by_byte(&store, part)) =>
            {
                part
            }
            None if self.is_increment_in_place(store.a, store.b, origin.part) => origin.part,
            _ => return,
        };
        self.found.push((part, FactName::NonceStore, u64::from(self.graph.is_stack(store.a)), origin.at));
    }

    /// The loop of the counter that a value is made of; none when it is made of anything read from memory as well.
    pub(super) fn counter(&self, value: Id) -> Option<u32> {
        self.made_of(value, |id| self.counts(id), |_| false)
    }

    /// The same for a number that a loop raises by whatever it likes, from one member of a set to the next.
    pub(super) fn number(&self, value: Id) -> Option<u32> {
        self.made_of(value, |id| self.grows(id), |_| false)
    }

    /// The same for a counter that starts at a number read before the loop: a compiler may count from 0 and add the first
    /// nonce at each turn.
    fn tried(&self, value: Id) -> Option<u32> {
        let mut read = Vec::new();
        let is_start = |id: Id| {
            read.push(self.graph.origin(id).part);
            // Batches of nonces: the first of each moves on by their number.
            self.graph.node(id).op == Op::Load || self.grows(id)
        };
        let part = self.made_of(value, |id| self.counts(id), is_start)?;
        read.iter().all(|load| !self.nest.is_inside(*load, part)).then_some(part)
    }

    fn made_of(&self, value: Id, is_counter: impl Fn(Id) -> bool, mut is_start: impl FnMut(Id) -> bool) -> Option<u32> {
        let mut part = None;
        self.visit(value, |id| {
            let node = self.graph.node(id);
            match node.op {
                Op::Phi if is_counter(id) => {
                    part.get_or_insert(self.graph.origin(id).part);
                    Some([0, 0])
                }
                Op::Load | Op::Phi if is_start(id) => Some([0, 0]),
                // A parameter in an unoptimised frame, lost where a buffer below it is handed on.
                Op::Phi if node.b == UNKNOWN && self.graph.node(node.a).op == Op::Param => Some([0, 0]),
                Op::Phi | Op::Load | Op::Call | Op::Opaque | Op::MulWide | Op::Xor | Op::Compare => None,
                _ => Some([node.a, node.b]),
            }
        })
        .then_some(part)?
    }

    /// Whether a loop variable grows by one, or by something that is neither constant nor itself.
    pub(super) fn counts(&self, phi: Id) -> bool {
        let mut counts = self.raised.binary_search(&phi).is_ok();
        self.visit(self.graph.node(phi).b, |id| {
            let node = self.graph.node(id);
            match node.op {
                Op::Add => {
                    counts |= self.is_itself(node.a, phi) && self.is_step(node.b)
                        || self.is_itself(node.b, phi) && self.is_step(node.a);
                    Some([0, 0])
                }
                Op::Join => Some([node.a, node.b]),
                _ => Some([0, 0]),
            }
        });
        counts
    }

    /// Whether a value is a loop variable, or that on one of two ways: a compiler reads it anew behind a call on the other.
    fn is_itself(&self, id: Id, phi: Id) -> bool {
        let node = self.graph.node(id);
        id == phi || node.op == Op::Join && (node.a == phi || node.b == phi)
    }

    /// Whether a loop variable grows at all.
    pub(super) fn grows(&self, phi: Id) -> bool {
        let update = self.graph.node(self.graph.node(phi).b);
        update.op == Op::Add && (update.a == phi || update.b == phi)
    }

    fn is_step(&self, id: Id) -> bool {
        match self.graph.constant(id) {
            Some(k) => k == 1,
            None => matches!(self.graph.node(id).op, Op::Param | Op::Global | Op::Load | Op::Extend | Op::Wrap),
        }
    }

    /// `*p += 1`, also with its bytes in the other order: a word made of nothing but itself and a one. Outside the frame also
    /// `*p += *step`, where the step is handed in or stands in a place of its own: workers that share a range of nonces.
    fn is_increment_in_place(&self, address: Id, value: Id, part: u32) -> bool {
        let (mut itself, mut raised) = (false, false);
        let whole = self.visit(value, |id| {
            let node = self.graph.node(id);
            match node.op {
                Op::Load => {
                    itself |= node.k >= 4;
                    (node.a == address).then_some([0, 0])
                }
                Op::Add if self.graph.constant(node.b).is_some() => {
                    raised |= self.graph.constant(node.b) == Some(1);
                    Some([node.a, 0])
                }
                Op::Add if !self.graph.is_frame(address) => {
                    let mut sides = [(node.a, node.b), (node.b, node.a)].into_iter();
                    let word = sides.find(|(_, step)| self.stays(*step, address, part)).map(|(word, _)| word);
                    raised |= word.is_some();
                    word.map(|word| [word, 0])
                }
                Op::Const => Some([0, 0]),
                Op::Or | Op::And | Op::Shl | Op::ShrU | Op::ShrS | Op::RotR | Op::Extend | Op::Wrap => {
                    Some([node.a, node.b])
                }
                _ => None,
            }
        });
        whole && itself && raised
    }

    /// Whether a value is a number that is handed in, or read from one and the same place that is not `address`.
    fn stays(&self, step: Id, address: Id, part: u32) -> bool {
        let node = self.graph.node(step);
        match node.op {
            Op::Param | Op::Global => true,
            Op::Load => node.k >= 4 && node.a != address && !self.moves(node.a, part),
            _ => false,
        }
    }

    /// A number that an inner loop writes byte by byte, each to a place of its own: the same places at each turn.
    fn is_byte_by_byte(&self, store: &Node, part: u32) -> bool {
        let value = self.graph.node(store.b);
        let shifted = match value.op {
            Op::And => self.graph.node(value.a),
            _ => value,
        };
        let is_inner = |id: Id| {
            let mut inner = false;
            let whole = self.visit(id, |id| {
                let node = self.graph.node(id);
                if node.op != Op::Phi {
                    return Some([node.a, node.b]);
                }
                let of = self.graph.origin(id).part;
                inner |= of != part && self.nest.is_inside(of, part);
                (of != part).then_some([node.a, 0])
            });
            whole && inner
        };
        store.k == 1 && matches!(shifted.op, Op::ShrU | Op::ShrS) && is_inner(shifted.b) && is_inner(store.a)
    }

    /// Whether an address changes from turn to turn of a loop.
    fn moves(&self, address: Id, part: u32) -> bool {
        let mut moves = false;
        let whole = self.visit(address, |id| {
            let node = self.graph.node(id);
            if node.op == Op::Phi {
                moves |= self.nest.is_inside(self.graph.origin(id).part, part);
                return Some([0, 0]);
            }
            Some([node.a, node.b])
        });
        moves || !whole
    }

    fn compare(&mut self, id: Id) {
        let node = self.graph.node(id);
        let origin = self.graph.origin(id);
        let ordered = node.k == 1;
        // A sum and what it was made of: the carry into an upper half.
        if self.graph.carries(id).is_some() {
            return;
        }
        let zero = [node.a, node.b].iter().any(|side| self.graph.constant(*side) == Some(0));
        let is_target = if ordered {
            let part = origin.part;
            self.is_word(node.a) && self.is_bound(node.b, part) || self.is_word(node.b) && self.is_bound(node.a, part)
        } else {
            zero && [node.a, node.b].iter().any(|side| self.is_shortened_word(*side))
        };
        if is_target {
            self.found.push((origin.part, FactName::TargetCompare, node.k, origin.at));
        }
    }

    /// A word of data, whichever way led here: of an input without a single block nothing is hashed, and its result is a
    /// constant. Only words of 64 bits: shorter ones are as often lengths, which are chosen between all the time.
    fn is_word(&self, id: Id) -> bool {
        self.is_word_on_a_way(id, JOINS)
    }

    fn is_word_on_a_way(&self, id: Id, joins: u32) -> bool {
        let node = self.graph.node(id);
        match node.op {
            Op::Join if joins > 0 && node.width == Width::W64 => {
                [node.a, node.b].iter().any(|way| self.is_word_on_a_way(*way, joins - 1))
            }
            _ => self.is_data_word(id),
        }
    }

    /// A word of data, as it stands or put together from bytes.
    fn is_data_word(&self, id: Id) -> bool {
        let mut read = 0;
        let whole = self.visit(id, |id| {
            let node = self.graph.node(id);
            match node.op {
                Op::Load => {
                    read += node.k.min(8);
                    Some([0, 0])
                }
                Op::Xor | Op::RotR => {
                    read += 4;
                    Some([0, 0])
                }
                Op::Add if registers::mixes(self.graph, id) => {
                    read += 4;
                    Some([0, 0])
                }
                Op::Extend | Op::Wrap | Op::Or | Op::Shl | Op::ShrU | Op::And | Op::Const => Some([node.a, node.b]),
                _ => None,
            }
        });
        whole && read >= 4
    }

    /// What may be a target: handed in, read from memory, computed before the loop, or a large constant; not a counter.
    fn is_bound(&self, id: Id, part: u32) -> bool {
        let node = self.graph.node(id);
        match node.op {
            Op::Const => node.k >= SMALLEST_TARGET,
            Op::Param | Op::Global | Op::Load => true,
            _ if !self.nest.is_inside(self.graph.origin(id).part, part) => true,
            Op::Phi | Op::Join => self.is_word(node.a),
            _ => self.is_word(id),
        }
    }

    /// A word of data shifted or masked to fewer bits.
    fn is_shortened_word(&self, id: Id) -> bool {
        let node = self.graph.node(id);
        let shortens = match node.op {
            Op::ShrU => self.graph.constant(node.b).is_none_or(|k| k >= 4),
            Op::And => self.graph.constant(node.b).is_none_or(|k| k.count_ones() >= 8),
            _ => false,
        };
        shortens && self.is_word(node.a)
    }

    /// Visits a value and what it is made of, as far as `step` goes on; false when it says stop or there is too much.
    fn visit(&self, root: Id, mut step: impl FnMut(Id) -> Option<[Id; 2]>) -> bool {
        let mut seen = [0; LOOKED_AT];
        seen[0] = root;
        let mut known = 1;
        let mut next = 0;
        while next < known {
            let Some(operands) = step(seen[next]) else { return false };
            next += 1;
            for operand in operands {
                if operand == 0 || seen[..known].contains(&operand) {
                    continue;
                }
                if known == LOOKED_AT {
                    return false;
                }
                seen[known] = operand;
                known += 1;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use crate::{Limits, extract};
    use davy_model::{Artifact, ArtifactKind, FactName, ScopeKind};
    use std::borrow::Cow;

    /// A function that mixes enough to be read, and a loop in another function that calls it.
    fn module(in_loop: &str) -> Vec<u8> {
        let mix =
            "(local.set 0 (i32.xor (i32.rotl (local.get 0) (i32.const 7)) (i32.load (i32.const 512))))".repeat(24);
        let text = format!(
            r#"(module (memory 1)
              (func $hash (param i32) (loop {mix} (br_if 0 (local.get 0))) (i32.store (i32.const 1024) (local.get 0)))
              (func (export "search") (param $n i32) (param $target i32) (local $p i32)
                (loop {in_loop}
                  (call $hash (i32.const 3))
                  (local.set $n (i32.add (local.get $n) (i32.const 1)))
                  (br_if 0 (i32.ge_u (i32.load (i32.const 1024)) (local.get $target))))))"#
        );
        wat::parse_str(text).unwrap()
    }

    /// How often the search's own loop shows a fact.
    fn count(bytes: &[u8], name: FactName) -> u32 {
        let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(bytes) };
        let extraction = extract(&artifact, &Limits::default());
        let loops = extraction.scopes.iter().filter(|s| s.kind == ScopeKind::Loop && s.functions.len() == 2);
        loops.flat_map(|s| &s.facts).filter(|f| f.name == name).map(|f| f.count).sum()
    }

    #[test]
    fn a_counter_written_to_one_place_is_a_nonce() {
        let bytes = module("(i32.store (i32.const 76) (local.get $n))");
        assert_eq!(count(&bytes, FactName::NonceStore), 1);
        assert_eq!(count(&bytes, FactName::TargetCompare), 1);
        let bytes = module("(i32.store (i32.const 76) (i32.add (i32.load (i32.const 76)) (i32.const 1)))");
        assert_eq!(count(&bytes, FactName::NonceStore), 1, "a counter that stands in memory");
        let swapped = |word: &str| {
            format!(
                "(i32.or (i32.and (i32.rotl {word} (i32.const 8)) (i32.const 0xff00ff)) (i32.and (i32.rotl {word} (i32.const 24)) (i32.const 0xff00ff00)))"
            )
        };
        let raised = format!("(i32.add {} (i32.const 1))", swapped("(i32.load (i32.const 76))"));
        let bytes = module(&format!("(i32.store (i32.const 76) {})", swapped(&raised)));
        assert_eq!(count(&bytes, FactName::NonceStore), 1, "one whose bytes stand in the other order");
        let bytes = module("(i32.store (i32.const 76) (i32.add (i32.load (i32.const 80)) (i32.const 1)))");
        assert_eq!(count(&bytes, FactName::NonceStore), 0, "a word made of another");
        let step = "(i32.store (i32.const 76) (i32.add (i32.load (i32.const 76)) (i32.load (i32.const 80))))";
        assert_eq!(count(&module(step), FactName::NonceStore), 1, "a counter raised by what stands beside it");
        let sum = "(i32.store (i32.const 76) (i32.add (i32.load (i32.const 76)) (i32.load (i32.shl (local.get $n) (i32.const 2)))))";
        assert_eq!(count(&module(sum), FactName::NonceStore), 0, "a sum over places that move");
        let bytes = module("(i64.store (i32.const 76) (i64.shl (i64.extend_i32_u (local.get $n)) (i64.const 32)))");
        assert_eq!(count(&bytes, FactName::NonceStore), 1, "a nonce in the upper half of a word");
    }

    #[test]
    fn a_counter_may_start_in_the_header_and_stand_in_the_frame() {
        let search = |body: &str| {
            let mix =
                "(local.set 0 (i32.xor (i32.rotl (local.get 0) (i32.const 7)) (i32.load (i32.const 512))))".repeat(24);
            let text = format!(
                r#"(module (memory 1) (global $sp (mut i32) (i32.const 65536))
                  (func $hash (param i32) (loop {mix} (br_if 0 (local.get 0))) (i32.store (i32.const 1024) (local.get 0)))
                  (func (export "search") (param $target i32) (local $n i32) (local $first i32) (local $frame i32)
                    (local.set $first (i32.load (i32.const 76)))
                    (global.set $sp (local.tee $frame (i32.sub (global.get $sp) (i32.const 64))))
                    (i32.store offset=56 (local.get $frame) (i32.load (i32.const 76)))
                    (loop {body}
                      (br_if 0 (i32.ge_u (i32.load offset=44 (local.get $frame)) (local.get $target))))))"#
            );
            count(&wat::parse_str(text).unwrap(), FactName::NonceStore)
        };
        let call = "(call $hash (i32.add (local.get $frame) (i32.const 16)))";
        let from_header = format!(
            "(i32.store (i32.const 76) (i32.add (local.get $first) (local.get $n))) {call}
             (local.set $n (i32.add (local.get $n) (i32.const 1)))"
        );
        assert_eq!(search(&from_header), 1, "the first nonce is read before the loop and added at each turn");
        let read_inside = from_header.replace("(local.get $first)", "(i32.load (i32.const 80))");
        assert_eq!(search(&read_inside), 0, "a place that may change with each turn");
        let slot = "(i32.load offset=56 (local.get $frame))";
        let in_frame = format!(
            "(i32.store offset=56 (local.get $frame) (local.tee $n (i32.add {slot} (i32.const 1))))
             (i32.store (i32.const 76) (local.get $n)) {call}"
        );
        assert_eq!(search(&in_frame), 2, "the counter's slot stands above the buffer that is handed on");
        let reloaded = format!(
            "(i32.store (i32.const 80) (local.get $n)) {call}
             (if (i64.lt_u (i64.load (i32.const 2048)) (i64.load (i32.const 96)))
               (then {call} (local.set $n (i32.load (i32.const 88)))))
             (local.set $n (i32.add (local.get $n) (i32.load (i32.const 92))))"
        );
        assert_eq!(search(&reloaded), 1, "a counter that is read anew where a share was found");
    }

    #[test]
    fn a_result_is_compared_also_where_an_empty_input_has_another() {
        // Beside the comparison that every module here has.
        let compared = |ty: &str, word: &str, bound: &str| {
            let inside = format!(
                "(block $out (i32.store (i32.const 76) (local.get $n))
                   (if (result {ty}) (local.get $p) (then (call $hash (i32.const 4)) {word}) (else ({ty}.const 7)))
                   (br_if $out ({ty}.gt_u {bound})))"
            );
            count(&module(&inside), FactName::TargetCompare)
        };
        let bound = "(i64.load (i32.const 96))";
        assert_eq!(compared("i64", "(i64.load (i32.const 2048))", bound), 2);
        assert_eq!(compared("i64", "(i64.const 9)", bound), 1, "a constant either way");
        let length = compared("i32", "(i32.load (i32.const 2048))", "(local.get $target)");
        assert_eq!(length, 1, "what may be a length");
    }

    #[test]
    fn an_index_or_a_length_is_no_nonce() {
        let bytes =
            module("(i32.store (i32.add (i32.const 76) (i32.shl (local.get $n) (i32.const 2))) (local.get $n))");
        assert_eq!(count(&bytes, FactName::NonceStore), 0, "each turn writes to another place");
        let length = "(local.set $p (i32.add (local.get $p) (i32.const 64))) (i32.store (i32.const 76) (local.get $p))";
        assert_eq!(count(&module(length), FactName::NonceStore), 0, "a count of bytes");
    }
}
