//! Keccak-1600 as CryptoNight uses it: 200 bytes of state out of any input, padded with 0x01 (Keccak, before SHA-3).

/// Bytes of input that one permutation absorbs (1,600 bits less a capacity of 512).
const RATE: usize = 136;

/// Round constants (FIPS 202, algorithm 5 `rc`).
#[cfg(not(feature = "computed-tables"))]
#[inline(always)]
fn round_constants() -> [u64; 24] {
    const CONSTANTS: [u64; 24] = constants(1);
    CONSTANTS
}

#[cfg(feature = "computed-tables")]
fn round_constants() -> [u64; 24] {
    constants(core::hint::black_box(1))
}

/// From the linear feedback shift register x^8 + x^6 + x^5 + x^4 + 1, which starts with `one`.
const fn constants(one: u8) -> [u64; 24] {
    let mut all = [0u64; 24];
    let mut register = one;
    let mut round = 0;
    while round < 24 {
        let mut bit = 0;
        while bit < 7 {
            all[round] |= ((register & 1) as u64) << ((1 << bit) - 1);
            register = register << 1 ^ (register >> 7) * 0x71;
            bit += 1;
        }
        round += 1;
    }
    all
}

/// The lane that each step of rho-pi moves to, and its rotation (FIPS 202, 3.2.2 and 3.2.3).
const PI: [usize; 24] = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];
const RHO: [u32; 24] = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

/// The permutation Keccak-f[1600].
pub fn permute(state: &mut [u64; 25]) {
    for constant in round_constants() {
        let mut column = [0u64; 5];
        for x in 0..5 {
            column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
        }
        for x in 0..5 {
            let mix = column[(x + 4) % 5] ^ column[(x + 1) % 5].rotate_left(1);
            for y in 0..5 {
                state[x + 5 * y] ^= mix;
            }
        }
        let mut lane = state[1];
        for step in 0..24 {
            let next = state[PI[step]];
            state[PI[step]] = lane.rotate_left(RHO[step]);
            lane = next;
        }
        for y in 0..5 {
            let row: [u64; 5] = core::array::from_fn(|x| state[5 * y + x]);
            for x in 0..5 {
                state[5 * y + x] = row[x] ^ (!row[(x + 1) % 5] & row[(x + 2) % 5]);
            }
        }
        state[0] ^= constant;
    }
}

/// Absorbs `input` and returns the whole state.
pub fn absorb(input: &[u8]) -> [u64; 25] {
    let mut state = [0u64; 25];
    let mut blocks = input.chunks_exact(RATE);
    for block in &mut blocks {
        xor_block(&mut state, block);
        permute(&mut state);
    }
    let mut last = [0u8; RATE];
    let rest = blocks.remainder();
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x01;
    last[RATE - 1] |= 0x80;
    xor_block(&mut state, &last);
    permute(&mut state);
    state
}

fn xor_block(state: &mut [u64; 25], block: &[u8]) {
    for (lane, bytes) in state.iter_mut().zip(block.chunks_exact(8)) {
        let mut word = [0u8; 8];
        word.copy_from_slice(bytes);
        *lane ^= u64::from_le_bytes(word);
    }
}
