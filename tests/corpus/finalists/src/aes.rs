//! One round of AES by tables (FIPS 197), which ECHO, SHAvite-3 and Haraka build on.

/// Four columns, little endian.
pub type Block = [u32; 4];

/// The tables, made by the compiler: they stand in the module's data.
static T: [[u32; 256]; 4] = tables();

/// The s-box.
pub const SBOX: [u8; 256] = sbox();

/// SubBytes, ShiftRows, MixColumns, AddRoundKey.
#[inline(always)]
pub fn round(x: Block, key: Block) -> Block {
    core::array::from_fn(|n| {
        let byte = |row: usize| (x[(n + row) % 4] >> (8 * row)) as u8 as usize;
        T[0][byte(0)] ^ T[1][byte(1)] ^ T[2][byte(2)] ^ T[3][byte(3)] ^ key[n]
    })
}

/// Product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1.
pub const fn times(a: u8, b: u8) -> u8 {
    let (mut a, mut b, mut product) = (a, b, 0);
    while b != 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a = a << 1 ^ if a & 0x80 != 0 { 0x1b } else { 0 };
        b >>= 1;
    }
    product
}

const fn sbox() -> [u8; 256] {
    let mut sbox = [0x63; 256];
    let (mut p, mut q) = (1u8, 1u8);
    loop {
        p = times(p, 3);
        q = times(q, 0xf6);
        let turned = q ^ q.rotate_left(1) ^ q.rotate_left(2) ^ q.rotate_left(3) ^ q.rotate_left(4);
        sbox[p as usize] = turned ^ 0x63;
        if p == 1 {
            return sbox;
        }
    }
}

const fn tables() -> [[u32; 256]; 4] {
    let mut tables = [[0; 256]; 4];
    let mut n = 0;
    while n < 256 {
        let s = SBOX[n];
        let column = u32::from_le_bytes([times(s, 2), s, s, times(s, 3)]);
        let mut row = 0;
        while row < 4 {
            tables[row][n] = column.rotate_left(8 * row as u32);
            row += 1;
        }
        n += 1;
    }
    tables
}
