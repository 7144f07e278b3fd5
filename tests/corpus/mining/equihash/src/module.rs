//! The exports of a miner's module: a caller writes a header, calls `hash` or `scan` and reads the output.

use crate::solve;

/// Bytes of a header with its nonce, and where the nonce begins.
const HEADER: usize = 140;
const NONCE: usize = 108;

static mut INPUT: [u8; HEADER] = [0; HEADER];
static mut OUTPUT: [u32; 8] = [0; 8];

/// Where the header is written.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut u8 {
    (&raw mut INPUT).cast()
}

/// Where the number of solutions stands, and behind it the first seven indices of the first.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    (&raw const OUTPUT).cast()
}

/// Solves for the first `len` bytes of the input.
#[unsafe(no_mangle)]
pub extern "C" fn hash(len: usize) {
    let (input, output) = unsafe { (&(&*(&raw const INPUT))[..len.min(HEADER)], &mut *(&raw mut OUTPUT)) };
    *output = [0; 8];
    solve(input, |indices| {
        if output[0] == 0 {
            output[1..].copy_from_slice(&indices[..7]);
        }
        output[0] += 1;
    });
}

/// Tries `count` nonces from `start` on and returns how many were tried before one with a solution, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn scan(len: usize, start: u32, count: u32, _target: u64) -> i32 {
    for index in 0..count {
        let nonce = start.wrapping_add(index).to_le_bytes();
        unsafe { (&mut *(&raw mut INPUT))[NONCE..NONCE + 4].copy_from_slice(&nonce) };
        hash(len);
        if unsafe { (&*(&raw const OUTPUT))[0] } > 0 {
            return index as i32;
        }
    }
    -1
}
