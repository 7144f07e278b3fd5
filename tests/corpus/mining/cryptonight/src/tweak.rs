//! The changes that Monero's variants 1 and 2 made to the main loop.

/// Variant 1: the byte at offset 11 of a stored block, bent by two of its own bits.
#[inline(always)]
pub fn bend(high: u64) -> u64 {
    let byte = high >> 24 & 0xff;
    let index = ((byte >> 3 & 6) | (byte & 1)) << 1;
    high ^ ((0x75310 >> index & 0x30) << 24)
}

/// Variant 2's arithmetic, carried from turn to turn.
#[derive(Clone, Copy)]
pub struct Arithmetic {
    pub quotient: u64,
    pub root: u64,
}

impl Arithmetic {
    /// What is xored into the low word of the block before it is multiplied; `c` is the turn's AES result.
    #[inline(always)]
    pub fn step(&mut self, c: (u64, u64)) -> u64 {
        let mixed = self.quotient ^ (self.root << 32);
        let divisor = u64::from((c.0 as u32).wrapping_add((self.root << 1) as u32) | 0x8000_0001);
        self.quotient = (c.1 / divisor & 0xffff_ffff).wrapping_add((c.1 % divisor) << 32);
        self.root = square_root(c.0.wrapping_add(self.quotient));
        mixed
    }
}

/// floor(2·sqrt(2^64 + n)) − 2^33 by floating point, then corrected by one where rounding went wrong.
#[inline(always)]
fn square_root(n: u64) -> u64 {
    let estimate = ((n as f64 + 18_446_744_073_709_551_616.0).sqrt() * 2.0 - 8_589_934_592.0) as u64;
    let (half, odd) = (estimate >> 1, estimate & 1);
    let square = half.wrapping_mul(half + odd).wrapping_add(estimate << 32);
    if square.wrapping_add(odd) > n {
        estimate - 1
    } else if square.wrapping_add(1 << 32) < n.wrapping_sub(half) {
        estimate + 1
    } else {
        estimate
    }
}
