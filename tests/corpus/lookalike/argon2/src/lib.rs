//! Argon2id over a password (the input behind a salt of 16 bytes), as a password library offers it.

use argon2::{Algorithm, Argon2, Params, Version};

buffers::module!(derive);

fn derive(input: &[u8], output: &mut [u8]) -> usize {
    let Some((salt, password)) = input.split_at_checked(16) else { return 0 };
    let Ok(params) = Params::new(1024, 2, 1, Some(32)) else { return 0 };
    let derived =
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(password, salt, &mut output[..32]);
    if derived.is_ok() { 32 } else { 0 }
}
