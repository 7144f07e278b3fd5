//! Where a word points in the scratchpad, in the ways that miners write it.

use crate::algorithm::Algorithm;

/// The byte offset of the block that `word` points at.
#[cfg(not(any(feature = "hidden-mask", feature = "index-helper")))]
#[inline(always)]
pub fn place<A: Algorithm>(word: &u64) -> u64 {
    word & A::MASK
}

/// The same with a mask that stands nowhere in the code: it is a difference of two values read from memory.
#[cfg(feature = "hidden-mask")]
#[inline(always)]
pub fn place<A: Algorithm>(word: &u64) -> u64 {
    word & core::hint::black_box(A::MASK + 16).wrapping_sub(core::hint::black_box(16))
}

/// The same by a helper that reads the word and counts in blocks.
#[cfg(all(feature = "index-helper", not(feature = "hidden-mask")))]
#[inline(always)]
pub fn place<A: Algorithm>(word: &u64) -> u64 {
    #[inline(never)]
    fn index<A: Algorithm>(word: &u64) -> u64 {
        word >> 4 & A::MASK >> 4
    }
    index::<A>(core::hint::black_box(word)) << 4
}
