//! SHA-1, which Duino-Coin's work is made of: one number settles whether a page has solved it.

/// The hash of 20 bytes in hexadecimal, followed by a number in decimal.
pub(super) fn of_hex_and_number(start: &[u8], number: u64) -> [u8; 20] {
    let mut block = [0u8; 64];
    let text = start.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| b"0123456789abcdef"[digit as usize]);
    let digits = number.to_string();
    // 40 digits and at most 15: with the padding they fit one block.
    let length = (start.len() * 2 + digits.len()).min(55);
    for (place, byte) in block.iter_mut().zip(text.chain(digits.bytes())).take(length) {
        *place = byte;
    }
    block[length] = 0x80;
    block[62..].copy_from_slice(&(8 * length as u16).to_be_bytes());
    compress(&block)
}

/// FIPS 180-4, 6.1.2, for a message of one block.
fn compress(block: &[u8; 64]) -> [u8; 20] {
    const START: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    let mut words = [0u32; 80];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
    }
    for t in 16..80 {
        words[t] = (words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16]).rotate_left(1);
    }
    let [mut a, mut b, mut c, mut d, mut e] = START;
    for (t, word) in words.into_iter().enumerate() {
        let (mixed, constant) = match t / 20 {
            0 => (b & c | !b & d, 0x5a82_7999),
            1 => (b ^ c ^ d, 0x6ed9_eba1),
            2 => (b & c | b & d | c & d, 0x8f1b_bcdc),
            _ => (b ^ c ^ d, 0xca62_c1d6u32),
        };
        let next = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant).wrapping_add(word);
        (a, b, c, d, e) = (next, a, b.rotate_left(30), c, d);
    }
    let mut out = [0; 20];
    for ((bytes, start), end) in out.chunks_exact_mut(4).zip(START).zip([a, b, c, d, e]) {
        bytes.copy_from_slice(&start.wrapping_add(end).to_be_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_vector_holds() {
        // FIPS 180-4's example: "abc".
        let mut block = [0u8; 64];
        block[..4].copy_from_slice(b"abc\x80");
        block[63] = 24;
        let expected = "a9993e364706816aba3e25717850c26c9cd0d89d";
        assert_eq!(compress(&block).map(|byte| format!("{byte:02x}")).concat(), expected);
    }
}
