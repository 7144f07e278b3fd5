//! Dealing into buckets: a counter in memory, at a place that depends on data, hands out the slot that is written next.
//!
//! Sorting by radix does it with what it read; the generalised birthday algorithm (Wagner) does it with the
//! exclusive-or of two entries, because pairs that agree in some bits are what it looks for.

use super::nest::Nest;
use super::purpose::Found;
use super::value::{Graph, Id, Op};
use davy_model::FactName;
use std::collections::BTreeSet;

/// Values looked at behind one address or index.
const LOOKED_AT: usize = 64;

/// Bits that a bucket's place in its array of counters can have: 64 to 2^26 buckets of up to four bytes.
const FEWEST_BITS: u64 = 0x3f;
const MOST_BITS: u64 = (1 << 28) - 1;

/// Longest row that a loop puts together on the stack, in bytes: 200 bits and what tells where it came from.
const ROW: u64 = 48;

/// Reads which stores go to a slot that a bucket's counter handed out, and which join every pair of two loops.
pub(super) fn read(graph: &Graph, parents: &[Option<u32>]) -> Vec<Found> {
    let reader = Reader { graph, parents };
    let mut found = reader.pairs();
    let counters = reader.counters();
    if counters.is_empty() {
        return found;
    }
    found.extend(reader.handed_on(&counters));
    let joined = reader.joined();
    for (index, node) in graph.nodes().iter().enumerate().skip(1) {
        let origin = graph.origin(index as Id);
        let is_slot = node.op == Op::Store && origin.part > 0 && node.k >= 4;
        if is_slot && reader.depends(node.a, |id| counters.contains(&id)) {
            found.push((origin.part, FactName::BucketSlot, 0, origin.at));
            if reader.is_pair(node.b) || reader.is_copy(node.b, &joined) {
                found.push((origin.part, FactName::BucketXor, 0, origin.at));
            }
        }
    }
    found
}

/// A place on the shadow stack.
struct Place {
    /// The global that holds the stack's pointer, and the distance from it.
    stack: u64,
    start: u64,
    /// Whether a loop runs on from there.
    runs: bool,
}

impl Place {
    /// Whether what was written here, a word or a row of them, is read there.
    fn holds(&self, read: &Self) -> bool {
        let length = if self.runs { ROW } else { 1 };
        self.stack == read.stack && read.start.wrapping_sub(self.start) < length
    }
}

struct Reader<'g> {
    graph: &'g Graph,
    /// The part around each part.
    parents: &'g [Option<u32>],
}

