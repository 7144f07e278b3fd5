//! The chains: which functions, in which order.

use finalists::*;

/// X11's order; X13, X15 and X16 add to its end.
#[cfg(not(any(feature = "x16r", feature = "ghostrider", feature = "minotaur")))]
pub fn hash(input: &[u8]) -> [u8; 32] {
    let mut state = blake512(input);
    state = bmw512(&state);
    state = groestl512(&state);
    state = skein512(&state);
    state = jh512(&state);
    state = keccak512(&state);
    state = luffa512(&state);
    state = cubehash512(&state);
    state = shavite512(&state);
    state = simd512(&state);
    state = echo512(&state);
    if cfg!(any(feature = "x13", feature = "x15")) {
        state = hamsi512(&state);
        state = fugue512(&state);
    }
    if cfg!(feature = "x15") {
        state = shabal512(&state);
        state = whirlpool(&state);
    }
    first(&state)
}

/// The half that is the chain's result.
fn first(state: &Hash) -> [u8; 32] {
    core::array::from_fn(|n| state[n])
}

/// X16R: sixteen turns of the functions that the last nibbles of the previous block's hash name.
#[cfg(feature = "x16r")]
pub fn hash(input: &[u8]) -> [u8; 32] {
    let mut state = [0; 64];
    for turn in 0..16 {
        let byte = input[4 + (15 - turn) / 2];
        let name = if turn % 2 == 1 { byte & 15 } else { byte >> 4 };
        state = select(name, if turn == 0 { input } else { &state });
    }
    first(&state)
}

/// The function with this number, as one switch.
#[cfg(feature = "x16r")]
fn select(name: u8, input: &[u8]) -> Hash {
    match name {
        0 => blake512(input),
        1 => bmw512(input),
        2 => groestl512(input),
        3 => jh512(input),
        4 => keccak512(input),
        5 => skein512(input),
        6 => luffa512(input),
        7 => cubehash512(input),
        8 => shavite512(input),
        9 => simd512(input),
        10 => echo512(input),
        11 => hamsi512(input),
        12 => fugue512(input),
        13 => shabal512(input),
        14 => whirlpool(input),
        _ => sha512(input),
    }
}

/// GhostRider: five of fifteen functions and one of six sizes of CryptoNight, three times over, in an order that the
/// previous block's hash gives.
#[cfg(feature = "ghostrider")]
pub fn hash(input: &[u8]) -> [u8; 32] {
    let (core, slow): ([usize; 15], [usize; 6]) = (order(&input[4..36]), order(&input[4..36]));
    let mut state = [0; 64];
    for third in 0..3 {
        for turn in 0..5 {
            let from = if third == 0 && turn == 0 { input } else { &state };
            state = FUNCTIONS[core[5 * third + turn]](from);
        }
        let short = cryptonight::ghostrider(slow[third], &state);
        state = [0; 64];
        state[..32].copy_from_slice(&short);
    }
    first(&state)
}

#[cfg(feature = "ghostrider")]
static FUNCTIONS: [fn(&[u8]) -> Hash; 15] = [
    blake512,
    bmw512,
    groestl512,
    jh512,
    keccak512,
    skein512,
    luffa512,
    cubehash512,
    shavite512,
    simd512,
    echo512,
    hamsi512,
    fugue512,
    shabal512,
    whirlpool,
];

/// The first occurrence of each number among the seed's nibbles; then those that do not occur.
#[cfg(feature = "ghostrider")]
fn order<const N: usize>(seed: &[u8]) -> [usize; N] {
    let nibbles = seed.iter().flat_map(|byte| [byte & 15, byte >> 4]).map(|nibble| nibble as usize % N);
    let mut order = [0; N];
    let mut found = 0;
    for number in nibbles.chain(0..N) {
        if found < N && !order[..found].contains(&number) {
            order[found] = number;
            found += 1;
        }
    }
    order
}

/// Minotaur: a walk down a tree of 22 nodes; each node's function comes from a first hash, each turn from the last bit.
#[cfg(feature = "minotaur")]
pub fn hash(input: &[u8]) -> [u8; 32] {
    let garden = sha512(input);
    let mut state = garden;
    let mut node = 0;
    loop {
        state = FUNCTIONS[garden[node] as usize % 16](&state);
        let children = CHILDREN[node];
        node = children[(state[63] & 1) as usize] as usize;
        if node == 0 {
            return first(&state);
        }
    }
}

/// Left and right child of each node; 0 for none.
#[cfg(feature = "minotaur")]
static CHILDREN: [[u8; 2]; 22] = [
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
    [0, 0],
];

#[cfg(feature = "minotaur")]
static FUNCTIONS: [fn(&[u8]) -> Hash; 16] = [
    blake512,
    bmw512,
    cubehash512,
    echo512,
    fugue512,
    groestl512,
    hamsi512,
    sha512,
    jh512,
    keccak512,
    luffa512,
    shabal512,
    shavite512,
    simd512,
    skein512,
    whirlpool,
];
