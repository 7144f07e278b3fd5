//! yespower 1.0 with 2,048 blocks: scrypt's frame around pwxform, whose S-boxes of 96 KiB are made from the input and
//! rewritten while they are read (Openwall's description of yescrypt and yespower).

use sha2::{Digest, Sha256};

/// Blocks of the large table.
const BLOCKS: usize = 2048;
/// Words of 64 bits in one of the three S-boxes, and the mask of byte offsets into it.
const BOX_WORDS: usize = 1 << 12;
const BOX_MASK: u32 = 0x7ff0;
/// Blocks of 128 bytes that fill the three S-boxes.
const BOX_BLOCKS: usize = 3 * BOX_WORDS / 16;

/// A sub-block of 64 bytes, its words in the order in which vectors take them up.
type Sub = [u32; 16];

/// The S-boxes: three in one array, changing places.
struct Boxes {
    words: Vec<u64>,
    starts: [usize; 3],
    next: usize,
}

/// The hash of `input` with blocks of `128 * r` bytes.
pub fn hash(input: &[u8], r: usize, personal: &[u8]) -> [u8; 32] {
    let password: [u8; 32] = Sha256::digest(input).into();
    let mut block = stretch(&password, personal, 4 * r);
    let key: [u8; 32] = core::array::from_fn(|n| block[n]);
    let mut state = load(&block);
    let mut boxes = Boxes { words: Vec::new(), starts: [0, BOX_WORDS, 2 * BOX_WORDS], next: 0 };
    boxes.fill(&mut state[..2]);
    mix(&mut state, &mut boxes);
    store(&state, &mut block);
    hmac(&block[block.len() - 64..], &[&key])
}

/// PBKDF2-HMAC-SHA-256 with one iteration.
fn stretch(password: &[u8], salt: &[u8], parts: usize) -> Vec<u8> {
    (1..=parts as u32).flat_map(|part| hmac(password, &[salt, &part.to_be_bytes()])).collect()
}

fn hmac(key: &[u8], messages: &[&[u8]]) -> [u8; 32] {
    let mut padded = [0u8; 64];
    padded[..key.len()].copy_from_slice(key);
    let mut inner = Sha256::new_with_prefix(padded.map(|byte| byte ^ 0x36));
    messages.iter().for_each(|message| inner.update(message));
    let mut outer = Sha256::new_with_prefix(padded.map(|byte| byte ^ 0x5c));
    outer.update(inner.finalize());
    outer.finalize().into()
}

fn load(block: &[u8]) -> Vec<Sub> {
    let word = |sub: &[u8], n: usize| u32::from_le_bytes([sub[4 * n], sub[4 * n + 1], sub[4 * n + 2], sub[4 * n + 3]]);
    block.chunks_exact(64).map(|sub| core::array::from_fn(|n| word(sub, n * 5 % 16))).collect()
}

fn store(state: &[Sub], block: &mut [u8]) {
    for (sub, bytes) in state.iter().zip(block.chunks_exact_mut(64)) {
        for n in 0..16 {
            let at = 4 * (n * 5 % 16);
            bytes[at..at + 4].copy_from_slice(&sub[n].to_le_bytes());
        }
    }
}

fn xor(to: &mut [Sub], from: &[Sub]) {
    for (to, from) in to.iter_mut().flatten().zip(from.iter().flatten()) {
        *to ^= from;
    }
}

/// An earlier block that a block chooses while the table is being filled: below the largest power of two, moved up.
fn earlier(state: &[Sub], filled: usize) -> usize {
    let power = 1 << filled.ilog2();
    (state[state.len() - 1][0] as usize & (power - 1)) + filled - power
}

