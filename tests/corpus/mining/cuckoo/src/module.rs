//! The exports of a miner's module: a caller writes a header, calls `hash` or `scan` and reads the output.

use crate::siphash::State;
use crate::{cycle, trim};
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};

/// Bytes of a header with its nonce, and where the nonce begins.
const HEADER: usize = 80;
const NONCE: usize = 76;

static mut INPUT: [u8; HEADER] = [0; HEADER];
static mut OUTPUT: [u32; 8] = [0; 8];

/// Where the header is written.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut u8 {
    (&raw mut INPUT).cast()
}

/// Where the first eight edges of the cycle stand.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    (&raw const OUTPUT).cast()
}

/// Looks for a cycle in the graph of the first `len` bytes of the input.
#[unsafe(no_mangle)]
pub extern "C" fn hash(len: usize) {
    let (input, output) = unsafe { (&(&*(&raw const INPUT))[..len.min(HEADER)], &mut *(&raw mut OUTPUT)) };
    let digest: [u8; 32] = Blake2b::<U32>::digest(input).into();
    let word = |i: usize| u64::from_le_bytes(digest[8 * i..8 * i + 8].try_into().unwrap_or_default());
    let key = State(core::array::from_fn(word));
    *output = [0; 8];
    if let Some(proof) = cycle::find(&key, trim::trim(&key)) {
        output.copy_from_slice(&proof[..8]);
    }
}

/// Tries `count` nonces from `start` on and returns how many were tried before one with a cycle, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn scan(len: usize, start: u32, count: u32, _target: u64) -> i32 {
    for index in 0..count {
        let nonce = start.wrapping_add(index).to_le_bytes();
        unsafe { (&mut *(&raw mut INPUT))[NONCE..NONCE + 4].copy_from_slice(&nonce) };
        hash(len);
        if unsafe { (&*(&raw const OUTPUT)).iter().any(|edge| *edge != 0) } {
            return index as i32;
        }
    }
    -1
}
