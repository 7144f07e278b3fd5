//! Counts paths of knights and rooks on bitboards, with Zobrist keys and a transposition table: no chess, but its shape.

/// Entries of the transposition table; 16 bytes each, 2 MiB together.
const ENTRIES: usize = 1 << 17;

static mut TABLE: [(u64, u64); ENTRIES] = [(0, 0); ENTRIES];

buffers::module!(search);

fn search(input: &[u8], output: &mut [u8]) -> usize {
    let Some(&[square, depth]) = input.get(..2) else { return 0 };
    let nodes = count(1 << (square & 63), 0x00ff_0000_0000_ff00, u32::from(depth & 7), 0);
    output[..8].copy_from_slice(&nodes.to_le_bytes());
    8
}

fn count(pieces: u64, blocked: u64, depth: u32, key: u64) -> u64 {
    if depth == 0 {
        return 1;
    }
    let place = (key as usize) & (ENTRIES - 1);
    let table = unsafe { &mut *(&raw mut TABLE) };
    if table[place].0 == key ^ u64::from(depth) && key != 0 {
        return table[place].1;
    }
    let mut nodes = 0;
    let mut from_all = pieces;
    while from_all != 0 {
        let from = from_all.trailing_zeros();
        from_all &= from_all - 1;
        let mut to_all = (knight(1 << from) | rook(from, blocked)) & !pieces;
        while to_all != 0 {
            let to = to_all.trailing_zeros();
            to_all &= to_all - 1;
            let next = pieces ^ (1 << from) ^ (1 << to);
            nodes += count(next, blocked & !(1 << to), depth - 1, key ^ zobrist(from) ^ zobrist(to));
        }
    }
    table[place] = (key ^ u64::from(depth), nodes);
    nodes
}

fn knight(from: u64) -> u64 {
    let one = (from << 1 & 0xfefe_fefe_fefe_fefe) | (from >> 1 & 0x7f7f_7f7f_7f7f_7f7f);
    let two = (from << 2 & 0xfcfc_fcfc_fcfc_fcfc) | (from >> 2 & 0x3f3f_3f3f_3f3f_3f3f);
    one << 16 | one >> 16 | two << 8 | two >> 8
}

/// Sliding attacks along the rank and file by the subtraction trick.
fn rook(square: u32, blocked: u64) -> u64 {
    let from = 1u64 << square;
    let file = 0x0101_0101_0101_0101 << (square & 7);
    let rank = 0xff << (square & 56);
    [file, rank].into_iter().fold(0, |all, line| {
        let up = (blocked & line).wrapping_sub(from.wrapping_mul(2));
        let down = (blocked & line).reverse_bits().wrapping_sub(from.reverse_bits().wrapping_mul(2)).reverse_bits();
        all | ((up ^ down) & line)
    })
}

/// A square's key, from a counter-based generator (SplitMix64).
fn zobrist(square: u32) -> u64 {
    let mut z = u64::from(square + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}