/// Both loops over the table: filled while earlier blocks are read, then a third as often read and written.
fn mix(state: &mut [Sub], boxes: &mut Boxes) {
    for pair in 1..state.len() / 2 {
        let (before, after) = state.split_at_mut(2 * pair);
        after[..2].copy_from_slice(&before[2 * pair - 2..]);
        boxes.mix(&mut after[..2]);
    }
    let mut table: Vec<Sub> = Vec::with_capacity(BLOCKS * state.len());
    for filled in 0..BLOCKS {
        table.extend_from_slice(state);
        if filled > 1 {
            let from = earlier(state, filled) * state.len();
            xor(state, &table[from..from + state.len()]);
        }
        boxes.mix(state);
    }
    for _ in 0..(BLOCKS + 2) / 3 + 1 & !1 {
        let from = (state[state.len() - 1][0] as usize & (BLOCKS - 1)) * state.len();
        let row = &mut table[from..from + state.len()];
        xor(state, row);
        row.copy_from_slice(state);
        boxes.mix(state);
    }
}

impl Boxes {
    /// Makes the S-boxes with Salsa20/2 from the first 128 bytes, which change.
    fn fill(&mut self, state: &mut [Sub]) {
        let mut table: Vec<Sub> = Vec::with_capacity(2 * BOX_BLOCKS);
        for filled in 0..BOX_BLOCKS {
            table.extend_from_slice(state);
            if filled > 1 {
                let from = 2 * earlier(state, filled);
                xor(state, &table[from..from + 2]);
            }
            let mut last = state[1];
            for sub in state.iter_mut() {
                xor(core::slice::from_mut(&mut last), core::slice::from_ref(sub));
                salsa20(&mut last);
                *sub = last;
            }
        }
        let pairs = table.iter().flat_map(|sub| sub.chunks_exact(2));
        self.words = pairs.map(|pair| u64::from(pair[1]) << 32 | u64::from(pair[0])).collect();
    }

    /// One pass over a block: pwxform from sub-block to sub-block, Salsa20/2 of the last.
    fn mix(&mut self, state: &mut [Sub]) {
        let last = state.len() - 1;
        let mut x = state[last];
        for sub in state.iter_mut() {
            xor(core::slice::from_mut(&mut x), core::slice::from_ref(sub));
            self.transform(&mut x);
            *sub = x;
        }
        salsa20(&mut state[last]);
    }

    /// pwxform: three rounds over four pairs of 64-bit lanes.
    fn transform(&mut self, x: &mut Sub) {
        let [first, second, third] = self.starts;
        for round in 0..3 {
            for lane in 0..4 {
                let pair = &mut x[4 * lane..4 * lane + 4];
                let left = first + ((pair[0] & BOX_MASK) >> 3) as usize;
                let right = second + ((pair[1] & BOX_MASK) >> 3) as usize;
                let words: [u64; 2] = core::array::from_fn(|k| {
                    let product = u64::from(pair[2 * k + 1]) * u64::from(pair[2 * k]);
                    product.wrapping_add(self.words[left + k]) ^ self.words[right + k]
                });
                for (k, word) in words.into_iter().enumerate() {
                    pair[2 * k] = word as u32;
                    pair[2 * k + 1] = (word >> 32) as u32;
                }
                if round == 0 || lane < 2 {
                    let to = if lane % 2 == 1 { second } else { first } + self.next;
                    self.words[to..to + 2].copy_from_slice(&words);
                    self.next += 2 * (lane % 2);
                }
            }
        }
        self.starts = [third, first, second];
        self.next %= BOX_WORDS;
    }
}

/// Salsa20 with two rounds of a sub-block, added to it.
fn salsa20(sub: &mut Sub) {
    let mut x: Sub = [0; 16];
    (0..16).for_each(|n| x[n * 5 % 16] = sub[n]);
    for [a, b, c, d] in QUARTERS {
        x[b] ^= x[a].wrapping_add(x[d]).rotate_left(7);
        x[c] ^= x[b].wrapping_add(x[a]).rotate_left(9);
        x[d] ^= x[c].wrapping_add(x[b]).rotate_left(13);
        x[a] ^= x[d].wrapping_add(x[c]).rotate_left(18);
    }
    (0..16).for_each(|n| sub[n] = sub[n].wrapping_add(x[n * 5 % 16]));
}

/// Columns, then rows.
const QUARTERS: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [5, 9, 13, 1],
    [10, 14, 2, 6],
    [15, 3, 7, 11],
    [0, 1, 2, 3],
    [5, 6, 7, 4],
    [10, 11, 8, 9],
    [15, 12, 13, 14],
];
