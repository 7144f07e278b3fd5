//! Ethash (Ethereum yellow paper, appendix J): a cache, a dataset made of it, and a walk over the dataset.

#[cfg(feature = "library")]
mod by_library;
#[cfg(all(feature = "module", not(feature = "library")))]
mod module;

use sha3::{Digest, Keccak256, Keccak512};

/// 64 bytes of cache or dataset.
pub type Item = [u32; 16];

/// Words that each item of the dataset takes from the cache.
const PARENTS: u32 = 256;
/// Pages that a hash reads.
const ACCESSES: u32 = 64;
/// Passes over the cache.
const PASSES: usize = 3;

#[inline(always)]
fn fnv(x: u32, y: u32) -> u32 {
    x.wrapping_mul(0x0100_0193) ^ y
}

fn keccak512(bytes: &[u8]) -> Item {
    words(&Keccak512::digest(bytes))
}

fn words(bytes: &[u8]) -> Item {
    core::array::from_fn(|n| u32::from_le_bytes([bytes[4 * n], bytes[4 * n + 1], bytes[4 * n + 2], bytes[4 * n + 3]]))
}

fn bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The cache of an epoch.
pub fn cache(seed: &[u8; 32], rows: usize) -> Vec<Item> {
    let mut cache = vec![keccak512(seed)];
    for row in 1..rows {
        let next = keccak512(&bytes(&cache[row - 1]));
        cache.push(next);
    }
    for _ in 0..PASSES {
        for row in 0..rows {
            let before = cache[(row + rows - 1) % rows];
            let other = cache[cache[row][0] as usize % rows];
            let mixed: Item = core::array::from_fn(|n| before[n] ^ other[n]);
            cache[row] = keccak512(&bytes(&mixed));
        }
    }
    cache
}

/// One item of the dataset.
#[inline(never)]
pub fn item(cache: &[Item], index: u32) -> Item {
    let rows = cache.len() as u32;
    let mut mix = cache[(index % rows) as usize];
    mix[0] ^= index;
    mix = keccak512(&bytes(&mix));
    for parent in 0..PARENTS {
        let row = &cache[(fnv(index ^ parent, mix[parent as usize % 16]) % rows) as usize];
        for n in 0..16 {
            mix[n] = fnv(mix[n], row[n]);
        }
    }
    keccak512(&bytes(&mix))
}

/// The whole dataset.
pub fn dataset(cache: &[Item], items: u32) -> Vec<Item> {
    (0..items).map(|index| item(cache, index)).collect()
}

/// The hash of a header and nonce: `page` gives two neighbouring items.
#[inline(always)]
pub fn hashimoto(header: &[u8], nonce: u64, items: u32, page: impl Fn(u32) -> [u32; 32]) -> [u8; 32] {
    let mut seed = header.to_vec();
    seed.extend(nonce.to_le_bytes());
    let start = keccak512(&seed);
    let mut mix: [u32; 32] = core::array::from_fn(|n| start[n % 16]);
    for access in 0..ACCESSES {
        let from = page(fnv(access ^ start[0], mix[access as usize % 32]) % (items / 2));
        for n in 0..32 {
            mix[n] = fnv(mix[n], from[n]);
        }
    }
    let short: [u32; 8] =
        core::array::from_fn(|n| fnv(fnv(fnv(mix[4 * n], mix[4 * n + 1]), mix[4 * n + 2]), mix[4 * n + 3]));
    let mut last = bytes(&start);
    last.extend(bytes(&short));
    Keccak256::digest(last).into()
}
