//! kHeavyHash: a hash of the header, its nibbles through a matrix that the previous block gives, and a hash of both.

#[cfg(not(feature = "library"))]
mod keccak;
mod matrix;

use matrix::Matrix;

// 32 bytes of the header's hash without nonce and time, eight of time, 32 of zeros, eight of nonce.
shares::module!(proof, 72);

/// Bytes of the header's hash, which is the matrix's seed.
const SEED: usize = 32;

fn proof(input: &[u8], output: &mut [u8; 32]) {
    let Some(seed) = input.first_chunk::<SEED>() else { return };
    let matrix = Matrix::kept(seed);
    let first = custom_shake(b"ProofOfWorkHash", input);
    let mut mixed = matrix.times(&first);
    for (byte, hash) in mixed.iter_mut().zip(first) {
        *byte ^= hash;
    }
    *output = custom_shake(b"HeavyHash", &mixed);
}

/// cSHAKE256 with this customisation and no function name (NIST SP 800-185, 3), 32 bytes.
#[cfg(not(feature = "library"))]
fn custom_shake(custom: &[u8], message: &[u8]) -> [u8; 32] {
    keccak::custom_shake(custom, message)
}

#[cfg(feature = "library")]
fn custom_shake(custom: &[u8], message: &[u8]) -> [u8; 32] {
    use tiny_keccak::{CShake, Hasher, Xof};
    let mut hash = [0; 32];
    let mut shake = CShake::v256(&[], custom);
    shake.update(message);
    shake.squeeze(&mut hash);
    hash
}
