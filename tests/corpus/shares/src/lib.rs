//! The shape of a miner's module around a hash: an input with a nonce in it, an output, one hash, one scan over nonces.

pub mod keccak;

/// Bytes of the input buffer; the longest header here has 286.
pub const INPUT_BYTES: usize = 512;

/// Exports `input()`, `output()`, `hash(length)` and `scan(length, first nonce, count, target)` around a function
/// `fn(&[u8], &mut [u8; 32])`. The nonce is 32 bits, little endian, at the offset given; a share's last eight bytes,
/// little endian, are below the target.
#[macro_export]
macro_rules! module {
    ($hash:path, $nonce:expr) => {
        // The module has one thread and the host calls one export at a time.
        static mut INPUT: [u8; $crate::INPUT_BYTES] = [0; $crate::INPUT_BYTES];
        static mut OUTPUT: [u8; 32] = [0; 32];

        /// Where the input is written.
        #[unsafe(no_mangle)]
        pub extern "C" fn input() -> *mut u8 {
            (&raw mut INPUT).cast()
        }

        /// Where the 32 bytes of the last hash stand.
        #[unsafe(no_mangle)]
        pub extern "C" fn output() -> *const u8 {
            (&raw const OUTPUT).cast()
        }

        /// Hashes the first `len` bytes of the input into the output.
        #[unsafe(no_mangle)]
        pub extern "C" fn hash(len: usize) {
            unsafe { $hash(&(&*(&raw const INPUT))[..len.min($crate::INPUT_BYTES)], &mut *(&raw mut OUTPUT)) }
        }

        /// Tries `count` nonces from `start` on and returns how many were tried before a share, or -1.
        #[unsafe(no_mangle)]
        pub extern "C" fn scan(len: usize, start: u32, count: u32, target: u64) -> i32 {
            for index in 0..count {
                let nonce = start.wrapping_add(index).to_le_bytes();
                unsafe { (&mut *(&raw mut INPUT))[$nonce..$nonce + 4].copy_from_slice(&nonce) };
                hash(len);
                let last: [u8; 8] = unsafe { (&*(&raw const OUTPUT))[24..].try_into().unwrap_or([0xff; 8]) };
                if u64::from_le_bytes(last) < target {
                    return index as i32;
                }
            }
            -1
        }
    };
}
