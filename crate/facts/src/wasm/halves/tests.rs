//! What is computed in halves shows the same facts as what is computed whole.

use crate::wasm::value::{Graph, Id, Op, Width};
use crate::{Limits, extract};
use davy_model::{Artifact, ArtifactKind, FactName, ScopeKind};
use std::borrow::Cow;

/// A rotation to the left as binaryen lowers it: masks first, each shift below and beyond half a word.
const ROTATE: &str = "(func $rotl (param $l i32) (param $h i32) (param $n i32) (param $z i32) (result i32)
  (local $m i32) (local $s i32) (local $u i32) (local $v i32)
  (local.set $m (i32.and (local.get $n) (i32.const 63)))
  (local.set $s (i32.and (local.get $m) (i32.const 31)))
  (local.set $u (if (result i32) (i32.ge_u (local.get $m) (i32.const 32))
    (then (local.set $v (i32.shl (local.get $l) (local.get $s))) (i32.const 0))
    (else
      (local.set $v (i32.or (i32.shl (local.get $h) (local.get $s))
        (i32.and (i32.shr_u (local.get $l) (i32.sub (i32.const 32) (local.get $s)))
          (i32.sub (i32.shl (i32.const 1) (local.get $s)) (i32.const 1)))))
      (i32.shl (local.get $l) (local.get $s)))))
  (local.set $m (i32.and (i32.sub (i32.const 0) (local.get $n)) (i32.const 63)))
  (local.set $s (i32.and (local.get $m) (i32.const 31)))
  (block $done
    (if (i32.ge_u (local.get $m) (i32.const 32))
      (then
        (local.set $u (i32.or (local.get $u) (i32.shr_u (local.get $h) (local.get $s))))
        (br $done)))
    (local.set $u (i32.or (local.get $u) (i32.or (i32.shr_u (local.get $l) (local.get $s))
      (select (i32.const 0) (i32.shl (local.get $h) (i32.sub (i32.const 32) (local.get $s)))
        (i32.eqz (local.get $s))))))
    (local.set $v (i32.or (local.get $v) (i32.shr_u (local.get $h) (local.get $s)))))
  (global.set $high (local.get $v))
  (local.get $u))";

/// Shifts as asm.js has them; one with something to no purpose in it.
const SHIFTS: &str = "(func $shl (param $l i32) (param $h i32) (param $n i32) (result i32)
  (drop (i64.const -7))
  (if (i32.lt_s (local.get $n) (i32.const 32)) (then
    (global.set $high (i32.or (i32.shl (local.get $h) (local.get $n))
      (i32.shr_u (i32.and (local.get $l) (i32.shl (i32.sub (i32.shl (i32.const 1) (local.get $n)) (i32.const 1))
        (i32.sub (i32.const 32) (local.get $n)))) (i32.sub (i32.const 32) (local.get $n)))))
    (return (i32.shl (local.get $l) (local.get $n)))))
  (global.set $high (i32.shl (local.get $l) (i32.sub (local.get $n) (i32.const 32))))
  (i32.const 0))
(func $shr (param $l i32) (param $h i32) (param $n i32) (result i32)
  (if (i32.lt_s (local.get $n) (i32.const 32)) (then
    (global.set $high (i32.shr_u (local.get $h) (local.get $n)))
    (return (i32.or (i32.shr_u (local.get $l) (local.get $n))
      (i32.shl (i32.and (local.get $h) (i32.sub (i32.shl (i32.const 1) (local.get $n)) (i32.const 1)))
        (i32.sub (i32.const 32) (local.get $n)))))))
  (global.set $high (i32.const 0))
  (i32.shr_u (local.get $h) (i32.sub (local.get $n) (i32.const 32))))";

