//! AES in software by T-tables: single rounds and the AES-256 key schedule, both as CryptoNight uses them (CNS008).

/// One AES block as four little-endian columns.
pub type Block = [u32; 4];

/// The s-box and the four T-tables.
struct Tables {
    sbox: [u8; 256],
    columns: [[u32; 256]; 4],
}

#[cfg(not(feature = "computed-tables"))]
#[inline(always)]
fn tables() -> &'static Tables {
    static TABLES: Tables = Tables::new(1);
    &TABLES
}

#[cfg(feature = "computed-tables")]
#[inline(always)]
fn tables() -> &'static Tables {
    static TABLES: std::sync::LazyLock<Tables> = std::sync::LazyLock::new(|| Tables::new(core::hint::black_box(1)));
    &TABLES
}

/// Multiplies by x in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (FIPS 197, 4.2).
const fn double(byte: u8) -> u8 {
    (byte << 1) ^ ((byte >> 7) * 0x1b)
}

/// The s-box from its definition: inverse, then the affine map (FIPS 197, 5.1.1). Walks the powers of the
/// generator 3 and of its inverse at the same time, so that each pair is an element and its inverse.
const fn sbox(one: u8) -> [u8; 256] {
    let mut table = [0u8; 256];
    let (mut element, mut inverse) = (one, one);
    loop {
        element ^= double(element);
        inverse ^= inverse << 1;
        inverse ^= inverse << 2;
        inverse ^= inverse << 4;
        if inverse & 0x80 != 0 {
            inverse ^= 0x09;
        }
        let affine =
            inverse ^ inverse.rotate_left(1) ^ inverse.rotate_left(2) ^ inverse.rotate_left(3) ^ inverse.rotate_left(4);
        table[element as usize] = affine ^ 0x63;
        if element == 1 {
            break;
        }
    }
    table[0] = 0x63;
    table
}

impl Tables {
    /// SubBytes and MixColumns in one look-up; table n is table 0 rotated by n bytes. `one` is 1: what the compiler
    /// does not know it cannot put into the module as data.
    const fn new(one: u8) -> Self {
        let sbox = sbox(one);
        let mut columns = [[0u32; 256]; 4];
        let mut byte = 0;
        while byte < 256 {
            let s = sbox[byte];
            let column = u32::from_le_bytes([double(s), s, s, s ^ double(s)]);
            let mut row = 0;
            while row < 4 {
                columns[row][byte] = column.rotate_left(8 * row as u32);
                row += 1;
            }
            byte += 1;
        }
        Self { sbox, columns }
    }
}

/// One AES round: SubBytes, ShiftRows, MixColumns, AddRoundKey.
#[inline(always)]
pub fn round(block: Block, key: Block) -> Block {
    let table = &tables().columns;
    let column = |n: usize| {
        table[0][(block[n] & 0xff) as usize]
            ^ table[1][(block[(n + 1) & 3] >> 8 & 0xff) as usize]
            ^ table[2][(block[(n + 2) & 3] >> 16 & 0xff) as usize]
            ^ table[3][(block[(n + 3) & 3] >> 24) as usize]
            ^ key[n]
    };
    [column(0), column(1), column(2), column(3)]
}

/// The first ten round keys of the AES-256 schedule (FIPS 197, 5.2); CryptoNight has no use for the rest.
pub fn expand(key: &[u32; 8]) -> [Block; 10] {
    let mut words = [0u32; 40];
    words[..8].copy_from_slice(key);
    let mut constant = 1u8;
    for n in 8..40 {
        let mut word = words[n - 1];
        if n % 8 == 0 {
            word = substitute(word).rotate_right(8) ^ u32::from(constant);
            constant = double(constant);
        } else if n % 8 == 4 {
            word = substitute(word);
        }
        words[n] = words[n - 8] ^ word;
    }
    core::array::from_fn(|n| [words[4 * n], words[4 * n + 1], words[4 * n + 2], words[4 * n + 3]])
}

fn substitute(word: u32) -> u32 {
    u32::from_le_bytes(word.to_le_bytes().map(|byte| tables().sbox[byte as usize]))
}
