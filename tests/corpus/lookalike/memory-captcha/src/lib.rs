//! A captcha's work where it is to cost memory: the number whose scrypt behind a salt begins with enough zero bits, among a
//! bounded count.
//!
//! The input is the number of bits, then the salt. The output is the number, 4 bytes with the lowest first, or nothing.

use scrypt::{Params, scrypt};

buffers::module!(solve);

/// Numbers tried before the captcha asks for another challenge.
const MOST: u32 = 1 << 12;

fn solve(input: &[u8], output: &mut [u8]) -> usize {
    let Some((bits, salt)) = input.split_first() else { return 0 };
    let Ok(params) = Params::new(12, 8, 1) else { return 0 };
    let bound = u32::MAX.checked_shr(u32::from(*bits)).unwrap_or(0);
    // The number stands behind the salt, as a nonce stands in a header.
    let mut tried = [0; 64];
    let length = salt.len().min(60);
    tried[..length].copy_from_slice(&salt[..length]);
    for number in 0..MOST {
        tried[length..length + 4].copy_from_slice(&number.to_le_bytes());
        let mut hash = [0; 32];
        if scrypt(&tried[..length + 4], salt, &params, &mut hash).is_err() {
            return 0;
        }
        if u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]) <= bound {
            output[..4].copy_from_slice(&number.to_le_bytes());
            return 4;
        }
    }
    0
}