/// A product out of four of 16 bits, behind a function that only hands on.
const MULTIPLY: &str = "(func $product (param $a i32) (param $ah i32) (param $b i32) (param $bh i32) (result i32)
  (local $x i32) (local $y i32) (local $t i32) (local $u i32)
  (local.set $x (i32.shr_u (local.get $a) (i32.const 16)))
  (local.set $y (i32.shr_u (local.get $b) (i32.const 16)))
  (local.set $a (i32.and (local.get $a) (i32.const 0xffff)))
  (local.set $b (i32.and (local.get $b) (i32.const 0xffff)))
  (local.set $t (i32.add (i32.mul (local.get $x) (local.get $b))
    (i32.shr_u (i32.mul (local.get $a) (local.get $b)) (i32.const 16))))
  (local.set $u (i32.add (i32.mul (local.get $a) (local.get $y)) (i32.and (local.get $t) (i32.const 0xffff))))
  (global.set $high (i32.add (i32.add (i32.mul (local.get $x) (local.get $y)) (i32.shr_u (local.get $t) (i32.const 16)))
    (i32.add (i32.shr_u (local.get $u) (i32.const 16))
      (i32.add
        (i32.mul (local.get $ah) (i32.or (i32.shl (local.get $y) (i32.const 16)) (local.get $b)))
        (i32.mul (local.get $bh) (i32.or (i32.shl (local.get $x) (i32.const 16)) (local.get $a)))))))
  (i32.or (i32.shl (local.get $u) (i32.const 16))
    (i32.and (i32.mul (local.get $a) (local.get $b)) (i32.const 0xffff))))
(func $mul (param i32 i32 i32 i32) (result i32)
  (call $product (local.get 0) (local.get 1) (local.get 2) (local.get 3)))";

/// Words of the mixing state.
const STATE: usize = 4;

/// How the text does what a round of SipHash does to the words `a` and `b`.
trait Writes {
    fn add(&self, a: usize, b: usize) -> String;
    fn xor(&self, a: usize, b: usize) -> String;
    fn turn(&self, a: usize, left: u32) -> String;
    fn load(&self, a: usize) -> String;
    fn store(&self, a: usize) -> String;
}

struct Whole;

impl Writes for Whole {
    fn add(&self, a: usize, b: usize) -> String {
        format!("(local.set $w{a} (i64.add (local.get $w{a}) (local.get $w{b})))")
    }
    fn xor(&self, a: usize, b: usize) -> String {
        format!("(local.set $w{a} (i64.xor (local.get $w{a}) (local.get $w{b})))")
    }
    fn turn(&self, a: usize, left: u32) -> String {
        format!("(local.set $w{a} (i64.rotl (local.get $w{a}) (i64.const {left})))")
    }
    fn load(&self, a: usize) -> String {
        format!("(local.set $w{a} (i64.load offset={} (local.get $p)))", 8 * a)
    }
    fn store(&self, a: usize) -> String {
        format!("(i64.store offset={} (local.get $p) (local.get $w{a}))", 64 + 8 * a)
    }
}

/// In halves; carries chosen or added.
struct Halves {
    rotations: Rotations,
    chosen: bool,
}

enum Rotations {
    InPlace,
    Helper,
    /// Two, each of which shifts.
    Helpers,
}

impl Writes for Halves {
    fn add(&self, a: usize, b: usize) -> String {
        let high = if self.chosen {
            "(select (i32.add (local.get $h) (i32.const 1)) (local.get $h) (i32.lt_u (local.get $t) (local.get $l)))"
        } else {
            "(i32.add (local.get $h) (i32.gt_u (local.get $l) (local.get $t)))"
        };
        format!(
            "(local.set $l (local.get $l{b}))
             (local.set $t (i32.add (local.get $l{a}) (local.get $l)))
             (local.set $h (i32.add (local.get $h{b}) (local.get $h{a})))
             (local.set $l{a} (local.get $t)) (local.set $h{a} {high})"
        )
    }
    fn xor(&self, a: usize, b: usize) -> String {
        let half = |h: &str| format!("(local.set ${h}{a} (i32.xor (local.get ${h}{a}) (local.get ${h}{b})))");
        half("l") + &half("h")
    }
    fn turn(&self, a: usize, left: u32) -> String {
        match self.rotations {
            Rotations::InPlace => {}
            Rotations::Helper => {
                return format!(
                    "(local.set $l{a} (call $rotl (local.get $l{a}) (local.get $h{a}) (i32.const {left}) (i32.const 0)))
                     (local.set $h{a} (global.get $high))"
                );
            }
            Rotations::Helpers => {
                return format!(
                    "(local.set $l (call $shl (local.get $l{a}) (local.get $h{a}) (i32.const {left})))
                     (local.set $h (global.get $high))
                     (local.set $l{a} (i32.or (local.get $l) (call $shr (local.get $l{a}) (local.get $h{a}) (i32.const {}))))
                     (local.set $h{a} (i32.or (local.get $h) (global.get $high)))",
                    64 - left
                );
            }
        }
        let swap = format!(
            "(local.set $t (local.get $l{a})) (local.set $l{a} (local.get $h{a})) (local.set $h{a} (local.get $t))"
        );
        let (n, m) = (left % 32, 32 - left % 32);
        let turn =
            |x: String, y: String| format!("(i32.or (i32.shl {x} (i32.const {n})) (i32.shr_u {y} (i32.const {m})))");
        let (l, h) = (format!("(local.get $l{a})"), format!("(local.get $h{a})"));
        let turned = format!(
            "(local.set $t {}) (local.set $h{a} {}) (local.set $l{a} (local.get $t))",
            turn(l.clone(), h.clone()),
            turn(h, l)
        );
        match left {
            32 => swap,
            33.. => swap + &turned,
            _ => turned,
        }
    }
    fn load(&self, a: usize) -> String {
        format!(
            "(local.set $l{a} (i32.load offset={} (local.get $p))) (local.set $h{a} (i32.load offset={} (local.get $p)))",
            8 * a,
            8 * a + 4
        )
    }
    fn store(&self, a: usize) -> String {
        format!(
            "(i32.store offset={} (local.get $p) (local.get $l{a})) (i32.store offset={} (local.get $p) (local.get $h{a}))",
            64 + 8 * a,
            68 + 8 * a
        )
    }
}

