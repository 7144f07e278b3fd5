//! ChaCha20 over the input, behind a key of 32 bytes and a nonce of 12; and random numbers below a bound.

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

/// Numbered blocks of the stream whose key stands in the input, until the first word of one lies below the bound.
#[unsafe(no_mangle)]
pub extern "C" fn below(bound: u64) -> u64 {
    let mut head = [0; 44];
    // The module has one thread and the host calls one export at a time.
    head[..32].copy_from_slice(unsafe { &(&*(&raw const INPUT))[..32] });
    for number in 0..u64::MAX {
        head[36..].copy_from_slice(&number.to_le_bytes());
        let Ok(mut cipher) = ChaCha20::new_from_slices(&head[..32], &head[32..]) else { return 0 };
        let mut word = [0; 8];
        cipher.apply_keystream(&mut word);
        let drawn = u64::from_le_bytes(word);
        if drawn < bound {
            return drawn;
        }
    }
    0
}
