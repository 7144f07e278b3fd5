//! SHA-256 twice over a header of 80 bytes, as Bitcoin and its children mine it.

#[cfg(not(feature = "library"))]
mod by_hand;
#[cfg(feature = "library")]
mod by_library;
