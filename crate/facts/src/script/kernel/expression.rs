//! Expressions: each leaves one value. Whether it is one of 64 bits (a BigInt) is given back.

use super::constant::{Known, to_i32};
use super::emit::{DIGEST, code, unknown};
use super::inline::values_of;
use super::lower::{Body, Lower};
use oxc_ast::ast::{
    ArrayExpression, ArrayExpressionElement, AssignmentExpression, AssignmentTarget, Expression,
    SimpleAssignmentTarget, UnaryExpression, UpdateExpression,
};
use oxc_span::{ContentEq, GetSpan};
use oxc_syntax::operator::{AssignmentOperator, BinaryOperator, LogicalOperator, UnaryOperator, UpdateOperator};

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// Writes an expression for what it does; its value is dropped.
    pub(super) fn effect(&mut self, e: &'p Expression<'a>) {
        self.code.mark(e.span().start);
        match e.get_inner_expression() {
            Expression::UpdateExpression(update) => self.update(update, false),
            Expression::AssignmentExpression(assignment) => {
                self.assign(assignment, false);
            }
            Expression::SequenceExpression(list) => list.expressions.iter().for_each(|e| self.effect(e)),
            Expression::AwaitExpression(wait) => self.effect(&wait.argument),
            e if e.is_literal() => {}
            e => {
                self.expression(e);
                self.code.op(code::DROP);
            }
        }
    }

    /// Writes an expression for its value; whether that has 64 bits.
    pub(super) fn expression(&mut self, e: &'p Expression<'a>) -> bool {
        let e = e.get_inner_expression();
        if let Some((_, local)) = self.kept.iter().find(|(kept, _)| std::ptr::eq(*kept, e)) {
            self.code.op_with(code::LOCAL_GET, *local);
            return false;
        }
        if let Some(local) = self.sent(e) {
            self.code.op_with(code::LOCAL_GET, local);
            return false;
        }
        match e {
            Expression::NumericLiteral(n) => self.code.i32(to_i32(n.value)),
            Expression::BooleanLiteral(b) => self.code.i32(i32::from(b.value)),
            Expression::BigIntLiteral(n) => {
                let value: u128 = n.value.parse().unwrap_or_default();
                self.code.i64(value as u64 as i64);
                return true;
            }
            Expression::Identifier(name) => return self.name(name),
            Expression::BinaryExpression(_) => return self.operation(e),
            Expression::AssignmentExpression(assignment) => return self.assign(assignment, true),
            Expression::UpdateExpression(update) => self.update(update, true),
            Expression::UnaryExpression(unary) => return self.unary(unary),
            Expression::ComputedMemberExpression(_)
            | Expression::StaticMemberExpression(_)
            | Expression::PrivateFieldExpression(_) => {
                return self.member(e);
            }
            Expression::CallExpression(_) if self.scan.operation(e).is_some() => return self.operation(e),
            Expression::CallExpression(call) => return self.call(call),
            Expression::NewExpression(made) => self.made(made),
            Expression::SequenceExpression(list) => {
                let Some((last, before)) = list.expressions.split_last() else { return false };
                before.iter().for_each(|e| self.effect(e));
                return self.expression(last);
            }
            Expression::ConditionalExpression(choice) => {
                self.condition(&choice.test);
                self.code.open(code::IF, true);
                let wide = self.expression(&choice.consequent);
                self.code.op(code::ELSE);
                let also = self.expression(&choice.alternate);
                self.code.end();
                return wide || also;
            }
            Expression::LogicalExpression(logical) => {
                let wide = self.expression(&logical.left);
                let local = self.take();
                self.code.op_with(code::LOCAL_TEE, local);
                self.code.open(code::IF, true);
                let right = |lower: &mut Self| lower.expression(&logical.right);
                let also = if logical.operator == LogicalOperator::And {
                    let also = right(self);
                    self.code.op(code::ELSE);
                    self.code.op_with(code::LOCAL_GET, local);
                    also
                } else {
                    self.code.op_with(code::LOCAL_GET, local);
                    self.code.op(code::ELSE);
                    right(self)
                };
                self.code.end();
                self.give_back(local);
                return wide || also;
            }
            other => return self.other(other),
        }
        false
    }

    fn other(&mut self, e: &'p Expression<'a>) -> bool {
        match e {
            Expression::AwaitExpression(wait) => return self.expression(&wait.argument),
            Expression::YieldExpression(given) if self.consumer.is_some() => self.hand_out(given),
            Expression::YieldExpression(given) => match &given.argument {
                Some(value) => return self.expression(value),
                None => self.code.i32(0),
            },
            Expression::ThisExpression(_) | Expression::Super(_) => self.code.op_with(code::LOCAL_GET, self.this),
            Expression::TemplateLiteral(template) => {
                self.code.i32(0);
                for part in &template.expressions {
                    self.expression(part);
                    self.code.op(code::I32_ADD);
                }
            }
            Expression::TaggedTemplateExpression(tagged) => {
                tagged.quasi.expressions.iter().for_each(|part| self.effect(part));
                self.opaque();
            }
            Expression::ArrayExpression(array) => match self.scan.arrays.get(&array.span.start) {
                Some((address, _)) => self.code.i32(*address as i32),
                None => return self.list(array),
            },
            Expression::ObjectExpression(object) => {
                values_of(object).for_each(|value| self.effect(value));
                self.opaque();
            }
            Expression::FunctionExpression(function) => {
                self.later(function.scope_id.get(), Body::Function(function));
                self.code.i32(0);
            }
            Expression::ArrowFunctionExpression(arrow) => {
                self.later(arrow.scope_id.get(), Body::Arrow(arrow));
                self.code.i32(0);
            }
            Expression::ClassExpression(class) => {
                self.class(class);
                self.code.i32(0);
            }
            Expression::ChainExpression(chain) => return self.chain(&chain.expression),
            Expression::ImportExpression(import) => {
                self.effect(&import.source);
                self.opaque();
            }
            Expression::StringLiteral(_) | Expression::NullLiteral(_) => self.code.i32(0),
            _ => self.opaque(),
        }
        false
    }

    /// A list that is no constant: for what its elements do, or the one that it copies, `[...bytes]`.
    fn list(&mut self, array: &'p ArrayExpression<'a>) -> bool {
        if let [ArrayExpressionElement::SpreadElement(only)] = &array.elements[..] {
            return self.expression(&only.argument);
        }
        for element in &array.elements {
            match element {
                ArrayExpressionElement::SpreadElement(spread) => self.effect(&spread.argument),
                element => element.as_expression().into_iter().for_each(|e| self.effect(e)),
            }
        }
        self.opaque();
        false
    }

    fn name(&mut self, name: &'p oxc_ast::ast::IdentifierReference<'a>) -> bool {
        let Some(symbol) = self.symbol(name) else {
            match name.name.as_str() {
                "undefined" | "NaN" | "Infinity" => self.code.i32(0),
                _ => self.opaque(),
            }
            return false;
        };
        match self.scan.resolve(symbol) {
            Known::Number(n) => self.code.i32(to_i32(n)),
            Known::Big(n) => {
                self.code.i64(n.get() as u64 as i64);
                return true;
            }
            Known::Table(address) => self.code.i32(address as i32),
            Known::Function(scope) => {
                self.come_back(scope);
                self.code.i32(0);
            }
            Known::Heap if self.scan.symbols[symbol].is_shared => self.code.i32(0),
            _ => self.get(symbol),
        }
        self.scan.kinds.is_big(symbol)
    }

    fn unary(&mut self, unary: &'p UnaryExpression<'a>) -> bool {
        match unary.operator {
            UnaryOperator::UnaryPlus => self.expression(&unary.argument),
            UnaryOperator::LogicalNot if self.is_part_of_hash(&unary.argument) => {
                self.prefix(&unary.argument, None);
                false
            }
            UnaryOperator::LogicalNot => {
                self.expression(&unary.argument);
                self.code.op(code::I32_EQZ);
                false
            }
            UnaryOperator::BitwiseNot => {
                let wide = self.expression(&unary.argument);
                if wide {
                    self.code.i64(-1)
                } else {
                    self.code.i32(-1)
                }
                self.operate(BinaryOperator::BitwiseXOR, wide);
                wide
            }
            UnaryOperator::UnaryNegation => {
                if let Known::Number(n) = self.scan.known(&unary.argument) {
                    self.code.i32(to_i32(-n));
                    return false;
                }
                self.code.i32(0);
                let wide = self.expression(&unary.argument);
                self.operate(BinaryOperator::Subtraction, wide);
                wide
            }
            _ => {
                self.effect(&unary.argument);
                self.code.i32(0);
                false
            }
        }
    }

    /// A chain of operators, without descending into its left side again and again.
    fn operation(&mut self, e: &'p Expression<'a>) -> bool {
        let mut chain: Vec<(BinaryOperator, &'p Expression<'a>)> = Vec::new();
        let mut next = e;
        let mut wide = false;
        loop {
            let operation = self.scan.operation(next).filter(|_| !self.is_kept(next));
            let Some((operator, left, right)) = operation else {
                wide = self.expression(next);
                break;
            };
            if let Some(value) = self.folded(operator, left, right) {
                self.code.i32(value);
                break;
            }
            if operator.is_compare() || operator.is_equality() {
                self.compare(operator, left, right);
                break;
            }
            if let Some((first, second)) = self.repeated(operator, left, right) {
                let local = self.take();
                self.expression(first);
                self.code.op_with(code::LOCAL_SET, local);
                let kept = self.kept.len();
                self.kept.push((first.get_inner_expression(), local));
                self.kept.push((second.get_inner_expression(), local));
                wide = self.expression(left);
                wide |= self.expression(right);
                self.kept.truncate(kept);
                self.operate(operator, wide);
                self.give_back(local);
                break;
            }
            chain.push((operator, right));
            next = left;
        }
        for (operator, right) in chain.into_iter().rev() {
            wide |= self.expression(right);
            self.operate(operator, wide);
        }
        wide
    }

    /// The two places of a value that is shifted both ways and joined: `(a[i] << 5) | (a[i] >>> 27)`. Read once, it is a
    /// rotation; read twice, nobody knows that it is the same.
    fn repeated(
        &self,
        operator: BinaryOperator,
        left: &'p Expression<'a>,
        right: &'p Expression<'a>,
    ) -> Option<(&'p Expression<'a>, &'p Expression<'a>)> {
        if !matches!(operator, BinaryOperator::BitwiseOR | BinaryOperator::BitwiseXOR | BinaryOperator::Addition) {
            return None;
        }
        let shifted =
            |e| self.scan.operation(e).filter(|(operator, ..)| operator.is_bitshift()).map(|(_, left, _)| left);
        let (a, b) = (shifted(left)?, shifted(right)?);
        let plain = matches!(a.get_inner_expression(), Expression::Identifier(_));
        (!plain && a.get_inner_expression().content_eq(b.get_inner_expression())).then_some((a, b))
    }

    /// What is asked of a value by `if`: a word that is shifted or masked is asked whether it is nothing.
    pub(super) fn condition(&mut self, e: &'p Expression<'a>) {
        if self.is_part_of_hash(e) {
            return self.prefix(e, None);
        }
        self.expression(e);
        let shortens = |operator: BinaryOperator| operator.is_bitshift() || operator == BinaryOperator::BitwiseAnd;
        if self.scan.operation(e).is_some_and(|(operator, ..)| shortens(operator)) {
            self.code.op(code::I32_EQZ);
        }
    }

    fn is_kept(&self, e: &Expression<'a>) -> bool {
        let e = e.get_inner_expression();
        self.kept.iter().any(|(kept, _)| std::ptr::eq(*kept, e))
    }

    /// A number that an obfuscator wrote as a sum, or a product that is none of 32-bit words: 2 ** 32, 0x10 / 4.
    fn folded(&self, operator: BinaryOperator, left: &Expression<'a>, right: &Expression<'a>) -> Option<i32> {
        if !matches!(operator, BinaryOperator::Division | BinaryOperator::Exponential) {
            return None;
        }
        let is_literal = |e: &Expression<'a>| {
            let e = e.get_inner_expression();
            matches!(
                e,
                Expression::NumericLiteral(_) | Expression::UnaryExpression(_) | Expression::BinaryExpression(_)
            )
        };
        if !is_literal(left) || !is_literal(right) {
            return None;
        }
        match self.scan.combined(operator, left, right) {
            Known::Number(n) => Some(to_i32(n)),
            _ => None,
        }
    }

    /// The operator for the two values on top of the stack.
    pub(super) fn operate(&mut self, operator: BinaryOperator, wide: bool) {
        let code = match operator {
            BinaryOperator::Addition => code::I32_ADD,
            BinaryOperator::Subtraction => code::I32_SUB,
            BinaryOperator::Multiplication => code::I32_MUL,
            BinaryOperator::Division => code::I32_DIV_U,
            BinaryOperator::Remainder => code::I32_REM_U,
            BinaryOperator::ShiftLeft => code::I32_SHL,
            BinaryOperator::ShiftRight if !wide => code::I32_SHR_S,
            BinaryOperator::ShiftRight | BinaryOperator::ShiftRightZeroFill => code::I32_SHR_U,
            BinaryOperator::BitwiseOR => code::I32_OR,
            BinaryOperator::BitwiseXOR => code::I32_XOR,
            BinaryOperator::BitwiseAnd => code::I32_AND,
            BinaryOperator::Exponential => return self.code.op_with(code::CALL, unknown(2)),
            _ => return self.code.op(code::I32_EQ),
        };
        self.code.op(if wide { code + code::WIDER } else { code });
    }

    /// Writes an assignment; leaves its value where it is wanted.
    fn assign(&mut self, assignment: &'p AssignmentExpression<'a>, wanted: bool) -> bool {
        let operator = binary_operator(assignment.operator);
        match &assignment.left {
            AssignmentTarget::AssignmentTargetIdentifier(name) => {
                let Some(symbol) = self.symbol(name) else {
                    let wide = self.expression(&assignment.right);
                    if self.gives_digest(&assignment.right) {
                        self.global_digests.push(name.name.as_str());
                    }
                    if !wanted {
                        self.code.op(code::DROP);
                    }
                    return wide;
                };
                if operator == Some(BinaryOperator::Addition) || operator.is_none() {
                    self.note_message(symbol, &assignment.right, operator.is_some());
                }
                let mut wide = false;
                if operator.is_some() {
                    self.get(symbol);
                    wide = self.scan.kinds.is_big(symbol);
                }
                wide |= self.expression(&assignment.right);
                if let Some(operator) = operator {
                    self.operate(operator, wide);
                }
                let digest = self.of_digest(&assignment.right);
                self.note_digest(symbol, digest);
                self.note_drawn(symbol, &assignment.right);
                self.limit(symbol, &assignment.right);
                self.set(symbol);
                if wanted {
                    self.get(symbol);
                }
                wide
            }
            target => match target.as_member_expression() {
                Some(member) => self.assign_member(member, operator, &assignment.right, wanted),
                None => {
                    if !wanted && self.assign_fields(target, &assignment.right) {
                        return false;
                    }
                    let wide = self.expression(&assignment.right);
                    let local = self.take();
                    self.code.op_with(code::LOCAL_TEE, local);
                    self.assign_target(target);
                    if wanted {
                        self.code.op_with(code::LOCAL_GET, local);
                    }
                    self.give_back(local);
                    wide
                }
            },
        }
    }

    fn update(&mut self, update: &'p UpdateExpression<'a>, wanted: bool) {
        let operator = if update.operator == UpdateOperator::Increment {
            BinaryOperator::Addition
        } else {
            BinaryOperator::Subtraction
        };
        if let SimpleAssignmentTarget::AssignmentTargetIdentifier(name) = &update.argument {
            let Some(symbol) = self.symbol(name) else {
                if wanted {
                    self.opaque();
                }
                return;
            };
            self.get(symbol);
            if wanted && !update.prefix {
                self.get(symbol);
            }
            self.code.i32(1);
            let wide = self.scan.kinds.is_big(symbol);
            self.operate(operator, wide);
            self.set(symbol);
            if wanted && update.prefix {
                self.get(symbol);
            }
        } else if let Some(member) = update.argument.as_member_expression() {
            self.update_member(member, operator, update.prefix, wanted);
        } else if wanted {
            self.opaque();
        }
    }

    /// The import that stands for a hash which the program does not hold.
    pub(super) fn digest(&mut self) {
        self.code.op_with(code::CALL, DIGEST);
    }
}

fn binary_operator(operator: AssignmentOperator) -> Option<BinaryOperator> {
    operator.to_binary_operator().or(match operator {
        AssignmentOperator::LogicalOr | AssignmentOperator::LogicalNullish => Some(BinaryOperator::BitwiseOR),
        AssignmentOperator::LogicalAnd => Some(BinaryOperator::BitwiseAnd),
        _ => None,
    })
}
