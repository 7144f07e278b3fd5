//! BLAKE2b with a personalisation (RFC 7693), kept after the header so that only the last block is hashed for a leaf.

use crate::size::{K, N, STRING, STRINGS};

const IV: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];
const SIGMA: [[u8; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// The state after the header's whole blocks, and what is left of it.
#[derive(Clone)]
pub struct Base {
    state: [u64; 8],
    block: [u8; 128],
    /// Bytes of the header in all, and in the block.
    length: usize,
    rest: usize,
}

#[inline(always)]
fn mix(v: &mut [u64; 16], [a, b, c, d]: [usize; 4], x: u64, y: u64) {
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
    v[d] = (v[d] ^ v[a]).rotate_right(32);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(24);
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
    v[d] = (v[d] ^ v[a]).rotate_right(16);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(63);
}

fn compress(state: &mut [u64; 8], block: &[u8; 128], length: u64, last: bool) {
    let m: [u64; 16] =
        core::array::from_fn(|i| u64::from_le_bytes(block[8 * i..8 * i + 8].try_into().unwrap_or_default()));
    let mut v: [u64; 16] = core::array::from_fn(|i| if i < 8 { state[i] } else { IV[i - 8] });
    v[12] ^= length;
    if last {
        v[14] = !v[14];
    }
    for round in 0..12 {
        let s = SIGMA[round % 10].map(usize::from);
        for i in 0..4 {
            mix(&mut v, [i, 4 + i, 8 + i, 12 + i], m[s[2 * i]], m[s[2 * i + 1]]);
        }
        for i in 0..4 {
            let diagonal = [i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4];
            mix(&mut v, diagonal, m[s[8 + 2 * i]], m[s[9 + 2 * i]]);
        }
    }
    for i in 0..8 {
        state[i] ^= v[i] ^ v[i + 8];
    }
}

impl Base {
    /// Takes in a header, with "ZcashPoW" and the parameters as personalisation.
    pub fn new(header: &[u8]) -> Self {
        let mut state = IV;
        state[0] ^= 0x0101_0000 ^ (STRINGS * STRING) as u64;
        state[6] ^= u64::from_le_bytes(*b"ZcashPoW");
        state[7] ^= N as u64 | (K as u64) << 32;
        let mut base = Self { state, block: [0; 128], length: header.len(), rest: 0 };
        let mut taken = 0;
        for byte in header {
            if base.rest == 128 {
                let block = base.block;
                compress(&mut base.state, &block, taken, false);
                base.block = [0; 128];
                base.rest = 0;
            }
            base.block[base.rest] = *byte;
            base.rest += 1;
            taken += 1;
        }
        base
    }

    /// The strings that one index gives.
    pub fn leaf(&self, index: u32) -> [u8; 64] {
        let (mut state, mut block) = (self.state, self.block);
        block[self.rest..self.rest + 4].copy_from_slice(&index.to_le_bytes());
        compress(&mut state, &block, self.length as u64 + 4, true);
        let mut out = [0; 64];
        for (place, word) in out.chunks_exact_mut(8).zip(state) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        out
    }
}
