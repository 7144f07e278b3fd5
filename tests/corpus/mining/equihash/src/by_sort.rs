//! Rows are sorted by the digit that must collide, and every pair of a run becomes a row of the next round: the plain
//! form of the specification, with its indices carried along.

use crate::blake2b::Base;
use crate::size::{K, LEAVES, Row, STRING, STRINGS, digit, row};
use crate::solution::{Indices, ordered};

/// A row, and where it came from: a leaf's number, or two rows of the round before.
#[derive(Clone, Copy)]
struct Entry {
    row: Row,
    from: [u32; 2],
}

/// Every solution for a header, handed to `found`.
pub fn solve(header: &[u8], mut found: impl FnMut(&Indices)) {
    let base = Base::new(header);
    let mut rounds: Vec<Vec<Entry>> = vec![leaves(&base)];
    for round in 1..K {
        let next = match rounds.last_mut() {
            Some(rows) => pairs(rows, round - 1),
            None => return,
        };
        rounds.push(next);
    }
    let Some(last) = rounds.last_mut() else { return };
    last.sort_unstable_by_key(|entry| (digit(&entry.row, K - 1), digit(&entry.row, K)));
    let last = &rounds[K - 1];
    for a in 0..last.len() {
        let key = |i: usize| (digit(&last[i].row, K - 1), digit(&last[i].row, K));
        for b in (a + 1..last.len()).take_while(|b| key(*b) == key(a)) {
            let mut indices = [0; 1 << K];
            expand(&rounds, K - 1, a as u32, &mut indices[..1 << (K - 1)]);
            expand(&rounds, K - 1, b as u32, &mut indices[1 << (K - 1)..]);
            if let Some(indices) = ordered(indices) {
                found(&indices);
            }
        }
    }
}

fn leaves(base: &Base) -> Vec<Entry> {
    let mut rows = Vec::with_capacity(LEAVES);
    for hash in 0..LEAVES.div_ceil(STRINGS) {
        let strings = base.leaf(hash as u32);
        for string in strings.chunks_exact(STRING) {
            rows.push(Entry { row: row(string), from: [rows.len() as u32, 0] });
        }
    }
    rows.truncate(LEAVES);
    rows
}

fn pairs(rows: &mut [Entry], round: usize) -> Vec<Entry> {
    rows.sort_unstable_by_key(|entry| digit(&entry.row, round));
    let mut next = Vec::with_capacity(rows.len());
    for a in 0..rows.len() {
        let key = digit(&rows[a].row, round);
        for b in (a + 1..rows.len()).take_while(|b| digit(&rows[*b].row, round) == key) {
            let sum: Row = core::array::from_fn(|i| rows[a].row[i] ^ rows[b].row[i]);
            if sum.iter().any(|word| *word != 0) && next.len() < 2 * LEAVES {
                next.push(Entry { row: sum, from: [a as u32, b as u32] });
            }
        }
    }
    next
}

fn expand(rounds: &[Vec<Entry>], round: usize, at: u32, to: &mut [u32]) {
    let [a, b] = rounds[round][at as usize].from;
    if round == 0 {
        to[0] = a;
        return;
    }
    let (left, right) = to.split_at_mut(1 << (round - 1));
    expand(rounds, round - 1, a, left);
    expand(rounds, round - 1, b, right);
}
