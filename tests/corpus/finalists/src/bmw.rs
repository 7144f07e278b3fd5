//! Blue Midnight Wish 512 (second round's submission).

use crate::{Hash, from_le64, le64, padded};

type Words = [u64; 16];

/// Which five words each W adds (or subtracts), by index and sign.
const W: [[(usize, bool); 5]; 16] = [
    [(5, true), (7, false), (10, true), (13, true), (14, true)],
    [(6, true), (8, false), (11, true), (14, true), (15, false)],
    [(0, true), (7, true), (9, true), (12, false), (15, true)],
    [(0, true), (1, false), (8, true), (10, false), (13, true)],
    [(1, true), (2, true), (9, true), (11, false), (14, false)],
    [(3, true), (2, false), (10, true), (12, false), (15, true)],
    [(4, true), (0, false), (3, false), (11, false), (13, true)],
    [(1, true), (4, false), (5, false), (12, false), (14, false)],
    [(2, true), (5, false), (6, false), (13, true), (15, false)],
    [(0, true), (3, false), (6, true), (7, false), (14, true)],
    [(8, true), (1, false), (4, false), (7, false), (15, true)],
    [(8, true), (0, false), (2, false), (5, false), (9, true)],
    [(1, true), (3, true), (6, false), (9, false), (10, true)],
    [(2, true), (4, true), (7, true), (10, true), (11, true)],
    [(3, true), (5, false), (8, true), (11, false), (12, false)],
    [(12, true), (4, false), (6, false), (9, false), (13, true)],
];

/// Blue Midnight Wish 512.
pub fn bmw512(message: &[u8]) -> Hash {
    let mut bytes = padded::<128>(message, 0x80, 8);
    let end = bytes.len();
    bytes[end - 8..].copy_from_slice(&(8 * message.len() as u64).to_le_bytes());
    let mut h: Words = core::array::from_fn(|n| 0x8081828384858687u64.wrapping_add(0x0808080808080808 * n as u64));
    for block in bytes.chunks_exact(128) {
        h = compress(&core::array::from_fn(|n| le64(block, n)), &h);
    }
    let last = compress(&h, &core::array::from_fn(|n| 0xaaaaaaaaaaaaaaa0 + n as u64));
    from_le64(last[8..].iter().copied())
}

#[inline(always)]
fn s(kind: usize, x: u64) -> u64 {
    match kind {
        0 => x >> 1 ^ x << 3 ^ x.rotate_left(4) ^ x.rotate_left(37),
        1 => x >> 1 ^ x << 2 ^ x.rotate_left(13) ^ x.rotate_left(43),
        2 => x >> 2 ^ x << 1 ^ x.rotate_left(19) ^ x.rotate_left(53),
        3 => x >> 2 ^ x << 2 ^ x.rotate_left(28) ^ x.rotate_left(59),
        4 => x >> 1 ^ x,
        _ => x >> 2 ^ x,
    }
}

fn compress(m: &Words, h: &Words) -> Words {
    let mut q = [0u64; 32];
    for n in 0..16 {
        let sum = W[n].iter().fold(0u64, |sum, (at, plus)| {
            let x = m[*at] ^ h[*at];
            if *plus { sum.wrapping_add(x) } else { sum.wrapping_sub(x) }
        });
        q[n] = s(n % 5, sum).wrapping_add(h[(n + 1) % 16]);
    }
    for n in 16..32 {
        let word = |off: usize| m[(n + off) % 16].rotate_left(((n + off) % 16) as u32 + 1);
        let k = (n as u64).wrapping_mul(0x0555555555555555);
        let element = word(0).wrapping_add(word(3)).wrapping_sub(word(10)).wrapping_add(k) ^ h[(n + 7) % 16];
        let before = |back: usize| q[n - back];
        let sum = if n < 18 {
            (0..16).fold(0u64, |sum, i| sum.wrapping_add(s((i + 1) % 4, before(16 - i))))
        } else {
            let mut sum = s(4, before(2)).wrapping_add(s(5, before(1)));
            for (i, turn) in [5, 11, 27, 32, 37, 43, 53].into_iter().enumerate() {
                sum = sum.wrapping_add(before(16 - 2 * i)).wrapping_add(before(15 - 2 * i).rotate_left(turn));
            }
            sum
        };
        q[n] = sum.wrapping_add(element);
    }
    fold(m, &q)
}

fn fold(m: &Words, q: &[u64; 32]) -> Words {
    let low = q[16..24].iter().fold(0, |x, y| x ^ y);
    let high = q[24..].iter().fold(low, |x, y| x ^ y);
    let mut d = [0u64; 16];
    let first = [
        high << 5 ^ q[16] >> 5,
        high >> 7 ^ q[17] << 8,
        high >> 5 ^ q[18] << 5,
        high >> 1 ^ q[19] << 5,
        high >> 3 ^ q[20],
        high << 6 ^ q[21] >> 6,
        high >> 4 ^ q[22] << 6,
        high >> 11 ^ q[23] << 2,
    ];
    for n in 0..8 {
        d[n] = (first[n] ^ m[n]).wrapping_add(low ^ q[24 + n] ^ q[n]);
    }
    let second = [low << 8, low >> 6, low << 6, low << 4, low >> 3, low >> 4, low >> 7, low >> 2];
    for n in 8..16 {
        let turned = d[(n - 4) % 8].rotate_left(n as u32 + 1);
        let other = if n == 8 { q[23] } else { q[7 + n] };
        d[n] = turned.wrapping_add(high ^ q[16 + n] ^ m[n]).wrapping_add(second[n - 8] ^ other ^ q[n]);
    }
    d
}
