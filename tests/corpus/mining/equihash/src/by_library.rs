//! The solver of a crate that others wrote, for Zcash's size.

/// Bytes of the nonce, the last of the header.
const NONCE: usize = 32;

/// Hands each solution's indices, compressed by the library, to `found` as words.
pub fn solve(header: &[u8], mut found: impl FnMut(&[u32])) {
    let Some((input, nonce)) = header.split_last_chunk::<NONCE>() else { return };
    let mut nonces = Some(*nonce);
    for solution in verifier::tromp::solve_200_9(input, || nonces.take()) {
        let words: Vec<u32> =
            solution.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
        found(&words);
    }
}
