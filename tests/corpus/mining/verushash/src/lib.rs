//! VerusHash: Haraka-512 from block to block; since version 2.0 a walk over a key that the hash itself makes, by carry-less
//! products and AES rounds, gives the constants of a last Haraka-512.

use finalists::haraka::{Block, CONSTANTS, haraka512};

#[cfg(not(feature = "chain"))]
mod walk;

shares::module!(work, 76);

/// Half a state: what a block leaves for the next one.
type Half = [Block; 2];

fn block(bytes: &[u8]) -> Block {
    bytes.iter().rev().fold(0, |block, byte| block << 8 | Block::from(*byte))
}

/// Haraka-512 over 32 bytes after another, each behind the result so far; the last are filled up with zeros.
#[cfg(feature = "chain")]
fn work(input: &[u8], output: &mut [u8; 32]) {
    let mut half: Half = [0; 2];
    for part in input.chunks(32) {
        half = absorb(half, part);
    }
    write(half, output);
}

fn absorb(half: Half, part: &[u8]) -> Half {
    let (low, high) = part.split_at(part.len().min(16));
    haraka512(&[half[0], half[1], block(low), block(high)], &CONSTANTS)
}

fn write(half: Half, output: &mut [u8; 32]) {
    output[..16].copy_from_slice(&half[0].to_le_bytes());
    output[16..].copy_from_slice(&half[1].to_le_bytes());
}

/// Version 2: what is left over of the input stands beside the first bytes of the state, again and again.
#[cfg(not(feature = "chain"))]
fn work(input: &[u8], output: &mut [u8; 32]) {
    let mut parts = input.chunks_exact(32);
    let half = parts.by_ref().fold([0; 2], absorb);
    let rest = parts.remainder();
    let mut low = [0; 16];
    low[..rest.len().min(15)].copy_from_slice(&rest[..rest.len().min(15)]);
    low[15] = half[0] as u8;
    let mut state = [half[0], half[1], block(&low), half[0].rotate_right(8)];
    let mut key = walk::Key::of(&half);
    let word = key.walk(&state);
    low[15] = word as u8;
    let filled = Block::from(word.rotate_right(8));
    state[2] = block(&low);
    state[3] = filled | filled << 64;
    write(haraka512(&state, key.from(word)), output);
}
