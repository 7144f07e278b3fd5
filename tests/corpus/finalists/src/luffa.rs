//! Luffa-512 (second round's submission): five permutations of 256 bits.

use crate::{Hash, be32, from_be32, padded};

type Lane = [u32; 8];

const IV: [Lane; 5] = [
    [0x6d251e69, 0x44b051e0, 0x4eaa6fb4, 0xdbf78465, 0x6e292011, 0x90152df4, 0xee058139, 0xdef610bb],
    [0xc3b44b95, 0xd9d2f256, 0x70eee9a0, 0xde099fa3, 0x5d9b0557, 0x8fc944b3, 0xcf1ccf0e, 0x746cd581],
    [0xf7efc89d, 0x5dba5781, 0x04016ce5, 0xad659c05, 0x0306194f, 0x666d1836, 0x24aa230a, 0x8b264ae7],
    [0x858075d5, 0x36d79cce, 0xe571f7d7, 0x204b1f67, 0x35870c6a, 0x57e9e923, 0x14bcb808, 0x7cde72ce],
    [0x6c68e9be, 0x5ec41e22, 0xc825b7c7, 0xaffb4363, 0xf5df3999, 0x0fc688f1, 0xb07224cc, 0x03e86cea],
];

/// Round constants of words 0 and 4.
const RC: [[Lane; 2]; 5] = [
    [
        [0x303994a6, 0xc0e65299, 0x6cc33a12, 0xdc56983e, 0x1e00108f, 0x7800423d, 0x8f5b7882, 0x96e1db12],
        [0xe0337818, 0x441ba90d, 0x7f34d442, 0x9389217f, 0xe5a8bce6, 0x5274baf4, 0x26889ba7, 0x9a226e9d],
    ],
    [
        [0xb6de10ed, 0x70f47aae, 0x0707a3d4, 0x1c1e8f51, 0x707a3d45, 0xaeb28562, 0xbaca1589, 0x40a46f3e],
        [0x01685f3d, 0x05a17cf4, 0xbd09caca, 0xf4272b28, 0x144ae5cc, 0xfaa7ae2b, 0x2e48f1c1, 0xb923c704],
    ],
    [
        [0xfc20d9d2, 0x34552e25, 0x7ad8818f, 0x8438764a, 0xbb6de032, 0xedb780c8, 0xd9847356, 0xa2c78434],
        [0xe25e72c1, 0xe623bb72, 0x5c58a4a4, 0x1e38e2e7, 0x78e38b9d, 0x27586719, 0x36eda57f, 0x703aace7],
    ],
    [
        [0xb213afa5, 0xc84ebe95, 0x4e608a22, 0x56d858fe, 0x343b138f, 0xd0ec4e3d, 0x2ceb4882, 0xb3ad2208],
        [0xe028c9bf, 0x44756f91, 0x7e8fce32, 0x956548be, 0xfe191be2, 0x3cb226e5, 0x5944a28e, 0xa1c4c355],
    ],
    [
        [0xf0d2e9e3, 0xac11d7fa, 0x1bcb66f2, 0x6f2d9bc9, 0x78602649, 0x8edae952, 0x3b6ba548, 0xedae9520],
        [0x5090d577, 0x2d1925ab, 0xb46496ac, 0xd1925ab0, 0x29131ab6, 0x0fc053c3, 0x3f014f0c, 0xfc053c31],
    ],
];

/// Luffa-512.
pub fn luffa512(message: &[u8]) -> Hash {
    let mut v = IV;
    for block in padded::<32>(message, 0x80, 0).chunks_exact(32) {
        absorb(&mut v, core::array::from_fn(|n| be32(block, n)));
    }
    let mut out = [0u32; 16];
    for half in out.chunks_exact_mut(8) {
        absorb(&mut v, [0; 8]);
        for (n, word) in half.iter_mut().enumerate() {
            *word = v.iter().fold(0, |x, lane| x ^ lane[n]);
        }
    }
    from_be32(out.into_iter())
}

fn absorb(v: &mut [Lane; 5], message: Lane) {
    inject(v, message);
    for (lane, (v, rc)) in v.iter_mut().zip(&RC).enumerate() {
        permute(v, rc, lane as u32);
    }
}

/// Product by the ring's generator.
fn double(s: Lane) -> Lane {
    [s[7], s[0] ^ s[7], s[1], s[2] ^ s[7], s[3] ^ s[7], s[4], s[5], s[6]]
}

fn xor(a: Lane, b: Lane) -> Lane {
    core::array::from_fn(|n| a[n] ^ b[n])
}

fn inject(v: &mut [Lane; 5], mut message: Lane) {
    let sum = double(v.iter().fold([0; 8], |x, lane| xor(x, *lane)));
    for lane in v.iter_mut() {
        *lane = xor(*lane, sum);
    }
    let up: [Lane; 5] = core::array::from_fn(|n| xor(double(v[n]), v[(n + 1) % 5]));
    *v = core::array::from_fn(|n| xor(double(up[n]), up[(n + 4) % 5]));
    for lane in v {
        *lane = xor(*lane, message);
        message = double(message);
    }
}

fn permute(v: &mut Lane, rc: &[Lane; 2], lane: u32) {
    for word in &mut v[4..] {
        *word = word.rotate_left(lane);
    }
    for (first, second) in rc[0].iter().zip(&rc[1]) {
        crumb(v, [0, 1, 2, 3]);
        crumb(v, [5, 6, 7, 4]);
        for n in 0..4 {
            let (mut left, mut right) = (v[n], v[n + 4]);
            right ^= left;
            left = left.rotate_left(2) ^ right;
            right = right.rotate_left(14) ^ left;
            left = left.rotate_left(10) ^ right;
            (v[n], v[n + 4]) = (left, right.rotate_left(1));
        }
        v[0] ^= first;
        v[4] ^= second;
    }
}

/// The s-box of four bits, 32 at once.
#[inline(always)]
fn crumb(v: &mut Lane, at: [usize; 4]) {
    let [mut a, mut b, mut c, mut d] = at.map(|n| v[n]);
    let mut t = a;
    a |= b;
    c ^= d;
    b = !b;
    a ^= d;
    d &= t;
    b ^= d;
    d ^= c;
    c &= a;
    a = !a;
    c ^= b;
    b |= d;
    t ^= b;
    d ^= c;
    c &= b;
    b ^= a;
    for (at, word) in at.into_iter().zip([t, b, c, d]) {
        v[at] = word;
    }
}
