//! Hash functions with 512 bits of output from the SHA-3 competition and around it, written from their submissions to
//! NIST where no crate offers them. Each takes a message and gives 64 bytes.

pub mod aes;
mod blake;
mod bmw;
mod cubehash;
mod echo;
mod fugue;
mod hamsi;
mod hamsi_code;
pub mod haraka;
mod luffa;
mod shavite;
mod simd;

pub use blake::blake512;
pub use bmw::bmw512;
pub use cubehash::{cubehash256, cubehash512};
pub use echo::echo512;
pub use fugue::fugue512;
pub use hamsi::hamsi512;
pub use luffa::luffa512;
pub use shavite::shavite512;
pub use simd::simd512;

use groestl::digest::Digest;

/// What every function gives.
pub type Hash = [u8; 64];

/// Grøstl-512.
pub fn groestl512(message: &[u8]) -> Hash {
    groestl::Groestl512::digest(message).into()
}

/// JH-512.
pub fn jh512(message: &[u8]) -> Hash {
    jh::Jh512::digest(message).into()
}

/// Keccak-512 with the padding of the competition.
pub fn keccak512(message: &[u8]) -> Hash {
    sha3::Keccak512::digest(message).into()
}

/// Skein-512-512.
pub fn skein512(message: &[u8]) -> Hash {
    skein::Skein512_512::digest(message).into()
}

/// Shabal-512.
pub fn shabal512(message: &[u8]) -> Hash {
    shabal::Shabal512::digest(message).into()
}

/// Whirlpool.
pub fn whirlpool(message: &[u8]) -> Hash {
    whirlpool::Whirlpool::digest(message).into()
}

/// SHA-512.
pub fn sha512(message: &[u8]) -> Hash {
    sha2::Sha512::digest(message).into()
}

/// The message behind its padding bit, in blocks of `SIZE` bytes; `tail` bytes at the end of the last stay zero.
fn padded<const SIZE: usize>(message: &[u8], bit: u8, tail: usize) -> Vec<u8> {
    let mut bytes = message.to_vec();
    bytes.push(bit);
    while !(bytes.len() + tail).is_multiple_of(SIZE) {
        bytes.push(0);
    }
    bytes.resize(bytes.len() + tail, 0);
    bytes
}

fn le32(bytes: &[u8], word: usize) -> u32 {
    u32::from_le_bytes([bytes[4 * word], bytes[4 * word + 1], bytes[4 * word + 2], bytes[4 * word + 3]])
}

fn be32(bytes: &[u8], word: usize) -> u32 {
    le32(bytes, word).swap_bytes()
}

fn le64(bytes: &[u8], word: usize) -> u64 {
    u64::from(le32(bytes, 2 * word)) | u64::from(le32(bytes, 2 * word + 1)) << 32
}

fn be64(bytes: &[u8], word: usize) -> u64 {
    le64(bytes, word).swap_bytes()
}

fn from_le32(words: impl Iterator<Item = u32>) -> Hash {
    let mut hash = [0; 64];
    for (bytes, word) in hash.chunks_exact_mut(4).zip(words) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    hash
}

fn from_be32(words: impl Iterator<Item = u32>) -> Hash {
    from_le32(words.map(u32::swap_bytes))
}

fn from_le64(words: impl Iterator<Item = u64>) -> Hash {
    let mut hash = [0; 64];
    for (bytes, word) in hash.chunks_exact_mut(8).zip(words) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    hash
}
