//! Keccak whose constants are made when the program starts, as small libraries have it: the generator of its round constants
//! (FIPS 202, 3.2.5: a register of eight bits with the polynomial 0x171) and the permutation, told by its two steps that no
//! other hash has together, the parity of five lanes and the lane changed by what one lane lets through of another.

use super::constant::Known;
use super::emit::{self, code};
use super::lower::Lower;
use super::scan::Scan;
use crate::wasm::keccak_round_constants;
use oxc_ast::ast::{BinaryExpression, Expression};
use oxc_syntax::operator::{AssignmentOperator, BinaryOperator, UnaryOperator};
use std::collections::BTreeSet;

/// What was found of it.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// Whether the generator is there.
    is_generated: bool,
    /// Functions that take the parity of five lanes, and those that let one lane through another, by scope.
    parities: BTreeSet<usize>,
    gates: BTreeSet<usize>,
    /// Where the constants stand in memory, once they are known to be made.
    address: Option<u32>,
}

impl<'p, 'a: 'p> Scan<'p, 'a> {
    /// Notes the steps in an operation.
    pub(super) fn note_lanes(&mut self, binary: &BinaryExpression<'a>) {
        match binary.operator {
            BinaryOperator::Multiplication => {
                let sides = [(&binary.left, &binary.right), (&binary.right, &binary.left)];
                self.lanes.is_generated |= sides.into_iter().any(|(shifted, factor)| self.feeds_back(shifted, factor));
            }
            BinaryOperator::BitwiseXOR => {
                if let Some(here) = self.here_is() {
                    if is_parity(binary) {
                        self.lanes.parities.insert(here);
                    }
                    if is_gate(&binary.right) {
                        self.lanes.gates.insert(here);
                    }
                }
            }
            _ => {}
        }
    }

    /// The same of `a[i] ^= ~b & c`.
    pub(super) fn note_step(&mut self, operator: AssignmentOperator, right: &Expression<'a>) {
        if operator == AssignmentOperator::BitwiseXOR
            && is_gate(right)
            && let Some(here) = self.here_is()
        {
            self.lanes.gates.insert(here);
        }
    }

    /// `(r >> 7) * 0x71`.
    fn feeds_back(&self, shifted: &Expression<'a>, factor: &Expression<'a>) -> bool {
        let is = |e: &Expression<'a>, wanted: u8| match self.known(e) {
            Known::Number(n) => n == f64::from(wanted),
            Known::Big(n) => n.get() == u128::from(wanted),
            _ => false,
        };
        let Expression::BinaryExpression(shift) = shifted.get_inner_expression() else { return false };
        matches!(shift.operator, BinaryOperator::ShiftRight | BinaryOperator::ShiftRightZeroFill)
            && is(&shift.right, 7)
            && is(factor, 0x71)
    }

    /// Keeps the constants where a program makes them and has a permutation to use them.
    pub(super) fn keep_round_constants(&mut self) {
        if !self.lanes.is_generated || self.lanes.parities.is_disjoint(&self.lanes.gates) {
            return;
        }
        let at = (self.data.len() + 31) & !15;
        self.data.resize(at, 0);
        self.data.extend(keccak_round_constants().iter().flat_map(|word| word.to_le_bytes()));
        self.lanes.address = Some(emit::DATA + at as u32);
    }
}

impl Lower<'_, '_> {
    /// Has a permutation read the constants that it was told to use.
    pub(super) fn round_constants(&mut self) {
        let Some((scope, address)) = self.scope.zip(self.scan.lanes.address) else { return };
        if self.scan.lanes.parities.contains(&scope) && self.scan.lanes.gates.contains(&scope) {
            self.code.i32(address as i32);
            self.code.memory(code::I64_LOAD, 0);
            self.code.op(code::DROP);
        }
    }
}

/// Five elements of arrays joined by exclusive-ors, and no more.
fn is_parity(binary: &BinaryExpression<'_>) -> bool {
    const LANES: u32 = 5;
    let is_lane = |e: &Expression<'_>| matches!(e.get_inner_expression(), Expression::ComputedMemberExpression(_));
    let (mut lanes, mut next) = (1, binary);
    loop {
        if next.operator != BinaryOperator::BitwiseXOR || !is_lane(&next.right) || lanes >= LANES {
            return false;
        }
        lanes += 1;
        match next.left.get_inner_expression() {
            Expression::BinaryExpression(left) => next = left,
            left => return lanes == LANES && is_lane(left),
        }
    }
}

/// `~b & c`, also where the bits are turned by an exclusive-or with a mask.
fn is_gate(e: &Expression<'_>) -> bool {
    let Expression::BinaryExpression(and) = e.get_inner_expression() else { return false };
    let turns = |e: &Expression<'_>| match e.get_inner_expression() {
        Expression::UnaryExpression(unary) => unary.operator == UnaryOperator::BitwiseNot,
        Expression::BinaryExpression(xor) => xor.operator == BinaryOperator::BitwiseXOR,
        _ => false,
    };
    and.operator == BinaryOperator::BitwiseAnd && (turns(&and.left) || turns(&and.right))
}
