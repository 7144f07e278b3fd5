//! ChaCha20 over the input, behind a key of 32 bytes and a nonce of 12.

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};

buffers::module!(encrypt);

fn encrypt(input: &[u8], output: &mut [u8]) -> usize {
    let Some((head, text)) = input.split_at_checked(44) else { return 0 };
    let Ok(mut cipher) = ChaCha20::new_from_slices(&head[..32], &head[32..]) else { return 0 };
    let output = &mut output[..text.len()];
    output.copy_from_slice(text);
    cipher.apply_keystream(output);
    text.len()
}
