//! Numbers and arithmetic.

use super::super::machine::{Evaluated, Machine};
use super::super::operator;
use super::super::value::Value;
use super::{Native, at};

/// A function of `Math`.
pub(super) fn math<'a>(native: Native, given: &[Value<'a>]) -> Value<'a> {
    let mut numbers = Vec::with_capacity(given.len());
    for value in given {
        match operator::number(value) {
            Some(number) => numbers.push(number),
            None => return Value::Unknown,
        }
    }
    let first = numbers.first().copied().unwrap_or(f64::NAN);
    let second = numbers.get(1).copied().unwrap_or(f64::NAN);
    Value::Number(match native {
        Native::Floor => first.floor(),
        Native::Ceil => first.ceil(),
        Native::Round => (first + 0.5).floor(),
        Native::Trunc => first.trunc(),
        Native::Abs => first.abs(),
        Native::Min => numbers.iter().copied().fold(f64::INFINITY, f64::min),
        Native::Max => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Native::Pow => first.powf(second),
        Native::Sqrt => first.sqrt(),
        Native::Log => first.ln(),
        Native::Log2 => first.log2(),
        Native::Sign if first == 0.0 => 0.0,
        Native::Sign => first.signum(),
        Native::Imul => f64::from(operator::int32(first).wrapping_mul(operator::int32(second))),
        _ => return Value::Unknown,
    })
}

/// The digits of a whole number or fraction in a radix, as far as decoders and packers write them.
pub(super) fn in_radix(number: f64, radix: u32) -> String {
    if !number.is_finite() || radix == 10 {
        return operator::written(number);
    }
    let mut whole = number.abs().trunc();
    let mut digits = Vec::new();
    while whole >= 1.0 && digits.len() < 1100 {
        digits.push(char::from_digit((whole % f64::from(radix)) as u32, radix).unwrap_or('0'));
        whole = (whole / f64::from(radix)).trunc();
    }
    if digits.is_empty() {
        digits.push('0');
    }
    if number < 0.0 {
        digits.push('-');
    }
    let mut text: String = digits.into_iter().rev().collect();
    let mut rest = number.abs().fract();
    if rest > 0.0 {
        text.push('.');
        for _ in 0..52 {
            rest *= f64::from(radix);
            text.push(char::from_digit(rest.trunc() as u32, radix).unwrap_or('0'));
            rest = rest.fract();
            if rest == 0.0 {
                break;
            }
        }
    }
    text
}

/// `parseInt`.
pub(super) fn parse_int(text: &str, radix: Option<f64>) -> f64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let hex = digits.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x"));
    let radix = match radix.map(operator::int32) {
        None | Some(0) => {
            if hex {
                16
            } else {
                10
            }
        }
        Some(radix @ 2..=36) => radix as u32,
        Some(_) => return f64::NAN,
    };
    let digits = if radix == 16 && hex { &digits[2..] } else { digits };
    let mut value = None;
    for digit in digits.chars().map_while(|c| c.to_digit(radix)) {
        value = Some(value.unwrap_or(0.0) * f64::from(radix) + f64::from(digit));
    }
    value.map_or(f64::NAN, |value| sign * value)
}

/// `parseFloat`.
pub(super) fn parse_float(text: &str) -> f64 {
    let text = text.trim_start();
    let mut end = 0;
    let mut seen = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            '0'..='9' => {}
            '+' | '-' if at == 0 || matches!(text.as_bytes()[at - 1], b'e' | b'E') => {}
            '.' if !seen.0 && !seen.1 => seen.0 = true,
            'e' | 'E' if !seen.1 && at > 0 => seen.1 = true,
            _ => break,
        }
        end = at + 1;
    }
    (0..=end).rev().find_map(|end| text[..end].parse().ok()).unwrap_or(f64::NAN)
}

impl<'a> Machine<'a, '_> {
    /// A method of numbers.
    pub(super) fn call_number(&mut self, native: Native, this: &Value<'a>, given: &[Value<'a>]) -> Evaluated<'a> {
        let Value::Number(number) = this else { return Ok(Value::Unknown) };
        Ok(match native {
            Native::NumberToString => match (at(given, 0), operator::number(at(given, 0))) {
                (Value::Undefined, _) => self.text(&operator::written(*number)),
                (_, Some(radix)) if (2.0..=36.0).contains(&radix) => self.text(&in_radix(*number, radix as u32)),
                _ => Value::Unknown,
            },
            Native::ToFixed => match operator::number(at(given, 0)) {
                Some(digits) if digits.is_nan() => self.text(&format!("{number:.0}")),
                Some(digits) if (0.0..=20.0).contains(&digits) => {
                    self.text(&format!("{number:.precision$}", precision = digits as usize))
                }
                _ => Value::Unknown,
            },
            _ => Value::Number(*number),
        })
    }
}
