//! Statements: loops and branches as WebAssembly has them.

use super::derived::moves;
use super::emit::code;
use super::lower::{Body, Frame, Lower};
use oxc_ast::ast::{
    BreakStatement, Class, ClassElement, ContinueStatement, Declaration, ExportDefaultDeclarationKind, Expression,
    ForStatement, ForStatementInit, ForStatementLeft, Statement, SwitchStatement, TryStatement, VariableDeclaration,
};
use oxc_span::GetSpan;

impl<'p, 'a: 'p> Lower<'p, 'a> {
    pub(super) fn statement(&mut self, statement: &'p Statement<'a>) {
        self.code.mark(statement.span().start);
        match statement {
            Statement::BlockStatement(block) => self.statements(&block.body),
            Statement::ExpressionStatement(statement) => self.effect(&statement.expression),
            Statement::ReturnStatement(statement) => self.return_value(statement.argument.as_ref()),
            Statement::IfStatement(choice) => {
                self.condition(&choice.test);
                self.code.open(code::IF, false);
                self.statement(&choice.consequent);
                if let Some(alternate) = &choice.alternate {
                    self.code.op(code::ELSE);
                    self.statement(alternate);
                }
                self.code.end();
            }
            Statement::ForStatement(turn) => self.for_statement(turn),
            Statement::WhileStatement(turn) => {
                if !self.in_order(&turn.body) {
                    self.turn(Some(&turn.test), None, |lower| lower.statement(&turn.body));
                }
            }
            Statement::DoWhileStatement(turn) => {
                let labels = std::mem::take(&mut self.labels);
                let leave = self.code.open(code::BLOCK, false);
                let top = self.code.open(code::LOOP, false);
                let again = self.code.open(code::BLOCK, false);
                self.frames.push(Frame { labels, breaks: true, leave, again: Some(again), result: None });
                self.statement(&turn.body);
                self.frames.pop();
                self.code.end();
                self.expression(&turn.test);
                self.code.branch(code::BR_IF, top);
                self.code.end();
                self.code.end();
            }
            Statement::ForInStatement(turn) => self.for_each(&turn.left, &turn.right, &turn.body),
            Statement::ForOfStatement(turn) => self.for_each(&turn.left, &turn.right, &turn.body),
            Statement::SwitchStatement(choice) => self.switch(choice),
            Statement::TryStatement(attempt) => self.attempt(attempt),
            Statement::ThrowStatement(statement) => {
                self.effect(&statement.argument);
                self.code.op(code::UNREACHABLE);
            }
            Statement::LabeledStatement(labelled) => {
                self.labels.push(labelled.label.name.as_str());
                let is_loop = labelled.body.is_iteration_statement();
                if is_loop || matches!(labelled.body, Statement::LabeledStatement(_)) {
                    self.statement(&labelled.body);
                } else {
                    let labels = std::mem::take(&mut self.labels);
                    let leave = self.code.open(code::BLOCK, false);
                    self.frames.push(Frame { labels, leave, ..Frame::default() });
                    self.statement(&labelled.body);
                    self.frames.pop();
                    self.code.end();
                }
                self.labels.clear();
            }
            Statement::BreakStatement(leave) => self.leave(leave),
            Statement::ContinueStatement(again) => self.again(again),
            Statement::WithStatement(with) => {
                self.effect(&with.object);
                self.statement(&with.body);
            }
            other => self.declaration(other),
        }
    }

    fn declaration(&mut self, statement: &'p Statement<'a>) {
        match statement {
            Statement::VariableDeclaration(variables) => self.variables(variables),
            Statement::FunctionDeclaration(function) => {
                self.later(function.scope_id.get(), Body::Function(function));
            }
            Statement::ClassDeclaration(class) => self.class(class),
            Statement::ExportDeclaration(export) => match &export.declaration {
                Declaration::VariableDeclaration(variables) => self.variables(variables),
                Declaration::FunctionDeclaration(function) => {
                    self.later(function.scope_id.get(), Body::Function(function));
                }
                Declaration::ClassDeclaration(class) => self.class(class),
                _ => {}
            },
            Statement::ExportDefaultDeclaration(export) => match &export.declaration {
                ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                    self.later(function.scope_id.get(), Body::Function(function));
                }
                ExportDefaultDeclarationKind::ClassDeclaration(class) => self.class(class),
                value => {
                    if let Some(value) = value.as_expression() {
                        self.effect(value);
                    }
                }
            },
            _ => {}
        }
    }

    fn variables(&mut self, variables: &'p VariableDeclaration<'a>) {
        for declarator in &variables.declarations {
            let Some(init) = &declarator.init else { continue };
            self.code.mark(declarator.span.start);
            if self.bind_fields(&declarator.id, init) {
                continue;
            }
            if self.is_in_loop() && self.is_put_together(init) && moves(init) {
                // It cannot be read once more where it is hashed.
                self.message(init);
            } else {
                self.expression(init);
            }
            let digest = self.of_digest(init);
            self.note_digest_of(&declarator.id, digest);
            if let Some(symbol) = declarator.id.get_binding_identifier().and_then(|id| id.symbol_id.get()) {
                self.note_message(symbol.index(), init, false);
                self.note_drawn(symbol.index(), init);
                self.note_maker(symbol.index(), init);
                self.limit(symbol.index(), init);
            }
            self.bind(&declarator.id);
        }
    }

    pub(super) fn class(&mut self, class: &'p Class<'a>) {
        if let Some(base) = &class.heritage {
            self.effect(&base.expression);
        }
        for element in &class.body.body {
            match element {
                ClassElement::MethodDefinition(method) => {
                    self.later(method.value.scope_id.get(), Body::Function(&method.value));
                }
                ClassElement::PropertyDefinition(property) => {
                    property.value.iter().for_each(|value| self.effect(value))
                }
                ClassElement::AccessorProperty(property) => property.value.iter().for_each(|value| self.effect(value)),
                ClassElement::StaticBlock(block) => self.statements(&block.body),
                ClassElement::TSIndexSignature(_) => {}
            }
        }
    }

    fn for_statement(&mut self, turn: &'p ForStatement<'a>) {
        match &turn.init {
            Some(ForStatementInit::VariableDeclaration(variables)) => self.variables(variables),
            Some(init) => init.as_expression().into_iter().for_each(|value| self.effect(value)),
            None => {}
        }
        if !self.in_order(&turn.body) {
            self.turn(turn.test.as_ref(), turn.update.as_ref(), |lower| lower.statement(&turn.body));
        }
    }

    /// A loop that asks first.
    fn turn(
        &mut self,
        test: Option<&'p Expression<'a>>,
        update: Option<&'p Expression<'a>>,
        body: impl FnOnce(&mut Self),
    ) {
        let labels = std::mem::take(&mut self.labels);
        let leave = self.code.open(code::BLOCK, false);
        let top = self.code.open(code::LOOP, false);
        if let Some(test) = test {
            self.expression(test);
            self.code.op(code::I32_EQZ);
            self.code.branch(code::BR_IF, leave);
        }
        let again = self.code.open(code::BLOCK, false);
        self.frames.push(Frame { labels, breaks: true, leave, again: Some(again), result: None });
        body(self);
        self.frames.pop();
        self.code.end();
        update.into_iter().for_each(|update| self.effect(update));
        self.code.branch(code::BR, top);
        self.code.end();
        self.code.end();
    }

    /// `for (x of list)` and `for (x in list)`: a walk over the words of a list.
    fn for_each(&mut self, left: &'p ForStatementLeft<'a>, right: &'p Expression<'a>, body: &'p Statement<'a>) {
        if self.each_given(left, right, body) {
            return;
        }
        let (list, index) = (self.take(), self.take());
        self.expression(right);
        self.code.op_with(code::LOCAL_SET, list);
        self.code.i32(0);
        self.code.op_with(code::LOCAL_SET, index);
        let top = self.each_word(list, index);
        match left {
            ForStatementLeft::VariableDeclaration(variables) => match variables.declarations.first() {
                Some(declarator) => {
                    let digest = self.of_digest(right);
                    self.note_digest_of(&declarator.id, digest);
                    self.bind(&declarator.id);
                }
                None => self.code.op(code::DROP),
            },
            target => match target.as_assignment_target() {
                Some(target) => self.assign_target(target),
                None => self.code.op(code::DROP),
            },
        }
        let labels = std::mem::take(&mut self.labels);
        let again = self.code.open(code::BLOCK, false);
        self.frames.push(Frame { labels, breaks: true, leave: top - 1, again: Some(again), result: None });
        self.statement(body);
        self.frames.pop();
        self.code.end();
        self.next_word(top);
        self.give_back(index);
        self.give_back(list);
    }

    /// Opens a loop over a list and leaves its next word as a value; gives the block to go back to.
    pub(super) fn each_word(&mut self, list: u32, index: u32) -> u32 {
        let leave = self.code.open(code::BLOCK, false);
        let top = self.code.open(code::LOOP, false);
        self.opaque();
        self.code.branch(code::BR_IF, leave);
        self.code.op_with(code::LOCAL_GET, list);
        self.code.op_with(code::LOCAL_GET, index);
        self.code.i32(2);
        self.code.op(code::I32_SHL);
        self.code.op(code::I32_ADD);
        self.code.memory(code::I32_LOAD, 0);
        self.code.op_with(code::LOCAL_GET, index);
        self.code.i32(1);
        self.code.op(code::I32_ADD);
        self.code.op_with(code::LOCAL_SET, index);
        top
    }

    /// Closes such a loop.
    pub(super) fn next_word(&mut self, top: u32) {
        self.code.branch(code::BR, top);
        self.code.end();
        self.code.end();
    }

    fn switch(&mut self, choice: &'p SwitchStatement<'a>) {
        let labels = std::mem::take(&mut self.labels);
        let leave = self.code.open(code::BLOCK, false);
        self.frames.push(Frame { labels, breaks: true, leave, ..Frame::default() });
        let first = self.code.depth;
        choice.cases.iter().for_each(|_| {
            self.code.open(code::BLOCK, false);
        });
        self.expression(&choice.discriminant);
        let cases = choice.cases.len() as u32;
        // Which case it is nobody knows: one after the other, and none of them.
        self.code.op_with(code::BR_TABLE, cases);
        for case in 0..cases {
            self.code.index(case);
        }
        self.code.index(self.code.depth - leave);
        for case in &choice.cases {
            self.code.end();
            self.code.mark(case.span.start);
            if let Some(test) = case.test.as_ref().filter(|test| !test.is_literal()) {
                self.effect(test);
            }
            self.statements(&case.consequent);
        }
        debug_assert_eq!(self.code.depth, first);
        self.frames.pop();
        self.code.end();
    }

    /// A loop around a switch that only puts statements into an order that is known: `'2|0|1'.split('|')`. They are
    /// written in that order. Whether it was one.
    fn in_order(&mut self, body: &'p Statement<'a>) -> bool {
        let Statement::BlockStatement(block) = body else { return false };
        let Some(Statement::SwitchStatement(choice)) = block.body.first() else { return false };
        let Some(order) = self.order_of(&choice.discriminant) else { return false };
        let labels = std::mem::take(&mut self.labels);
        let leave = self.code.open(code::BLOCK, false);
        for name in order.split('|') {
            let is_next = |test: &Expression<'a>| self.scan.text(test) == Some(name);
            let Some(case) = choice.cases.iter().find(|case| case.test.as_ref().is_some_and(is_next)) else { continue };
            let again = self.code.open(code::BLOCK, false);
            let labels = labels.clone();
            self.frames.push(Frame { labels, breaks: true, leave, again: Some(again), result: None });
            self.statements(&case.consequent);
            self.frames.pop();
            self.code.end();
        }
        self.code.end();
        true
    }

    /// The order that a switch over `order[index++]` follows.
    fn order_of(&self, discriminant: &Expression<'a>) -> Option<&'p str> {
        let Expression::ComputedMemberExpression(member) = discriminant.get_inner_expression() else { return None };
        let Expression::UpdateExpression(_) = member.expression.get_inner_expression() else { return None };
        let Expression::Identifier(name) = member.object.get_inner_expression() else { return None };
        self.scan.orders.get(&self.symbol(name)?).copied()
    }

    fn attempt(&mut self, attempt: &'p TryStatement<'a>) {
        self.statements(&attempt.block.body);
        if let Some(handler) = &attempt.handler {
            self.opaque();
            self.code.open(code::IF, false);
            if let Some(parameter) = &handler.param {
                self.opaque();
                self.bind(&parameter.pattern);
            }
            self.statements(&handler.body.body);
            self.code.end();
        }
        attempt.finalizer.iter().for_each(|block| self.statements(&block.body));
    }

    fn leave(&mut self, statement: &BreakStatement<'a>) {
        let label = statement.label.as_ref().map(|label| label.name.as_str());
        let frames = self.frames.iter().rev().take_while(|frame| frame.result.is_none());
        let mut left = frames.filter(|frame| match label {
            Some(label) => frame.labels.contains(&label),
            None => frame.breaks,
        });
        if let Some(target) = left.next().map(|frame| frame.leave) {
            self.code.branch(code::BR, target);
        }
    }

    fn again(&mut self, statement: &ContinueStatement<'a>) {
        let label = statement.label.as_ref().map(|label| label.name.as_str());
        let frames = self.frames.iter().rev().take_while(|frame| frame.result.is_none());
        let mut loops = frames.filter(|frame| label.is_none_or(|label| frame.labels.contains(&label)));
        if let Some(target) = loops.find_map(|frame| frame.again) {
            self.code.branch(code::BR, target);
        }
    }
}
