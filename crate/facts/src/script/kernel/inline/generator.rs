//! Generators, written as a part of the loop that asks them.

use super::super::emit::code;
use super::super::lower::{Body, Frame, Lower};
use super::Consumer;
use crate::limits::{SCRIPT_INLINE_DEPTH, SCRIPT_INLINE_ROOM};
use oxc_ast::ast::{BindingPattern, Expression, ForStatementLeft, Statement, YieldExpression};
use oxc_span::GetSpan;

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// `for (x of numbers())`: a generator that a loop asks is a part of that loop. Whether it was one.
    pub(in crate::script::kernel) fn each_given(
        &mut self,
        left: &'p ForStatementLeft<'a>,
        right: &'p Expression<'a>,
        body: &'p Statement<'a>,
    ) -> bool {
        let Expression::CallExpression(call) = right.get_inner_expression() else { return false };
        let own = self.scan.resolved(&call.callee, self.scan.last_name(&call.callee));
        let [only] = own.as_slice() else { return false };
        // It is the loop: whether it hashes as well is no matter.
        let index = self.scan.members.get(only).and_then(|member| member.index);
        let Some(generator @ Body::Function(function)) = index.and_then(|index| self.bodies.get(&index).copied())
        else {
            return false;
        };
        let is_open = self.inlined.iter().any(|inlined| inlined.scope == *only) || index == Some(self.function);
        if !function.generator || is_open || self.consumer.is_some() || self.inlined.len() >= SCRIPT_INLINE_DEPTH {
            return false;
        }
        if self.spend(generator).is_none() {
            return false;
        }
        let given: Vec<u32> = call.arguments.iter().map(|argument| self.argument_in_local(argument)).collect();
        let labels = std::mem::take(&mut self.labels);
        let leave = self.code.open(code::BLOCK, false);
        self.consumer = Some(Consumer { left, body, labels, leave, this: self.this });
        let result = self.enter(*only, generator, None, &given, None);
        self.inlined.pop();
        self.consumer = None;
        self.code.end();
        given.into_iter().chain([result]).for_each(|local| self.give_back(local));
        true
    }

    /// `yield x` to the loop that asks.
    pub(in crate::script::kernel) fn hand_out(&mut self, given: &'p YieldExpression<'a>) {
        let Some(consumer) = self.consumer.take() else { return self.opaque() };
        self.take_given(&consumer, given.argument.as_ref());
        let again = self.code.open(code::BLOCK, false);
        let this = std::mem::replace(&mut self.this, consumer.this);
        // `break` leaves the loop that asks, whatever loops the generator has; a part that `return` leaves is beyond it.
        let labels = consumer.labels.clone();
        self.frames.push(Frame { labels, breaks: true, leave: consumer.leave, again: Some(again), result: None });
        self.statement(consumer.body);
        self.frames.pop();
        self.this = this;
        self.code.end();
        // Further ones hand out the same way only as far as there is room.
        let length = consumer.body.span().size() as usize;
        if let Some(room) = self.room.checked_sub(length) {
            self.room = room.min(SCRIPT_INLINE_ROOM);
            self.consumer = Some(consumer);
        }
        self.opaque();
    }

    fn take_given(&mut self, consumer: &Consumer<'p, 'a>, value: Option<&'p Expression<'a>>) {
        let pattern = match consumer.left {
            ForStatementLeft::VariableDeclaration(variables) => variables.declarations.first().map(|one| &one.id),
            _ => None,
        };
        let Some(value) = value else { return };
        match (pattern, value.get_inner_expression()) {
            (Some(BindingPattern::ArrayPattern(list)), Expression::ArrayExpression(values)) => {
                for (element, value) in list.elements.iter().zip(&values.elements) {
                    let (Some(element), Some(value)) = (element, value.as_expression()) else { continue };
                    self.expression(value);
                    let digest = self.of_digest(value);
                    self.note_digest_of(element, digest);
                    self.bind(element);
                }
            }
            (Some(pattern), value) => {
                self.expression(value);
                let digest = self.of_digest(value);
                self.note_digest_of(pattern, digest);
                self.bind(pattern);
            }
            (None, value) => {
                self.expression(value);
                match consumer.left.as_assignment_target() {
                    Some(target) => self.assign_target(target),
                    None => self.code.op(code::DROP),
                }
            }
        }
    }
}
