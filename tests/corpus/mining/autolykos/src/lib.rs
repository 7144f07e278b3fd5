//! Autolykos v2 (ErgoPow): 32 elements of a table are chosen by overlapping words of a hash, added up and hashed again.
//! The input is a message of 32 bytes, a nonce of eight and a height of four, big endian.

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};

shares::module!(work, 36);

/// Words of 64 bits, 0 to 1,023, that make elements slow to compute.
const PADDING: usize = 1024;
/// Elements that are added up.
const CHOSEN: usize = 32;

type Bytes = [u8; 32];

fn blake(parts: &[&[u8]]) -> Bytes {
    let mut hash = Blake2b::<U32>::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// An element of the table: 31 bytes of a hash of its number, the height and the padding.
fn element(index: u32, height: &[u8]) -> Bytes {
    let mut hash = Blake2b::<U32>::new();
    hash.update(index.to_be_bytes());
    hash.update(height);
    for word in 0..PADDING as u64 {
        hash.update(word.to_be_bytes());
    }
    let mut bytes: Bytes = hash.finalize().into();
    bytes[0] = 0;
    bytes
}

/// Elements of the table: 2^26 at first, then five percent more every 51,200 blocks.
#[cfg(not(feature = "table"))]
fn size(height: u32) -> u32 {
    const FIRST: u32 = 614_400;
    let grown = if height < FIRST { 0 } else { (height.min(4_198_400) - FIRST) / 51_200 + 1 };
    (0..grown).fold(1 << 26, |size, _| size / 100 * 105)
}

#[cfg(not(feature = "table"))]
fn look_up(index: u32, height: &[u8]) -> Bytes {
    element(index, height)
}

/// The elements that are kept: a browser's memory does not hold as many as the coin asks for.
#[cfg(feature = "table")]
static mut TABLE: Vec<Bytes> = Vec::new();

#[cfg(feature = "table")]
fn table() -> &'static mut Vec<Bytes> {
    unsafe { &mut *(&raw mut TABLE) }
}

#[cfg(feature = "table")]
fn size(_height: u32) -> u32 {
    table().len().max(1) as u32
}

/// Makes the table of a height, with as many elements as its caller says.
#[cfg(feature = "table")]
#[unsafe(no_mangle)]
pub extern "C" fn fill(height: u32, size: u32) {
    *table() = (0..size).map(|index| element(index, &height.to_be_bytes())).collect();
}

#[cfg(feature = "table")]
fn look_up(index: u32, _height: &[u8]) -> Bytes {
    table().get(index as usize).copied().unwrap_or_default()
}

fn be32(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// Adds a number of 256 bits, big endian.
fn add(sum: &mut Bytes, other: &Bytes) {
    let mut carry = 0;
    for (to, from) in sum.iter_mut().zip(other).rev() {
        carry += u32::from(*to) + u32::from(*from);
        *to = carry as u8;
        carry >>= 8;
    }
}

fn work(input: &[u8], output: &mut Bytes) {
    if input.len() < 44 {
        return;
    }
    let (head, height) = (&input[..40], &input[40..44]);
    let size = size(be32(height));
    let first = blake(&[head]);
    let start =
        u64::from_be_bytes([first[24], first[25], first[26], first[27], first[28], first[29], first[30], first[31]]);
    let start = look_up((start % u64::from(size)) as u32, height);
    let seed = blake(&[&start[1..], head]);
    let mut round = [0; CHOSEN + 3];
    round[..CHOSEN].copy_from_slice(&seed);
    round[CHOSEN..].copy_from_slice(&seed[..3]);
    let mut sum = [0; 32];
    for at in 0..CHOSEN {
        add(&mut sum, &look_up(be32(&round[at..at + 4]) % size, height));
    }
    *output = blake(&[&sum]);
}
