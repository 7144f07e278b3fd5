//! Keccak-f[800]: the permutation of SHA-3 over 32-bit lanes, 22 rounds.

const ROUND: [u32; 22] = [
    0x00000001, 0x00008082, 0x0000808a, 0x80008000, 0x0000808b, 0x80000001, 0x80008081, 0x00008009, 0x0000008a,
    0x00000088, 0x80008009, 0x8000000a, 0x8000808b, 0x0000008b, 0x00008089, 0x00008003, 0x00008002, 0x00000080,
    0x0000800a, 0x8000000a, 0x80008081, 0x00008080,
];
const TURN: [u32; 24] = [1, 3, 6, 10, 15, 21, 28, 4, 13, 23, 2, 14, 27, 9, 24, 8, 25, 11, 30, 18, 7, 29, 20, 12];
const LANE: [usize; 24] = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

/// The permutation.
pub fn permute(state: &mut [u32; 25]) {
    for constant in ROUND {
        let sums: [u32; 5] = core::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ state[x + 5 * y]));
        for (n, lane) in state.iter_mut().enumerate() {
            *lane ^= sums[(n + 4) % 5] ^ sums[(n + 1) % 5].rotate_left(1);
        }
        let mut moved = state[1];
        for (lane, turn) in LANE.into_iter().zip(TURN) {
            (state[lane], moved) = (moved.rotate_left(turn), state[lane]);
        }
        for row in state.chunks_exact_mut(5) {
            let old: [u32; 5] = core::array::from_fn(|x| row[x]);
            for x in 0..5 {
                row[x] = old[x] ^ !old[(x + 1) % 5] & old[(x + 2) % 5];
            }
        }
        state[0] ^= constant;
    }
}
