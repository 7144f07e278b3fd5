//! A cheap upper bound on what a body can contain, so that most bodies need not be decoded.
//!
//! An operator's first byte occurs in the body at least as often as the operator: a body with too few bytes of a value
//! has too few operators of that kind. The bound errs on one side only.

/// Fewest exclusive-ors, or wide products, of a function that hashes or helps to.
const LEAST: u32 = 3;

/// Whether a body can hold enough exclusive-ors or 64-bit products to be part of a hash.
pub(crate) fn can_matter(body: &[u8]) -> bool {
    let (xors, products) = count(body);
    xors >= LEAST || products >= LEAST
}

/// Whether a body can hold any exclusive-or or 64-bit product.
pub(crate) fn can_help(body: &[u8]) -> bool {
    count(body) != (0, 0)
}

fn count(body: &[u8]) -> (u32, u32) {
    // i32.xor 0x73, i64.xor 0x85, v128.xor 0xfd 0x51, i64.mul 0x7e, i64.mul_wide_u 0xfc 0x16
    let mut xors = 0u32;
    let mut products = 0u32;
    for byte in body {
        xors += u32::from(matches!(byte, 0x73 | 0x85 | 0x51));
        products += u32::from(matches!(byte, 0x7e | 0x16));
    }
    (xors, products)
}

#[cfg(test)]
mod tests {
    use super::can_matter;

    #[test]
    fn only_bodies_with_enough_mixing_are_read() {
        assert!(can_matter(&[0x73, 0x20, 0x85, 0x73]));
        assert!(can_matter(&[0x7e, 0x7e, 0x7e]));
        assert!(!can_matter(&[0x6a; 1000]));
    }
}
