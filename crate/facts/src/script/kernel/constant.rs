//! Constants of a program: numbers however they are written, and lists of them, which become words in memory.

use super::scan::Scan;
use oxc_ast::ast::{Argument, ArrayExpressionElement, Expression, NewExpression};
use oxc_syntax::operator::{BinaryOperator, UnaryOperator};

/// What is known of a value before anything runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Known {
    Nothing,
    Number(f64),
    Big(Wide),
    /// A list of constants, by its address in memory, or what a call made of one.
    Table(u32),
    /// A function, by its scope.
    Function(usize),
    /// Whatever another symbol holds.
    Alias(usize),
    /// What a call of the function gave that a symbol holds.
    Made(usize),
    /// A view of a buffer that the program shares, as asm.js has one of each kind.
    Heap,
}

/// A BigInt, kept so that a [`Known`] takes no more room than it must: every variable has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wide([u64; 2]);

impl Wide {
    /// Its value.
    pub(super) fn get(self) -> u128 {
        u128::from(self.0[1]) << 64 | u128::from(self.0[0])
    }
}

impl Known {
    /// A BigInt.
    fn big(value: u128) -> Self {
        Self::Big(Wide([value as u64, (value >> 64) as u64]))
    }
}

/// Expressions inside of each other that are followed: sums by which obfuscators hide a number are a dozen deep.
const DEPTH: u32 = 48;

/// Fewest constants of a list that is kept.
const LEAST_WORDS: usize = 4;

/// Bytes of an element of a typed array, by the constructor's name.
pub(super) fn element_size(name: &str) -> Option<u8> {
    Some(match name {
        "Int8Array" | "Uint8Array" | "Uint8ClampedArray" => 1,
        "Int16Array" | "Uint16Array" => 2,
        "Int32Array" | "Uint32Array" | "Float32Array" => 4,
        "Float64Array" | "BigInt64Array" | "BigUint64Array" => 8,
        _ => return None,
    })
}

/// A number as 32-bit operators see it.
pub(super) fn to_i32(number: f64) -> i32 {
    const TURN: f64 = 4_294_967_296.0;
    if number.is_finite() { number.trunc().rem_euclid(TURN) as u32 as i32 } else { 0 }
}

