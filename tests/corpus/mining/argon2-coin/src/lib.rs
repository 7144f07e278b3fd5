//! Argon2 over a header, with the parameters of two coins.

#[cfg(not(feature = "other"))]
use argon2::{Algorithm, Argon2, Params, Version};
#[cfg(feature = "other")]
use second::{Config, ThreadMode, Variant, Version};

shares::module!(proof, 142);

/// Nimiq: Argon2d, 512 KiB, one pass, over a header of 146 bytes whose last four are the nonce.
#[cfg(not(any(feature = "id", feature = "other")))]
const SETTINGS: (Algorithm, u32, u32, &[u8]) = (Algorithm::Argon2d, 512, 1, b"nimiqrocks!");
/// XenBlocks: Argon2id, one pass, over a key; its difficulty is the memory in KiB.
#[cfg(feature = "id")]
const SETTINGS: (Algorithm, u32, u32, &[u8]) = (Algorithm::Argon2id, 1727, 1, b"XEN10082022XEN");

#[cfg(not(feature = "other"))]
fn proof(input: &[u8], output: &mut [u8; 32]) {
    let (algorithm, memory, passes, salt) = SETTINGS;
    if let Ok(params) = Params::new(memory, passes, 1, Some(32)) {
        let _ = Argon2::new(algorithm, Version::V0x13, params).hash_password_into(input, salt, output);
    }
}

/// Nimiq's parameters by another author's Argon2.
#[cfg(feature = "other")]
fn proof(input: &[u8], output: &mut [u8; 32]) {
    let config = Config {
        ad: &[],
        hash_length: 32,
        lanes: 1,
        mem_cost: 512,
        secret: &[],
        thread_mode: ThreadMode::Sequential,
        time_cost: 1,
        variant: Variant::Argon2d,
        version: Version::Version13,
    };
    if let Ok(hash) = second::hash_raw(input, b"nimiqrocks!", &config) {
        output.copy_from_slice(&hash);
    }
}