/// A loop that mixes four words as SipHash does.
fn siphash(text: &impl Writes) -> Vec<u8> {
    let mut body: String = (0..STATE).map(|a| text.load(a)).collect();
    for _ in 0..2 {
        let mix = |a: usize, b: usize, left: u32| text.add(a, b) + &text.turn(b, left) + &text.xor(b, a);
        body +=
            &(mix(0, 1, 13) + &text.turn(0, 32) + &mix(2, 3, 16) + &mix(0, 3, 21) + &mix(2, 1, 17) + &text.turn(2, 32));
    }
    body += &(0..STATE).map(|a| text.store(a)).collect::<String>();
    let words: String = (0..STATE).map(|a| format!("(local $w{a} i64) (local $l{a} i32) (local $h{a} i32)")).collect();
    let text = format!(
        r#"(module (memory 1) (global $high (mut i32) (i32.const 0)) {ROTATE} {SHIFTS}
          (func (export "f") (param $p i32) {words} (local $l i32) (local $h i32) (local $t i32)
            (loop {body} (br_if 0 (local.tee $p (i32.sub (local.get $p) (i32.const 8)))))))"#
    );
    wat::parse_str(text).expect("the test's own text is valid")
}

/// How often a loop shows a fact, by its value.
fn facts(bytes: &[u8], name: FactName) -> Vec<(u64, u32)> {
    let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(bytes) };
    let extraction = extract(&artifact, &Limits::default());
    let of_loop = extraction.scopes.iter().find(|s| s.kind == ScopeKind::Loop);
    let mut found: Vec<(u64, u32)> =
        of_loop.iter().flat_map(|s| &s.facts).filter(|f| f.name == name).map(|f| (f.value, f.count)).collect();
    davy_model::sort(&mut found);
    found
}

#[test]
fn a_hash_in_halves_rotates_as_the_hash_does() {
    let whole = facts(&siphash(&Whole), FactName::Rotation64);
    assert_eq!(whole.iter().map(|(amount, _)| *amount).collect::<Vec<_>>(), [32, 43, 47, 48, 51]);
    for chosen in [false, true] {
        let halves = siphash(&Halves { rotations: Rotations::Helper, chosen });
        assert_eq!(facts(&halves, FactName::Rotation64), whole, "by a helper, {chosen}");
        // The carry is no bound that a result must fall below.
        assert_eq!(facts(&halves, FactName::TargetCompare), []);
        let shifted = facts(&siphash(&Halves { rotations: Rotations::Helpers, chosen }), FactName::Rotation64);
        assert_eq!(shifted, whole, "by two helpers, {chosen}");
        let in_place = facts(&siphash(&Halves { rotations: Rotations::InPlace, chosen }), FactName::Rotation64);
        let amounts: Vec<u64> = in_place.iter().map(|(amount, _)| *amount).collect();
        assert!([43, 47, 48, 51].iter().all(|amount| amounts.contains(amount)), "in place: {in_place:?}");
    }
}

