//! CryptoNight and its children, from the public specification (CNS008 and its successors' reference vectors).
//!
//! With the feature `module` the crate is a bare module for a page: buffers, one hash, one scan over nonces. It talks
//! to nobody.

pub mod aes;
pub mod algorithm;
pub mod blake256;
pub mod keccak;
#[cfg(feature = "module")]
mod module;
pub mod multiply;
mod place;
mod slow_hash;
mod tweak;

use algorithm::{Algorithm, CnFast, CnLite1, Dark, DarkLite, Selected, Turtle, TurtleLite};
use slow_hash::Context;

/// One hash of the selected child, in a scratchpad of its own.
pub fn slow_hash(input: &[u8]) -> [u8; 32] {
    Context::<Selected>::boxed().hash(input)
}

/// The variant with this number in GhostRider's list. Every one fits the scratchpad of the selected child.
pub fn ghostrider(variant: usize, input: &[u8]) -> [u8; 32] {
    fn hash<A: Algorithm>(input: &[u8]) -> [u8; 32] {
        Context::<A>::boxed().hash(input)
    }
    match variant {
        0 => hash::<Dark>(input),
        1 => hash::<DarkLite>(input),
        2 => hash::<CnFast>(input),
        3 => hash::<CnLite1>(input),
        4 => hash::<Turtle>(input),
        _ => hash::<TurtleLite>(input),
    }
}
