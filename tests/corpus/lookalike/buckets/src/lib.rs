//! A set reconciliation in the manner of an invertible Bloom filter: records are dealt into buckets by bits of their
//! BLAKE2b checksum, sorted there, and a parity of each bucket is kept by exclusive-or.

use blake2::digest::consts::U16;
use blake2::{Blake2b, Digest};

buffers::module!(reconcile);

const BUCKETS: usize = 256;
const SLOTS: usize = 64;
const WORDS: usize = 4;

struct Store {
    counts: [u32; BUCKETS],
    records: [[[u32; WORDS]; SLOTS]; BUCKETS],
    parity: [[u32; WORDS]; BUCKETS],
}

static mut STORE: Store =
    Store { counts: [0; BUCKETS], records: [[[0; WORDS]; SLOTS]; BUCKETS], parity: [[0; WORDS]; BUCKETS] };

fn reconcile(input: &[u8], output: &mut [u8]) -> usize {
    let store = unsafe { &mut *(&raw mut STORE) };
    store.counts = [0; BUCKETS];
    store.parity = [[0; WORDS]; BUCKETS];
    for record in input.chunks_exact(16) {
        let sum = Blake2b::<U16>::digest(record);
        let bucket = usize::from(sum[0]);
        let slot = store.counts[bucket] as usize;
        if slot >= SLOTS {
            continue;
        }
        store.counts[bucket] += 1;
        for word in 0..WORDS {
            let value = u32::from_le_bytes(record[4 * word..4 * word + 4].try_into().unwrap_or_default());
            store.records[bucket][slot][word] = value;
            store.parity[bucket][word] ^= value;
        }
    }
    let mut given = 0;
    for bucket in 0..BUCKETS {
        store.records[bucket][..store.counts[bucket] as usize].sort_unstable();
        for word in store.parity[bucket] {
            output[given..given + 4].copy_from_slice(&word.to_le_bytes());
            given += 4;
        }
    }
    given
}
