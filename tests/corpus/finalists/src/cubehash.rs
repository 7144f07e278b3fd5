//! CubeHash16/32: additions, exclusive-ors and two rotations over 32 words.

use crate::{Hash, from_le32, le32, padded};

/// CubeHash16/32-512.
pub fn cubehash512(message: &[u8]) -> Hash {
    from_le32(state(message, 64).into_iter())
}

/// CubeHash16/32-256.
pub fn cubehash256(message: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(&from_le32(state(message, 32).into_iter())[..32]);
    hash
}

fn state(message: &[u8], size: u32) -> [u32; 32] {
    let mut x = [0u32; 32];
    // Output bytes, bytes a block, rounds a block; then ten times as many rounds make the initial value.
    (x[0], x[1], x[2]) = (size, 32, 16);
    (0..10).for_each(|_| rounds(&mut x));
    for block in padded::<32>(message, 0x80, 0).chunks_exact(32) {
        for n in 0..8 {
            x[n] ^= le32(block, n);
        }
        rounds(&mut x);
    }
    x[31] ^= 1;
    (0..10).for_each(|_| rounds(&mut x));
    x
}

/// Sixteen rounds.
fn rounds(x: &mut [u32; 32]) {
    for _ in 0..16 {
        half(x, 7, 8, 2);
        half(x, 11, 4, 1);
    }
}

/// Adds, rotates, swaps, mixes, swaps: `across` and `within` are the index bits that the two swaps flip.
#[inline(always)]
fn half(x: &mut [u32; 32], turn: u32, across: usize, within: usize) {
    let mut low: [u32; 16] = core::array::from_fn(|n| x[n]);
    let high: [u32; 16] = core::array::from_fn(|n| x[n + 16].wrapping_add(low[n]));
    low = core::array::from_fn(|n| x[n ^ across].rotate_left(turn) ^ high[n]);
    x[..16].copy_from_slice(&low);
    for n in 0..16 {
        x[16 + n] = high[n ^ within];
    }
}
