//! What is left to do when the last round leaves nothing: the indices in order, each once.

use crate::size::{K, PROOF};

pub type Indices = [u32; PROOF];

/// Puts the two halves of every subtree in order; none when an index occurs twice.
pub fn ordered(mut indices: Indices) -> Option<Indices> {
    for level in 0..K {
        let half = 1 << level;
        for pair in indices.chunks_exact_mut(2 * half) {
            let (left, right) = pair.split_at_mut(half);
            if left[0] > right[0] {
                left.swap_with_slice(right);
            }
        }
    }
    let mut sorted = indices;
    sorted.sort_unstable();
    sorted.windows(2).all(|pair| pair[0] != pair[1]).then_some(indices)
}
