//! ROMix of scrypt with constant sizes (RFC 7914, 3 to 5): 1,024 blocks of 128 bytes.

const BLOCKS: usize = 1024;
const WORDS: usize = 32;

static mut TABLE: [[u32; WORDS]; BLOCKS] = [[0; WORDS]; BLOCKS];

#[inline(always)]
fn quarter(x: &mut [u32; 16], a: usize, b: usize, c: usize, d: usize) {
    x[b] ^= x[a].wrapping_add(x[d]).rotate_left(7);
    x[c] ^= x[b].wrapping_add(x[a]).rotate_left(9);
    x[d] ^= x[c].wrapping_add(x[b]).rotate_left(13);
    x[a] ^= x[d].wrapping_add(x[c]).rotate_left(18);
}

/// Salsa20/8 of `to ^ with`, added to it.
#[inline(always)]
fn xor_salsa8(to: &mut [u32; 16], with: &[u32; 16]) {
    for (a, b) in to.iter_mut().zip(with) {
        *a ^= b;
    }
    let mut x = *to;
    for _ in 0..4 {
        quarter(&mut x, 0, 4, 8, 12);
        quarter(&mut x, 5, 9, 13, 1);
        quarter(&mut x, 10, 14, 2, 6);
        quarter(&mut x, 15, 3, 7, 11);
        quarter(&mut x, 0, 1, 2, 3);
        quarter(&mut x, 5, 6, 7, 4);
        quarter(&mut x, 10, 11, 8, 9);
        quarter(&mut x, 15, 12, 13, 14);
    }
    for (a, b) in to.iter_mut().zip(x) {
        *a = a.wrapping_add(b);
    }
}

fn block_mix(low: &mut [u32; 16], high: &mut [u32; 16]) {
    xor_salsa8(low, high);
    xor_salsa8(high, low);
}

/// The memory-hard middle of scrypt.
pub fn mix(block: &mut [u8; 128]) {
    let table = unsafe { &mut *(&raw mut TABLE) };
    let word = |i: usize| u32::from_le_bytes(block[4 * i..4 * i + 4].try_into().unwrap_or_default());
    let mut low: [u32; 16] = core::array::from_fn(word);
    let mut high: [u32; 16] = core::array::from_fn(|i| word(16 + i));
    for row in table.iter_mut() {
        row[..16].copy_from_slice(&low);
        row[16..].copy_from_slice(&high);
        block_mix(&mut low, &mut high);
    }
    for _ in 0..BLOCKS {
        let row = &table[(high[0] & (BLOCKS as u32 - 1)) as usize];
        for i in 0..16 {
            low[i] ^= row[i];
            high[i] ^= row[16 + i];
        }
        block_mix(&mut low, &mut high);
    }
    for (place, word) in block.chunks_exact_mut(4).zip(low.into_iter().chain(high)) {
        place.copy_from_slice(&word.to_le_bytes());
    }
}