/// A loop that adds the product of two halves to a word and mixes; what multiplies is `$mul`.
fn products(multiply: &str) -> Vec<u8> {
    let step = "(local.set $x (i32.xor (local.get $x) (local.get $y)))
      (local.set $x (call $mul (local.get $x) (i32.const 0) (local.get $y) (i32.const 0)))
      (local.set $y (i32.rotl (i32.xor (global.get $high) (local.get $x)) (i32.const 7)))";
    let text = format!(
        r#"(module (memory 1) (global $high (mut i32) (i32.const 0)) {multiply}
          (func (export "f") (param $p i32) (local $x i32) (local $y i32)
            (local.set $x (i32.load (local.get $p)))
            (loop (local.set $y (i32.load offset=8 (local.get $p))) {}
              (i32.store (local.get $p) (local.get $y))
              (br_if 0 (local.tee $p (i32.sub (local.get $p) (i32.const 8)))))))"#,
        step.repeat(6)
    );
    wat::parse_str(text).expect("the test's own text is valid")
}

#[test]
fn a_product_out_of_four_small_ones_is_one_product() {
    assert_eq!(facts(&products(MULTIPLY), FactName::Product64), [(0, 6)]);
    // One carry forgotten: no product.
    let wrong = MULTIPLY.replace("(i32.shr_u (local.get $u) (i32.const 16))", "(i32.const 0)");
    assert_ne!(wrong, MULTIPLY);
    assert_eq!(facts(&products(&wrong), FactName::Product64), []);
}

#[test]
fn a_helper_that_calls_itself_or_loops_is_none() {
    let itself = "(func $mul (param i32 i32 i32 i32) (result i32) (global.set $high (i32.const 1))
      (call $mul (local.get 0) (local.get 1) (local.get 2) (local.get 3)))";
    assert_eq!(facts(&products(itself), FactName::Product64), []);
    let endless = "(func $mul (param i32 i32 i32 i32) (result i32) (global.set $high (i32.const 1))
      (loop (br 0)) (local.get 0))";
    assert_eq!(facts(&products(endless), FactName::Product64), []);
}

struct Words {
    graph: Graph,
    loads: Vec<Id>,
}

impl Words {
    /// Eight words that follow each other in memory.
    fn new() -> Self {
        let mut graph = Graph::new();
        let base = graph.fresh(Op::Param, Width::W32, 0, 0, 0);
        let loads = (0..8u64).map(|n| {
            let offset = graph.constant_node(4 * n, Width::W32);
            let address = graph.binary(Op::Add, Width::W32, base, offset);
            graph.fresh(Op::Load, Width::W32, address, 0, 4)
        });
        let loads = loads.collect();
        Self { graph, loads }
    }

    fn op(&mut self, op: Op, a: Id, b: Id) -> Id {
        let id = self.graph.binary(op, Width::W32, a, b);
        self.graph.completed(id)
    }
}

#[test]
fn a_sum_and_what_is_joined_with_it_are_wide() {
    let mut w = Words::new();
    let (a, b, c) = ((w.loads[0], w.loads[1]), (w.loads[2], w.loads[3]), (w.loads[4], w.loads[5]));
    let low = w.op(Op::Add, a.0, b.0);
    let joined_low = w.op(Op::Xor, low, c.0);
    let plain = w.op(Op::Add, a.1, b.1);
    let carry = w.graph.compare(low, a.0, true);
    let high = w.op(Op::Add, plain, carry);
    let joined_high = w.op(Op::Xor, c.1, high);
    let (x, y, z) = (w.graph.paired(a.0, a.1), w.graph.paired(b.0, b.1), w.graph.paired(c.0, c.1));
    let sum = w.graph.binary(Op::Add, Width::W64, x, y);
    assert_eq!(w.graph.paired(low, high), sum);
    let joined = w.graph.binary(Op::Xor, Width::W64, sum, z);
    assert_eq!(w.graph.paired(joined_low, joined_high), joined);
    let swapped = w.graph.paired(joined_high, joined_low);
    let node = w.graph.node(swapped);
    assert_eq!((node.op, node.a, w.graph.constant(node.b)), (Op::RotR, joined, Some(32)));
}

#[test]
fn a_comparison_of_anything_else_is_no_carry() {
    let mut w = Words::new();
    let low = w.op(Op::Add, w.loads[0], w.loads[2]);
    let plain = w.op(Op::Add, w.loads[1], w.loads[3]);
    let other = w.graph.compare(low, w.loads[4], true);
    let high = w.op(Op::Add, plain, other);
    assert_eq!(w.graph.node(high).op, Op::Add);
    let one = w.graph.constant_node(1, Width::W32);
    let raised = w.op(Op::Add, plain, one);
    assert_eq!(w.graph.chosen(other, raised, plain), None);
    let equal = w.graph.compare(low, w.loads[0], false);
    assert_eq!(w.graph.chosen(equal, raised, plain), None, "not asked for an order");
}
