//! SHA-1 of forty characters and a number in decimal digits, until it equals a hash that is given: Duino-Coin's work.

#[cfg(not(feature = "library"))]
mod sha1;

/// Longest input: forty characters and ten digits, with room.
const INPUT_BYTES: usize = 128;

static mut INPUT: [u8; INPUT_BYTES] = [0; INPUT_BYTES];
static mut OUTPUT: [u8; 32] = [0; 32];
static mut EXPECTED: [u8; 20] = [0; 20];

/// Where the input is written.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut u8 {
    (&raw mut INPUT).cast()
}

/// Where the 20 bytes of the last hash stand, with zeros behind them.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    (&raw const OUTPUT).cast()
}

/// Where the hash that is looked for is written.
#[unsafe(no_mangle)]
pub extern "C" fn expected() -> *mut u8 {
    (&raw mut EXPECTED).cast()
}

#[cfg(feature = "library")]
fn digest(input: &[u8]) -> [u8; 20] {
    use ::sha1::{Digest, Sha1};
    Sha1::digest(input).into()
}

#[cfg(not(feature = "library"))]
fn digest(input: &[u8]) -> [u8; 20] {
    sha1::digest(input)
}

/// Hashes the first `len` bytes of the input.
#[unsafe(no_mangle)]
pub extern "C" fn hash(len: usize) {
    let input = unsafe { &(&*(&raw const INPUT))[..len.min(INPUT_BYTES)] };
    unsafe { (&mut *(&raw mut OUTPUT))[..20].copy_from_slice(&digest(input)) };
}

/// Writes a number in decimal digits behind the first `len` bytes and returns the length of both.
fn write_decimal(len: usize, mut number: u32) -> usize {
    let mut digits = [0; 10];
    let mut count = 0;
    loop {
        digits[count] = b'0' + (number % 10) as u8;
        number /= 10;
        count += 1;
        if number == 0 {
            break;
        }
    }
    let input = unsafe { &mut *(&raw mut INPUT) };
    for (place, digit) in input[len..].iter_mut().zip(digits[..count].iter().rev()) {
        *place = *digit;
    }
    len + count
}

/// Tries `count` numbers from `start` on behind the first `len` bytes and returns how many were tried before the one
/// whose hash is the expected one, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn scan(len: usize, start: u32, count: u32, _target: u64) -> i32 {
    let len = len.min(64);
    for index in 0..count {
        let whole = write_decimal(len, start.wrapping_add(index));
        hash(whole);
        if unsafe { (&*(&raw const OUTPUT))[..20] == *(&raw const EXPECTED) } {
            return index as i32;
        }
    }
    -1
}
