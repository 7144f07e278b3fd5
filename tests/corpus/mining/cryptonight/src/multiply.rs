//! The 64×64→128-bit multiply.

/// The product as (high, low), from four products of 32-bit halves.
#[cfg(not(feature = "wide-multiply"))]
#[inline(always)]
pub fn multiply(a: u64, b: u64) -> (u64, u64) {
    let (a_low, a_high) = (a & 0xffff_ffff, a >> 32);
    let (b_low, b_high) = (b & 0xffff_ffff, b >> 32);
    let low = a_low * b_low;
    let cross = a_high * b_low + (low >> 32);
    let other = a_low * b_high + (cross & 0xffff_ffff);
    (a_high * b_high + (cross >> 32) + (other >> 32), (other << 32) | (low & 0xffff_ffff))
}

/// The product as (high, low), in the compiler's way.
#[cfg(feature = "wide-multiply")]
#[inline(always)]
pub fn multiply(a: u64, b: u64) -> (u64, u64) {
    let product = u128::from(a) * u128::from(b);
    ((product >> 64) as u64, product as u64)
}