impl<'p, 'a: 'p> Scan<'p, 'a> {
    /// What an expression is, as far as that is known.
    pub(super) fn known(&self, e: &Expression<'a>) -> Known {
        self.value(e, DEPTH)
    }

    /// What `new C(..)` is.
    pub(super) fn known_new(&self, made: &NewExpression<'a>) -> Known {
        match self.first_table(&made.arguments, DEPTH) {
            Known::Nothing => self.view(&made.callee, &made.arguments),
            table => table,
        }
    }

    /// What an operation on two values gives.
    pub(super) fn combined(&self, operator: BinaryOperator, left: &Expression<'a>, right: &Expression<'a>) -> Known {
        binary_value(operator, self.known(left), self.known(right))
    }

    fn value(&self, e: &Expression<'a>, depth: u32) -> Known {
        let Some(depth) = depth.checked_sub(1) else { return Known::Nothing };
        match e.get_inner_expression() {
            Expression::NumericLiteral(n) => Known::Number(n.value),
            Expression::BigIntLiteral(n) => n.value.parse().map_or(Known::Nothing, Known::big),
            Expression::Identifier(name) => match self.symbol_of(name) {
                Some(symbol) => match self.resolve(symbol) {
                    Known::Nothing | Known::Made(_) if self.symbols[symbol].writes == 0 => Known::Alias(symbol),
                    Known::Made(_) => Known::Nothing,
                    known => known,
                },
                None => Known::Nothing,
            },
            Expression::UnaryExpression(unary) => unary_value(unary.operator, self.value(&unary.argument, depth)),
            Expression::BinaryExpression(binary) => {
                binary_value(binary.operator, self.value(&binary.left, depth), self.value(&binary.right, depth))
            }
            Expression::ArrayExpression(array) => {
                self.arrays.get(&array.span.start).map_or(Known::Nothing, |(address, _)| Known::Table(*address))
            }
            Expression::NewExpression(made) => self.known_new(made),
            Expression::CallExpression(_) if self.has_wrappers && self.operation(e).is_some() => {
                self.operation(e).map_or(Known::Nothing, |(operator, left, right)| {
                    binary_value(operator, self.value(left, depth), self.value(right, depth))
                })
            }
            Expression::CallExpression(call) => self.call_value(&call.callee, &call.arguments, depth),
            Expression::StaticMemberExpression(member) if member.property.name == "length" => {
                self.length(&member.object).map_or(Known::Nothing, Known::Number)
            }
            Expression::StaticMemberExpression(member) => match self.number(member.property.name.as_str()) {
                Some(number) => Known::Number(number),
                None => self.of_table(&member.object, depth),
            },
            Expression::ComputedMemberExpression(member) => {
                match self.text(&member.expression).and_then(|name| self.number(name)) {
                    Some(number) => Known::Number(number),
                    // A list of lists, as halves of words are kept; an element of a list is no table.
                    None if matches!(self.value(&member.expression, depth), Known::Number(_)) => {
                        self.of_table(&member.object, depth)
                    }
                    None => Known::Nothing,
                }
            }
            Expression::SequenceExpression(list) => {
                list.expressions.last().map_or(Known::Nothing, |last| self.value(last, depth))
            }
            Expression::AwaitExpression(wait) => self.value(&wait.argument, depth),
            _ => Known::Nothing,
        }
    }

    /// Elements of a typed array that was made with a number that is known.
    fn length(&self, array: &Expression<'a>) -> Option<f64> {
        let Expression::Identifier(name) = array.get_inner_expression() else { return None };
        let symbol = &self.symbols[self.symbol_of(name)?];
        symbol.length.filter(|_| symbol.writes == 0).map(f64::from)
    }

    fn call_value(&self, callee: &Expression<'a>, arguments: &[Argument<'a>], depth: u32) -> Known {
        let first = || arguments.first().and_then(Argument::as_expression);
        if self.last_name(callee) == Some("BigInt") {
            return match first().map(|e| (e, self.value(e, depth))) {
                Some((_, Known::Number(n))) => Known::big(n as u128),
                Some((e, _)) => text_number(e).map_or(Known::Nothing, Known::big),
                None => Known::Nothing,
            };
        }
        match self.first_table(arguments, depth) {
            Known::Nothing => match callee.get_inner_expression() {
                Expression::StaticMemberExpression(member) => self.of_table(&member.object, depth),
                _ => Known::Nothing,
            },
            table => table,
        }
    }

    /// What is made of a table is taken for the table.
    fn of_table(&self, e: &Expression<'a>, depth: u32) -> Known {
        match self.value(e, depth) {
            table @ Known::Table(_) => table,
            _ => Known::Nothing,
        }
    }

    fn first_table(&self, arguments: &[Argument<'a>], depth: u32) -> Known {
        let first = arguments.first().and_then(Argument::as_expression);
        first.map_or(Known::Nothing, |e| self.of_table(e, depth.min(4)))
    }

    /// A view of a buffer that somebody handed in or keeps.
    fn view(&self, callee: &Expression<'a>, arguments: &[Argument<'a>]) -> Known {
        let is_view = self.last_name(callee).is_some_and(|name| element_size(name).is_some());
        let buffer = arguments.first().and_then(Argument::as_expression).map(Expression::get_inner_expression);
        match buffer {
            Some(Expression::Identifier(name)) if is_view && arguments.len() == 1 => {
                let is_length = self.symbol_of(name).is_some_and(|s| matches!(self.resolve(s), Known::Number(_)));
                if is_length { Known::Nothing } else { Known::Heap }
            }
            _ => Known::Nothing,
        }
    }

    /// The constants of a list as they stand in memory, and the bytes of each; none where it is no list of constants.
    pub(super) fn words(&self, elements: &[ArrayExpressionElement<'a>], size: Option<u8>) -> Option<(Vec<u8>, u8)> {
        if elements.len() < LEAST_WORDS {
            return None;
        }
        let mut words: Vec<u64> = Vec::with_capacity(elements.len());
        let (mut wide, mut known) = (false, 0usize);
        for element in elements {
            let value = element.as_expression().map_or(Known::Nothing, |e| match self.known(e) {
                Known::Nothing => text_number(e).map_or(Known::Nothing, Known::big),
                value => {
                    // A BigInt has 64 bits, however small it is.
                    wide |= matches!(value, Known::Big(_));
                    value
                }
            });
            known += usize::from(matches!(value, Known::Number(_) | Known::Big(_)));
            words.push(match value {
                Known::Number(n) => {
                    wide |= n > 4_294_967_295.0;
                    if n.abs() < 4_294_967_296.0 { u64::from(to_i32(n) as u32) } else { n as u64 }
                }
                Known::Big(n) => {
                    let n = n.get();
                    wide |= n > u128::from(u32::MAX);
                    n as u64
                }
                _ => 0,
            });
            if words.len() == LEAST_WORDS && known == 0 {
                return None;
            }
        }
        if known * 4 < words.len() * 3 {
            return None;
        }
        let size = if wide { 8 } else { size.unwrap_or(4) };
        let bytes = words.iter().flat_map(|word| word.to_le_bytes().into_iter().take(usize::from(size))).collect();
        Some((bytes, size))
    }
}

