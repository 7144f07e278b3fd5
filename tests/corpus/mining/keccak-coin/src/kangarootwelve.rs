//! KangarooTwelve of a message that fits one chunk, without customisation (RFC 9861, 2 and 3).

use shares::keccak::permute;

/// Bytes of a block.
const RATE: usize = 168;

/// FIPS 202, 3.2.5: the last twelve round constants.
const RC: [u64; 12] = [
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

/// The first 32 bytes for a message shorter than 8,191 bytes.
pub fn hash(message: &[u8]) -> [u8; 32] {
    let mut state = [0u64; 25];
    let mut put = |at: usize, byte: u8| state[at / 8] ^= u64::from(byte) << (8 * (at % 8));
    let mut at = 0;
    // No customisation (one zero for its length), then the end marker of a single chunk.
    for byte in message.iter().copied().chain([0, 7]) {
        if at == RATE {
            break;
        }
        put(at, byte);
        at += 1;
    }
    put(RATE - 1, 0x80);
    permute(&mut state, RC);
    let mut hash = [0; 32];
    for (place, word) in hash.chunks_exact_mut(8).zip(state) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    hash
}
