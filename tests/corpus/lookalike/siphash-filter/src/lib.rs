//! A Bloom filter over words of eight bytes by SipHash-2-4, and a shuffle by SipHash as a generator of random numbers.

/// Bits of the filter.
const BITS: usize = 1 << 19;
const WORDS: usize = BITS / 64;

static mut FILTER: [u64; WORDS] = [0; WORDS];

buffers::module!(filter);

fn round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[2] = v[2].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].rotate_left(32).wrapping_add(v[3]);
    v[2] = v[2].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].rotate_left(32);
}

/// SipHash-2-4 of one word, with SipHash's own first state.
#[inline(always)]
fn hash(key: [u64; 2], word: u64) -> u64 {
    let mut v = [
        key[0] ^ 0x736f_6d65_7073_6575,
        key[1] ^ 0x646f_7261_6e64_6f6d,
        key[0] ^ 0x6c79_6765_6e65_7261,
        key[1] ^ 0x7465_6462_7974_6573,
    ];
    for block in [word, 8 << 56] {
        v[3] ^= block;
        round(&mut v);
        round(&mut v);
        v[0] ^= block;
    }
    v[2] ^= 0xff;
    for _ in 0..4 {
        round(&mut v);
    }
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

/// Puts every word of the input into the filter and shuffles the input into the output; the first bytes of the output
/// say how many words were there before.
fn filter(input: &[u8], output: &mut [u8]) -> usize {
    let filter = unsafe { &mut *(&raw mut FILTER) };
    let mut known = 0u64;
    for chunk in input.chunks_exact(8) {
        let word = u64::from_le_bytes(chunk.try_into().unwrap_or_default());
        let place = hash([1, 2], word) as usize % BITS;
        known += filter[place / 64] >> (place % 64) & 1;
        filter[place / 64] |= 1 << (place % 64);
    }
    let length = input.len().min(output.len());
    output[..length].copy_from_slice(&input[..length]);
    for last in (1..length).rev() {
        let other = hash([3, 4], last as u64) % (last as u64 + 1);
        output.swap(last, other as usize);
    }
    if let Some(head) = output.first_chunk_mut() {
        *head = known.to_le_bytes();
    }
    length
}
