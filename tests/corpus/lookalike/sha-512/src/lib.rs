//! SHA-512 over the input, as a hash library offers it.

use sha2::{Digest, Sha512};

buffers::module!(digest);

fn digest(input: &[u8], output: &mut [u8]) -> usize {
    output[..64].copy_from_slice(&Sha512::digest(input));
    64
}
