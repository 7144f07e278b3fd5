//! The cycle among the edges that trimming left.

use crate::edges::{EDGES, OTHER, end};
use crate::siphash::State;
use crate::trim::WORDS;

/// Edges of a proof.
pub const PROOF: usize = 42;
/// Most edges that are looked at.
const MOST: usize = 4096;

/// A cycle of 42 edges, ascending.
pub fn find(key: &State, alive: &[u64; WORDS]) -> Option<[u32; PROOF]> {
    let mut left = Vec::new();
    for edge in (0..EDGES).filter(|edge| alive[edge / 64] >> (edge % 64) & 1 == 1).take(MOST) {
        left.push((edge, [end(key, edge, 0), end(key, edge, 1)]));
    }
    (0..left.len()).find_map(|first| walk(&left, first))
}

/// Goes from edge to edge, from one side to the other and back, until it meets where it came from.
fn walk(left: &[(usize, [usize; 2])], first: usize) -> Option<[u32; PROOF]> {
    let mut proof = [0; PROOF];
    let mut at = first;
    for (step, edge) in proof.iter_mut().enumerate() {
        *edge = left[at].0 as u32;
        let side = (step + 1) % 2;
        let node = left[at].1[side] ^ OTHER;
        at = (0..left.len()).find(|other| *other != at && left[*other].1[side] == node)?;
        if at == first {
            if step + 1 < PROOF {
                return None;
            }
            proof.sort_unstable();
            return Some(proof);
        }
    }
    None
}
