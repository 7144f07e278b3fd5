//! A puzzle in the manner of Friendly Captcha: for each of some small puzzles, a nonce of eight bytes at the end of a
//! block of 128 whose BLAKE2b-256 begins with a word below a threshold.
//!
//! The input is the number of puzzles, the difficulty, then the challenge. The output is the nonces.

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};

buffers::module!(solve);

fn solve(input: &[u8], output: &mut [u8]) -> usize {
    let [count, difficulty, challenge @ ..] = input else { return 0 };
    let threshold = 2f64.powf((255.999 - f64::from(*difficulty)) / 8.0) as u32;
    let mut block = [0; 128];
    let length = challenge.len().min(120);
    block[..length].copy_from_slice(&challenge[..length]);
    let mut given = 0;
    for puzzle in 0..*count {
        block[120] = puzzle;
        if !search(&mut block, threshold) {
            return 0;
        }
        output[given..given + 8].copy_from_slice(&block[120..]);
        given += 8;
    }
    given
}

/// One small puzzle; gives up after a bounded number of nonces, so that the page can ask for an easier one.
fn search(block: &mut [u8; 128], threshold: u32) -> bool {
    for nonce in 0u32..1 << 20 {
        block[124..].copy_from_slice(&nonce.to_le_bytes());
        let hash = Blake2b::<U32>::digest(&block[..]);
        if u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]]) < threshold {
            return true;
        }
    }
    false
}
