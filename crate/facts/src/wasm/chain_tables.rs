//! Constants of the hash functions that X11 and its children string together, from their submissions to NIST's SHA-3
//! competition, and of Haraka and Whirlpool. Only the beginnings of tables stand here, enough to know them by; what a
//! definition gives is computed.

use super::constants::{BLAKE256_C, JH_RC};
use super::tables::{Tables, keccak_round_constants};

/// Luffa: initial value of the first permutation, and the first round constants of all five.
const LUFFA_IV: [u32; 8] =
    [0x6d251e69, 0x44b051e0, 0x4eaa6fb4, 0xdbf78465, 0x6e292011, 0x90152df4, 0xee058139, 0xdef610bb];
const LUFFA_RC: [u32; 8] =
    [0x303994a6, 0xc0e65299, 0x6cc33a12, 0xdc56983e, 0x1e00108f, 0x7800423d, 0x8f5b7882, 0x96e1db12];

/// CubeHash16/32: initial values for 512 and 256 bits.
const CUBEHASH512_IV: [u32; 8] =
    [0x2aea2a61, 0x50f494d4, 0x2d538b8b, 0x4167d83e, 0x3fee2313, 0xc701cf8c, 0xcc39968e, 0x50ac5695];
const CUBEHASH256_IV: [u32; 8] =
    [0xea2bd4b4, 0xccd6f29f, 0x63117e71, 0x35481eae, 0x22512d5b, 0xe5d94e63, 0x7e624131, 0xf4cc12be];

/// SHAvite-3-512: initial value.
const SHAVITE_IV: [u32; 8] =
    [0x72fccdd8, 0x79ca4727, 0x128a077b, 0x40d55aec, 0xd1901a06, 0x430ae307, 0xb29f5cd1, 0xdf07fbfc];

/// SIMD-512: initial value.
const SIMD_IV: [u32; 8] =
    [0x0ba16b95, 0x72f999ad, 0x9fecc2ae, 0xba3264fc, 0x5e894929, 0x8e9f30e5, 0x2f1daa37, 0xf0f2c558];

/// Hamsi: round constants.
const HAMSI_ALPHA: [u32; 12] = [
    0xff00f0f0, 0xccccaaaa, 0xf0f0cccc, 0xff00aaaa, 0xccccaaaa, 0xf0f0ff00, 0xaaaacccc, 0xf0f0ff00, 0xf0f0cccc,
    0xaaaaff00, 0xccccff00, 0xaaaaf0f0,
];

/// Fugue-512: initial value.
const FUGUE_IV: [u32; 8] =
    [0x8807a57e, 0xe616af75, 0xc5d3e4db, 0xac9ab027, 0xd915f117, 0xb6eecc54, 0x06e8020b, 0x4a92efd1];

/// Shabal-512: initial value of A.
const SHABAL_IV: [u32; 8] =
    [0x20728dfd, 0x46c0bd53, 0xe782b699, 0x55304632, 0x71b4ef90, 0x0ea9e82c, 0xdbb930f1, 0xfad06b8b];

/// Whirlpool: round constants, which are also its s-box read along.
const WHIRLPOOL_RC: [u64; 4] = [0x1823c6e887b8014f, 0x36a6d2f5796f9152, 0x60bc9b8ea30c7b35, 0x1de0d7c22e4bfe57];

/// Haraka v2: round constants, low half first.
const HARAKA_RC: [u64; 8] = [
    0xb2c5fef075817b9d,
    0x0684704ce620c00a,
    0x640f6ba42f08f717,
    0x8b66b4e188f3a06b,
    0xcf029d609f029114,
    0x3402de2d53f28498,
    0xbbf3bcaffd5b4f79,
    0x0ed6eae62e7b4f08,
];

impl Tables {
    /// Adds the tables of this file. The first word of each also finds it in data.
    pub(super) fn fill_chains(&mut self) {
        // BLAKE-512 reads the same digits of π as BLAKE-256, two words at a time.
        let wide: Vec<u64> = BLAKE256_C.chunks_exact(2).map(|c| u64::from(c[0]) << 32 | u64::from(c[1])).collect();
        self.words64("blake512-c", &wide, 3);
        self.words64("bmw", &bmw(), 4);
        // JH's own constants as pairs of 32-bit words, where no 64-bit type was at hand.
        let jh = self.named("jh-rc");
        self.form(jh, JH_RC.iter().flat_map(|w| w.rotate_left(32).to_be_bytes()).collect(), 8, 4);
        for words in [&LUFFA_IV, &LUFFA_RC] {
            self.words32("luffa", words, 4);
        }
        for words in [&CUBEHASH512_IV, &CUBEHASH256_IV] {
            self.words32("cubehash", words, 4);
        }
        self.words32("shavite", &SHAVITE_IV, 4);
        self.words32("simd", &SIMD_IV, 4);
        self.words32("hamsi", &HAMSI_ALPHA, 4);
        self.words32("fugue", &FUGUE_IV, 4);
        self.words32("shabal", &SHABAL_IV, 4);
        self.words64("whirlpool", &WHIRLPOOL_RC, 2);
        self.words64("haraka", &HARAKA_RC, 4);
        let low: Vec<u32> = keccak_round_constants()[..22].iter().map(|w| *w as u32).collect();
        self.words32("keccak800-rc", &low, 12);
    }
}

/// Blue Midnight Wish 512: initial value, the last compression's chaining value, and the multiples of one constant
/// that its expansion adds.
fn bmw() -> Vec<u64> {
    let iv = (0..16).map(|n| 0x8081_8283_8485_8687 + 0x0808_0808_0808_0808 * n);
    let last = (0..16).map(|n| 0xaaaa_aaaa_aaaa_aaa0 + n);
    let factors = (16..32).map(|n: u64| n.wrapping_mul(0x0555_5555_5555_5555));
    iv.chain(last).chain(factors).collect()
}
