//! Argon2 over a header, with the parameters of two coins.

use argon2::{Algorithm, Argon2, Params, Version};

shares::module!(proof, 142);

/// Nimiq: Argon2d, 512 KiB, one pass, over a header of 146 bytes whose last four are the nonce.
#[cfg(not(feature = "id"))]
const SETTINGS: (Algorithm, u32, u32, &[u8]) = (Algorithm::Argon2d, 512, 1, b"nimiqrocks!");
/// XenBlocks: Argon2id, one pass, over a key; its difficulty is the memory in KiB.
#[cfg(feature = "id")]
const SETTINGS: (Algorithm, u32, u32, &[u8]) = (Algorithm::Argon2id, 1727, 1, b"XEN10082022XEN");

fn proof(input: &[u8], output: &mut [u8; 32]) {
    let (algorithm, memory, passes, salt) = SETTINGS;
    if let Ok(params) = Params::new(memory, passes, 1, Some(32)) {
        let _ = Argon2::new(algorithm, Version::V0x13, params).hash_password_into(input, salt, output);
    }
}
