//! BLAKE3 over a header of at most 180 bytes (Decred's) with the nonce in its first block.

#[cfg(not(feature = "library"))]
mod by_hand;

shares::module!(proof, 32);

#[cfg(feature = "library")]
fn proof(input: &[u8], output: &mut [u8; 32]) {
    *output = blake3::hash(input).into();
}

#[cfg(not(feature = "library"))]
fn proof(input: &[u8], output: &mut [u8; 32]) {
    *output = by_hand::hash(input);
}
