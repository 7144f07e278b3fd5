//! Equihash by Wagner's algorithm (Biryukov and Khovratovich, 2016; Zcash's specification 7.7.1), written from those.
//!
//! The input is a header of 140 bytes whose last 32 are the nonce. The output is the number of solutions and the first
//! seven indices of the first one.

#[cfg(not(feature = "library"))]
mod blake2b;
#[cfg(not(any(feature = "by-sort", feature = "library")))]
mod by_buckets;
#[cfg(feature = "library")]
mod by_library;
#[cfg(feature = "by-sort")]
mod by_sort;
mod module;
#[cfg(not(feature = "library"))]
mod size;
#[cfg(not(feature = "library"))]
mod solution;

#[cfg(not(any(feature = "by-sort", feature = "library")))]
pub use by_buckets::solve;
#[cfg(feature = "library")]
pub use by_library::solve;
#[cfg(feature = "by-sort")]
pub use by_sort::solve;
#[cfg(not(feature = "library"))]
pub use size::{K, N, PROOF};
