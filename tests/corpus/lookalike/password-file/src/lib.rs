//! Finds the entry of a password file that a password opens: the input is the password (32 bytes, filled up with zeros),
//! then entries of 48 bytes, a salt of 16 behind which stands the hash. The output is a key for that entry.

use argon2::{Algorithm, Argon2, Params, Version};

buffers::module!(open);

fn open(input: &[u8], output: &mut [u8]) -> usize {
    let Some((password, entries)) = input.split_at_checked(32) else { return 0 };
    let Ok(params) = Params::new(1024, 2, 1, Some(32)) else { return 0 };
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut hash = [0; 32];
    for entry in entries.chunks_exact(48) {
        let (salt, stored) = entry.split_at(16);
        if argon2.hash_password_into(password, salt, &mut hash).is_ok() && hash == stored {
            return key(password, salt, output);
        }
    }
    0
}

/// A key for what the entry protects.
fn key(password: &[u8], salt: &[u8], output: &mut [u8]) -> usize {
    let Ok(params) = scrypt::Params::new(14, 8, 1) else { return 0 };
    if scrypt::scrypt(password, salt, &params, &mut output[..32]).is_err() {
        return 0;
    }
    pbkdf2::pbkdf2_hmac::<sha2::Sha256>(password, salt, 1000, &mut output[32..64]);
    64
}
