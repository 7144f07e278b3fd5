//! A captcha's work: the number whose SHA-256 behind a salt begins with enough zero bits, among a bounded count.
//!
//! The input is the number of bits, then the salt. The output is the number in decimal digits, or nothing.

use sha2::{Digest, Sha256};

buffers::module!(solve);

/// Numbers tried before the captcha asks for another challenge.
const MOST: u32 = 1 << 22;

fn solve(input: &[u8], output: &mut [u8]) -> usize {
    let Some((bits, salt)) = input.split_first() else { return 0 };
    let salted = Sha256::new().chain_update(salt);
    for number in 0..MOST {
        let (digits, length) = decimal(number);
        let hash = salted.clone().chain_update(&digits[..length]).finalize();
        let first = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
        if first.leading_zeros() >= u32::from(*bits) {
            output[..length].copy_from_slice(&digits[..length]);
            return length;
        }
    }
    0
}

fn decimal(number: u32) -> ([u8; 10], usize) {
    let (mut digits, mut rest, mut length) = ([0; 10], number, 0);
    loop {
        digits[length] = b'0' + (rest % 10) as u8;
        rest /= 10;
        length += 1;
        if rest == 0 {
            digits[..length].reverse();
            return (digits, length);
        }
    }
}
