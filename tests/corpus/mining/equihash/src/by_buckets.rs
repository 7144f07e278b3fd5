//! Rows are dealt into buckets by the upper bits of the digit that must collide next, and matched within a bucket by
//! the lower ones. Only references to pairs are kept of the rows of earlier rounds.

use crate::blake2b::Base;
use crate::size::{DIGIT, K, LEAVES, Row, STRING, STRINGS, WORDS, digit, row};
use crate::solution::{Indices, ordered};

const REST_BITS: usize = 8;
const BUCKETS: usize = 1 << (DIGIT - REST_BITS);
const SLOT_BITS: usize = 10;
const SLOTS: usize = 1 << SLOT_BITS;
/// Rows of one bucket with the same rest that are matched.
const SAME: usize = 14;

struct Layer {
    counts: [u32; BUCKETS],
    rows: [[Row; SLOTS]; BUCKETS],
}

struct Memory {
    layers: [Layer; 2],
    /// For each round: where its rows came from. Leaves are numbers, pairs a bucket and two of its slots.
    trees: [[[u32; SLOTS]; BUCKETS]; K],
}

static mut MEMORY: Memory = Memory {
    layers: [const { Layer { counts: [0; BUCKETS], rows: [[[0; WORDS]; SLOTS]; BUCKETS] } }; 2],
    trees: [[[0; SLOTS]; BUCKETS]; K],
};

/// Every solution for a header, handed to `found`.
pub fn solve(header: &[u8], mut found: impl FnMut(&Indices)) {
    let memory = unsafe { &mut *(&raw mut MEMORY) };
    memory.leaves(&Base::new(header));
    for round in 1..K {
        memory.pair(round);
    }
    memory.last(&mut found);
}

impl Memory {
    fn leaves(&mut self, base: &Base) {
        let layer = &mut self.layers[0];
        layer.counts = [0; BUCKETS];
        for hash in 0..LEAVES.div_ceil(STRINGS) {
            let strings = base.leaf(hash as u32);
            for (i, string) in strings.chunks_exact(STRING).enumerate() {
                let row = row(string);
                let bucket = (digit(&row, 0) >> REST_BITS) as usize;
                let slot = layer.counts[bucket] as usize;
                if slot < SLOTS && hash * STRINGS + i < LEAVES {
                    layer.counts[bucket] += 1;
                    layer.rows[bucket][slot] = row;
                    self.trees[0][bucket][slot] = (hash * STRINGS + i) as u32;
                }
            }
        }
    }

    /// Rows that agree in one digit become their exclusive-or.
    fn pair(&mut self, round: usize) {
        let [even, odd] = &mut self.layers;
        let (from, to) = if round % 2 == 1 { (even, odd) } else { (odd, even) };
        to.counts = [0; BUCKETS];
        for bucket in 0..BUCKETS {
            let mut same = [0u8; 1 << REST_BITS];
            let mut lists = [[0u16; SAME]; 1 << REST_BITS];
            for b in 0..from.counts[bucket] as usize {
                let rest = digit(&from.rows[bucket][b], round - 1) as usize & ((1 << REST_BITS) - 1);
                let known = usize::from(same[rest]);
                for a in lists[rest][..known].iter().map(|a| usize::from(*a)) {
                    let (x, y) = (&from.rows[bucket][a], &from.rows[bucket][b]);
                    if x[WORDS - 1] == y[WORDS - 1] {
                        continue;
                    }
                    let sum: Row = core::array::from_fn(|i| x[i] ^ y[i]);
                    let next = (digit(&sum, round) >> REST_BITS) as usize;
                    let slot = to.counts[next] as usize;
                    if slot < SLOTS {
                        to.counts[next] += 1;
                        to.rows[next][slot] = sum;
                        self.trees[round][next][slot] = pack(bucket, a, b);
                    }
                }
                if known < SAME {
                    lists[rest][known] = b as u16;
                    same[rest] += 1;
                }
            }
        }
    }

    /// The last two digits must both collide.
    fn last(&self, found: &mut impl FnMut(&Indices)) {
        let from = &self.layers[(K - 1) % 2];
        for bucket in 0..BUCKETS {
            for b in 0..from.counts[bucket] as usize {
                for a in 0..b {
                    let (x, y) = (&from.rows[bucket][a], &from.rows[bucket][b]);
                    if digit(x, K - 1) == digit(y, K - 1) && digit(x, K) == digit(y, K) {
                        let mut indices = [0; 1 << K];
                        self.indices(K, pack(bucket, a, b), &mut indices);
                        if let Some(indices) = ordered(indices) {
                            found(&indices);
                        }
                    }
                }
            }
        }
    }

    /// The leaves below a reference.
    fn indices(&self, round: usize, tree: u32, to: &mut [u32]) {
        if round == 0 {
            to[0] = tree;
            return;
        }
        let (left, right) = to.split_at_mut(1 << (round - 1));
        let (bucket, a, b) = unpack(tree);
        self.indices(round - 1, self.trees[round - 1][bucket][a], left);
        self.indices(round - 1, self.trees[round - 1][bucket][b], right);
    }
}

fn pack(bucket: usize, a: usize, b: usize) -> u32 {
    ((bucket << SLOT_BITS | a) << SLOT_BITS | b) as u32
}

fn unpack(tree: u32) -> (usize, usize, usize) {
    let tree = tree as usize;
    (tree >> (2 * SLOT_BITS), tree >> SLOT_BITS & (SLOTS - 1), tree & (SLOTS - 1))
}
