//! Arithmetic on constants and on bounds of bits.

use super::value::{Op, Width};

/// Whether the operands may change places.
pub(super) fn commutes(op: Op) -> bool {
    matches!(op, Op::Add | Op::Mul | Op::And | Op::Or | Op::Xor)
}

/// All bits up to and including the highest one of `x`.
pub(super) fn below(x: u64) -> u64 {
    if x == 0 { 0 } else { u64::MAX >> x.leading_zeros() }
}

/// Upper bound on the bits of a product, from those of its factors.
pub(super) fn product_bound(x: u64, y: u64) -> u64 {
    // A truth value keeps the other factor or gives 0.
    if x == 1 || y == 1 {
        return if x == 1 { y } else { x };
    }
    let length = 128 - x.leading_zeros() - y.leading_zeros();
    let zeros = x.trailing_zeros().saturating_add(y.trailing_zeros());
    if x == 0 || y == 0 {
        0
    } else {
        let high = if length >= 64 { u64::MAX } else { (1 << length) - 1 };
        if zeros >= 64 { 0 } else { high & (u64::MAX << zeros) }
    }
}

/// The constant that an operator makes of two; none where the engine would trap or nothing is known.
pub(super) fn fold(op: Op, width: Width, x: u64, y: u64) -> Option<u64> {
    let bits = u64::from(width.bits());
    let amount = (y % bits) as u32;
    Some(match op {
        Op::Add => x.wrapping_add(y),
        Op::Sub => x.wrapping_sub(y),
        Op::Mul => x.wrapping_mul(y),
        Op::And => x & y,
        Op::Or => x | y,
        Op::Xor => x ^ y,
        Op::Shl => x << amount,
        Op::ShrU => x >> amount,
        Op::ShrS if bits == 32 => ((x as u32 as i32) >> amount) as u32 as u64,
        Op::ShrS => ((x as i64) >> amount) as u64,
        Op::RotR if bits == 32 => u64::from((x as u32).rotate_right(amount)),
        Op::RotR => x.rotate_right(amount),
        Op::RemU if y != 0 => x % y,
        _ => return None,
    })
}
