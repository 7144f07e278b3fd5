//! Hamsi-512 (second round's submission): a linear code, then rounds of Serpent's s-box and linear map.

use crate::hamsi_code::CODE;
use crate::{Hash, from_be32};

/// The four words that the round constants repeat, of the rounds within and at the end.
const ALPHA: [u32; 32] = [
    0xff00f0f0, 0xccccaaaa, 0xf0f0cccc, 0xff00aaaa, 0xccccaaaa, 0xf0f0ff00, 0xaaaacccc, 0xf0f0ff00, 0xf0f0cccc,
    0xaaaaff00, 0xccccff00, 0xaaaaf0f0, 0xaaaaf0f0, 0xff00cccc, 0xccccf0f0, 0xff00aaaa, 0xccccaaaa, 0xff00f0f0,
    0xff00aaaa, 0xf0f0cccc, 0xf0f0ff00, 0xccccaaaa, 0xf0f0ff00, 0xaaaacccc, 0xaaaaff00, 0xf0f0cccc, 0xaaaaf0f0,
    0xccccff00, 0xff00cccc, 0xaaaaf0f0, 0xff00aaaa, 0xccccf0f0,
];
const ALPHA_LAST: [u32; 32] = [
    0xcaf9639c, 0x0ff0f9c0, 0x639c0ff0, 0xcaf9f9c0, 0x0ff0f9c0, 0x639ccaf9, 0xf9c00ff0, 0x639ccaf9, 0x639c0ff0,
    0xf9c0caf9, 0x0ff0caf9, 0xf9c0639c, 0xf9c0639c, 0xcaf90ff0, 0x0ff0639c, 0xcaf9f9c0, 0x0ff0f9c0, 0xcaf9639c,
    0xcaf9f9c0, 0x639c0ff0, 0x639ccaf9, 0x0ff0f9c0, 0x639ccaf9, 0xf9c00ff0, 0xf9c0caf9, 0x639c0ff0, 0xf9c0639c,
    0x0ff0caf9, 0xcaf90ff0, 0xf9c0639c, 0xcaf9f9c0, 0x0ff0639c,
];

/// Where the message (true) and the chaining value (false) stand among the 32 words.
const MESSAGE: u32 = 0xcc33_cc33;

/// Hamsi-512.
pub fn hamsi512(message: &[u8]) -> Hash {
    let mut h: [u32; 16] = core::array::from_fn(|n| {
        let name = b"steelpark Arenberg 10, bus 2446, B-3001 Leuven-Heverlee, Belgium";
        u32::from_be_bytes([name[4 * n], name[4 * n + 1], name[4 * n + 2], name[4 * n + 3]])
    });
    let padded = crate::padded::<8>(message, 0x80, 0);
    for block in padded.chunks_exact(8) {
        compress(&mut h, block, &ALPHA, 6);
    }
    compress(&mut h, &(8 * message.len() as u64).to_be_bytes(), &ALPHA_LAST, 12);
    from_be32(h.into_iter())
}

fn compress(h: &mut [u32; 16], block: &[u8], alpha: &[u32; 32], rounds: u32) {
    let m = expand(block);
    let (mut from_m, mut from_h) = (m.into_iter(), h.iter().copied());
    let mut s: [u32; 32] = core::array::from_fn(|n| {
        let message = MESSAGE >> n & 1 == 1;
        if message { from_m.next() } else { from_h.next() }.unwrap_or_default()
    });
    for round in 0..rounds {
        for (s, alpha) in s.iter_mut().zip(alpha) {
            *s ^= alpha;
        }
        s[1] ^= round;
        for n in 0..8 {
            substitute(&mut s, [n, n + 8, n + 16, n + 24]);
        }
        for n in 0..8 {
            diffuse(&mut s, [n, 8 + (n + 1) % 8, 16 + (n + 2) % 8, 24 + (n + 3) % 8]);
        }
        for at in [[0, 2, 5, 7], [16, 19, 21, 22], [9, 11, 12, 14], [25, 26, 28, 31]] {
            diffuse(&mut s, at);
        }
    }
    for n in 0..16 {
        h[n] ^= s[n + if n < 8 { 0 } else { 8 }];
    }
}

fn expand(block: &[u8]) -> [u32; 16] {
    let mut m = [0u32; 16];
    for bit in 0..64 {
        let mask = (u32::from(block[bit / 8]) >> (bit % 8) & 1).wrapping_neg();
        let row = &CODE[bit / 2];
        for n in 0..16 {
            let odd = if n < 8 { row[8 + n] } else { row[n - 8] ^ row[n] };
            m[n] ^= mask & if bit % 2 == 0 { row[n] } else { odd };
        }
    }
    m
}

#[inline(always)]
fn substitute(s: &mut [u32; 32], at: [usize; 4]) {
    let [mut a, mut b, mut c, mut d] = at.map(|n| s[n]);
    let mut t = a;
    a &= c;
    a ^= d;
    c ^= b;
    c ^= a;
    d |= t;
    d ^= b;
    t ^= c;
    b = d;
    d |= t;
    d ^= a;
    a &= b;
    t ^= a;
    b ^= d;
    b ^= t;
    for (at, word) in at.into_iter().zip([c, d, b, !t]) {
        s[at] = word;
    }
}

#[inline(always)]
fn diffuse(s: &mut [u32; 32], at: [usize; 4]) {
    let [mut a, mut b, mut c, mut d] = at.map(|n| s[n]);
    a = a.rotate_left(13);
    c = c.rotate_left(3);
    b = (b ^ a ^ c).rotate_left(1);
    d = (d ^ c ^ a << 3).rotate_left(7);
    a = (a ^ b ^ d).rotate_left(5);
    c = (c ^ d ^ b << 7).rotate_left(22);
    for (at, word) in at.into_iter().zip([a, b, c, d]) {
        s[at] = word;
    }
}
