//! CryptoNight itself (CNS008): fill a scratchpad, walk it by what is read from it, fold it back, hash the rest.

use crate::aes::{self, Block};
use crate::algorithm::{Algorithm, Division, Selected, Tweak};
use crate::multiply::multiply;
use crate::place::place;
use crate::tweak::{Arithmetic, bend};
use crate::{blake256, keccak};
use core::marker::PhantomData;

/// A 16-byte block as two little-endian words (low, high).
type Pair = (u64, u64);

/// The scratchpad, of the selected child's size: Rust has no array length from a type parameter's constant.
#[repr(C, align(64))]
pub struct Context<A: Algorithm> {
    pad: [Block; Selected::MEMORY / 16],
    algorithm: PhantomData<A>,
}

impl<A: Algorithm> Context<A> {
    #[cfg(all(feature = "module", not(feature = "heap")))]
    pub const fn new() -> Self {
        Self { pad: [[0; 4]; Selected::MEMORY / 16], algorithm: PhantomData }
    }

    /// A zeroed context on the heap.
    pub fn boxed() -> Box<Self> {
        // Never on the stack: it is larger than WebAssembly's.
        unsafe { Box::new_zeroed().assume_init() }
    }

    /// Hashes `input`.
    pub fn hash(&mut self, input: &[u8]) -> [u8; 32] {
        let mut state = keccak::absorb(input);
        self.explode(&state);
        self.walk(&state, input);
        self.implode(&mut state);
        keccak::permute(&mut state);
        finish(&state)
    }

    /// Fills the scratchpad with AES over the state.
    fn explode(&mut self, state: &[u64; 25]) {
        let keys = aes::expand(&key(state, 0));
        let mut text = text(state);
        if A::DIVISION != Division::None {
            for _ in 0..16 {
                encrypt(&mut text, &keys);
                propagate(&mut text);
            }
        }
        for eight in self.pad[..A::MEMORY / 16].chunks_exact_mut(8) {
            encrypt(&mut text, &keys);
            eight.copy_from_slice(&text);
        }
    }

    /// Folds the scratchpad back into the state.
    fn implode(&mut self, state: &mut [u64; 25]) {
        let keys = aes::expand(&key(state, 4));
        let mut text = text(state);
        let heavy = A::DIVISION != Division::None;
        for _ in 0..if heavy { 2 } else { 1 } {
            for eight in self.pad[..A::MEMORY / 16].chunks_exact(8) {
                for (mine, theirs) in text.iter_mut().zip(eight) {
                    *mine = core::array::from_fn(|n| mine[n] ^ theirs[n]);
                }
                encrypt(&mut text, &keys);
                if heavy {
                    propagate(&mut text);
                }
            }
        }
        for _ in 0..if heavy { 16 } else { 0 } {
            encrypt(&mut text, &keys);
            propagate(&mut text);
        }
        for (n, block) in text.into_iter().enumerate() {
            (state[8 + 2 * n], state[9 + 2 * n]) = pair(block);
        }
    }

    /// The main loop: two dependent reads and writes a turn, one through AES and one through a multiply.
    fn walk(&mut self, state: &[u64; 25], input: &[u8]) {
        let base = self.pad.as_mut_ptr();
        let mut a = (state[0] ^ state[4], state[1] ^ state[5]);
        let mut b = (state[2] ^ state[6], state[3] ^ state[7]);
        let mut older = (state[8] ^ state[10], state[9] ^ state[11]);
        let mut arithmetic = Arithmetic { quotient: state[12], root: state[13] };
        let nonce = nonce_tweak::<A>(state, input);
        let mut at = place::<A>(&a.0);
        for _ in 0..A::TURNS {
            let c = pair(aes::round(block(load(base, at)), block(a)));
            shuffle::<A>(base, at, a, b, older, None);
            let mut stored = (b.0 ^ c.0, b.1 ^ c.1);
            if A::TWEAK == Tweak::Nonce {
                stored.1 = bend(stored.1);
            }
            store(base, at, stored);

            at = place::<A>(&c.0);
            let mut d = load(base, at);
            if shuffles::<A>() {
                d.0 ^= arithmetic.step(c);
            }
            let mut product = multiply(c.0, d.0);
            shuffle::<A>(base, at, a, b, older, Some(&mut product));
            a = (a.0.wrapping_add(product.0), a.1.wrapping_add(product.1));
            store(base, at, (a.0, a.1 ^ nonce));
            a = (a.0 ^ d.0, a.1 ^ d.1);
            older = b;
            b = c;
            at = place::<A>(&jump::<A>(base, a.0));
        }
    }
}

