//! The permutation of Keccak, by hand.

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

/// A round of Keccak-f[1600] for each constant (FIPS 202, 3.3), which every kernel holds itself: how many are in a module
/// tells KangarooTwelve from the others.
pub fn permute<const ROUNDS: usize>(a: &mut [u64; 25], constants: [u64; ROUNDS]) {
    for constant in constants {
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
