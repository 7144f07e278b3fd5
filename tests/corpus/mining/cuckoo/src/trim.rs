//! Trimming: an edge one of whose ends no other edge meets is in no cycle.

use crate::edges::{EDGES, OTHER, ends};
use crate::siphash::State;

/// Rounds until little but cycles is left.
const ROUNDS: usize = 240;
/// Words of a set with a bit for each edge or node.
pub const WORDS: usize = EDGES / 64;

/// Edges that are left, and nodes by how many edges met them: none, one, several.
static mut ALIVE: [u64; WORDS] = [0; WORDS];
static mut ONCE: [u64; WORDS] = [0; WORDS];
static mut TWICE: [u64; WORDS] = [0; WORDS];

#[inline(always)]
fn has(set: &[u64; WORDS], at: usize) -> bool {
    set[at / 64 % WORDS] >> (at % 64) & 1 == 1
}

#[inline(always)]
fn put(set: &mut [u64; WORDS], at: usize) {
    set[at / 64 % WORDS] |= 1 << (at % 64);
}

/// Whether an end is met by another edge: in Cuckatoo by one at the other node of its pair, in Cuckaroo by a second one.
fn is_met(once: &[u64; WORDS], twice: &[u64; WORDS], node: usize) -> bool {
    if OTHER == 1 { has(once, node ^ 1) } else { has(twice, node) }
}

/// Trims side after side and gives the edges that are left.
pub fn trim(key: &State) -> &'static [u64; WORDS] {
    let (alive, once, twice) = unsafe { (&mut *(&raw mut ALIVE), &mut *(&raw mut ONCE), &mut *(&raw mut TWICE)) };
    *alive = [!0; WORDS];
    for round in 0..ROUNDS {
        let side = round % 2;
        *once = [0; WORDS];
        *twice = [0; WORDS];
        ends(key, side, alive, |_, node| {
            if OTHER == 0 && has(once, node) {
                put(twice, node);
            }
            put(once, node);
        });
        // Edges die where they stand: a copy would cost what trimming saves.
        let seen = unsafe { &*(&raw const ALIVE) };
        ends(key, side, seen, |edge, node| {
            if !is_met(once, twice, node) {
                alive[edge / 64] &= !(1 << (edge % 64));
            }
        });
    }
    alive
}