/// Reads a block of the scratchpad; `place` is masked and therefore inside.
#[inline(always)]
fn load(base: *const Block, place: u64) -> Pair {
    let at = base.cast::<u8>().wrapping_add(place as usize).cast::<u64>();
    unsafe { (at.read(), at.add(1).read()) }
}

#[inline(always)]
fn store(base: *mut Block, place: u64, value: Pair) {
    let at = base.cast::<u8>().wrapping_add(place as usize).cast::<u64>();
    unsafe {
        at.write(value.0);
        at.add(1).write(value.1);
    }
}

fn shuffles<A: Algorithm>() -> bool {
    matches!(A::TWEAK, Tweak::Shuffle | Tweak::ReverseShuffle)
}

/// Variant 1's word: input bytes 35 to 42 and the end of the state.
fn nonce_tweak<A: Algorithm>(state: &[u64; 25], input: &[u8]) -> u64 {
    match (A::TWEAK, input.get(35..43)) {
        (Tweak::Nonce, Some(bytes)) => {
            let mut word = [0u8; 8];
            word.copy_from_slice(bytes);
            state[24] ^ u64::from_le_bytes(word)
        }
        _ => 0,
    }
}

/// Variant 2: the other three blocks of the cache line change places; in the second half of a turn the product
/// is drawn in as well.
#[inline(always)]
fn shuffle<A: Algorithm>(base: *mut Block, place: u64, a: Pair, b: Pair, older: Pair, product: Option<&mut Pair>) {
    if !shuffles::<A>() {
        return;
    }
    let mut first = load(base, place ^ 0x10);
    let second = load(base, place ^ 0x20);
    let mut third = load(base, place ^ 0x30);
    if let Some(product) = product {
        first = (first.0 ^ product.0, first.1 ^ product.1);
        *product = (product.0 ^ second.0, product.1 ^ second.1);
    }
    if A::TWEAK == Tweak::ReverseShuffle {
        core::mem::swap(&mut first, &mut third);
    }
    store(base, place ^ 0x10, add(third, older));
    store(base, place ^ 0x20, add(first, b));
    store(base, place ^ 0x30, add(second, a));
}

/// CryptoNight-Heavy: divides what stands at the next address and goes somewhere else.
#[inline(always)]
fn jump<A: Algorithm>(base: *mut Block, address: u64) -> u64 {
    if A::DIVISION == Division::None {
        return address;
    }
    let place = place::<A>(&address);
    let (low, high) = load(base, place);
    let divisor = i64::from(high as i32);
    let quotient = (low as i64).wrapping_div(divisor | 5);
    store(base, place, (low ^ quotient as u64, high));
    let divisor = if A::DIVISION == Division::Complement { !divisor } else { divisor };
    (divisor ^ quotient) as u64
}

fn add(x: Pair, y: Pair) -> Pair {
    (x.0.wrapping_add(y.0), x.1.wrapping_add(y.1))
}

fn pair(block: Block) -> Pair {
    (u64::from(block[0]) | u64::from(block[1]) << 32, u64::from(block[2]) | u64::from(block[3]) << 32)
}

fn block(pair: Pair) -> Block {
    [pair.0 as u32, (pair.0 >> 32) as u32, pair.1 as u32, (pair.1 >> 32) as u32]
}

/// Four words of the state as an AES-256 key.
fn key(state: &[u64; 25], from: usize) -> [u32; 8] {
    core::array::from_fn(|n| (state[from + n / 2] >> (32 * (n % 2))) as u32)
}

/// Bytes 64 to 191 of the state as eight blocks.
fn text(state: &[u64; 25]) -> [Block; 8] {
    core::array::from_fn(|n| block((state[8 + 2 * n], state[9 + 2 * n])))
}

/// Ten AES rounds over each of the eight blocks.
fn encrypt(text: &mut [Block; 8], keys: &[Block; 10]) {
    for block in text {
        for key in keys {
            *block = aes::round(*block, *key);
        }
    }
}

/// CryptoNight-Heavy: each block takes in its neighbour.
fn propagate(text: &mut [Block; 8]) {
    let first = text[0];
    for n in 0..8 {
        let next = if n == 7 { first } else { text[n + 1] };
        text[n] = core::array::from_fn(|word| text[n][word] ^ next[word]);
    }
}

/// The last hash, chosen by the state's lowest two bits.
fn finish(state: &[u64; 25]) -> [u8; 32] {
    use groestl::digest::Digest;
    let mut bytes = [0u8; 200];
    for (bytes, word) in bytes.chunks_exact_mut(8).zip(state) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    match state[0] & 3 {
        0 => blake256::digest(&bytes),
        1 => groestl::Groestl256::digest(bytes).into(),
        2 => jh::Jh256::digest(bytes).into(),
        _ => skein::Skein512_256::digest(bytes).into(),
    }
}
