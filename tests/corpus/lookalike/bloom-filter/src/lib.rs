//! A Bloom filter whose positions are the words of a BLAKE2b hash, and a table of counters beside it.

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};

/// Bits of the filter, no power of two, and counters.
const BITS: u32 = 1_000_003;
const COUNTERS: usize = 1 << 16;

static mut FILTER: [u8; BITS as usize / 8 + 1] = [0; BITS as usize / 8 + 1];
static mut COUNTS: [u32; COUNTERS] = [0; COUNTERS];

buffers::module!(insert);

/// Inserts each line of the input; writes how many were there before and how often the last one was.
fn insert(input: &[u8], output: &mut [u8]) -> usize {
    let (filter, counts) = unsafe { (&mut *(&raw mut FILTER), &mut *(&raw mut COUNTS)) };
    let (mut known, mut often) = (0u32, 0u32);
    for line in input.split(|byte| *byte == b'\n') {
        let hash: [u8; 32] = Blake2b::<U32>::digest(line).into();
        let mut new = false;
        for word in hash.chunks_exact(4) {
            let bit = u32::from_be_bytes([word[0], word[1], word[2], word[3]]) % BITS;
            let mask = 1 << (bit % 8);
            new |= filter[bit as usize / 8] & mask == 0;
            filter[bit as usize / 8] |= mask;
        }
        let place = u32::from_be_bytes([hash[3], hash[2], hash[1], hash[0]]) as usize % COUNTERS;
        counts[place] += 1;
        often = counts[place];
        known += u32::from(!new);
    }
    output[..4].copy_from_slice(&known.to_le_bytes());
    output[4..8].copy_from_slice(&often.to_le_bytes());
    8
}
