//! Numbers of several words that are compared in order, as a hash of 256 bits is with a target.
//!
//! Word by word in a loop, most significant first; in one piece of code that has every word; or by a function that compares
//! bytes. What a hash is compared with in a captcha is a word or some bits of it.

use super::purpose::Found;
use super::shapes::Terms;
use super::tables::Known;
use super::value::{Graph, Id, Node, Op};
use davy_model::FactName;
use std::collections::BTreeMap;

/// Bits of the numbers that are looked for: hashes and targets of proofs of work.
const BITS: u64 = 256;

/// Values looked at behind one side of a comparison: a word with its bytes in the other order.
const LOOKED_AT: usize = 32;

/// Two words of two numbers that are compared: where both numbers stand, indices aside, and how far apart from that.
type Pair = (Id, Id, u64, u64);

/// Reads comparisons of numbers.
pub(super) fn read(graph: &Graph, known: &Known<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let mut words: BTreeMap<Pair, Vec<(u64, Id)>> = BTreeMap::new();
    let compares = graph.nodes().iter().enumerate().skip(1).filter(|(_, node)| node.op == Op::Compare);
    for (index, node) in compares {
        let id = index as Id;
        let ordered = node.k == 1;
        // Bytes are only brought into order where an order is asked for: compilers write a comparison of bytes so in place.
        let turned = || [node.a, node.b].into_iter().all(|side| graph.node(side).op == Op::Or);
        if !ordered && !turned() {
            continue;
        }
        if [(node.a, node.b), (node.b, node.a)].into_iter().any(|(call, zero)| is_verdict(graph, call, zero)) {
            found.push(told(graph, id));
            continue;
        }
        let Some((a, b)) = word(graph, node.a).zip(word(graph, node.b)) else { continue };
        let (first, second) = (Word::of(graph, &a), Word::of(graph, &b));
        if a.a == b.a || a.k != b.k || [&first, &second].into_iter().any(|word| word.is_constant(known)) {
            continue;
        }
        match (first.index, second.index) {
            (Some(x), Some(y)) if ordered && x == y && runs_through(graph, x, a.k) => found.push(told(graph, id)),
            (None, None) => {
                let apart = second.at.wrapping_sub(first.at) & 0xffff_ffff;
                words.entry((first.root, second.root, apart, a.k)).or_default().push((first.at, id));
            }
            _ => {}
        }
    }
    for ((.., bytes), mut all) in words {
        let first = all.iter().map(|(_, id)| *id).min();
        all.sort_unstable();
        all.dedup_by_key(|(at, _)| *at);
        let span = all.last().zip(all.first()).map_or(0, |(last, first)| last.0 - first.0 + bytes);
        if all.len() as u64 * bytes * 8 == BITS && span * 8 == BITS {
            found.extend(first.map(|id| told(graph, id)));
        }
    }
    found
}

fn told(graph: &Graph, id: Id) -> Found {
    let origin = graph.origin(id);
    (origin.part, FactName::NumberCompare, BITS, origin.at)
}

/// Whether a value is what a function of the module gave that was handed the length of such numbers last, and is asked for its
/// sign.
fn is_verdict(graph: &Graph, call: Id, zero: Id) -> bool {
    let node = graph.node(call);
    let sign = graph.constant(zero).is_some_and(|k| matches!(k, 0 | 1 | 0xffff_ffff));
    sign && node.op == Op::Call && graph.constant(node.b) == Some(BITS / 8)
}

/// The one load that a word is made of, whatever order its bytes are brought into.
fn word(graph: &Graph, id: Id) -> Option<Node> {
    let (mut open, mut known, mut load) = ([id; LOOKED_AT], 1, None);
    let mut next = 0;
    while next < known {
        let node = graph.node(open[next]);
        next += 1;
        match node.op {
            Op::Load if matches!(node.k, 1 | 4 | 8) => {
                if load.replace(node).is_some_and(|other: Node| other != node) {
                    return None;
                }
            }
            Op::Extend | Op::Wrap | Op::Or | Op::And | Op::Shl | Op::ShrU | Op::RotR => {
                for operand in [node.a, node.b].into_iter().filter(|id| *id != 0 && graph.constant(*id).is_none()) {
                    if open[..known].contains(&operand) {
                        continue;
                    }
                    if known == LOOKED_AT {
                        return None;
                    }
                    open[known] = operand;
                    known += 1;
                }
            }
            _ => return None,
        }
    }
    load
}

/// A word of a number: what its address is made of.
struct Word {
    /// What the number is reached by, 0 for a place known as such.
    root: Id,
    /// Distance from there.
    at: u64,
    /// The loop variable that chooses the word, and what it is multiplied by.
    index: Option<(Id, u64)>,
}

impl Word {
    fn of(graph: &Graph, load: &Node) -> Self {
        let terms = Terms::of(graph, load.a);
        let mut word = Self { root: 0, at: terms.constant() & 0xffff_ffff, index: None };
        for id in terms.variable() {
            match scaled(graph, id) {
                Some(index) => word.index = Some(index),
                None => word.root = id,
            }
        }
        word
    }

    /// Whether the number stands in the module's own data: a modulus, not a target.
    fn is_constant(&self, known: &Known<'_>) -> bool {
        self.root == 0 && known.word(self.at, 1).is_some_and(|byte| byte != 0)
    }
}

