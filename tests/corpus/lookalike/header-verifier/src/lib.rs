//! A light client's check of a chain of headers: the input is headers of 80 bytes, the output how many of them hold.

use sha2::{Digest, Sha256};

buffers::module!(check);

fn check(input: &[u8], output: &mut [u8]) -> usize {
    let mut good = 0u32;
    let mut last: Option<[u8; 32]> = None;
    for header in input.chunks_exact(80) {
        let hash: [u8; 32] = Sha256::digest(Sha256::digest(header)).into();
        let follows = last.is_none_or(|last| last == header[4..36]);
        if !follows || !is_below(&hash, &target(header)) {
            break;
        }
        good += 1;
        last = Some(hash);
    }
    output[..4].copy_from_slice(&good.to_le_bytes());
    4
}

/// The target of a header's compact bits, little endian.
fn target(header: &[u8]) -> [u8; 32] {
    let mut target = [0; 32];
    let size = usize::from(header[75]);
    for (index, byte) in header[72..75].iter().enumerate() {
        if let Some(place) = (size + index).checked_sub(3).and_then(|at| target.get_mut(at)) {
            *place = *byte;
        }
    }
    target
}

fn is_below(hash: &[u8; 32], target: &[u8; 32]) -> bool {
    let word =
        |bytes: &[u8; 32], at: usize| u64::from_le_bytes(bytes[8 * at..8 * at + 8].try_into().unwrap_or_default());
    for at in (0..4).rev() {
        let (a, b) = (word(hash, at), word(target, at));
        if a != b {
            return a < b;
        }
    }
    true
}