/// A number that stands in quotes, as arguments of `BigInt` do.
fn text_number(e: &Expression<'_>) -> Option<u128> {
    let Expression::StringLiteral(text) = e.get_inner_expression() else { return None };
    let text = text.value.as_str();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u128::from_str_radix(digits, 16).ok(),
        None => text.parse().ok().filter(|_| text.len() > 5),
    }
}

fn unary_value(operator: UnaryOperator, value: Known) -> Known {
    match (operator, value) {
        (UnaryOperator::UnaryNegation, Known::Number(n)) => Known::Number(-n),
        (UnaryOperator::UnaryPlus, Known::Number(n)) => Known::Number(n),
        (UnaryOperator::BitwiseNot, Known::Number(n)) => Known::Number(f64::from(!to_i32(n))),
        (UnaryOperator::LogicalNot, Known::Number(n)) => Known::Number(f64::from(u8::from(n == 0.0))),
        (UnaryOperator::UnaryNegation, Known::Big(n)) => Known::big(n.get().wrapping_neg()),
        (UnaryOperator::BitwiseNot, Known::Big(n)) => Known::big(!n.get()),
        _ => Known::Nothing,
    }
}

fn binary_value(operator: BinaryOperator, a: Known, b: Known) -> Known {
    match (a, b) {
        (Known::Number(a), Known::Number(b)) => number(operator, a, b).map_or(Known::Nothing, Known::Number),
        (Known::Big(a), Known::Big(b)) => big(operator, a.get(), b.get()).map_or(Known::Nothing, Known::big),
        _ => Known::Nothing,
    }
}

fn number(operator: BinaryOperator, a: f64, b: f64) -> Option<f64> {
    let (x, y) = (to_i32(a), to_i32(b));
    let amount = y as u32 & 31;
    Some(match operator {
        BinaryOperator::Addition => a + b,
        BinaryOperator::Subtraction => a - b,
        BinaryOperator::Multiplication => a * b,
        BinaryOperator::Division => a / b,
        BinaryOperator::Remainder => a % b,
        BinaryOperator::Exponential => a.powf(b),
        BinaryOperator::ShiftLeft => f64::from(x << amount),
        BinaryOperator::ShiftRight => f64::from(x >> amount),
        BinaryOperator::ShiftRightZeroFill => f64::from(x as u32 >> amount),
        BinaryOperator::BitwiseOR => f64::from(x | y),
        BinaryOperator::BitwiseXOR => f64::from(x ^ y),
        BinaryOperator::BitwiseAnd => f64::from(x & y),
        _ => return None,
    })
}

fn big(operator: BinaryOperator, a: u128, b: u128) -> Option<u128> {
    let amount = u32::try_from(b).ok().filter(|n| *n < 128);
    Some(match operator {
        BinaryOperator::Addition => a.wrapping_add(b),
        BinaryOperator::Subtraction => a.wrapping_sub(b),
        BinaryOperator::Multiplication => a.wrapping_mul(b),
        BinaryOperator::Exponential => a.wrapping_pow(amount?),
        BinaryOperator::ShiftLeft => a << amount?,
        BinaryOperator::ShiftRight => a >> amount?,
        BinaryOperator::BitwiseOR => a | b,
        BinaryOperator::BitwiseXOR => a ^ b,
        BinaryOperator::BitwiseAnd => a & b,
        _ => return None,
    })
}
