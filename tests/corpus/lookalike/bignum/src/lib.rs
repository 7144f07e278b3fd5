//! Modular exponentiation by Montgomery's method on 2,048-bit numbers: base, exponent and odd modulus from the input.

/// 64-bit limbs of a number, lowest first.
const LIMBS: usize = 32;
type Number = [u64; LIMBS];

buffers::module!(power);

fn power(input: &[u8], output: &mut [u8]) -> usize {
    let Some(input) = input.get(..3 * 8 * LIMBS) else { return 0 };
    let numbers: [Number; 3] = core::array::from_fn(|n| read(&input[n * 8 * LIMBS..]));
    let [base, exponent, mut modulus] = numbers;
    modulus[0] |= 1;
    let inverse = negative_inverse(modulus[0]);
    let mut result = base;
    for bit in (0..64 * LIMBS).rev() {
        result = multiply(&result, &result, &modulus, inverse);
        if exponent[bit / 64] >> (bit % 64) & 1 == 1 {
            result = multiply(&result, &base, &modulus, inverse);
        }
    }
    for (bytes, limb) in output.chunks_exact_mut(8).zip(result) {
        bytes.copy_from_slice(&limb.to_le_bytes());
    }
    8 * LIMBS
}

fn read(bytes: &[u8]) -> Number {
    core::array::from_fn(|n| {
        let mut limb = [0u8; 8];
        limb.copy_from_slice(&bytes[8 * n..8 * n + 8]);
        u64::from_le_bytes(limb)
    })
}

/// -1 / `odd` modulo 2^64, by Newton's method.
fn negative_inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}

/// `a·b / 2^(64·LIMBS)` modulo `modulus`, almost reduced (CIOS).
fn multiply(a: &Number, b: &Number, modulus: &Number, inverse: u64) -> Number {
    let mut sum = [0u64; LIMBS + 2];
    for &limb in a {
        add_scaled(&mut sum, b, limb);
        let factor = sum[0].wrapping_mul(inverse);
        add_scaled(&mut sum, modulus, factor);
        sum.copy_within(1.., 0);
        sum[LIMBS + 1] = 0;
    }
    let mut result: Number = core::array::from_fn(|n| sum[n]);
    if sum[LIMBS] != 0 {
        let mut borrow = false;
        for n in 0..LIMBS {
            let (first, under) = result[n].overflowing_sub(modulus[n]);
            let (second, again) = first.overflowing_sub(u64::from(borrow));
            (result[n], borrow) = (second, under || again);
        }
    }
    result
}

/// `sum += number·factor`.
fn add_scaled(sum: &mut [u64; LIMBS + 2], number: &Number, factor: u64) {
    let mut carry = 0u64;
    for n in 0..LIMBS {
        let wide = u128::from(number[n]) * u128::from(factor) + u128::from(sum[n]) + u128::from(carry);
        (sum[n], carry) = (wide as u64, (wide >> 64) as u64);
    }
    let (top, over) = sum[LIMBS].overflowing_add(carry);
    (sum[LIMBS], sum[LIMBS + 1]) = (top, sum[LIMBS + 1] + u64::from(over));
}
