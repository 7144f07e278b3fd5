//! Haraka v2 (Kölbl, Lauridsen, Mendel, Rechberger): short-input hashing by AES rounds, with any round constants.

use crate::aes::round;

/// One column-wise block of AES.
pub type Block = u128;

/// The round constants of the paper.
pub static CONSTANTS: [Block; 40] = [
    0x0684704ce620c00ab2c5fef075817b9d,
    0x8b66b4e188f3a06b640f6ba42f08f717,
    0x3402de2d53f28498cf029d609f029114,
    0x0ed6eae62e7b4f08bbf3bcaffd5b4f79,
    0xcbcfb0cb4872448b79eecd1cbe397044,
    0x7eeacdee6e9032b78d5335ed2b8a057b,
    0x67c28f435e2e7cd0e2412761da4fef1b,
    0x2924d9b0afcacc07675ffde21fc70b3b,
    0xab4d63f1e6867fe9ecdb8fcab9d465ee,
    0x1c30bf84d4b7cd645b2a404fad037e33,
    0xb2cc0bb9941723bf69028b2e8df69800,
    0xfa0478a6de6f55724aaa9ec85c9d2d8a,
    0xdfb49f2b6b772a120efa4f2e29129fd4,
    0x1ea10344f449a23632d611aebb6a12ee,
    0xaf0449884b0500845f9600c99ca8eca6,
    0x21025ed89d199c4f78a2c7e327e593ec,
    0xbf3aaaf8a759c9b7b9282ecd82d40173,
    0x6260700d6186b01737f2efd910307d6b,
    0x5aca45c22130044381c29153f6fc9ac6,
    0x9223973c226b68bb2caf92e836d1943a,
    0xd3bf9238225886eb6cbab958e51071b4,
    0xdb863ce5aef0c677933dfddd24e1128d,
    0xbb606268ffeba09c83e48de3cb2212b1,
    0x734bd3dce2e4d19c2db91a4ec72bf77d,
    0x43bb47c361301b434b1415c42cb3924e,
    0xdba775a8e707eff603b231dd16eb6899,
    0x6df3614b3c7559778e5e23027eca472c,
    0xcda75a17d6de7d776d1be5b9b88617f9,
    0xec6b43f06ba8e9aa9d6c069da946ee5d,
    0xcb1e6950f957332ba25311593bf327c1,
    0x2cee0c7500da619ce4ed0353600ed0d9,
    0xf0b1a5a196e90cab80bbbabc63a4a350,
    0xae3db1025e962988ab0dde30938dca39,
    0x17bb8f38d554a40b8814f3a82e75b442,
    0x34bb8a5b5f427fd7aeb6b779360a16f6,
    0x26f65241cbe5543843ce5918ffbaafde,
    0x4ce99a54b9f3026aa2ca9cf7839ec978,
    0xae51a51a1bdff7be40c06e2822901235,
    0xa0c1613cba7ed22bc173bc0f48a659cf,
    0x756acc03022882884ad6bdfde9c59da1,
];

/// One round of AES.
#[inline(always)]
pub fn aes(block: Block, key: Block) -> Block {
    join(round(split(block), split(key)))
}

/// The four words of a block.
#[inline(always)]
pub fn split(block: Block) -> [u32; 4] {
    core::array::from_fn(|n| (block >> (32 * n)) as u32)
}

/// A block of four words.
#[inline(always)]
pub fn join(words: [u32; 4]) -> Block {
    words.iter().rev().fold(0, |block, word| block << 32 | Block::from(*word))
}

/// Words of two blocks in turns: the low halves, then the high ones.
#[inline(always)]
pub fn mix(a: Block, b: Block) -> [Block; 2] {
    let (x, y) = (split(a), split(b));
    [join([x[0], y[0], x[1], y[1]]), join([x[2], y[2], x[3], y[3]])]
}

/// Haraka-256.
pub fn haraka256(input: &[Block; 2], constants: &[Block]) -> [Block; 2] {
    let mut state = *input;
    for keys in constants[..20].chunks_exact(4) {
        for (lane, key) in keys.iter().enumerate() {
            state[lane % 2] = aes(state[lane % 2], *key);
        }
        state = mix(state[0], state[1]);
    }
    [state[0] ^ input[0], state[1] ^ input[1]]
}

/// Haraka-512.
pub fn haraka512(input: &[Block; 4], constants: &[Block]) -> [Block; 2] {
    let mut state = *input;
    for keys in constants[..40].chunks_exact(8) {
        for (lane, key) in keys.iter().enumerate() {
            state[lane % 4] = aes(state[lane % 4], *key);
        }
        let [s, t, u, v] = state.map(split);
        state = [
            join([s[3], u[3], t[3], v[3]]),
            join([u[0], s[0], v[0], t[0]]),
            join([u[1], s[1], v[1], t[1]]),
            join([s[2], u[2], t[2], v[2]]),
        ];
    }
    let whole: [Block; 4] = core::array::from_fn(|n| state[n] ^ input[n]);
    let (high, low) = (|block: Block| block >> 64, |block: Block| block & Block::from(u64::MAX));
    [high(whole[0]) | high(whole[1]) << 64, low(whole[2]) | low(whole[3]) << 64]
}
