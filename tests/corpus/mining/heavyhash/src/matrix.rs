//! The matrix: 64 rows of 64 nibbles by xoshiro256++, drawn again until its rank is full.

const SIZE: usize = 64;

/// Closer to nothing counts as nothing; what the network's nodes use.
const NOTHING: f64 = 1e-9;

#[derive(Clone, Copy)]
pub struct Matrix([[u16; SIZE]; SIZE]);

/// The matrix of the header that is worked on, and its seed.
static mut KEPT: ([u8; 32], Matrix) = ([0; 32], Matrix([[0; SIZE]; SIZE]));
static mut HAS_ONE: bool = false;

/// xoshiro256++ (Blackman and Vigna), with the seed as its state.
struct Generator([u64; 4]);

impl Generator {
    fn next(&mut self) -> u64 {
        let state = &mut self.0;
        let result = state[0].wrapping_add(state[3]).rotate_left(23).wrapping_add(state[0]);
        let shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = state[3].rotate_left(45);
        result
    }
}

impl Matrix {
    /// The matrix of a seed, made once for all nonces of one header.
    pub fn kept(seed: &[u8; 32]) -> &'static Self {
        let (kept, has_one) = unsafe { (&mut *(&raw mut KEPT), &mut *(&raw mut HAS_ONE)) };
        if !*has_one || kept.0 != *seed {
            *kept = (*seed, Self::new(seed));
            *has_one = true;
        }
        &kept.1
    }

    fn new(seed: &[u8; 32]) -> Self {
        let word = |n: usize| u64::from_le_bytes(core::array::from_fn(|i| seed[8 * n + i]));
        let mut generator = Generator(core::array::from_fn(word));
        let mut matrix = Self([[0; SIZE]; SIZE]);
        loop {
            for sixteen in matrix.0.iter_mut().flat_map(|row| row.chunks_exact_mut(16)) {
                let value = generator.next();
                for (n, nibble) in sixteen.iter_mut().enumerate() {
                    *nibble = (value >> (4 * n) & 15) as u16;
                }
            }
            if matrix.is_full() {
                return matrix;
            }
        }
    }

    /// Whether no row is a sum of others, by elimination in floating point as nodes do it.
    fn is_full(&self) -> bool {
        let mut rows = self.0.map(|row| row.map(f64::from));
        let mut used = [false; SIZE];
        for column in 0..SIZE {
            let Some(pivot) = (0..SIZE).find(|row| !used[*row] && rows[*row][column].abs() > NOTHING) else {
                return false;
            };
            used[pivot] = true;
            for at in column + 1..SIZE {
                rows[pivot][at] /= rows[pivot][column];
            }
            let chosen = rows[pivot];
            for (index, row) in rows.iter_mut().enumerate() {
                if index != pivot && row[column].abs() > NOTHING {
                    for at in column + 1..SIZE {
                        row[at] -= chosen[at] * row[column];
                    }
                }
            }
        }
        true
    }

    /// The matrix times the nibbles of a hash; of each sum the four highest of its fourteen bits, two sums a byte.
    pub fn times(&self, hash: &[u8; 32]) -> [u8; 32] {
        let nibbles: [u16; SIZE] =
            core::array::from_fn(|n| u16::from(if n % 2 == 0 { hash[n / 2] >> 4 } else { hash[n / 2] & 15 }));
        let sum = |row: &[u16; SIZE]| row.iter().zip(nibbles).map(|(a, b)| a * b).sum::<u16>() >> 10;
        core::array::from_fn(|n| (sum(&self.0[2 * n]) << 4 | sum(&self.0[2 * n + 1])) as u8)
    }
}
