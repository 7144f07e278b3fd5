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
    let mut xors = 0u32;
    let mut products = 0u32;
    let (mut wide_xor, mut wide_product) = (false, false);
    // (x | y) - (x & y) and x + y - 2 (x & y): an and or a shift, and a difference right behind it. A loop of its own, so
    // that both are done many bytes at a time.
    for (before, byte) in body.iter().zip(body.get(1..).unwrap_or_default()) {
        xors += u32::from(matches!((before, byte), (0x71 | 0x74, 0x6b) | (0x83 | 0x86, 0x7d)));
    }
    for byte in body {
        xors += u32::from(matches!(byte, 0x73 | 0x85 | 0x51));
        products += u32::from(matches!(byte, 0x7e | 0x16));
        wide_xor |= *byte == 0x85;
        wide_product |= *byte == 0x7e;
    }
    // A round kept in a loop has one of each: pwxform.
    (xors, products, wide_xor && wide_product)
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
}
