//! AES-256 with T-tables in CBC mode, whole blocks: encrypts the input behind a key of 32 bytes.

use cryptonight::aes::{self, Block};

buffers::module!(encrypt);

fn encrypt(input: &[u8], output: &mut [u8]) -> usize {
    let Some((key, text)) = input.split_at_checked(32) else { return 0 };
    let key: [u32; 8] = core::array::from_fn(|n| word(key, n));
    let keys = aes::expand(&key);
    let mut chain: Block = [0; 4];
    for (plain, cipher) in text.chunks_exact(16).zip(output.chunks_exact_mut(16)) {
        chain = core::array::from_fn(|n| chain[n] ^ word(plain, n) ^ keys[0][n]);
        for key in &keys[1..] {
            chain = aes::round(chain, *key);
        }
        for (bytes, column) in cipher.chunks_exact_mut(4).zip(chain) {
            bytes.copy_from_slice(&column.to_le_bytes());
        }
    }
    text.len() / 16 * 16
}

fn word(bytes: &[u8], n: usize) -> u32 {
    let mut word = [0u8; 4];
    word.copy_from_slice(&bytes[4 * n..4 * n + 4]);
    u32::from_le_bytes(word)
}
