//! ECHO-512: AES over a state of sixteen AES blocks.

use crate::aes::{self, Block};
use crate::{Hash, from_le32, le32, padded};

/// ECHO-512.
pub fn echo512(message: &[u8]) -> Hash {
    let bits = 8 * message.len() as u64;
    let mut bytes = padded::<128>(message, 0x80, 18);
    let end = bytes.len();
    bytes[end - 18..end - 16].copy_from_slice(&512u16.to_le_bytes());
    bytes[end - 16..end - 8].copy_from_slice(&bits.to_le_bytes());
    let mut v: [Block; 8] = [[512, 0, 0, 0]; 8];
    for (index, block) in bytes.chunks_exact(128).enumerate() {
        let before = 1024 * index as u64;
        let counter = if before >= bits { 0 } else { bits.min(before + 1024) };
        compress(&mut v, block, counter);
    }
    from_le32(v.into_iter().flatten())
}

fn compress(v: &mut [Block; 8], block: &[u8], counter: u64) {
    let mut w = [[0; 4]; 16];
    w[..8].copy_from_slice(v);
    for n in 0..8 {
        w[8 + n] = core::array::from_fn(|word| le32(block, 4 * n + word));
    }
    let message = w;
    let mut key = counter;
    for _ in 0..10 {
        for word in &mut w {
            *word = aes::round(aes::round(*word, [key as u32, (key >> 32) as u32, 0, 0]), [0; 4]);
            key = key.wrapping_add(1);
        }
        w = core::array::from_fn(|n| w[(n + 4 * (n % 4)) % 16]);
        for column in 0..4 {
            for word in 0..4 {
                mix(&mut w, 4 * column, word);
            }
        }
    }
    for n in 0..8 {
        v[n] = core::array::from_fn(|word| v[n][word] ^ message[8 + n][word] ^ w[n][word] ^ w[8 + n][word]);
    }
}

/// MixColumns over bytes of four blocks, four columns at once.
#[inline(always)]
fn mix(w: &mut [Block; 16], at: usize, word: usize) {
    let [a, b, c, d]: [u32; 4] = core::array::from_fn(|n| w[at + n][word]);
    let (ab, bc, cd) = (a ^ b, b ^ c, c ^ d);
    let (abx, bcx, cdx) = (double(ab), double(bc), double(cd));
    w[at][word] = abx ^ bc ^ d;
    w[at + 1][word] = bcx ^ a ^ cd;
    w[at + 2][word] = cdx ^ ab ^ d;
    w[at + 3][word] = abx ^ bcx ^ cdx ^ ab ^ c;
}

/// Each byte doubled in GF(2^8).
#[inline(always)]
fn double(x: u32) -> u32 {
    ((x & 0x80808080) >> 7).wrapping_mul(27) ^ (x & 0x7f7f7f7f) << 1
}
