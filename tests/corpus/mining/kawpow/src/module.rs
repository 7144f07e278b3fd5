//! The exports of a miner's module. A caller writes to [`input`], calls [`hash`] or [`scan`] and reads [`output`].

use crate::hash as digest;
use ethash::{Item, cache, dataset};

/// Longest input in bytes: the hash of a header, its nonce, the block's number.
const INPUT_BYTES: usize = 128;
/// Offset of the 64-bit nonce; the block's number follows it.
const NONCE_OFFSET: usize = 32;

// The module has one thread and the host calls one export at a time.
static mut INPUT: [u8; INPUT_BYTES] = [0; INPUT_BYTES];
static mut OUTPUT: [u8; 32] = [0; 32];
static mut DATASET: Vec<Item> = Vec::new();

fn buffers() -> (&'static mut [u8; INPUT_BYTES], &'static mut [u8; 32], &'static mut Vec<Item>) {
    unsafe { (&mut *(&raw mut INPUT), &mut *(&raw mut OUTPUT), &mut *(&raw mut DATASET)) }
}

/// Makes the dataset of the epoch whose seed stands in the input.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(rows: usize, items: u32) {
    let (input, _, data) = buffers();
    let mut seed = [0; 32];
    seed.copy_from_slice(&input[..32]);
    *data = dataset(&cache(&seed, rows), items.max(512));
}

/// Where the input is written.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut u8 {
    buffers().0.as_mut_ptr()
}

/// Where the 32 bytes of the last hash stand.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    buffers().1.as_ptr()
}

/// Hashes header hash, nonce and block number of the input into the output; makes a small dataset when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn hash(_length: usize) {
    let (input, output, data) = buffers();
    if data.is_empty() {
        *data = dataset(&cache(&[0; 32], core::hint::black_box(16)), core::hint::black_box(512));
    }
    let word = |n: usize| u32::from_le_bytes([input[4 * n], input[4 * n + 1], input[4 * n + 2], input[4 * n + 3]]);
    let nonce = u64::from(word(8)) | u64::from(word(9)) << 32;
    *output = digest(&core::array::from_fn(word), nonce, word(10), data);
}

/// Tries `count` nonces from `start_nonce` on and returns how many were tried before the one whose hash is below
/// `target` (its first eight bytes, big endian), or -1. The output buffer holds the last hash.
#[unsafe(no_mangle)]
pub extern "C" fn scan(length: usize, start_nonce: u64, count: u32, target: u64) -> i32 {
    for index in 0..count {
        let nonce = start_nonce.wrapping_add(u64::from(index));
        buffers().0[NONCE_OFFSET..NONCE_OFFSET + 8].copy_from_slice(&nonce.to_le_bytes());
        hash(length);
        let first: [u8; 8] = buffers().1[..8].try_into().unwrap_or([0xff; 8]);
        if u64::from_be_bytes(first) < target {
            return index as i32;
        }
    }
    -1
}
