//! SIMD-512: a number-theoretic transform modulo 257 expands the message of a Feistel cipher.

use crate::{Hash, from_le32, le32, padded};

const IV: [u32; 32] = [
    0x0ba16b95, 0x72f999ad, 0x9fecc2ae, 0xba3264fc, 0x5e894929, 0x8e9f30e5, 0x2f1daa37, 0xf0f2c558, 0xac506643,
    0xa90635a5, 0xe25b878b, 0xaab7878f, 0x88817f7a, 0x0a02892b, 0x559a7550, 0x598f657e, 0x7eef60a1, 0x6b70e3e8,
    0x9c1714d1, 0xb958e2a8, 0xab02675e, 0xed1c014f, 0xcd8d65bb, 0xfdb7a257, 0x09254899, 0xd699c7bc, 0x9019b6dc,
    0x2b9022e4, 0x8fa14956, 0x21bf9bd3, 0xb94d0943, 0x6ffddc22,
];

/// Powers of a number modulo 257.
const fn powers(base: i32) -> [i32; 256] {
    let mut powers = [1; 256];
    let mut n = 1;
    while n < 256 {
        powers[n] = powers[n - 1] * base % 257;
        n += 1;
    }
    powers
}

static ALPHA: [i32; 256] = powers(41);
static OFFSET: [i32; 256] = powers(163);
static OFFSET_LAST: [i32; 256] = powers(40);

/// Order of the message words, where their two halves stand, and the multiplier, by round.
const ORDER: [([usize; 8], usize, usize, i32); 4] = [
    ([4, 6, 0, 2, 7, 5, 3, 1], 0, 1, 185),
    ([15, 11, 12, 8, 9, 13, 10, 14], 0, 1, 185),
    ([17, 18, 23, 20, 22, 21, 16, 19], 256, 128, 233),
    ([30, 24, 25, 31, 27, 29, 28, 26], 383, 255, 233),
];

const TURNS: [[u32; 4]; 4] = [[3, 23, 17, 27], [28, 19, 22, 7], [29, 9, 15, 5], [4, 13, 10, 25]];

/// Which neighbour each step takes in.
const NEIGHBOUR: [usize; 7] = [1, 6, 2, 3, 5, 7, 4];

/// SIMD-512.
pub fn simd512(message: &[u8]) -> Hash {
    let mut h = IV;
    let mut bytes = padded::<128>(message, 0, 0);
    if message.len().is_multiple_of(128) {
        bytes.truncate(message.len());
    }
    for block in bytes.chunks_exact(128) {
        compress(&mut h, block, false);
    }
    let mut last = [0; 128];
    last[..8].copy_from_slice(&(8 * message.len() as u64).to_le_bytes());
    compress(&mut h, &last, true);
    from_le32(h.into_iter())
}

fn compress(h: &mut [u32; 32], block: &[u8], last: bool) {
    let q = expand(block, last);
    let mut state: [u32; 32] = core::array::from_fn(|n| h[n] ^ le32(block, n));
    for round in 0..4 {
        let (order, low, high, factor) = &ORDER[round];
        for step in 0..8 {
            let w = core::array::from_fn(|j| {
                let at = 16 * order[step] + 2 * j;
                let half = |back: usize, ahead: usize| q[at + ahead - back].wrapping_mul(*factor) as u32;
                let (low, high) =
                    if round < 2 { (half(0, *low), half(0, *high)) } else { (half(*low, 0), half(*high, 0)) };
                low & 0xffff | high << 16
            });
            let turns = &TURNS[round];
            let near = NEIGHBOUR[(step + round) % 7];
            feistel(&mut state, &w, step >= 4, turns[step % 4], turns[(step + 1) % 4], near);
        }
    }
    for (n, (r, s)) in [(4, 13), (13, 10), (10, 25), (25, 4)].into_iter().enumerate() {
        let w = core::array::from_fn(|j| h[8 * n + j]);
        feistel(&mut state, &w, false, r, s, NEIGHBOUR[(n + 4) % 7]);
    }
    *h = state;
}

#[inline(always)]
fn feistel(state: &mut [u32; 32], w: &[u32; 8], majority: bool, r: u32, s: u32, near: usize) {
    let turned: [u32; 8] = core::array::from_fn(|n| state[n].rotate_left(r));
    for n in 0..8 {
        let (a, b, c, d) = (state[n], state[8 + n], state[16 + n], state[24 + n]);
        let f = if majority { a & b | (a | b) & c } else { (b ^ c) & a ^ c };
        let sum = d.wrapping_add(w[n]).wrapping_add(f).rotate_left(s);
        state[n] = sum.wrapping_add(turned[n ^ near]);
        (state[24 + n], state[16 + n], state[8 + n]) = (c, b, turned[n]);
    }
}

/// The transform of the block, offset and brought between -128 and 128.
fn expand(block: &[u8], last: bool) -> [i32; 256] {
    let mut q = [0i32; 256];
    for (n, byte) in block.iter().enumerate() {
        q[(n as u8).reverse_bits() as usize] = i32::from(*byte);
    }
    let mut half = 1;
    while half < 256 {
        for start in (0..256).step_by(2 * half) {
            for n in 0..half {
                let x = q[start + n];
                let y = reduce(q[start + half + n] * ALPHA[n * (128 / half)]);
                q[start + n] = reduce(x + y);
                q[start + half + n] = reduce(x - y);
            }
        }
        half *= 2;
    }
    for (n, q) in q.iter_mut().enumerate() {
        let offset = OFFSET[n] + if last { OFFSET_LAST[n] } else { 0 };
        let sum = reduce(reduce(*q + offset));
        *q = if sum < 0 { sum + 257 } else { sum };
        *q = if *q > 128 { *q - 257 } else { *q };
    }
    q
}

/// Brings a number nearer to zero modulo 257.
#[inline(always)]
fn reduce(x: i32) -> i32 {
    (x & 0xff) - (x >> 8)
}