/// A loop variable that counts from a constant, as it is or shifted.
fn scaled(graph: &Graph, id: Id) -> Option<(Id, u64)> {
    let node = graph.node(id);
    let (phi, scale) = match node.op {
        Op::Shl => (node.a, 1 << graph.constant(node.b)?.min(3)),
        _ => (id, 1),
    };
    let index = graph.node(phi);
    (index.op == Op::Phi && graph.constant(index.a).is_some()).then_some((phi, scale))
}

/// Whether a loop's index runs through such a number by words of so many bytes, or by several of them.
fn runs_through(graph: &Graph, (phi, scale): (Id, u64), bytes: u64) -> bool {
    let node = graph.node(phi);
    let next = graph.node(node.b);
    // What the loop goes on with may be the index on each of two ways.
    let counted = graph.node(next.a);
    let is_itself = next.a == phi || counted.op == Op::Join && (counted.a == phi || counted.b == phi);
    let step = if next.op == Op::Add && is_itself { graph.constant(next.b) } else { None };
    let (Some(first), Some(step)) = (graph.constant(node.a), step) else { return false };
    let down = (step as u32).wrapping_neg();
    let is_down = down < 1 << 16;
    let stride = scale * u64::from(if is_down { down } else { step as u32 });
    if stride == 0 || stride % bytes != 0 {
        return false;
    }
    let length = if is_down { Some(first) } else { bound(graph, phi, node.b).map(|end| end.wrapping_sub(first)) };
    let length = length.map_or(0, |length| length.wrapping_mul(scale));
    // The last word is at 0, or the index stands behind the words that it names.
    length.wrapping_mul(8) == BITS || is_down && length.wrapping_add(stride).wrapping_mul(8) == BITS
}

/// The constant that a counter, or what it is next, is compared with.
fn bound(graph: &Graph, phi: Id, next: Id) -> Option<u64> {
    let counts = |id: Id| id == phi || id == next;
    let compares = graph.nodes().iter().filter(|node| node.op == Op::Compare);
    compares.filter(|node| counts(node.a)).find_map(|node| graph.constant(node.b)).filter(|k| *k <= BITS)
}

#[cfg(test)]
mod tests {
    use crate::{Limits, extract};
    use davy_model::{Artifact, ArtifactKind, FactName};
    use std::borrow::Cow;

    /// How often numbers are compared in a function that hashes, called from a loop over `$i` down from `first` by `step`.
    fn count(first: i32, step: i32, condition: &str) -> u32 {
        let mix =
            "(local.set $x (i32.xor (i32.rotl (local.get $x) (i32.const 7)) (i32.load (i32.const 4096))))".repeat(8);
        let text = format!(
            r#"(module (memory 1) (data (i32.const 1024) "12345678901234567890123456789012")
              (func $order (param i32 i32 i32) (result i32)
                (loop (br_if 0 (i32.load8_u (local.get 0)))) (i32.load8_u (local.get 1)))
              (func (export "hash") (param $x i32) (param $hash i32) (param $target i32) (result i32) (local $i i32)
                (loop {mix} (br_if 0 (local.get $x)))
                (local.set $i (i32.const {first}))
                (loop
                  (if {condition} (then (return (i32.const 1))))
                  (br_if 0 (local.tee $i (i32.add (local.get $i) (i32.const {step})))))
                (local.get $x)))"#
        );
        let bytes = wat::parse_str(text).unwrap();
        let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(&bytes) };
        let extraction = extract(&artifact, &Limits::default());
        let counts = |scope: &davy_model::Scope| {
            scope.facts.iter().filter(|f| f.name == FactName::NumberCompare).map(|f| f.count).sum::<u32>()
        };
        extraction.scopes.iter().map(counts).max().unwrap_or(0)
    }

    #[test]
    fn numbers_are_compared_in_a_loop() {
        let at = |base: &str, load: &str| format!("({load} (i32.add {base} (local.get $i)))");
        let compare =
            |other: &str, load: &str| format!("(i32.lt_u {} {})", at("(local.get $hash)", load), at(other, load));
        assert_eq!(count(31, -1, &compare("(local.get $target)", "i32.load8_u")), 1);
        assert_eq!(count(28, -4, &compare("(local.get $target)", "i32.load")), 1);
        assert_eq!(count(32, -1, &compare("(i32.const 511)", "i32.load8_u")), 1, "bytes behind a place known as such");
        assert_eq!(count(15, -1, &compare("(local.get $target)", "i32.load8_u")), 0, "a shorter number");
        assert_eq!(count(31, -1, &compare("(i32.const 1024)", "i32.load8_u")), 0, "a constant of the module's own");
    }

    #[test]
    fn numbers_are_compared_in_one_piece() {
        let word = |base: &str, at: u32| format!("(i64.load offset={at} (local.get {base}))");
        let less = |at: u32| format!("(i64.lt_u {} {})", word("$hash", at), word("$target", at));
        let all = |words: &[u32]| words.iter().map(|at| less(*at)).reduce(|a, b| format!("(i32.or {a} {b})")).unwrap();
        assert_eq!(count(9, -1, &all(&[24, 16, 8, 0])), 1);
        assert_eq!(count(9, -1, &all(&[24, 16, 8])), 0, "a word short");
    }

    #[test]
    fn a_function_that_is_handed_the_length_compares() {
        let call = |length: u32| {
            format!("(i32.le_s (call $order (local.get $hash) (local.get $target) (i32.const {length})) (i32.const 0))")
        };
        assert_eq!(count(9, -1, &call(32)), 1);
        assert_eq!(count(9, -1, &call(16)), 0);
    }
}
