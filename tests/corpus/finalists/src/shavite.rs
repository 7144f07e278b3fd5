//! SHAvite-3-512 (second round's submission): a Feistel network of AES rounds.

use crate::aes::{self, Block};
use crate::{Hash, from_le32, le32, padded};

const IV: [Block; 4] = [
    [0x72fccdd8, 0x79ca4727, 0x128a077b, 0x40d55aec],
    [0xd1901a06, 0x430ae307, 0xb29f5cd1, 0xdf07fbfc],
    [0x8e45d73d, 0x681ab538, 0xbde86578, 0xdd577e47],
    [0xe275eade, 0x502d9fcd, 0xb9357178, 0x022a4b9a],
];

/// SHAvite-3-512.
pub fn shavite512(message: &[u8]) -> Hash {
    let bits = 8 * message.len() as u64;
    let mut bytes = padded::<128>(message, 0x80, 18);
    let end = bytes.len();
    bytes[end - 18..end - 10].copy_from_slice(&bits.to_le_bytes());
    bytes[end - 2..].copy_from_slice(&512u16.to_le_bytes());
    let mut h = IV;
    for (index, block) in bytes.chunks_exact(128).enumerate() {
        let before = 1024 * index as u64;
        let counter = if before >= bits { 0 } else { bits.min(before + 1024) };
        compress(&mut h, block, counter);
    }
    from_le32(h.into_iter().flatten())
}

fn xor(a: Block, b: Block) -> Block {
    core::array::from_fn(|n| a[n] ^ b[n])
}

fn compress(h: &mut [Block; 4], block: &[u8], counter: u64) {
    let keys = schedule(block, counter);
    let mut p = *h;
    for round in keys.chunks_exact(8) {
        for (half, keys) in round.chunks_exact(4).enumerate() {
            let mut x = xor(p[2 * half + 1], keys[0]);
            for key in &keys[1..] {
                x = aes::round(x, *key);
            }
            p[2 * half] = xor(p[2 * half], aes::round(x, [0; 4]));
        }
        p.rotate_right(1);
    }
    for (h, p) in h.iter_mut().zip(p) {
        *h = xor(*h, p);
    }
}

/// 112 round keys: eight by AES and eight by exclusive-or in turn; the counter is mixed in at four of them.
fn schedule(block: &[u8], counter: u64) -> [Block; 112] {
    let (low, high) = (counter as u32, (counter >> 32) as u32);
    let mut keys = [[0u32; 4]; 112];
    for n in 0..8 {
        keys[n] = core::array::from_fn(|word| le32(block, 4 * n + word));
    }
    for n in 8..112 {
        let old = keys[n - 8];
        if n / 8 % 2 == 1 {
            let turned = aes::round([old[1], old[2], old[3], old[0]], [0; 4]);
            keys[n] = xor(turned, keys[n - 1]);
            let mixed = match n {
                8 => [low, high, 0, !0],
                41 => [0, 0, high, !low],
                79 => [0, 0, low, !high],
                110 => [high, low, 0, !0],
                _ => [0; 4],
            };
            keys[n] = xor(keys[n], mixed);
        } else {
            let before = [keys[n - 2][1], keys[n - 2][2], keys[n - 2][3], keys[n - 1][0]];
            keys[n] = xor(old, before);
        }
    }
    keys
}
