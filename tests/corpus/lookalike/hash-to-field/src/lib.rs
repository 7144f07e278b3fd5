//! A message hashed to a number below a prime, as signatures over curves ask for ("try and increment"): SHA-256 of the message
//! and a counter, until the hash lies below the prime.

use sha2::{Digest, Sha256};

buffers::module!(to_field);

/// 2^255 - 19 (RFC 7748, 4.1), most significant byte first.
static PRIME: [u8; 32] = {
    let mut prime = [0xff; 32];
    prime[0] = 0x7f;
    prime[31] = 0xed;
    prime
};

fn to_field(message: &[u8], number: &mut [u8]) -> usize {
    let mut text = [0; 64];
    let length = message.len().min(60);
    text[..length].copy_from_slice(&message[..length]);
    for counter in 0..=u32::MAX {
        text[60..].copy_from_slice(&counter.to_le_bytes());
        let hash: [u8; 32] = Sha256::digest(text).into();
        if hash < PRIME {
            number[..32].copy_from_slice(&hash);
            return 32;
        }
    }
    0
}
