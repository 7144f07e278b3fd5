//! The walk that fills a scan.

use super::super::constant::{Known, element_size};
use super::super::emit;
use super::super::kinds::is_comparison;
use super::super::message::is_digest;
use super::super::wrapper::Wrapper;
use super::{Scan, is_function};
use oxc_ast::ast::{
    ArrayExpression, ArrowFunctionExpression, AssignmentExpression, AssignmentOperator, AssignmentTarget,
    BigIntLiteral, BindingPattern, CallExpression, ComputedMemberExpression, Expression, Function, MemberExpression,
    MethodDefinition, NewExpression, ObjectProperty, PropertyDefinition, SimpleAssignmentTarget, UpdateExpression,
    VariableDeclarator,
};
use oxc_ast_visit::{VisitJs, walk_js as walk};
use oxc_syntax::operator::BinaryOperator;
use oxc_syntax::scope::ScopeFlags;

impl<'p, 'a: 'p> VisitJs<'a> for Scan<'p, 'a> {
    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        let Some(scope) = function.scope_id.get() else { return };
        self.enter(scope.index(), &function.params);
        if let Some(symbol) = function.id.as_ref().and_then(|id| id.symbol_id.get()) {
            if let Some(member) = self.members.get_mut(&scope.index()) {
                member.symbol = Some(symbol.index()).into();
            }
            let symbol = &mut self.symbols[symbol.index()];
            if symbol.writes == 0 {
                symbol.known = Known::Function(scope.index());
            }
        }
        walk::walk_function(self, function, flags);
        let wrapper = self.wrapper_of_function(function);
        self.note_wrapper(scope.index(), wrapper);
        self.leave();
    }

    fn visit_arrow_function_expression(&mut self, arrow: &ArrowFunctionExpression<'a>) {
        let Some(scope) = arrow.scope_id.get() else { return };
        self.enter(scope.index(), &arrow.params);
        walk::walk_arrow_function_expression(self, arrow);
        if let Some(value) = arrow.body.as_expression() {
            self.note_returned(value);
        }
        let wrapper = self.wrapper_of_arrow(arrow);
        self.note_wrapper(scope.index(), wrapper);
        self.leave();
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        let callee = call.callee.get_inner_expression();
        let (applied, arguments) = self.applied(call);
        let name = self.last_name(applied);
        let digests = name.is_some_and(|name| is_digest(name, arguments.len()))
            || self.handed_to_digest(applied, arguments).is_some();
        if name == Some("imul") {
            self.shifts();
        }
        if self.is_hasher(self.object(applied), name, arguments.len())
            && let Some(member) = self.here()
        {
            member.calls_hasher = true;
        }
        self.note_call(&call.callee, &call.arguments);
        if matches!(self.wrapped(applied), Some(Wrapper::Operator(BinaryOperator::BitwiseXOR))) {
            self.mixes();
        }
        self.digests += u32::from(digests);
        self.note(|member| member.digests += u32::from(digests));
        self.is_part = is_function(callee);
        match callee {
            // `(function () { .. }).call(this)`.
            Expression::StaticMemberExpression(member) if is_function(&member.object) => {
                self.is_part = true;
                self.visit_expression(&member.object);
            }
            callee => self.visit_expression(callee),
        }
        self.is_part = false;
        self.arguments(&call.arguments);
        if let Expression::Identifier(name) = callee
            && let Some(symbol) = self.symbol_of(name)
        {
            for (at, argument) in call.arguments.iter().enumerate() {
                if let Some(kind) = argument.as_expression().and_then(|e| self.kind(e)) {
                    self.handed.push((symbol, at, kind));
                }
            }
        }
    }

    fn visit_computed_member_expression(&mut self, member: &ComputedMemberExpression<'a>) {
        walk::walk_computed_member_expression(self, member);
        if let Expression::Identifier(name) = member.expression.get_inner_expression()
            && let Some(symbol) = self.symbol_of(name)
        {
            self.symbols[symbol].is_index = true;
        }
    }

    fn visit_big_int_literal(&mut self, _: &BigIntLiteral<'a>) {
        self.has_bigs = true;
    }

    fn visit_new_expression(&mut self, made: &NewExpression<'a>) {
        self.note_call(&made.callee, &[]);
        self.visit_expression(&made.callee);
        self.filled = self.last_name(&made.callee).and_then(element_size);
        self.arguments(&made.arguments);
        self.filled = None;
    }

    fn visit_array_expression(&mut self, array: &ArrayExpression<'a>) {
        let filled = self.filled.take();
        walk::walk_array_expression(self, array);
        if let Some((bytes, size)) = self.words(&array.elements, filled) {
            // Each begins at a multiple of 16, a word away from the one before.
            let at = (self.data.len() + 31) & !15;
            self.data.resize(at, 0);
            self.data.extend(bytes);
            self.arrays.insert(array.span.start, (emit::DATA + at as u32, size));
        }
    }

    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        walk::walk_variable_declarator(self, declarator);
        if let (BindingPattern::BindingIdentifier(id), Some(init)) = (&declarator.id, &declarator.init)
            && let Some(symbol) = id.symbol_id.get()
        {
            self.give(symbol.index(), init, 0);
            self.note_digester(symbol.index(), init);
            let kind = self.kind(init);
            self.same_kind(Some(symbol.index()), kind);
            if let Some(text) = self.text(init).filter(|_| self.symbols[symbol.index()].writes == 0) {
                self.texts.insert(symbol.index(), text);
            }
            if let Some(order) = self.order(init) {
                self.orders.insert(symbol.index(), order);
            }
        }
        if let BindingPattern::ObjectPattern(pattern) = &declarator.id {
            self.note_taken_digest(pattern);
        }
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        walk::walk_assignment_expression(self, assignment);
        if assignment.operator == AssignmentOperator::BitwiseXOR {
            self.mixes();
        }
        let left = match &assignment.left {
            AssignmentTarget::AssignmentTargetIdentifier(name) => self.symbol_of(name),
            AssignmentTarget::ComputedMemberExpression(member) => match member.object.get_inner_expression() {
                Expression::Identifier(name) => self.symbol_of(name),
                _ => None,
            },
            _ => None,
        };
        let right = self.kind(&assignment.right);
        self.same_kind(left, right);
        self.note_field(assignment);
        self.note_step(assignment.operator, &assignment.right);
        match &assignment.left {
            AssignmentTarget::AssignmentTargetIdentifier(name) if assignment.operator.is_assign() => {
                if let Some(symbol) = self.symbol_of(name) {
                    self.give(symbol, &assignment.right, 1);
                    self.note_digester(symbol, &assignment.right);
                    self.symbols[symbol].is_pointer |= self.moves_on(symbol, &assignment.right);
                }
            }
            target => {
                let name = target.as_member_expression().and_then(|member| match member {
                    MemberExpression::ComputedMemberExpression(member) => self.text(&member.expression),
                    member => member.static_property_name(),
                });
                if let Some(name) = name {
                    self.put(name, &assignment.right, false);
                }
            }
        }
    }

    fn visit_update_expression(&mut self, update: &UpdateExpression<'a>) {
        walk::walk_update_expression(self, update);
        if let SimpleAssignmentTarget::AssignmentTargetIdentifier(name) = &update.argument
            && let Some(symbol) = self.symbol_of(name)
        {
            self.symbols[symbol].counts = true;
        }
    }

    fn visit_object_property(&mut self, property: &ObjectProperty<'a>) {
        walk::walk_object_property(self, property);
        if let Some(name) = self.key_name(&property.key) {
            self.put(name, &property.value, true);
        }
    }

    fn visit_method_definition(&mut self, method: &MethodDefinition<'a>) {
        walk::walk_method_definition(self, method);
        if let (Some(name), Some(scope)) = (self.key_name(&method.key), method.value.scope_id.get()) {
            let property = self.properties.entry(name);
            property.named.push(Known::Function(scope.index()));
            if method.kind.is_get() {
                property.getters.push(Known::Function(scope.index()));
            }
        }
    }

    fn visit_property_definition(&mut self, property: &PropertyDefinition<'a>) {
        walk::walk_property_definition(self, property);
        if let (Some(name), Some(value)) = (self.key_name(&property.key), &property.value) {
            self.put(name, value, false);
        }
    }

    fn visit_binary_expression(&mut self, binary: &oxc_ast::ast::BinaryExpression<'a>) {
        match binary.operator {
            BinaryOperator::BitwiseXOR => self.mixes(),
            BinaryOperator::ShiftLeft | BinaryOperator::ShiftRightZeroFill => self.shifts(),
            _ => {}
        }
        walk::walk_binary_expression(self, binary);
        self.note_lanes(binary);
        if !is_comparison(binary.operator) {
            let (left, right) = (self.kind(&binary.left), self.kind(&binary.right));
            self.same_kind(left, right);
        }
    }

    fn visit_return_statement(&mut self, statement: &oxc_ast::ast::ReturnStatement<'a>) {
        walk::walk_return_statement(self, statement);
        if let Some(value) = &statement.argument {
            self.note_returned(value);
        }
        let kind = statement.argument.as_ref().and_then(|value| self.kind(value));
        let function = self.here().and_then(|member| member.symbol.get());
        self.same_kind(function, kind);
    }
}