impl Reader<'_> {
    /// Counters of buckets that the exclusive-or of two entries chooses, and where the slots that they hand out are noted
    /// for later: solvers gather some entries before they write them all.
    fn handed_on(&self, counters: &BTreeSet<Id>) -> Vec<Found> {
        let joint: BTreeSet<Id> = counters.iter().copied().filter(|id| self.is_joint(self.graph.node(*id).a)).collect();
        let mut found = Vec::new();
        for id in &joint {
            let origin = self.graph.origin(*id);
            found.push((origin.part, FactName::BucketXor, 1, origin.at));
        }
        for (index, node) in self.graph.nodes().iter().enumerate().skip(1).filter(|_| !joint.is_empty()) {
            let origin = self.graph.origin(index as Id);
            let notes = node.op == Op::Store && origin.part > 0 && node.k >= 4;
            let is_slot = |id: Id| joint.contains(&id) && self.graph.node(id).a != node.a;
            if notes && self.depends(node.b, is_slot) {
                found.push((origin.part, FactName::BucketSlot, 1, origin.at));
            }
        }
        found
    }

    /// Whether an address depends on the exclusive-or of two values that were both read.
    fn is_joint(&self, address: Id) -> bool {
        let reads = |id: Id| self.depends(id, |below| self.graph.node(below).op == Op::Load);
        self.depends(address, |id| {
            let node = self.graph.node(id);
            node.op == Op::Xor && reads(node.a) && reads(node.b)
        })
    }

    /// Stores, to a third place, of the exclusive-or of what an inner loop runs over and what stands still in it while
    /// an outer loop runs: every pair of a list is joined.
    fn pairs(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for (index, node) in self.graph.nodes().iter().enumerate().skip(1) {
            let origin = self.graph.origin(index as Id);
            let is_deep = self.parents.get(origin.part as usize).is_some_and(|p| p.is_some_and(|p| p > 0));
            let sum = self.graph.node(node.b);
            if node.op != Op::Store || node.k < 4 || !is_deep || sum.op != Op::Xor {
                continue;
            }
            let (a, b) = (self.graph.node(self.whole(sum.a)), self.graph.node(self.whole(sum.b)));
            let are_read = a.op == Op::Load && b.op == Op::Load && a.a != node.a && b.a != node.a;
            if are_read && (self.crosses(a.a, b.a) || self.crosses(b.a, a.a)) {
                found.push((origin.part, FactName::PairJoin, 0, origin.at));
            }
        }
        found
    }

    /// Whether one address moves with a loop in which the other stands still, while that moves with a loop around it.
    fn crosses(&self, inner: Id, outer: Id) -> bool {
        let (inner, outer) = (self.loops(inner), self.loops(outer));
        let Some(deepest) = inner.iter().copied().max() else { return false };
        !outer.contains(&deepest) && outer.iter().any(|part| *part > 0 && Nest(self.parents).is_around(*part, deepest))
    }

    /// The loops whose variables an address is made of.
    fn loops(&self, address: Id) -> Vec<u32> {
        let mut loops = Vec::new();
        self.depends(address, |id| {
            if self.graph.node(id).op == Op::Phi {
                loops.push(self.graph.origin(id).part);
            }
            false
        });
        loops
    }

    /// Loads whose value is put back to the same place plus one, in a loop, where the place depends on data.
    fn counters(&self) -> BTreeSet<Id> {
        let mut counters = BTreeSet::new();
        for (index, node) in self.graph.nodes().iter().enumerate().skip(1) {
            if node.op != Op::Store || self.graph.origin(index as Id).part == 0 {
                continue;
            }
            let sum = self.graph.node(self.whole(node.b));
            if sum.op != Op::Add || self.graph.constant(sum.b) != Some(1) {
                continue;
            }
            let places = self.alternatives(node.a);
            for read in self.alternatives(sum.a) {
                let load = self.graph.node(read);
                if load.op == Op::Load && places.contains(&load.a) && self.is_indexed(load.a) {
                    counters.insert(read);
                }
            }
        }
        counters
    }

    /// What a value can be, depending on the path; where paths meet, more is held possible than is.
    fn alternatives(&self, id: Id) -> Vec<Id> {
        const MOST: usize = 12;
        let mut all = vec![self.whole(id)];
        let mut next = 0;
        while let Some(id) = all.get(next).copied() {
            next += 1;
            let node = self.graph.node(id);
            if matches!(node.op, Op::Join | Op::Phi) && all.len() < MOST {
                for way in [node.a, node.b].map(|way| self.whole(way)) {
                    if !all.contains(&way) {
                        all.push(way);
                    }
                }
            }
        }
        all
    }

    /// The value behind conversions and cuts to its width in memory.
    fn whole(&self, id: Id) -> Id {
        let mut id = id;
        for _ in 0..4 {
            let node = self.graph.node(id);
            let cut = node.op == Op::And && self.graph.constant(node.b).is_some_and(|k| (k + 1).is_power_of_two());
            if !cut && !matches!(node.op, Op::Extend | Op::Wrap) {
                break;
            }
            id = node.a;
        }
        id
    }

    /// Whether an address has a bounded part that comes from data: an index into an array of counters.
    fn is_indexed(&self, address: Id) -> bool {
        self.depends(address, |id| {
            let node = self.graph.node(id);
            (FEWEST_BITS..=MOST_BITS).contains(&node.bits)
                && node.op != Op::Const
                && self.depends(id, |below| {
                    let below = self.graph.node(below);
                    matches!(below.op, Op::Load | Op::Xor)
                })
        })
    }

    /// The exclusive-or of two words read from memory.
    fn is_pair(&self, id: Id) -> bool {
        let is_read = |id: Id| self.graph.node(self.whole(id)).op == Op::Load;
        let mut ways = self.alternatives(id).into_iter().map(|id| self.graph.node(id));
        ways.any(|node| node.op == Op::Xor && is_read(node.a) && is_read(node.b))
    }

    /// Places on the shadow stack to which such a pair is written: compilers put a row together there and copy it.
    fn joined(&self) -> Vec<Place> {
        let stores = self.graph.nodes().iter().filter(|node| node.op == Op::Store && self.is_pair(node.b));
        stores.filter_map(|node| self.place(node.a)).collect()
    }

    /// A word read from where a pair was written, whatever its width.
    fn is_copy(&self, id: Id, joined: &[Place]) -> bool {
        let ways = self.alternatives(id).into_iter().map(|id| self.graph.node(id));
        let mut read = ways.filter(|node| node.op == Op::Load).filter_map(|node| self.place(node.a));
        read.any(|read| joined.iter().any(|pair| pair.holds(&read)))
    }

    /// Where on the shadow stack an address points, a running index aside.
    fn place(&self, address: Id) -> Option<Place> {
        let mut place = Place { stack: 0, start: 0, runs: false };
        let mut id = address;
        for _ in 0..8 {
            let node = self.graph.node(id);
            match node.op {
                Op::Global => return Some(Place { stack: node.k, ..place }),
                Op::Add if self.graph.constant(node.b).is_some() => {
                    place.start = place.start.wrapping_add(self.graph.constant(node.b).unwrap_or(0)) & 0xffff_ffff;
                    id = node.a;
                }
                Op::Add => {
                    place.runs = true;
                    id = if self.graph.is_frame(node.a) { node.a } else { node.b };
                }
                Op::Phi => {
                    place.runs = true;
                    id = node.a;
                }
                _ => return None,
            }
        }
        None
    }

    /// Whether a value is made of one that fits, not through memory.
    fn depends(&self, root: Id, fits: impl FnMut(Id) -> bool) -> bool {
        self.graph.depends::<LOOKED_AT>(root, fits)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Limits, extract};
    use davy_model::{Artifact, ArtifactKind, FactName, ScopeKind};
    use std::borrow::Cow;

    /// A loop that deals rows of two words into 4,096 buckets, by a digit of a first word that is given.
    fn module(first: &str, second: &str) -> Vec<u8> {
        let text = format!(
            r#"(module (memory 1) (func (export "deal") (param $p i32) (param $q i32)
              (local $x i32) (local $counter i32) (local $slot i32) (local $count i32)
              (loop
                (local.set $x {first})
                (local.set $counter (i32.and (i32.shr_u (local.get $x) (i32.const 18)) (i32.const 0x3ffc)))
                (local.set $count (i32.load offset=1024 (local.get $counter)))
                (i32.store offset=1024 (local.get $counter) (i32.add (local.get $count) (i32.const 1)))
                (local.set $slot (i32.add (i32.mul (local.get $count) (i32.const 8))
                  (i32.mul (local.get $counter) (i32.const 2048))))
                (i32.store offset=65536 (local.get $slot) (local.get $x))
                (i32.store offset=65540 (local.get $slot) {second})
                (local.set $p (i32.add (local.get $p) (i32.const 8)))
                (br_if 0 (i32.xor (local.get $p) (i32.xor (local.get $q) (i32.xor (local.get $p)
                  (i32.xor (local.get $x) (i32.xor (local.get $slot) (local.get $count)))))))))) "#
        );
        wat::parse_str(text).unwrap()
    }

    fn count(bytes: &[u8], name: FactName) -> u32 {
        let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(bytes) };
        let extraction = extract(&artifact, &Limits::default());
        let loops = extraction.scopes.iter().filter(|s| s.kind == ScopeKind::Loop);
        loops.flat_map(|s| &s.facts).filter(|f| f.name == name).map(|f| f.count).sum()
    }

    #[test]
    fn pairs_are_dealt_by_the_generalised_birthday_algorithm() {
        let word = |offset: u32| {
            format!("(i32.xor (i32.load offset={offset} (local.get $p)) (i32.load offset={offset} (local.get $q)))")
        };
        let bytes = module(&word(0), &word(4));
        assert_eq!(count(&bytes, FactName::BucketSlot), 2);
        // Two are written, and one chooses the bucket.
        assert_eq!(count(&bytes, FactName::BucketXor), 3);
    }

    #[test]
    fn a_radix_sort_deals_what_it_read() {
        let word = |offset: u32| format!("(i32.load offset={offset} (local.get $p))");
        let bytes = module(&word(0), &word(4));
        assert_eq!(count(&bytes, FactName::BucketXor), 0);
    }

    /// Two nested loops over rows of two words; `still` is the inner loop's other operand, and where the sum goes.
    fn nested(still: &str, to: &str) -> Vec<u8> {
        let word = |at: u32| {
            format!(
                "(i32.store offset={at} (local.get {to}) (i32.xor (i32.load offset={at} (local.get $q))
                  (i32.load offset={at} (local.get {still}))))"
            )
        };
        let text = format!(
            r#"(module (memory 1) (func (export "join") (param $p i32) (param $q i32) (param $to i32) (param $key i32)
              (loop
                (local.set $p (i32.add (local.get $p) (i32.const 8)))
                (loop
                  {}{}{}{}{}{}
                  (i64.store offset=1024 (local.get $to)
                    (i64.rotr (i64.rotr (i64.xor (i64.load (local.get $q)) (i64.const 3)) (i64.const 24)) (i64.const 63)))
                  (i64.store offset=1032 (local.get $to) (i64.rotr (i64.load (local.get $p)) (i64.const 32)))
                  (i64.store offset=1040 (local.get $to) (i64.rotr (i64.load (local.get $p)) (i64.const 16)))
                  (i64.store offset=1048 (local.get $to) (i64.rotr (i64.load (local.get $p)) (i64.const 1)))
                  (local.set $to (i32.add (local.get $to) (i32.const 24)))
                  (br_if 0 (i32.ne (local.tee $q (i32.add (local.get $q) (i32.const 24))) (i32.const 4096))))
                (br_if 0 (i32.ne (local.get $p) (i32.const 2048)))))) "#,
            word(0),
            word(4),
            word(8),
            word(12),
            word(16),
            word(20)
        );
        wat::parse_str(text).unwrap()
    }

    #[test]
    fn all_pairs_of_a_list_are_joined() {
        // Both loops hold what the inner one shows.
        assert_eq!(count(&nested("$p", "$to"), FactName::PairJoin), 12);
        assert_eq!(count(&nested("$p", "$q"), FactName::PairJoin), 0, "a row is reduced in place");
        assert_eq!(count(&nested("$key", "$to"), FactName::PairJoin), 0, "a key is added to each row");
    }
}
