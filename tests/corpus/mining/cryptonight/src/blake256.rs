//! BLAKE-256 with 14 rounds, the final version of the SHA-3 competition.

const IV: [u32; 8] = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
/// The first digits of pi.
const PI: [u32; 16] = [
    0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89, 0x452821e6,
    0x38d01377, 0xbe5466cf, 0x34e90c6c, 0xc0ac29b7, 0xc97c50dd, 0x3f84d5b5, 0xb5470917,
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

/// Hashes `input`.
pub fn digest(input: &[u8]) -> [u8; 32] {
    let mut chain = IV;
    let mut blocks = input.chunks_exact(64);
    let mut bits = 0u64;
    for block in &mut blocks {
        bits += 512;
        compress(&mut chain, block, bits);
    }
    let rest = blocks.remainder();
    let total = bits + 8 * rest.len() as u64;
    let mut last = [0u8; 128];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x80;
    let end = if rest.len() < 56 { 64 } else { 128 };
    last[end - 9] |= 0x01;
    last[end - 8..end].copy_from_slice(&total.to_be_bytes());
    // The counter counts message bits alone: a block without any has counter 0.
    compress(&mut chain, &last[..64], if rest.is_empty() { 0 } else { total });
    if end == 128 {
        compress(&mut chain, &last[64..], 0);
    }
    let mut hash = [0u8; 32];
    for (bytes, word) in hash.chunks_exact_mut(4).zip(chain) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    hash
}

fn compress(chain: &mut [u32; 8], block: &[u8], counter: u64) {
    let message: [u32; 16] = core::array::from_fn(|n| {
        let mut word = [0u8; 4];
        word.copy_from_slice(&block[4 * n..4 * n + 4]);
        u32::from_be_bytes(word)
    });
    let mut v = [0u32; 16];
    v[..8].copy_from_slice(chain);
    v[8..].copy_from_slice(&PI[..8]);
    v[12] ^= counter as u32;
    v[13] ^= counter as u32;
    v[14] ^= (counter >> 32) as u32;
    v[15] ^= (counter >> 32) as u32;
    for round in 0..14 {
        let order = &SIGMA[round % 10];
        for (n, place) in PLACES.iter().enumerate() {
            mix(&mut v, place, &message, order[2 * n] as usize, order[2 * n + 1] as usize);
        }
    }
    for n in 0..16 {
        chain[n % 8] ^= v[n];
    }
}

/// Columns, then diagonals.
const PLACES: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

#[inline(always)]
fn mix(v: &mut [u32; 16], &[a, b, c, d]: &[usize; 4], message: &[u32; 16], first: usize, second: usize) {
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(message[first] ^ PI[second]);
    v[d] = (v[d] ^ v[a]).rotate_right(16);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(12);
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(message[second] ^ PI[first]);
    v[d] = (v[d] ^ v[a]).rotate_right(8);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(7);
}
