//! Whirlpool over what stands in the input, in pieces, as a tool that hashes files does it.

use whirlpool::{Digest, Whirlpool};

buffers::module!(digest);

fn digest(input: &[u8], output: &mut [u8]) -> usize {
    let mut hasher = Whirlpool::new();
    input.chunks(4096).for_each(|piece| hasher.update(piece));
    output[..64].copy_from_slice(&hasher.finalize());
    64
}
