//! Equihash by Wagner's algorithm (Biryukov and Khovratovich, 2016; Zcash's specification 7.7.1), written from those.
//!
//! The input is a header of 140 bytes whose last 32 are the nonce. The output is the number of solutions and the first
//! seven indices of the first one.

mod blake2b;
#[cfg(not(feature = "by-sort"))]
mod by_buckets;
#[cfg(feature = "by-sort")]
mod by_sort;
mod module;
mod size;
mod solution;

#[cfg(not(feature = "by-sort"))]
pub use by_buckets::solve;
#[cfg(feature = "by-sort")]
pub use by_sort::solve;
pub use size::{K, N, PROOF};
