//! Constants of hashes that coins and lawful programs share: SHA-1 (FIPS 180-4, 4.2.1), SHA-256 with a padding that
//! never changes, BLAKE3's message schedule (its paper, 2.2), the last twelve rounds of Keccak (KangarooTwelve).

use super::{Tables, constants, keccak_round_constants};

const SHA1_K: [u32; 4] = [0x5a82_7999, 0x6ed9_eba1, 0x8f1b_bcdc, 0xca62_c1d6];

/// BLAKE3's permutation of the message words, applied from round to round.
const BLAKE3_PERMUTATION: [u8; 16] = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

impl Tables {
    pub(super) fn dual(&mut self) {
        self.words32("sha1-k", &SHA1_K, SHA1_K.len());
        let padded = self.named("sha256-padded");
        self.in_code(padded, sha256_padded().into_iter().map(u64::from));
        self.bytes("blake3-schedule", &blake3_schedule(), 32);
        let last = self.named("keccak-rc-12");
        let bytes = keccak_round_constants()[12..].iter().flat_map(|w| w.to_le_bytes()).collect();
        self.form(last, bytes, 8, 10);
    }
}

/// Round constants with the words of a padding folded in, as compilers leave them of a hash whose length is known: the
/// end marker behind 16 bytes (the rest of a header of 80) or 32 (a hash), the length of 80 or 32 bytes in bits.
fn sha256_padded() -> [u32; 4] {
    let k = |round: usize| (constants::SHA512_K[round] >> 32) as u32;
    let marker = 0x8000_0000_u32;
    [k(4).wrapping_add(marker), k(8).wrapping_add(marker), k(15).wrapping_add(80 * 8), k(15).wrapping_add(32 * 8)]
}

/// The order of message words in BLAKE3's seven rounds.
fn blake3_schedule() -> Vec<u8> {
    let mut row: Vec<u8> = (0..16).collect();
    let mut schedule = Vec::with_capacity(112);
    for _ in 0..7 {
        schedule.extend_from_slice(&row);
        row = BLAKE3_PERMUTATION.iter().map(|from| row[usize::from(*from)]).collect();
    }
    schedule
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padded_constants_are_the_ones_that_miners_print() {
        assert_eq!(sha256_padded(), [0xb956_c25b, 0x5807_aa98, 0xc19b_f3f4, 0xc19b_f274]);
    }

    #[test]
    fn the_schedule_of_blake3_has_its_published_last_row() {
        assert_eq!(blake3_schedule()[96..], [11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13]);
    }
}
