//! cSHAKE256 of a message that fits one block (FIPS 202, NIST SP 800-185).

use shares::keccak::permute;

/// Bytes of a block.
const RATE: usize = 136;

/// FIPS 202, 3.2.5: the round constants.
const RC: [u64; 24] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808a,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808b,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008a,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000a,
    0x0000_0000_8000_808b,
    0x8000_0000_0000_008b,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800a,
    0x8000_0000_8000_000a,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

fn take_in(state: &mut [u64; 25], bytes: impl Iterator<Item = u8>) {
    for (at, byte) in bytes.take(RATE).enumerate() {
        state[at / 8] ^= u64::from(byte) << (8 * (at % 8));
    }
}

/// The first 32 bytes.
pub fn custom_shake(custom: &[u8], message: &[u8]) -> [u8; 32] {
    let mut state = [0; 25];
    // The rate, an empty name and the customisation, each behind its length in bits; then the message and its padding.
    let head = [1, RATE as u8, 1, 0, 1, 8 * custom.len() as u8];
    take_in(&mut state, head.into_iter().chain(custom.iter().copied()));
    permute(&mut state, RC);
    take_in(&mut state, message.iter().copied().chain([4]));
    state[RATE / 8 - 1] ^= 1 << 63;
    permute(&mut state, RC);
    core::array::from_fn(|n| (state[n / 8] >> (8 * (n % 8))) as u8)
}
