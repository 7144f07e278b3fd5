//! The garden: 22 nodes, each with a function that the first hash names; the last bit of each result chooses the way.
//! All ways lead to the last node, which is yespower.

use crate::yespower;
use finalists::*;

/// The node at which all ways end.
const LAST: usize = 21;

/// Left and right child of each node before the last.
static CHILDREN: [[u8; 2]; LAST] = [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
    [9, 10],
    [11, 12],
    [13, 14],
    [15, 16],
    [15, 16],
    [15, 16],
    [15, 16],
    [17, 18],
    [17, 18],
    [17, 18],
    [17, 18],
    [19, 20],
    [19, 20],
    [19, 20],
    [19, 20],
    [21, 21],
    [21, 21],
];

pub fn hash(input: &[u8], output: &mut [u8; 32]) {
    let garden = sha512(input);
    let mut state = garden;
    let mut node = 0;
    while node != LAST {
        state = step(garden[node] % 16, &state);
        node = CHILDREN[node][usize::from(state[63] & 1)] as usize;
    }
    *output = yespower::hash(&state, 8, b"et in arcadia ego");
}

/// The function with this number.
fn step(name: u8, state: &Hash) -> Hash {
    match name {
        0 => blake512(state),
        1 => bmw512(state),
        2 => cubehash512(state),
        3 => echo512(state),
        4 => fugue512(state),
        5 => groestl512(state),
        6 => hamsi512(state),
        7 => sha512(state),
        8 => jh512(state),
        9 => keccak512(state),
        10 => luffa512(state),
        11 => shabal512(state),
        12 => shavite512(state),
        13 => simd512(state),
        14 => skein512(state),
        _ => whirlpool(state),
    }
}
