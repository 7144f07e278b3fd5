//! Keccak-256 over a header of 80 bytes, as MaxCoin and its kin mine it, or KangarooTwelve, as Aeon did.

#[cfg(not(any(feature = "library", feature = "twelve")))]
mod kangarootwelve;

#[cfg(feature = "library")]
shares::module!(keccak, 76);
#[cfg(not(feature = "library"))]
shares::module!(kangarootwelve, 39);

#[cfg(feature = "library")]
fn keccak(input: &[u8], output: &mut [u8; 32]) {
    use sha3::{Digest, Keccak256};
    output.copy_from_slice(&Keccak256::digest(input));
}

#[cfg(not(any(feature = "library", feature = "twelve")))]
fn kangarootwelve(input: &[u8], output: &mut [u8; 32]) {
    *output = kangarootwelve::hash(input);
}

#[cfg(feature = "twelve")]
fn kangarootwelve(input: &[u8], output: &mut [u8; 32]) {
    use tiny_keccak::{Hasher, IntoXof, KangarooTwelve, Xof};
    let mut hash = KangarooTwelve::new(b"");
    hash.update(input);
    hash.into_xof().squeeze(output);
}
