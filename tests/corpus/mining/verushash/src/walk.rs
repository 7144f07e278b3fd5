//! The walk: 32 steps over a key of 8 KiB, each at two places that the sum so far names, in one of eight ways.

use finalists::haraka::{Block, CONSTANTS, aes, haraka256, join, mix, split};

/// Blocks of the key: those that the walk may reach, and as many beyond as Haraka takes constants.
const BLOCKS: usize = 512 + 40;
/// Places that the walk may name.
const MASK: u64 = 511;
const STEPS: usize = 32;

pub struct Key([Block; BLOCKS]);

/// Product of polynomials over GF(2) of the two halves of a block.
fn halves(block: Block) -> Block {
    let (low, high) = (block & Block::from(u64::MAX), (block >> 64) as u64);
    (0..64).filter(|bit| high >> bit & 1 == 1).fold(0, |sum, bit| sum ^ low << bit)
}

/// Products of signed 16-bit lanes, their upper halves rounded.
fn scale(a: Block, b: Block) -> Block {
    (0..8).fold(0, |all, lane| {
        let at = |block: Block| i32::from((block >> (16 * lane)) as i16);
        let product = (at(a) * at(b) >> 14) + 1 >> 1;
        all | Block::from(product as u16) << (16 * lane)
    })
}

impl Key {
    /// The key: Haraka-256 over and over, from a seed.
    pub fn of(seed: &[Block; 2]) -> Self {
        let mut key = [0; BLOCKS];
        let mut half = *seed;
        for pair in key.chunks_exact_mut(2) {
            half = haraka256(&half, &CONSTANTS);
            pair.copy_from_slice(&half);
        }
        Self(key)
    }

    /// The constants that begin where a word says.
    pub fn from(&self, word: u64) -> &[Block] {
        &self.0[(word & MASK) as usize..][..40]
    }

    /// Two AES rounds of two blocks with four constants of the key, then their mix.
    fn rounds(&self, at: usize, pair: [Block; 2]) -> [Block; 2] {
        let key = |n: usize| self.0[(at + n) % BLOCKS];
        let [a, b] = [aes(aes(pair[0], key(0)), key(2)), aes(aes(pair[1], key(1)), key(3))];
        mix(a, b)
    }

    /// The walk over the key, which it changes, reduced to 64 bits.
    pub fn walk(&mut self, state: &[Block; 4]) -> u64 {
        let mut sum = self.0[BLOCKS - 38];
        for _ in 0..STEPS {
            sum = self.step(sum, state);
        }
        reduce(sum ^ Block::from(1024u64 << 6))
    }

    fn step(&mut self, sum: Block, state: &[Block; 4]) -> Block {
        let word = sum as u64;
        let (left, right) = ((word >> 5 & MASK) as usize, (word >> 32 & MASK) as usize);
        let own = (word & 3) as usize;
        let (here, there) = (state[own], state[own ^ 1]);
        let (a, b) = (self.0[left], self.0[right]);
        let (sum, first, second) = match word & 0x1c {
            0x00 => {
                let once = sum ^ halves(b ^ there);
                let twice = once ^ halves(a ^ here);
                (twice, scale(once, b) ^ b, scale(twice, a) ^ a)
            }
            0x04 => {
                let once = sum ^ halves(a ^ here) ^ halves(here);
                let twice = once ^ b ^ there;
                (twice, scale(twice, b) ^ b, scale(once, a) ^ a)
            }
            0x08 => {
                let once = sum ^ b ^ here;
                let twice = once ^ halves(a ^ there) ^ halves(there);
                (twice, scale(once, b) ^ b, scale(twice, a) ^ a)
            }
            0x0c => {
                let once = sum ^ a ^ there;
                let rest = (once as i64).checked_rem(i64::from(word as i32)).unwrap_or(0);
                let once = once ^ Block::from(rest as u32);
                let odd = if once & 1 == 1 { halves(b ^ here) ^ halves(here) } else { 0 };
                (once ^ odd, scale(once ^ odd, b) ^ b, scale(once, a) ^ a)
            }
            0x10 => {
                let [c, d] = (0..3).fold([there, here], |pair, round| self.rounds(left + 4 * round, pair));
                let sum = sum ^ c ^ d;
                (sum, b, scale(sum, a) ^ a)
            }
            0x14 => {
                let sum = self.rounds_by_bits(sum, left, [here, there]);
                (sum, b, scale(sum, a) ^ a)
            }
            0x18 => {
                let sum = sum ^ halves(there ^ a);
                (sum, b, scale(sum, a) ^ a)
            }
            _ => {
                let once = sum ^ halves(here ^ b);
                let twice = once ^ a;
                (twice, scale(once, b) ^ b, scale(twice, a) ^ a)
            }
        };
        self.0[left] = first;
        self.0[right] = second;
        sum
    }

    /// As many rounds as the upper bits say, each a product or two AES rounds.
    fn rounds_by_bits(&self, sum: Block, at: usize, pair: [Block; 2]) -> Block {
        let word = sum as u64;
        let mut sum = sum;
        for (turn, round) in (0..=word >> 61).rev().enumerate() {
            let key = self.0[(at + turn) % BLOCKS];
            let block = pair[turn % 2];
            sum ^= if word & 0x1000_0000 << round != 0 {
                halves(key ^ block)
            } else {
                let [c, d] = self.rounds(at + 4 * turn, [key, block]);
                c ^ d
            };
        }
        sum
    }
}

/// Remainder modulo x^64 + x^4 + x^3 + x + 1.
fn reduce(sum: Block) -> u64 {
    let fold = |sum: Block| {
        let high = sum >> 64;
        sum & Block::from(u64::MAX) ^ high ^ high << 1 ^ high << 3 ^ high << 4
    };
    let words = split(fold(fold(sum)));
    join([words[0], words[1], 0, 0]) as u64
}
