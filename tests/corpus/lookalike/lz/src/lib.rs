//! A greedy LZ77 compressor: matches of four bytes and more are found through a hash table of last positions.

const BITS: u32 = 14;
const NONE: u32 = 0;

/// Last positions, counted from 1.
static mut TABLE: [u32; 1 << BITS] = [NONE; 1 << BITS];

buffers::module!(compress);

fn compress(input: &[u8], output: &mut [u8]) -> usize {
    let table = unsafe { &mut *(&raw mut TABLE) };
    table.fill(NONE);
    let (mut at, mut literals, mut to) = (0, 0, 0);
    while at + 4 <= input.len() && to + 4 < output.len() {
        let sequence = u32::from_le_bytes([input[at], input[at + 1], input[at + 2], input[at + 3]]);
        let slot = &mut table[(sequence.wrapping_mul(2_654_435_761) >> (32 - BITS)) as usize];
        let before = core::mem::replace(slot, at as u32 + 1);
        let length = before.checked_sub(1).map_or(0, |before| common(input, before as usize, at));
        if length < 4 {
            at += 1;
            continue;
        }
        to = emit(&input[literals..at], at + 1 - before as usize, length, output, to);
        at += length;
        literals = at;
    }
    emit(&input[literals..], 0, 0, output, to)
}

fn common(input: &[u8], before: usize, at: usize) -> usize {
    input[before..].iter().zip(&input[at..]).take(255).take_while(|(a, b)| a == b).count()
}

/// A token is: count of literals, the literals, distance (16 bits), length.
fn emit(literals: &[u8], distance: usize, length: usize, output: &mut [u8], mut to: usize) -> usize {
    for run in literals.chunks(255) {
        if to + run.len() + 4 > output.len() {
            return to;
        }
        output[to] = run.len() as u8;
        output[to + 1..to + 1 + run.len()].copy_from_slice(run);
        to += 1 + run.len();
    }
    if length > 0 && to + 4 <= output.len() {
        output[to..to + 4].copy_from_slice(&[0, distance as u8, (distance >> 8) as u8, length as u8]);
        to += 4;
    }
    to
}
