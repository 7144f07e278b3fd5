//! Small functions are written where a loop calls them: who puts the nonce into a header and who compares the hash with a
//! target often are functions of their own, and then only together say what the loop is for.

mod generator;

use super::emit::code;
use super::lower::{Body, Frame, Lower};
use crate::limits::{SCRIPT_INLINE_DEPTH, SCRIPT_INLINE_SIGNS, SCRIPT_INLINE_TEXT};
use oxc_ast::ast::{
    Argument, ArrayExpression, AssignmentTarget, AssignmentTargetProperty, BindingPattern, Expression,
    ForStatementLeft, FormalParameters, ObjectExpression, ObjectPropertyKind, Statement,
};
use oxc_syntax::operator::BinaryOperator;

/// A function that is being written where it is called.
pub(super) struct Inlined<'p> {
    scope: usize,
    /// The block that `return` leaves.
    leave: u32,
    /// What it gives back by name or number, where the caller takes it apart.
    fields: Option<Vec<(Field<'p>, u32)>>,
    /// Whether what it gives back has 64 bits.
    wide: bool,
}

/// A part of what is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field<'p> {
    Named(&'p str),
    Numbered(usize),
}

/// A loop over what a generator gives.
pub(super) struct Consumer<'p, 'a> {
    left: &'p ForStatementLeft<'a>,
    body: &'p Statement<'a>,
    labels: Vec<&'a str>,
    leave: u32,
    this: u32,
}

