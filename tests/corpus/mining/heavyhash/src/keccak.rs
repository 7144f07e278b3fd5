//! cSHAKE256 of a message that fits one block (FIPS 202, NIST SP 800-185).

/// Bytes of a block.
const RATE: usize = 136;

/// FIPS 202, 3.2.5: the round constants.
const RC: [u64; 24] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808a,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808b,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008a,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000a,
    0x0000_0000_8000_808b,
    0x8000_0000_0000_008b,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800a,
    0x8000_0000_8000_000a,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

/// Along the cycle of π, where each lane goes and by how much it turns.
#[inline(always)]
fn turn_and_move(a: &mut [u64; 25]) {
    let mut moved = a[1];
    macro_rules! lanes {
        ($($to:literal $by:literal),*) => { $( moved = core::mem::replace(&mut a[$to], moved.rotate_left($by)); )* };
    }
    lanes!(
        10 1, 7 3, 11 6, 17 10, 18 15, 3 21, 5 28, 16 36, 8 45, 21 55, 24 2, 4 14, 15 27, 23 41, 19 56, 13
        8, 12 25, 2 43, 20 62, 14 18, 22 39, 9 61, 6 20, 1 44
    );
    let _ = moved;
}

fn permute(a: &mut [u64; 25]) {
    for constant in RC {
        let c: [u64; 5] = core::array::from_fn(|x| a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]);
        for (i, lane) in a.iter_mut().enumerate() {
            *lane ^= c[(i + 4) % 5] ^ c[(i + 1) % 5].rotate_left(1);
        }
        turn_and_move(a);
        for row in a.chunks_exact_mut(5) {
            let old: [u64; 5] = core::array::from_fn(|x| row[x]);
            for x in 0..5 {
                row[x] = old[x] ^ (!old[(x + 1) % 5] & old[(x + 2) % 5]);
            }
        }
        a[0] ^= constant;
    }
}

fn take_in(state: &mut [u64; 25], bytes: impl Iterator<Item = u8>) {
    for (at, byte) in bytes.take(RATE).enumerate() {
        state[at / 8] ^= u64::from(byte) << (8 * (at % 8));
    }
}

/// The first 32 bytes.
pub fn custom_shake(custom: &[u8], message: &[u8]) -> [u8; 32] {
    let mut state = [0; 25];
    // The rate, an empty name and the customisation, each behind its length in bits; then the message and its padding.
    let head = [1, RATE as u8, 1, 0, 1, 8 * custom.len() as u8];
    take_in(&mut state, head.into_iter().chain(custom.iter().copied()));
    permute(&mut state);
    take_in(&mut state, message.iter().copied().chain([4]));
    state[RATE / 8 - 1] ^= 1 << 63;
    permute(&mut state);
    core::array::from_fn(|n| (state[n / 8] >> (8 * (n % 8))) as u8)
}
