//! bcrypt's key derivation over a password (the input behind a salt of 16 bytes), as key files use it.

use bcrypt_pbkdf::bcrypt_pbkdf;

buffers::module!(derive);

fn derive(input: &[u8], output: &mut [u8]) -> usize {
    let Some((salt, password)) = input.split_at_checked(16) else { return 0 };
    if bcrypt_pbkdf(password, salt, 16, &mut output[..32]).is_ok() { 32 } else { 0 }
}
