//! The exports of a miner's module. A caller writes to [`input`], calls [`hash`] or [`scan`] and reads [`output`].

use crate::hash as digest;

/// Longest input in bytes.
const INPUT_BYTES: usize = 128;
/// Offset of the 32-bit nonce in a block header of Bitcoin's form.
const NONCE_OFFSET: usize = 76;

// The module has one thread and the host calls one export at a time.
static mut INPUT: [u8; INPUT_BYTES] = [0; INPUT_BYTES];
static mut OUTPUT: [u8; 32] = [0; 32];

fn buffers() -> (&'static mut [u8; INPUT_BYTES], &'static mut [u8; 32]) {
    unsafe { (&mut *(&raw mut INPUT), &mut *(&raw mut OUTPUT)) }
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

/// Hashes the first `len` bytes of the input buffer into the output buffer.
#[unsafe(no_mangle)]
pub extern "C" fn hash(len: usize) {
    let (input, output) = buffers();
    *output = digest(&input[..len.min(INPUT_BYTES)]);
}

/// Tries `count` nonces from `start_nonce` on and returns how many were tried before the one whose hash is below
/// `target` (its last eight bytes, little endian), or -1. The output buffer holds the last hash.
#[unsafe(no_mangle)]
pub extern "C" fn scan(len: usize, start_nonce: u32, count: u32, target: u64) -> i32 {
    for index in 0..count {
        let nonce = start_nonce.wrapping_add(index);
        buffers().0[NONCE_OFFSET..NONCE_OFFSET + 4].copy_from_slice(&nonce.to_le_bytes());
        hash(len);
        let last: [u8; 8] = buffers().1[24..].try_into().unwrap_or([0xff; 8]);
        if u64::from_le_bytes(last) < target {
            return index as i32;
        }
    }
    -1
}
