//! BLAKE2 over a header: 32 bytes of BLAKE2b with the nonce behind the parent's hash, or of BLAKE2s with it in front.

#[cfg(not(any(feature = "small", feature = "other")))]
type Hash = blake2::Blake2b<blake2::digest::consts::U32>;
#[cfg(feature = "small")]
type Hash = blake2::Blake2s256;

#[cfg(not(feature = "small"))]
const NONCE: usize = 32;
#[cfg(feature = "small")]
const NONCE: usize = 0;

shares::module!(proof, NONCE);

#[cfg(not(feature = "other"))]
fn proof(input: &[u8], output: &mut [u8; 32]) {
    use blake2::Digest;
    output.copy_from_slice(&Hash::digest(input));
}

#[cfg(feature = "other")]
fn proof(input: &[u8], output: &mut [u8; 32]) {
    output.copy_from_slice(blake2b_simd::Params::new().hash_length(32).hash(input).as_bytes());
}
