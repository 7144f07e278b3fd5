//! BLAKE-512 (submission of December 2010): 16 rounds over 64-bit words.

use crate::{Hash, be64, padded};

/// Digits of π.
const C: [u64; 16] = [
    0x243f6a8885a308d3,
    0x13198a2e03707344,
    0xa4093822299f31d0,
    0x082efa98ec4e6c89,
    0x452821e638d01377,
    0xbe5466cf34e90c6c,
    0xc0ac29b7c97c50dd,
    0x3f84d5b5b5470917,
    0x9216d5d98979fb1b,
    0xd1310ba698dfb5ac,
    0x2ffd72dbd01adfb7,
    0xb8e1afed6a267e96,
    0xba7c9045f12c7f99,
    0x24a19947b3916cf7,
    0x0801f2e2858efc16,
    0x636920d871574e69,
];

const IV: [u64; 8] = [
    0x6a09e667f3bcc908,
    0xbb67ae8584caa73b,
    0x3c6ef372fe94f82b,
    0xa54ff53a5f1d36f1,
    0x510e527fade682d1,
    0x9b05688c2b3e6c1f,
    0x1f83d9abfb41bd6b,
    0x5be0cd19137e2179,
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

/// BLAKE-512.
pub fn blake512(message: &[u8]) -> Hash {
    let mut bytes = padded::<128>(message, 0x80, 16);
    let end = bytes.len();
    bytes[end - 17] |= 1;
    let bits = 8 * message.len() as u64;
    bytes[end - 8..].copy_from_slice(&bits.to_be_bytes());
    let mut h = IV;
    for (index, block) in bytes.chunks_exact(128).enumerate() {
        let counted = (1024 * (index as u64 + 1)).min(bits);
        // A block without a bit of the message counts nothing.
        let counter = if 1024 * index as u64 >= bits { 0 } else { counted };
        compress(&mut h, block, counter);
    }
    let mut hash = [0; 64];
    for (bytes, word) in hash.chunks_exact_mut(8).zip(h) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    hash
}

fn compress(h: &mut [u64; 8], block: &[u8], counter: u64) {
    let m: [u64; 16] = core::array::from_fn(|n| be64(block, n));
    let mut v = [0u64; 16];
    v[..8].copy_from_slice(h);
    v[8..].copy_from_slice(&C[..8]);
    v[12] ^= counter;
    v[13] ^= counter;
    for round in 0..16 {
        let s = &SIGMA[round % 10];
        let mut g = |a: usize, b: usize, c: usize, d: usize, i: usize| {
            let (x, y) = (s[2 * i] as usize, s[2 * i + 1] as usize);
            v[a] = v[a].wrapping_add(v[b]).wrapping_add(m[x] ^ C[y]);
            v[d] = (v[d] ^ v[a]).rotate_right(32);
            v[c] = v[c].wrapping_add(v[d]);
            v[b] = (v[b] ^ v[c]).rotate_right(25);
            v[a] = v[a].wrapping_add(v[b]).wrapping_add(m[y] ^ C[x]);
            v[d] = (v[d] ^ v[a]).rotate_right(16);
            v[c] = v[c].wrapping_add(v[d]);
            v[b] = (v[b] ^ v[c]).rotate_right(11);
        };
        g(0, 4, 8, 12, 0);
        g(1, 5, 9, 13, 1);
        g(2, 6, 10, 14, 2);
        g(3, 7, 11, 15, 3);
        g(0, 5, 10, 15, 4);
        g(1, 6, 11, 12, 5);
        g(2, 7, 8, 13, 6);
        g(3, 4, 9, 14, 7);
    }
    for n in 0..8 {
        h[n] ^= v[n] ^ v[n + 8];
    }
}
