//! The exports of a miner's module. A caller writes to [`input`], calls [`hash`] or [`scan`] and reads [`output`].

use crate::{Item, cache, dataset, hashimoto};

/// Longest input in bytes: the hash of a header and its nonce.
const INPUT_BYTES: usize = 128;
/// Offset of the 64-bit nonce.
const NONCE_OFFSET: usize = 32;

// The module has one thread and the host calls one export at a time.
static mut INPUT: [u8; INPUT_BYTES] = [0; INPUT_BYTES];
static mut OUTPUT: [u8; 32] = [0; 32];
static mut DATASET: Vec<Item> = Vec::new();

fn buffers() -> (&'static mut [u8; INPUT_BYTES], &'static mut [u8; 32], &'static mut Vec<Item>) {
    unsafe { (&mut *(&raw mut INPUT), &mut *(&raw mut OUTPUT), &mut *(&raw mut DATASET)) }
}

/// Makes the dataset of the epoch whose seed stands in the input. Real sizes begin with 262,139 rows and 16,777,186 items.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(rows: usize, items: u32) {
    let (input, _, data) = buffers();
    let mut seed = [0; 32];
    seed.copy_from_slice(&input[..32]);
    *data = dataset(&cache(&seed, rows), items);
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

/// Hashes 32 bytes of header hash and 8 bytes of nonce (little endian) of the input into the output. Without a dataset
/// it makes the small one of the tests: 1 KiB of cache, 32 KiB of data, seed zero.
#[unsafe(no_mangle)]
pub extern "C" fn hash(_length: usize) {
    let (input, output, data) = buffers();
    if data.is_empty() {
        *data = dataset(&cache(&[0; 32], core::hint::black_box(16)), core::hint::black_box(512));
    }
    let nonce: [u8; 8] = input[NONCE_OFFSET..NONCE_OFFSET + 8].try_into().unwrap_or_default();
    let data = data.as_slice();
    *output = hashimoto(&input[..32], u64::from_le_bytes(nonce), data.len() as u32, |page| {
        let at = 2 * page as usize;
        core::array::from_fn(|n| data[at + n / 16][n % 16])
    });
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
