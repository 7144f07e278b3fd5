//! SHA3-256 and Keccak-256 over the input, as a hash library offers them.

use sha3::{Digest, Keccak256, Sha3_256};

buffers::module!(digest);

fn digest(input: &[u8], output: &mut [u8]) -> usize {
    output[..32].copy_from_slice(&Sha3_256::digest(input));
    output[32..64].copy_from_slice(&Keccak256::digest(input));
    64
}
