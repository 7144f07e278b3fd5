//! A picture decoder's back references into a ring of 2 MiB, in blocks of 16 bytes: the mask is CryptoNight's, and
//! the address comes from what was read. There is no cipher, no multiply and no hash.

const RING: usize = 2 << 20;
const MASK: usize = RING - 16;

static mut WINDOW: [u8; RING] = [0; RING];

buffers::module!(decode);

/// Each 8 bytes of input are a back reference: distance, run length and a bias that is added to every byte.
fn decode(input: &[u8], output: &mut [u8]) -> usize {
    let ring = unsafe { &mut *(&raw mut WINDOW) };
    let mut place = 0usize;
    let mut written = 0;
    for reference in input.chunks_exact(8) {
        let distance = u32::from_le_bytes([reference[0], reference[1], reference[2], 0]) as usize;
        let bias = u64::from_le_bytes([reference[7]; 8]);
        for _ in 0..=reference[3] {
            let from = place.wrapping_sub(distance) & MASK;
            let (low, high) = (word(ring, from), word(ring, from + 8));
            // What was just read shifts the next reference: a predictor.
            let next = (from + (low >> 40) as usize) & MASK;
            let mixed = low.wrapping_add(bias) ^ word(ring, next);
            ring[place..place + 8].copy_from_slice(&mixed.to_le_bytes());
            ring[place + 8..place + 16].copy_from_slice(&high.wrapping_add(bias).to_le_bytes());
            place = (place + 16) & MASK;
        }
        let end = (written + 16).min(output.len());
        let length = end - written;
        output[written..end].copy_from_slice(&ring[place..place + length]);
        written = end % output.len();
    }
    written
}

fn word(ring: &[u8; RING], at: usize) -> u64 {
    let mut word = [0u8; 8];
    word.copy_from_slice(&ring[at..at + 8]);
    u64::from_le_bytes(word)
}
