//! As a miner does it: the first 64 bytes once for a job, then two compressions a nonce whose padding never changes.

// FIPS 180-4, 4.2.2.
const K: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
    0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
    0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
    0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
];
const IV: [u32; 8] = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

type Words = [u32; 8];

#[inline(always)]
fn round(s: &mut Words, kw: u32) {
    let [a, b, c, d, e, f, g, h] = *s;
    let t1 = h
        .wrapping_add(e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25))
        .wrapping_add(g ^ (e & (f ^ g)))
        .wrapping_add(kw);
    let t2 = (a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22)).wrapping_add((a & b) | (c & (a | b)));
    *s = [t1.wrapping_add(t2), a, b, c, d.wrapping_add(t1), e, f, g];
}

#[inline(always)]
fn schedule(w: &mut [u32; 16], t: usize) -> u32 {
    let (x, y) = (w[(t + 1) & 15], w[(t + 14) & 15]);
    let s0 = x.rotate_right(7) ^ x.rotate_right(18) ^ x >> 3;
    let s1 = y.rotate_right(17) ^ y.rotate_right(19) ^ y >> 10;
    w[t & 15] = w[t & 15].wrapping_add(s0).wrapping_add(w[(t + 9) & 15]).wrapping_add(s1);
    w[t & 15]
}

/// Sixteen rounds at a time, written out, so that constants of the block fold into those of the rounds.
#[inline(always)]
fn compress(state: Words, mut w: [u32; 16]) -> Words {
    let mut s = state;
    macro_rules! rounds {
        ($($t:literal)*) => { $( round(&mut s, K[$t].wrapping_add(w[$t])); )* };
    }
    macro_rules! more {
        ($base:expr; $($t:literal)*) => { $( {
            let word = schedule(&mut w, $t);
            round(&mut s, K[$base + $t].wrapping_add(word));
        } )* };
    }
    rounds!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    for base in [16, 32, 48] {
        more!(base; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    }
    core::array::from_fn(|i| s[i].wrapping_add(state[i]))
}

static mut HEADER: [u8; 80] = [0; 80];
static mut OUTPUT: [u8; 32] = [0; 32];

/// Where the header is written.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut u8 {
    (&raw mut HEADER).cast()
}

/// Where the 32 bytes of the last hash stand.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    (&raw const OUTPUT).cast()
}

fn word(at: usize) -> u32 {
    unsafe { u32::from_be_bytes((&*(&raw const HEADER))[4 * at..4 * at + 4].try_into().unwrap_or_default()) }
}

/// The state after the header's first 64 bytes, which no nonce changes.
fn midstate() -> Words {
    compress(IV, core::array::from_fn(word))
}

/// The rest of the header with its padding, then the second hash: both lengths are known.
#[inline(always)]
fn finish(midstate: Words, tail: [u32; 3], nonce: u32) -> Words {
    let [a, b, c] = tail;
    let first = compress(midstate, [a, b, c, nonce, 0x8000_0000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x280]);
    let [a, b, c, d, e, f, g, h] = first;
    compress(IV, [a, b, c, d, e, f, g, h, 0x8000_0000, 0, 0, 0, 0, 0, 0, 0x100])
}

fn give(hash: Words) {
    for (place, word) in unsafe { (&mut *(&raw mut OUTPUT)).chunks_exact_mut(4) }.zip(hash) {
        place.copy_from_slice(&word.to_be_bytes());
    }
}

/// Hashes the header; its length is always 80.
#[unsafe(no_mangle)]
pub extern "C" fn hash(_len: usize) {
    give(finish(midstate(), [word(16), word(17), word(18)], word(19)));
}

/// Tries `count` nonces from `start` on and returns how many were tried before a share, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn scan(_len: usize, start: u32, count: u32, target: u64) -> i32 {
    let (midstate, tail) = (midstate(), [word(16), word(17), word(18)]);
    for index in 0..count {
        let hash = finish(midstate, tail, start.wrapping_add(index).swap_bytes());
        let last = u64::from(hash[7].swap_bytes()) << 32 | u64::from(hash[6].swap_bytes());
        if last < target {
            give(hash);
            return index as i32;
        }
    }
    -1
}
