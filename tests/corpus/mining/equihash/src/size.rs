//! The parameters (n, k) and what follows from them.

#[cfg(feature = "zcash")]
pub const N: usize = 200;
#[cfg(feature = "zcash")]
pub const K: usize = 9;
#[cfg(not(feature = "zcash"))]
pub const N: usize = 96;
#[cfg(not(feature = "zcash"))]
pub const K: usize = 5;

/// Bits that must collide in each round.
pub const DIGIT: usize = N / (K + 1);
/// Strings to begin with.
pub const LEAVES: usize = 2 << DIGIT;
/// Bytes of one string, and how many one hash gives.
pub const STRING: usize = N / 8;
pub const STRINGS: usize = 64 / STRING;
/// Words of one string, filled up with zeros in front.
pub const WORDS: usize = N.div_ceil(32);
/// Indices of a solution.
pub const PROOF: usize = 1 << K;

/// One string, most significant word first.
pub type Row = [u32; WORDS];

/// Collision digit `round` of a string.
#[inline(always)]
pub fn digit(row: &Row, round: usize) -> u32 {
    let first = WORDS * 32 - N + round * DIGIT;
    let (word, bit) = (first / 32, first % 32);
    let pair = u64::from(row[word]) << 32 | u64::from(row.get(word + 1).copied().unwrap_or(0));
    (pair << bit >> (64 - DIGIT)) as u32
}

/// A string as words.
pub fn row(string: &[u8]) -> Row {
    let mut bytes = [0; WORDS * 4];
    bytes[WORDS * 4 - STRING..].copy_from_slice(string);
    core::array::from_fn(|i| u32::from_be_bytes(bytes[4 * i..4 * i + 4].try_into().unwrap_or_default()))
}
