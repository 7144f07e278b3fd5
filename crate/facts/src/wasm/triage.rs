//! A cheap upper bound on what a body can contain, so that most bodies need not be decoded.
//!
//! An operator's first byte occurs in the body at least as often as the operator: a body with too few bytes of a value
//! has too few operators of that kind. The bound errs on one side only.

use super::skim::code;

/// Fewest exclusive-ors, or wide products, of a function that hashes or helps to.
const LEAST: u32 = 3;

/// Whether a body can hold enough exclusive-ors or 64-bit products to be part of a hash.
pub(crate) fn can_matter(body: &[u8]) -> bool {
    let (xors, products, both) = count(body);
    xors >= LEAST || products >= LEAST || both
}

/// Whether a body can hold any exclusive-or or 64-bit product.
pub(crate) fn can_help(body: &[u8]) -> bool {
    let (xors, products, _) = count(body);
    xors + products > 0
}

/// Whether a body can hold a loop and a call of one of these functions.
pub(crate) fn can_call(body: &[u8], is_called: impl Fn(u32) -> bool) -> bool {
    let Some(start) = memchr::memchr(code::LOOP, body) else { return false };
    calls(&body[start..], is_called).next().is_some()
}

/// Bytes that can be calls of one of these functions.
pub(crate) fn calls(body: &[u8], is_called: impl Fn(u32) -> bool) -> impl Iterator<Item = u32> {
    indices(body, code::CALL).filter(move |callee| is_called(*callee))
}

/// What stands behind each byte that can be this operator, read as an index.
pub(crate) fn indices(body: &[u8], operator: u8) -> impl Iterator<Item = u32> {
    memchr::memchr_iter(operator, body).filter_map(|at| index(&body[at + 1..]))
}

/// The index at the start of some bytes.
fn index(bytes: &[u8]) -> Option<u32> {
    let mut index = 0u32;
    for (n, byte) in bytes.iter().take(5).enumerate() {
        index |= u32::from(*byte & 0x7f) << (7 * n);
        if *byte & 0x80 == 0 {
            return Some(index);
        }
    }
    None
}

/// Bytes that may be exclusive-ors, those that may be 64-bit products, and whether there are both of 64 bits.
fn count(body: &[u8]) -> (u32, u32, bool) {
    // i32.xor 0x73, i64.xor 0x85, v128.xor 0xfd 0x51, i64.mul 0x7e, i64.mul_wide_u 0xfc 0x16
    let xors = count_pairs(body, body, |byte, _| (byte == 0x73) | (byte == code::I64_XOR) | (byte == 0x51));
    let products = count_pairs(body, body, |byte, _| (byte == code::I64_MUL) | (byte == 0x16));
    // (x | y) - (x & y) and x + y - 2 (x & y): an and or a shift, and a difference right behind it.
    let disguised = count_pairs(body, body.get(1..).unwrap_or_default(), |before, byte| {
        ((before == code::I32_AND) | (before == code::I32_SHL)) & (byte == code::I32_SUB)
            | ((before == code::I64_AND) | (before == code::I64_SHL)) & (byte == code::I64_SUB)
    });
    // A round kept in a loop has one of each: pwxform.
    let has = |operator| memchr::memchr(operator, body).is_some();
    (xors + disguised, products, has(code::I64_XOR) && has(code::I64_MUL))
}

/// Bytes that are looked at together: a vector of every processor has as many.
const LANES: usize = 16;

/// How many bytes of the first, each with the one at the same place of the second, are asked for. Sums of one byte a lane are
/// what compilers make vectors of, for WebAssembly too.
fn count_pairs(first: &[u8], second: &[u8], is_asked: impl Fn(u8, u8) -> bool) -> u32 {
    const MOST: usize = LANES * u8::MAX as usize;
    let length = first.len().min(second.len());
    first[..length].chunks(MOST).zip(second[..length].chunks(MOST)).map(|(a, b)| count_block(a, b, &is_asked)).sum()
}

/// The same of so few that no lane's sum overflows.
fn count_block(first: &[u8], second: &[u8], is_asked: impl Fn(u8, u8) -> bool) -> u32 {
    let mut sums = [0u8; LANES];
    let ((a, a_rest), (b, b_rest)) = (first.as_chunks::<LANES>(), second.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += u8::from(is_asked(*a, *b));
        }
    }
    let rest = a_rest.iter().zip(b_rest).filter(|(a, b)| is_asked(**a, **b)).count();
    sums.iter().map(|sum| u32::from(*sum)).sum::<u32>() + rest as u32
}

#[cfg(test)]
mod tests {
    use super::can_matter;

    #[test]
    fn only_bodies_with_enough_mixing_are_read() {
        assert!(can_matter(&[0x73, 0x20, 0x85, 0x73]));
        assert!(can_matter(&[0x7e, 0x7e, 0x7e]));
        assert!(can_matter(&[0x7e, 0x85]) && !can_matter(&[0x7e, 0x73]));
        assert!(!can_matter(&[0x6a; 1000]));
    }

    #[test]
    fn every_byte_is_counted_once() {
        for length in [0, 1, 15, 16, 17, 4080, 4081, 10_000] {
            assert_eq!(super::count(&vec![0x73; length]), (length as u32, 0, false));
            let disguised = [0x71, 0x6b].repeat(length);
            assert_eq!(super::count(&disguised), (length as u32, 0, false));
        }
    }
}
