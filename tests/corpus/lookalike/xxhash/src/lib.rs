//! xxHash64 over the input, written from its specification.

const PRIME: [u64; 5] =
    [0x9e3779b185ebca87, 0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9, 0x85ebca77c2b2ae63, 0x27d4eb2f165667c5];

buffers::module!(digest);

fn digest(input: &[u8], output: &mut [u8]) -> usize {
    let mut stripes = input.chunks_exact(32);
    let mut hash = if input.len() < 32 {
        PRIME[4]
    } else {
        let mut lanes = [PRIME[0].wrapping_add(PRIME[1]), PRIME[1], 0, PRIME[0].wrapping_neg()];
        for stripe in &mut stripes {
            for (n, lane) in lanes.iter_mut().enumerate() {
                *lane = round(*lane, word(&stripe[8 * n..]));
            }
        }
        let joined =
            lanes.iter().zip([1, 7, 12, 18]).fold(0u64, |sum, (lane, by)| sum.wrapping_add(lane.rotate_left(by)));
        lanes
            .into_iter()
            .fold(joined, |hash, lane| (hash ^ round(0, lane)).wrapping_mul(PRIME[0]).wrapping_add(PRIME[3]))
    };
    hash = tail(hash.wrapping_add(input.len() as u64), stripes.remainder());
    for (shift, prime) in [(33, PRIME[1]), (29, PRIME[2])] {
        hash = (hash ^ hash >> shift).wrapping_mul(prime);
    }
    output[..8].copy_from_slice(&(hash ^ hash >> 32).to_le_bytes());
    8
}

fn tail(mut hash: u64, rest: &[u8]) -> u64 {
    let mut eights = rest.chunks_exact(8);
    for eight in &mut eights {
        hash = (hash ^ round(0, word(eight))).rotate_left(27).wrapping_mul(PRIME[0]).wrapping_add(PRIME[3]);
    }
    let mut rest = eights.remainder();
    if let Some((four, behind)) = rest.split_at_checked(4) {
        let value = u64::from(u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
        hash = (hash ^ value.wrapping_mul(PRIME[0])).rotate_left(23).wrapping_mul(PRIME[1]).wrapping_add(PRIME[2]);
        rest = behind;
    }
    for &byte in rest {
        hash = (hash ^ u64::from(byte).wrapping_mul(PRIME[4])).rotate_left(11).wrapping_mul(PRIME[0]);
    }
    hash
}

fn round(lane: u64, input: u64) -> u64 {
    lane.wrapping_add(input.wrapping_mul(PRIME[1])).rotate_left(31).wrapping_mul(PRIME[0])
}

fn word(bytes: &[u8]) -> u64 {
    let mut word = [0u8; 8];
    word.copy_from_slice(&bytes[..8]);
    u64::from_le_bytes(word)
}
