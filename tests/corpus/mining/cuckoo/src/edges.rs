//! What joins what: the two ends of an edge by its number.

use crate::siphash::State;

/// Bits of an edge's number: 29 and more in coins, small enough here for a test vector.
pub const BITS: u32 = 19;
/// How many edges there are.
pub const EDGES: usize = 1 << BITS;
/// What the hash is masked with.
const MASK: u64 = EDGES as u64 - 1;

/// Which node of its pair an edge's end meets: the other one in Cuckatoo, the same in Cuckaroo.
pub const OTHER: usize = if cfg!(feature = "cuckaroo") { 0 } else { 1 };

/// One end of an edge: one hash each.
#[cfg(not(feature = "cuckaroo"))]
#[inline(always)]
pub fn end(key: &State, edge: usize, side: usize) -> usize {
    let mut state = *key;
    (state.hash(2 * edge as u64 + side as u64) & MASK) as usize
}

/// Edges that are hashed at a time.
#[cfg(feature = "cuckaroo")]
const BLOCK: usize = 64;

/// One end of an edge: half of one hash, of a chain of 64, joined with the last one.
#[cfg(feature = "cuckaroo")]
pub fn end(key: &State, edge: usize, side: usize) -> usize {
    let mut state = *key;
    let mut hashes = [0; BLOCK];
    let first = edge / BLOCK * BLOCK;
    for (number, hash) in hashes.iter_mut().enumerate() {
        *hash = state.hash((first + number) as u64);
    }
    let last = hashes[BLOCK - 1];
    let hash = if edge % BLOCK == BLOCK - 1 { last } else { hashes[edge % BLOCK] ^ last };
    (hash >> (32 * side) & MASK) as usize
}

/// Hands every edge that may still be in a cycle, and its end, to `each`.
#[cfg(not(feature = "cuckaroo"))]
#[inline(always)]
pub fn ends(key: &State, side: usize, alive: &[u64], mut each: impl FnMut(usize, usize)) {
    for edge in 0..EDGES {
        if alive[edge / 64] >> (edge % 64) & 1 == 1 {
            each(edge, end(key, edge, side));
        }
    }
}

/// The same, a block at a time.
#[cfg(feature = "cuckaroo")]
#[inline(always)]
pub fn ends(key: &State, side: usize, alive: &[u64], mut each: impl FnMut(usize, usize)) {
    for (block, bits) in alive.iter().enumerate().take(EDGES / BLOCK) {
        if *bits == 0 {
            continue;
        }
        let mut state = *key;
        let mut hashes = [0; BLOCK];
        for (number, hash) in hashes.iter_mut().enumerate() {
            *hash = state.hash((block * BLOCK + number) as u64);
        }
        let last = hashes[BLOCK - 1];
        for (number, hash) in hashes.iter().enumerate() {
            if bits >> number & 1 == 1 {
                let whole = if number == BLOCK - 1 { last } else { hash ^ last };
                each(block * BLOCK + number, (whole >> (32 * side) & MASK) as usize);
            }
        }
    }
}
