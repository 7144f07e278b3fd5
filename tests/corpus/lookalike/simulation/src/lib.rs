//! Estimates an integral by eight interleaved generators: PCG's linear step (Knuth's multiplier) and permutations by
//! rotation, the upper halves of products for numbers in a range, and a table of weights looked up at random.

buffers::module!(estimate);

const WEIGHTS: usize = 1 << 21;
static mut TABLE: [u64; WEIGHTS] = [0; WEIGHTS];

fn estimate(input: &[u8], output: &mut [u8]) -> usize {
    let table = unsafe { &mut *(&raw mut TABLE) };
    let mut streams = [0u64; 8];
    for (n, stream) in streams.iter_mut().enumerate() {
        *stream = input.get(n).map_or(n as u64, |byte| u64::from(*byte) << n);
    }
    for (n, weight) in table.iter_mut().enumerate() {
        *weight = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    let mut sums = [0f64; 8];
    for _ in 0..input.len() {
        for (n, stream) in streams.iter_mut().enumerate() {
            *stream = stream.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let mixed = (*stream ^ *stream >> 29).wrapping_mul(0xd6e8_feb8_6659_fd93).rotate_right(7 * n as u32 + 5);
            let inside = (u128::from(mixed) * u128::from(*stream) >> 64) as u64;
            let weight = table[mixed as usize & (WEIGHTS - 1)] ^ inside;
            sums[n] += (weight >> 11) as f64 / (1u64 << 53) as f64;
        }
    }
    for (sum, bytes) in sums.iter().zip(output.chunks_exact_mut(8)) {
        bytes.copy_from_slice(&sum.to_le_bytes());
    }
    64
}
