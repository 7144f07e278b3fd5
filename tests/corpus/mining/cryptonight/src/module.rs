//! The exports of a miner's module. A caller writes to [`input`], calls [`hash`] or [`scan`] and reads [`output`].

use crate::algorithm::Selected;
use crate::slow_hash::Context;

/// Longest input in bytes; block headers of the family have 76 to 113.
pub const INPUT_BYTES: usize = 256;
/// Offset of the 32-bit nonce in a block header (CryptoNote: behind version, time and the previous block's id).
pub const NONCE_OFFSET: usize = 39;

#[repr(align(16))]
struct Buffers {
    input: [u8; INPUT_BYTES],
    output: [u8; 32],
}

// The module has one thread and the host calls one export at a time.
static mut BUFFERS: Buffers = Buffers { input: [0; INPUT_BYTES], output: [0; 32] };
#[cfg(not(feature = "heap"))]
static mut CONTEXT: Context<Selected> = Context::new();

fn buffers() -> &'static mut Buffers {
    unsafe { &mut *(&raw mut BUFFERS) }
}

#[cfg(not(feature = "heap"))]
fn context() -> &'static mut Context<Selected> {
    unsafe { &mut *(&raw mut CONTEXT) }
}

#[cfg(feature = "heap")]
fn context() -> &'static mut Context<Selected> {
    static mut CONTEXT: *mut Context<Selected> = core::ptr::null_mut();
    unsafe {
        if CONTEXT.is_null() {
            CONTEXT = Box::into_raw(Context::boxed());
        }
        &mut *CONTEXT
    }
}

/// Where the input is written; [`INPUT_BYTES`] long.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut u8 {
    buffers().input.as_mut_ptr()
}

/// Where the 32 bytes of the last hash stand.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    buffers().output.as_ptr()
}

/// Hashes the first `len` bytes of the input buffer into the output buffer.
#[unsafe(no_mangle)]
pub extern "C" fn hash(len: usize) {
    let buffers = buffers();
    let len = len.min(INPUT_BYTES);
    buffers.output = context().hash(&buffers.input[..len]);
}

/// Tries `count` nonces from `start_nonce` on and returns how many were tried before the one whose hash is below
/// `target` (its last eight bytes, little endian), or -1. The output buffer holds the last hash.
#[unsafe(no_mangle)]
pub extern "C" fn scan(len: usize, start_nonce: u32, count: u32, target: u64) -> i32 {
    for index in 0..count {
        let nonce = start_nonce.wrapping_add(index);
        buffers().input[NONCE_OFFSET..NONCE_OFFSET + 4].copy_from_slice(&nonce.to_le_bytes());
        hash(len);
        let last: [u8; 8] = buffers().output[24..].try_into().unwrap_or([0xff; 8]);
        if u64::from_le_bytes(last) < target {
            return index as i32;
        }
    }
    -1
}
