//! Operators on values that are known.

use super::builtin::Native;
use super::units::Text;
use super::value::{Kind, Value};
use oxc_syntax::operator::BinaryOperator;
use std::rc::Rc;

/// The operator applied to numbers.
pub(super) fn of_numbers<'a>(operator: BinaryOperator, left: f64, right: f64) -> Option<Value<'a>> {
    use BinaryOperator as Op;
    let shift = int32(right) as u32 & 31;
    Some(match operator {
        Op::Addition => Value::Number(left + right),
        Op::Subtraction => Value::Number(left - right),
        Op::Multiplication => Value::Number(left * right),
        Op::Division => Value::Number(left / right),
        Op::Remainder => Value::Number(left % right),
        Op::Exponential => Value::Number(left.powf(right)),
        Op::ShiftLeft => Value::Number(f64::from(int32(left).wrapping_shl(shift))),
        Op::ShiftRight => Value::Number(f64::from(int32(left) >> shift)),
        Op::ShiftRightZeroFill => Value::Number(f64::from((int32(left) as u32) >> shift)),
        Op::BitwiseOR => Value::Number(f64::from(int32(left) | int32(right))),
        Op::BitwiseXOR => Value::Number(f64::from(int32(left) ^ int32(right))),
        Op::BitwiseAnd => Value::Number(f64::from(int32(left) & int32(right))),
        Op::LessThan => Value::Bool(left < right),
        Op::LessEqualThan => Value::Bool(left <= right),
        Op::GreaterThan => Value::Bool(left > right),
        Op::GreaterEqualThan => Value::Bool(left >= right),
        Op::Equality | Op::StrictEquality => Value::Bool(left == right),
        Op::Inequality | Op::StrictInequality => Value::Bool(left != right),
        Op::In | Op::Instanceof => return None,
    })
}

/// The operator applied to strings, where strings are not numbers to it.
pub(super) fn of_texts<'a>(operator: BinaryOperator, left: &Text, right: &Text) -> Option<Value<'a>> {
    Some(Value::Bool(match operator {
        BinaryOperator::LessThan => left < right,
        BinaryOperator::LessEqualThan => left <= right,
        BinaryOperator::GreaterThan => left > right,
        BinaryOperator::GreaterEqualThan => left >= right,
        _ => return None,
    }))
}

/// `===`; `None` where it is unknown.
pub(super) fn same<'a>(left: &Value<'a>, right: &Value<'a>) -> Option<bool> {
    Some(match (left, right) {
        (Value::Unknown, _) | (_, Value::Unknown) => return None,
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b),
        (Value::Native(a), Value::Native(b)) => a == b,
        _ => false,
    })
}

/// `typeof`; `None` where it is unknown.
pub(super) fn type_of(value: &Value<'_>) -> Option<&'static str> {
    Some(match value {
        Value::Unknown => return None,
        Value::Undefined => "undefined",
        Value::Null => "object",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::Text(_) => "string",
        Value::Native(native) => native.type_of(),
        Value::Object(object) => match &*object.kind.borrow() {
            Kind::Function(_) | Kind::Bound(_) => "function",
            Kind::Ghost => return None,
            _ => "object",
        },
    })
}

/// A primitive value as a number; `None` where it is unknown.
pub(super) fn number(value: &Value<'_>) -> Option<f64> {
    Some(match value {
        Value::Undefined => f64::NAN,
        Value::Null => 0.0,
        Value::Bool(bool) => f64::from(u8::from(*bool)),
        Value::Number(number) => *number,
        Value::Text(text) => of_text(text),
        Value::Native(Native::Global) => f64::NAN,
        Value::Unknown | Value::Object(_) | Value::Native(_) => return None,
    })
}

/// A string as a number.
fn of_text(text: &Text) -> f64 {
    // No number is written with so many characters that it matters.
    if text.len() > 400 {
        return f64::NAN;
    }
    let text = text.to_string();
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let radix = |digits: &str, radix| {
        let plain = digits.chars().all(|c| c.is_digit(radix)) && !digits.is_empty();
        if plain {
            digits.chars().fold(0.0, |sum, c| sum * f64::from(radix) + f64::from(c.to_digit(radix).unwrap_or(0)))
        } else {
            f64::NAN
        }
    };
    match text.get(..2) {
        Some("0x" | "0X") => return radix(&text[2..], 16),
        Some("0o" | "0O") => return radix(&text[2..], 8),
        Some("0b" | "0B") => return radix(&text[2..], 2),
        _ => {}
    }
    match text {
        "" => 0.0,
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        // Rust reads words for infinity and NaN as well.
        text if text.contains(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E')) => f64::NAN,
        text => text.parse().unwrap_or(f64::NAN),
    }
}

/// A number as 32 bits, as the operators on bits take it.
pub(super) fn int32(number: f64) -> i32 {
    if number.is_finite() && number.abs() < 2_147_483_648.0 {
        return number as i32;
    }
    if !number.is_finite() {
        return 0;
    }
    let whole = number.trunc().rem_euclid(4_294_967_296.0);
    whole as u32 as i32
}

/// A number as JavaScript writes it.
pub(super) fn written(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let size = number.abs();
    // Most are places in lists.
    if size < 1e15 && number.fract() == 0.0 {
        return (number as i64).to_string();
    }
    if !(1e-6..1e21).contains(&size) {
        let text = format!("{number:e}");
        return match text.split_once('e') {
            Some((digits, power)) if !power.starts_with('-') => format!("{digits}e+{power}"),
            _ => text,
        };
    }
    format!("{number}")
}
