//! Counts the words of a text in an open-addressing table: FNV-1 finds the slot, its size being a prime, MurmurHash3 the
//! step.

buffers::module!(count);

#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u32,
    count: u32,
}

/// The number of different words, and the largest count, as two little-endian numbers.
fn count(input: &[u8], output: &mut [u8]) -> usize {
    let size = core::hint::black_box(8191u32);
    let mut table = vec![Slot::default(); size as usize];
    for word in input.split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
        let (hash, step) = (fnv(word), murmur(word) % (size - 1) + 1);
        let mut at = hash % size;
        while table[at as usize].count > 0 && table[at as usize].hash != hash {
            at = (at + step) % size;
        }
        table[at as usize] = Slot { hash, count: table[at as usize].count + 1 };
    }
    let different = table.iter().filter(|slot| slot.count > 0).count() as u32;
    let most = table.iter().map(|slot| slot.count).max().unwrap_or(0);
    output[..4].copy_from_slice(&different.to_le_bytes());
    output[4..8].copy_from_slice(&most.to_le_bytes());
    8
}

/// FNV-1, 32 bits.
fn fnv(word: &[u8]) -> u32 {
    word.iter().fold(0x811c_9dc5, |hash, byte| hash.wrapping_mul(0x0100_0193) ^ u32::from(*byte))
}

/// MurmurHash3, 32 bits, over whole words of four bytes.
fn murmur(word: &[u8]) -> u32 {
    let mut hash = 0x9747_b28c_u32;
    for four in word.chunks(4) {
        let mut bytes = [0; 4];
        bytes[..four.len()].copy_from_slice(four);
        let k = u32::from_le_bytes(bytes).wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
        hash = (hash ^ k).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    hash ^= word.len() as u32;
    hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    hash ^ hash >> 16
}