/// Calls that call what they are handed, later or at once, with what follows it.
const LATER: [&str; 6] =
    ["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "requestAnimationFrame", "requestIdleCallback"];

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// Keeps a function that is small enough to be written where it is called.
    pub(super) fn keep_body(&mut self, index: u32, body: Body<'p, 'a>) {
        let span = match body {
            Body::Function(function) => function.span,
            Body::Arrow(arrow) => arrow.span,
            Body::Program(_) => return,
        };
        let text = self.scan.program.text.as_bytes().get(span.start as usize..span.end as usize).unwrap_or_default();
        let nests = |c: &&u8| matches!(c, b'(' | b'[' | b'{' | b'!' | b'~' | b'?' | b'=' | b'&' | b'|' | b'+' | b'-');
        if text.len() <= SCRIPT_INLINE_TEXT && text.iter().filter(nests).count() <= SCRIPT_INLINE_SIGNS {
            self.bodies.insert(index, body);
        }
    }

    /// The function to be written where it is called: one that does not hash by itself, is called from a loop, or leads
    /// back to the function that calls it.
    pub(super) fn inlinable(&mut self, scope: usize) -> Option<Body<'p, 'a>> {
        // Everything leads back in programs of handlers, and loops call helpers: only steps that hash are a search.
        let hashes = |of: usize| self.scan.members.get(&of).is_some_and(|member| member.leads || member.mixes > 0);
        if !hashes(scope) && !self.scope.is_none_or(hashes) || !self.is_in_loop() && !self.leads_back(scope) {
            return None;
        }
        let body = self.small(scope)?;
        let is_generator = matches!(body, Body::Function(function) if function.generator);
        if is_generator { None } else { self.spend(body) }
    }

    fn small(&self, scope: usize) -> Option<Body<'p, 'a>> {
        let member = self.scan.members.get(&scope)?;
        let hashes = member.mixes_much() || member.digests > 0 && member.gives_other;
        let open = self.inlined.iter().any(|inlined| inlined.scope == scope);
        if hashes || open || member.index == Some(self.function) || self.inlined.len() >= SCRIPT_INLINE_DEPTH {
            return None;
        }
        self.bodies.get(&member.index?).copied()
    }

    /// Takes the room that a function needs.
    fn spend(&mut self, body: Body<'p, 'a>) -> Option<Body<'p, 'a>> {
        let length = match body {
            Body::Function(function) => function.span.size(),
            Body::Arrow(arrow) => arrow.span.size(),
            Body::Program(_) => return None,
        } as usize;
        self.take_room(length).then_some(body)
    }

    /// Takes so many bytes of text from what may still be written once more; whether they were left.
    pub(super) fn take_room(&mut self, length: usize) -> bool {
        let Some(left) = self.room.checked_sub(length) else { return false };
        self.room = left;
        self.room_in_all = self.room_in_all.saturating_sub(length);
        true
    }

    /// Whether a function calls the one that is written, or hands it over.
    fn leads_back(&self, scope: usize) -> bool {
        let down = &self.scan.down;
        let first = down.partition_point(|(from, _)| (*from as usize) < scope);
        let index = |to: &u32| self.scan.members.get(&(*to as usize)).and_then(|member| member.index);
        self.function > 0
            && down[first..]
                .iter()
                .take_while(|(from, _)| *from as usize == scope)
                .any(|(_, to)| index(to) == Some(self.function))
    }

    /// Parameters that are handed what came of a hash hold it as well.
    pub(super) fn note_handed(&mut self, scope: usize, arguments: &[Argument<'a>]) {
        let Some(member) = self.scan.members.get(&scope) else { return };
        for (symbol, argument) in member.symbols.iter().zip(arguments) {
            if let (Some(symbol), Some(value)) = (symbol.get(), argument.as_expression()) {
                let digest = self.of_digest(value);
                self.note_digest(symbol, digest);
            }
        }
    }

    /// Writes a function where it is called; leaves what it gives back.
    pub(super) fn inline(&mut self, scope: usize, body: Body<'p, 'a>, this: Option<u32>, given: &[u32]) -> bool {
        let result = self.enter(scope, body, this, given, None);
        let wide = self.inlined.pop().is_some_and(|inlined| inlined.wide);
        self.code.op_with(code::LOCAL_GET, result);
        self.give_back(result);
        wide
    }

    /// Writes it, and keeps its parts apart where `fields` are wanted.
    fn enter(
        &mut self,
        scope: usize,
        body: Body<'p, 'a>,
        this: Option<u32>,
        given: &[u32],
        fields: Option<Vec<(Field<'p>, u32)>>,
    ) -> u32 {
        let parameters: &'p FormalParameters<'a> = match body {
            Body::Function(function) => &function.params,
            Body::Arrow(arrow) => &arrow.params,
            Body::Program(_) => return self.take(),
        };
        self.bind_given(parameters, given);
        let result = self.take();
        let labels = std::mem::take(&mut self.labels);
        // An arrow has the `this` of who made it, which mostly is who calls it.
        let outer = match body {
            Body::Arrow(_) => self.this,
            _ => std::mem::replace(&mut self.this, this.unwrap_or(0)),
        };
        let leave = self.code.open(code::BLOCK, false);
        self.frames.push(Frame { leave, result: Some(result), ..Frame::default() });
        self.inlined.push(Inlined { scope, leave, fields, wide: false });
        match body {
            Body::Function(function) => function.body.iter().for_each(|body| self.statements(&body.statements)),
            Body::Arrow(arrow) => self.arrow_body(arrow),
            Body::Program(_) => {}
        }
        self.frames.pop();
        self.code.end();
        self.this = outer;
        self.labels = labels;
        result
    }

    /// A call whose value is taken apart at once: what the function gives back by name or number, in locals.
    fn fields_of(&mut self, e: &'p Expression<'a>) -> Option<Vec<(Field<'p>, u32)>> {
        let Expression::CallExpression(call) = e.get_inner_expression() else { return None };
        let (callee, arguments) = self.scan.applied(call);
        let own = self.scan.resolved(callee, self.scan.last_name(callee));
        let [only] = own.as_slice() else { return None };
        let body = self.inlinable(*only)?;
        let given: Vec<u32> = arguments.iter().map(|argument| self.argument_in_local(argument)).collect();
        let this = self.scan.object(callee).map(|object| {
            self.expression(object);
            let local = self.take();
            self.code.op_with(code::LOCAL_SET, local);
            local
        });
        self.note_handed(*only, arguments);
        let result = self.enter(*only, body, this, &given, Some(Vec::new()));
        this.into_iter().chain(given).chain([result]).for_each(|local| self.give_back(local));
        self.inlined.pop().and_then(|inlined| inlined.fields)
    }

    /// `return {a, b}` to who takes it apart; whether it was that.
    pub(super) fn return_fields(&mut self, value: &'p Expression<'a>) -> bool {
        let innermost = self.frames.iter().rev().find(|frame| frame.result.is_some()).map(|frame| frame.leave);
        let is_wanted = |inlined: &Inlined<'p>| Some(inlined.leave) == innermost && inlined.fields.is_some();
        if !self.inlined.last().is_some_and(is_wanted) {
            return false;
        }
        match value.get_inner_expression() {
            Expression::ObjectExpression(object) => {
                for (field, value) in named_parts(self, object) {
                    self.keep_field(field, value);
                }
            }
            Expression::ArrayExpression(list) => {
                for (field, value) in numbered_parts(list) {
                    self.keep_field(field, value);
                }
            }
            _ => return false,
        }
        self.code.i32(0);
        true
    }

    /// Notes whether what the function that is written in place gives back has 64 bits.
    pub(super) fn note_width(&mut self, wide: bool) {
        let innermost = self.frames.iter().rev().find(|frame| frame.result.is_some()).map(|frame| frame.leave);
        if let Some(inlined) = self.inlined.last_mut().filter(|inlined| Some(inlined.leave) == innermost) {
            inlined.wide |= wide;
        }
    }

    fn keep_field(&mut self, field: Field<'p>, value: &'p Expression<'a>) {
        self.expression(value);
        let known = self.inlined.last().and_then(|inlined| inlined.fields.as_ref());
        let known = known.and_then(|fields| fields.iter().find(|(other, _)| *other == field)).map(|(_, local)| *local);
        let local = known.unwrap_or_else(|| self.code.local());
        self.code.op_with(code::LOCAL_SET, local);
        if known.is_none()
            && let Some(fields) = self.inlined.last_mut().and_then(|inlined| inlined.fields.as_mut())
        {
            fields.push((field, local));
        }
    }

    fn field(&mut self, fields: &[(Field<'p>, u32)], field: Field<'p>) {
        match fields.iter().find(|(other, _)| *other == field) {
            Some((_, local)) => self.code.op_with(code::LOCAL_GET, *local),
            None => self.opaque(),
        }
    }

    /// The parts of a list that stands right there, each in a local: `[a, b] = [b, a]`.
    fn listed(&mut self, e: &'p Expression<'a>) -> Option<Vec<(Field<'p>, u32)>> {
        let Expression::ArrayExpression(list) = e.get_inner_expression() else { return None };
        if self.scan.arrays.contains_key(&list.span.start) {
            return None;
        }
        let mut fields = Vec::new();
        for (field, value) in numbered_parts(list) {
            self.expression(value);
            let local = self.code.local();
            self.code.op_with(code::LOCAL_SET, local);
            fields.push((field, local));
        }
        Some(fields)
    }

    /// `const {a, b} = f(x)` and `const [a, b] = [c, d]`; whether it was one.
    pub(super) fn bind_fields(&mut self, pattern: &'p BindingPattern<'a>, init: &'p Expression<'a>) -> bool {
        if !matches!(pattern, BindingPattern::ObjectPattern(_) | BindingPattern::ArrayPattern(_)) {
            return false;
        }
        let Some(fields) = self.listed(init).or_else(|| self.fields_of(init)) else { return false };
        let digest = self.of_digest(init);
        self.note_digest_of(pattern, digest);
        self.bind_parts(pattern, &fields);
        true
    }

    fn bind_parts(&mut self, pattern: &'p BindingPattern<'a>, fields: &[(Field<'p>, u32)]) {
        match pattern {
            BindingPattern::ObjectPattern(pattern) => {
                for property in &pattern.properties {
                    match self.scan.key_name(&property.key) {
                        Some(name) => self.field(fields, Field::Named(name)),
                        None => self.opaque(),
                    }
                    self.bind(&property.value);
                }
            }
            BindingPattern::ArrayPattern(pattern) => {
                for (at, element) in pattern.elements.iter().enumerate() {
                    if let Some(element) = element {
                        self.field(fields, Field::Numbered(at));
                        self.bind(element);
                    }
                }
            }
            _ => {}
        }
    }

    /// `({a: x, b: y} = f(x))` and `[a, b] = [b, a]`; whether it was one.
    pub(super) fn assign_fields(&mut self, target: &'p AssignmentTarget<'a>, right: &'p Expression<'a>) -> bool {
        if !matches!(target, AssignmentTarget::ObjectAssignmentTarget(_) | AssignmentTarget::ArrayAssignmentTarget(_)) {
            return false;
        }
        let Some(fields) = self.listed(right).or_else(|| self.fields_of(right)) else { return false };
        match target {
            AssignmentTarget::ObjectAssignmentTarget(object) => {
                for property in &object.properties {
                    match property {
                        AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(property) => {
                            self.field(&fields, Field::Named(property.binding.name.as_str()));
                            match self.symbol(&property.binding) {
                                Some(symbol) => self.set(symbol),
                                None => self.code.op(code::DROP),
                            }
                        }
                        AssignmentTargetProperty::AssignmentTargetPropertyProperty(property) => {
                            match self.scan.key_name(&property.name) {
                                Some(name) => self.field(&fields, Field::Named(name)),
                                None => self.opaque(),
                            }
                            self.assign_default(&property.binding);
                        }
                    }
                }
            }
            AssignmentTarget::ArrayAssignmentTarget(list) => {
                for (at, element) in list.elements.iter().enumerate() {
                    if let Some(element) = element {
                        self.field(&fields, Field::Numbered(at));
                        self.assign_default(element);
                    }
                }
            }
            _ => {}
        }
        true
    }

    /// A function that is handed over by name, as if it stood there; whether it was one.
    pub(super) fn named_part(
        &mut self,
        name: Option<&str>,
        argument: &'p Argument<'a>,
        arguments: &'p [Argument<'a>],
        on: Option<u32>,
        digest: bool,
    ) -> bool {
        let Some(value @ Expression::Identifier(_)) = argument.as_expression() else { return false };
        let own = self.scan.resolved(value, None);
        let [only] = own.as_slice() else { return false };
        let is_later = name.is_some_and(|name| LATER.contains(&name));
        // What is handed to a timer follows the time.
        let handed = if is_later { arguments.get(2..).unwrap_or_default() } else { &[] };
        if self.scan.members.get(only).and_then(|member| member.index) == Some(self.function) && self.function > 0 {
            let given: Vec<u32> = handed.iter().map(|argument| self.argument_in_local(argument)).collect();
            self.call_again(*only, handed, &given);
            given.into_iter().for_each(|local| self.give_back(local));
            return true;
        }
        let Some(body) = self.inlinable(*only) else { return false };
        let given: Vec<u32> = handed.iter().map(|argument| self.argument_in_local(argument)).collect();
        if digest && let Some(symbol) = self.scan.members.get(only).and_then(|m| m.symbols.first()?.get()) {
            self.note_digest(symbol, true);
        }
        let first: Vec<u32> = if is_later { given.clone() } else { on.into_iter().collect() };
        self.inline(*only, body, None, &first);
        given.into_iter().for_each(|local| self.give_back(local));
        true
    }

    /// `Atomics.add(words, 1, 1)` and its kin: an element, read or written.
    pub(super) fn atomic(&mut self, name: &str, arguments: &'p [Argument<'a>]) -> Option<bool> {
        let value = |at: usize| arguments.get(at).and_then(Argument::as_expression);
        let (list, index) = (value(0)?, value(1)?);
        self.expression(list);
        self.expression(index);
        self.code.i32(2);
        self.code.op(code::I32_SHL);
        self.code.op(code::I32_ADD);
        let address = self.take();
        self.code.op_with(code::LOCAL_TEE, address);
        self.code.memory(code::I32_LOAD, 0);
        let before = self.take();
        self.code.op_with(code::LOCAL_SET, before);
        if name != "load" {
            self.code.op_with(code::LOCAL_GET, address);
            let operator = match name {
                "add" => Some(BinaryOperator::Addition),
                "sub" => Some(BinaryOperator::Subtraction),
                _ => None,
            };
            if operator.is_some() {
                self.code.op_with(code::LOCAL_GET, before);
            }
            self.optional(value(2));
            operator.into_iter().for_each(|operator| self.operate(operator, false));
            self.code.memory(code::I32_STORE, 0);
        }
        self.code.op_with(code::LOCAL_GET, before);
        self.give_back(before);
        self.give_back(address);
        Some(false)
    }
}

/// Whether a value is the object of atomic operations.
pub(super) fn is_atomics(e: &Expression<'_>) -> bool {
    matches!(e.get_inner_expression(), Expression::Identifier(name) if name.name == "Atomics")
}

/// What an object is put together from: values of its properties, and objects that it takes in.
pub(super) fn values_of<'e, 'a>(object: &'e ObjectExpression<'a>) -> impl Iterator<Item = &'e Expression<'a>> {
    object.properties.iter().map(|property| match property {
        ObjectPropertyKind::ObjectProperty(property) => &property.value,
        ObjectPropertyKind::SpreadProperty(spread) => &spread.argument,
    })
}

fn named_parts<'p, 'a: 'p>(
    lower: &Lower<'p, 'a>,
    object: &'p ObjectExpression<'a>,
) -> Vec<(Field<'p>, &'p Expression<'a>)> {
    let part = |property: &'p ObjectPropertyKind<'a>| match property {
        ObjectPropertyKind::ObjectProperty(property) => {
            Some((Field::Named(lower.scan.key_name(&property.key)?), &property.value))
        }
        ObjectPropertyKind::SpreadProperty(_) => None,
    };
    object.properties.iter().filter_map(part).collect()
}

fn numbered_parts<'p, 'a: 'p>(list: &'p ArrayExpression<'a>) -> Vec<(Field<'p>, &'p Expression<'a>)> {
    let parts = list.elements.iter().enumerate();
    parts.filter_map(|(at, element)| Some((Field::Numbered(at), element.as_expression()?))).collect()
}
