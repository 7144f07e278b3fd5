//! KawPow as Ravencoin's specification has it: a random program over 16 lanes of 32 registers, drawn anew every third
//! block, that reads the dataset and a small cache of its first 16 KiB.

mod keccak;
mod kiss99;
mod module;

use ethash::Item;
use kiss99::{Kiss99, fnv1a};

const LANES: usize = 16;
const REGISTERS: usize = 32;
const ROUNDS: usize = 64;
const CACHE_READS: usize = 11;
const OPERATIONS: usize = 18;
const PERIOD: u32 = 3;
/// Words of the small cache.
const CACHE_WORDS: u32 = 4096;

/// "rAVENCOINKAWPOW", a letter a word.
const PADDING: [u32; 15] = [0x72, 0x41, 0x56, 0x45, 0x4e, 0x43, 0x4f, 0x49, 0x4e, 0x4b, 0x41, 0x57, 0x50, 0x4f, 0x57];

type Mix = [[u32; REGISTERS]; LANES];

/// What the random program draws from.
#[derive(Clone)]
struct Program {
    random: Kiss99,
    to: [usize; REGISTERS],
    from: [usize; REGISTERS],
    next_to: usize,
    next_from: usize,
}

impl Program {
    fn new(seed: [u32; 2]) -> Self {
        let z = fnv1a(0x811c_9dc5, seed[0]);
        let w = fnv1a(z, seed[1]);
        let jsr = fnv1a(w, seed[0]);
        let mut random = Kiss99 { z, w, jsr, jcong: fnv1a(jsr, seed[1]) };
        let (mut to, mut from) = (core::array::from_fn(|n| n), core::array::from_fn(|n| n));
        for n in (2..=REGISTERS).rev() {
            to.swap(n - 1, random.next() as usize % n);
            from.swap(n - 1, random.next() as usize % n);
        }
        Self { random, to, from, next_to: 0, next_from: 0 }
    }

    fn to(&mut self) -> usize {
        self.next_to += 1;
        self.to[(self.next_to - 1) % REGISTERS]
    }

    fn from(&mut self) -> usize {
        self.next_from += 1;
        self.from[(self.next_from - 1) % REGISTERS]
    }
}

fn operate(a: u32, b: u32, selector: u32) -> u32 {
    match selector % 11 {
        0 => a.wrapping_add(b),
        1 => a.wrapping_mul(b),
        2 => (u64::from(a) * u64::from(b) >> 32) as u32,
        3 => a.min(b),
        4 => a.rotate_left(b % 32),
        5 => a.rotate_right(b % 32),
        6 => a & b,
        7 => a | b,
        8 => a ^ b,
        9 => a.leading_zeros() + b.leading_zeros(),
        _ => a.count_ones() + b.count_ones(),
    }
}

fn merge(a: &mut u32, b: u32, selector: u32) {
    let turn = (selector >> 16) % 31 + 1;
    *a = match selector % 4 {
        0 => a.wrapping_mul(33).wrapping_add(b),
        1 => (*a ^ b).wrapping_mul(33),
        2 => a.rotate_left(turn) ^ b,
        _ => a.rotate_right(turn) ^ b,
    };
}

/// The hash of a header, a nonce and a block's number over a dataset; its first 256 items are the small cache.
fn hash(header: &[u32; 8], nonce: u64, block: u32, data: &[Item]) -> [u8; 32] {
    let mut state = [0; 25];
    state[..8].copy_from_slice(header);
    (state[8], state[9]) = (nonce as u32, (nonce >> 32) as u32);
    state[10..].copy_from_slice(&PADDING);
    keccak::permute(&mut state);
    let digest = walk([state[0], state[1]], block, data);
    let mut last = [0; 25];
    last[..8].copy_from_slice(&state[..8]);
    last[8..16].copy_from_slice(&digest);
    last[16..].copy_from_slice(&PADDING[..9]);
    keccak::permute(&mut last);
    let mut out = [0; 32];
    for (bytes, word) in out.chunks_exact_mut(4).zip(last) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    out
}

fn walk(seed: [u32; 2], block: u32, data: &[Item]) -> [u32; 8] {
    let z = fnv1a(0x811c_9dc5, seed[0]);
    let w = fnv1a(z, seed[1]);
    let mut mix: Mix = core::array::from_fn(|lane| {
        let jsr = fnv1a(w, lane as u32);
        let mut random = Kiss99 { z, w, jsr, jcong: fnv1a(jsr, lane as u32) };
        core::array::from_fn(|_| random.next())
    });
    let program = Program::new([block / PERIOD, 0]);
    for round in 0..ROUNDS {
        turn(round, &mut mix, program.clone(), data);
    }
    let mut digest = [0x811c_9dc5; 8];
    for (lane, registers) in mix.iter().enumerate() {
        let word = registers.iter().fold(0x811c_9dc5, |hash, register| fnv1a(hash, *register));
        digest[lane % 8] = fnv1a(digest[lane % 8], word);
    }
    digest
}

fn turn(round: usize, mix: &mut Mix, mut program: Program, data: &[Item]) {
    let pages = data.len() as u32 / 4;
    let page = 4 * (mix[round % LANES][0] % pages) as usize;
    for n in 0..OPERATIONS {
        if n < CACHE_READS {
            let (from, to, selector) = (program.from(), program.to(), program.random.next());
            for lane in mix.iter_mut() {
                let at = (lane[from] % CACHE_WORDS) as usize;
                merge(&mut lane[to], data[at / 16][at % 16], selector);
            }
        }
        let both = program.random.next() as usize % (REGISTERS * (REGISTERS - 1));
        let (first, mut second) = (both % REGISTERS, both / REGISTERS);
        second += usize::from(second >= first);
        let (operation, to, selector) = (program.random.next(), program.to(), program.random.next());
        for lane in mix.iter_mut() {
            let value = operate(lane[first], lane[second], operation);
            merge(&mut lane[to], value, selector);
        }
    }
    let draws: [(usize, u32); 4] =
        core::array::from_fn(|n| (if n == 0 { 0 } else { program.to() }, program.random.next()));
    for (n, lane) in mix.iter_mut().enumerate() {
        let from = (n ^ round) % LANES * 4;
        for (word, (to, selector)) in draws.iter().enumerate() {
            let at = from + word;
            merge(&mut lane[*to], data[page + at / 16][at % 16], *selector);
        }
    }
}
