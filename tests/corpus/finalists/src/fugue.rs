//! Fugue-512 (second round's submission): a shift register of 36 words through a super-mix of AES s-boxes.

use crate::aes::{SBOX, times};
use crate::{Hash, be32, from_be32, padded};

const IV: [u32; 16] = [
    0x8807a57e, 0xe616af75, 0xc5d3e4db, 0xac9ab027, 0xd915f117, 0xb6eecc54, 0x06e8020b, 0x4a92efd1, 0xaac6e2c9,
    0xddb21398, 0xcae65838, 0x437f203f, 0x25ea78e7, 0x951fddd6, 0xda6ed11d, 0xe13e3567,
];

static MIX: [[u32; 256]; 4] = tables();

const fn tables() -> [[u32; 256]; 4] {
    let mut tables = [[0; 256]; 4];
    let mut n = 0;
    while n < 256 {
        let s = SBOX[n];
        let column = u32::from_be_bytes([s, s, times(s, 7), times(s, 4)]);
        let mut row = 0;
        while row < 4 {
            tables[row][n] = column.rotate_right(8 * row as u32);
            row += 1;
        }
        n += 1;
    }
    tables
}

/// Fugue-512.
pub fn fugue512(message: &[u8]) -> Hash {
    let mut bytes = padded::<4>(message, 0, 0);
    bytes.truncate(message.len().next_multiple_of(4));
    bytes.extend((8 * message.len() as u64).to_be_bytes());
    let mut s = [0u32; 36];
    s[20..].copy_from_slice(&IV);
    for n in 0..bytes.len() / 4 {
        input(&mut s, be32(&bytes, n));
    }
    close(&mut s);
    let words = [1, 2, 3, 4, 9, 10, 11, 12, 18, 19, 20, 21, 27, 28, 29, 30];
    from_be32(words.into_iter().map(|n| s[n]))
}

fn input(s: &mut [u32; 36], word: u32) {
    s[22] ^= s[0];
    s[0] = word;
    s[8] ^= s[0];
    s[1] ^= s[24];
    s[4] ^= s[27];
    s[7] ^= s[30];
    (0..4).for_each(|_| subround(s));
}

fn subround(s: &mut [u32; 36]) {
    s.rotate_right(3);
    for (to, from) in [(0, 4), (1, 5), (2, 6), (18, 4), (19, 5), (20, 6)] {
        s[to] ^= s[from];
    }
    mix(s);
}

fn close(s: &mut [u32; 36]) {
    (0..32).for_each(|_| subround(s));
    for _ in 0..13 {
        for (at, turn) in [([4, 9, 18, 27], 9), ([4, 10, 18, 27], 9), ([4, 10, 19, 27], 9), ([4, 10, 19, 28], 8)] {
            at.into_iter().for_each(|n| s[n] ^= s[0]);
            s.rotate_right(turn);
            mix(s);
        }
    }
    [4, 9, 18, 27].into_iter().for_each(|n| s[n] ^= s[0]);
}

/// The super-mix of the first four words.
fn mix(s: &mut [u32; 36]) {
    let (mut c, mut r) = ([0u32; 4], [0u32; 4]);
    for column in 0..4 {
        for row in 0..4 {
            let word = MIX[row][(s[column] >> (24 - 8 * row)) as u8 as usize];
            c[column] ^= word;
            if column != row {
                r[row] ^= word;
            }
        }
    }
    for n in 0..4 {
        s[n] = (0..4).fold(0, |sum, row| {
            let shifted = r[row].rotate_left(8 * n as u32);
            sum | (c[(n + row) % 4] ^ shifted) & 0xff00_0000 >> (8 * row)
        });
    }
}
