//! AES-128-GCM: key (16 bytes), nonce (12), then the message.

use aes_gcm::Aes128Gcm;
use aes_gcm::aead::{Aead, KeyInit};

buffers::module!(seal);

fn seal(input: &[u8], output: &mut [u8]) -> usize {
    let (Some(key), Some(nonce), Some(message)) = (input.get(..16), input.get(16..28), input.get(28..)) else {
        return 0;
    };
    let (Ok(cipher), Ok(nonce)) = (Aes128Gcm::new_from_slice(key), nonce.try_into()) else { return 0 };
    let Ok(sealed) = cipher.encrypt(nonce, message) else { return 0 };
    let length = sealed.len().min(output.len());
    output[..length].copy_from_slice(&sealed[..length]);
    length
}
