//! The shape of every look-alike module: an input buffer, an output buffer, and `run` between them.

/// Bytes of each buffer.
pub const BYTES: usize = 1 << 16;

/// Exports `input()`, `output()` and `run(len) -> len` around a function `fn(&[u8], &mut [u8]) -> usize`.
#[macro_export]
macro_rules! module {
    ($run:path) => {
        // The module has one thread and the host calls one export at a time.
        static mut INPUT: [u8; $crate::BYTES] = [0; $crate::BYTES];
        static mut OUTPUT: [u8; $crate::BYTES] = [0; $crate::BYTES];

        /// Where the input is written.
        #[unsafe(no_mangle)]
        pub extern "C" fn input() -> *mut u8 {
            (&raw mut INPUT).cast()
        }

        /// Where the result stands.
        #[unsafe(no_mangle)]
        pub extern "C" fn output() -> *const u8 {
            (&raw const OUTPUT).cast()
        }

        /// Works on the first `len` bytes of the input and returns how many bytes of output there are.
        #[unsafe(no_mangle)]
        pub extern "C" fn run(len: usize) -> usize {
            unsafe { $run(&(&*(&raw const INPUT))[..len.min($crate::BYTES)], &mut *(&raw mut OUTPUT)) }
        }
    };
}
