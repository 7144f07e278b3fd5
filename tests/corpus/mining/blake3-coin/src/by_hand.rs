//! BLAKE3 of one chunk, at most 1,024 bytes (the BLAKE3 paper, 2.2 to 2.5).

const IV: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
const PERMUTATION: [usize; 16] = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

const CHUNK_START: u32 = 1;
const CHUNK_END: u32 = 2;
const ROOT: u32 = 8;

#[inline(always)]
fn mix(v: &mut [u32; 16], [a, b, c, d]: [usize; 4], x: u32, y: u32) {
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
    v[d] = (v[d] ^ v[a]).rotate_right(16);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(12);
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
    v[d] = (v[d] ^ v[a]).rotate_right(8);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(7);
}

fn compress(state: &[u32; 8], mut m: [u32; 16], length: u32, flags: u32) -> [u32; 8] {
    let mut v = [0; 16];
    v[..8].copy_from_slice(state);
    v[8..12].copy_from_slice(&IV[..4]);
    v[14] = length;
    v[15] = flags;
    macro_rules! rounds {
        ($($round:literal)*) => { $(
            for i in 0..4 {
                mix(&mut v, [i, 4 + i, 8 + i, 12 + i], m[2 * i], m[2 * i + 1]);
            }
            for i in 0..4 {
                let diagonal = [i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4];
                mix(&mut v, diagonal, m[8 + 2 * i], m[9 + 2 * i]);
            }
            if $round < 7 {
                m = PERMUTATION.map(|from| m[from]);
            }
        )* };
    }
    rounds!(1 2 3 4 5 6 7);
    core::array::from_fn(|i| v[i] ^ v[i + 8])
}

/// The hash of at most one chunk; what is longer is cut off.
pub fn hash(input: &[u8]) -> [u8; 32] {
    let input = &input[..input.len().min(1024)];
    let blocks = input.len().div_ceil(64).max(1);
    let mut state = IV;
    for number in 0..blocks {
        let bytes = &input[64 * number..input.len().min(64 * number + 64)];
        let mut block = [0; 64];
        block[..bytes.len()].copy_from_slice(bytes);
        let words =
            core::array::from_fn(|i| u32::from_le_bytes(block[4 * i..4 * i + 4].try_into().unwrap_or_default()));
        let first = if number == 0 { CHUNK_START } else { 0 };
        let last = if number + 1 == blocks { CHUNK_END | ROOT } else { 0 };
        state = compress(&state, words, bytes.len() as u32, first | last);
    }
    let mut hash = [0; 32];
    for (place, word) in hash.chunks_exact_mut(4).zip(state) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    hash
}
