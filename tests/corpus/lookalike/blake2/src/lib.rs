//! BLAKE2b-512 and BLAKE2s-256 over the input, as a hash library offers them.

use blake2::{Blake2b512, Blake2s256, Digest};

buffers::module!(digest);

fn digest(input: &[u8], output: &mut [u8]) -> usize {
    output[..64].copy_from_slice(&Blake2b512::digest(input));
    output[64..96].copy_from_slice(&Blake2s256::digest(input));
    96
}
