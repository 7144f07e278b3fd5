//! SHA-1 of at most 55 bytes: one block (FIPS 180-4, 6.1).

const IV: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];

/// The hash of a short message; what does not fit one block is cut off.
pub fn digest(message: &[u8]) -> [u8; 20] {
    let length = message.len().min(55);
    let mut block = [0u8; 64];
    block[..length].copy_from_slice(&message[..length]);
    block[length] = 0x80;
    block[56..].copy_from_slice(&(8 * length as u64).to_be_bytes());
    let mut w: [u32; 16] =
        core::array::from_fn(|i| u32::from_be_bytes(block[4 * i..4 * i + 4].try_into().unwrap_or_default()));
    let mut s = IV;
    for t in 0..80 {
        if t >= 16 {
            let word = w[(t + 13) & 15] ^ w[(t + 8) & 15] ^ w[(t + 2) & 15] ^ w[t & 15];
            w[t & 15] = word.rotate_left(1);
        }
        let [a, b, c, d, e] = s;
        let (f, k) = match t / 20 {
            0 => (d ^ (b & (c ^ d)), 0x5a82_7999),
            1 => (b ^ c ^ d, 0x6ed9_eba1),
            2 => ((b & c) | (d & (b | c)), 0x8f1b_bcdc),
            _ => (b ^ c ^ d, 0xca62_c1d6_u32),
        };
        let next = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(w[t & 15]);
        s = [next, a, b.rotate_left(30), c, d];
    }
    let mut digest = [0; 20];
    for ((place, word), first) in digest.chunks_exact_mut(4).zip(s).zip(IV) {
        place.copy_from_slice(&word.wrapping_add(first).to_be_bytes());
    }
    digest
}
