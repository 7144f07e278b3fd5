//! KangarooTwelve of a message that fits one chunk, without customisation (RFC 9861, 2 and 3).

/// FIPS 202, 3.2.5: the last twelve round constants.
const RC: [u64; 12] = [
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
/// Bytes of a block.
const RATE: usize = 168;

/// ρ and π (FIPS 202, 3.2.2 and 3.2.3): along the cycle of π, where each lane goes and by how much it turns.
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

/// The first 32 bytes for a message shorter than 8,191 bytes.
pub fn hash(message: &[u8]) -> [u8; 32] {
    let mut state = [0u64; 25];
    let mut put = |at: usize, byte: u8| state[at / 8] ^= u64::from(byte) << (8 * (at % 8));
    let mut at = 0;
    // No customisation (one zero for its length), then the end marker of a single chunk.
    for byte in message.iter().copied().chain([0, 7]) {
        if at == RATE {
            break;
        }
        put(at, byte);
        at += 1;
    }
    put(RATE - 1, 0x80);
    permute(&mut state);
    let mut hash = [0; 32];
    for (place, word) in hash.chunks_exact_mut(8).zip(state) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    hash
}
