//! What came of a hash, in whatever form: a byte of it, a number made of it, a count of its zeros. What is asked of that is
//! asked of the hash.

use super::constant::Known;
use super::emit::code;
use super::inline::values_of;
use super::lower::Lower;
use super::message::is_digest;
use super::scan::Scan;
use oxc_ast::ast::{Argument, BindingPattern, Expression, ObjectPattern};
use oxc_syntax::operator::BinaryOperator;

/// Values inside of each other that are followed.
const DEPTH: u32 = 12;

/// Numbers below this are counts of zeros in bits, bytes and digits, and bytes themselves.
const COUNTS: f64 = 256.0;

/// Comparisons by which bytes become two digits each: they ask nothing of a hash.
const DIGITS: [f64; 2] = [15.0, 16.0];

impl<'p, 'a: 'p> Scan<'p, 'a> {
    /// What the browser's digest is handed where it is not called by its name: taken out of its object, bound, or called
    /// by `call`, `apply` and `Reflect.apply`.
    pub(super) fn handed_to_digest<'e>(
        &self,
        callee: &Expression<'a>,
        arguments: &'e [Argument<'a>],
    ) -> Option<&'e [Argument<'a>]> {
        if let Expression::Identifier(_) = callee.get_inner_expression() {
            return self.is_digester(callee).then_some(arguments);
        }
        match (self.last_name(callee)?, self.object(callee)?) {
            ("call", object) if self.is_digester(object) => arguments.get(1..),
            ("apply", object) if self.is_digester(object) => arguments.get(1..),
            ("apply", Expression::Identifier(reflect)) if reflect.name == "Reflect" => {
                let function = arguments.first().and_then(Argument::as_expression)?;
                self.is_digester(function).then(|| arguments.get(2..)).flatten()
            }
            _ => None,
        }
    }

    /// Whether a value is the browser's digest itself.
    fn is_digester(&self, e: &Expression<'a>) -> bool {
        match e.get_inner_expression() {
            Expression::Identifier(name) => self.symbol_of(name).is_some_and(|symbol| self.digesters.contains(&symbol)),
            Expression::CallExpression(call) if self.last_name(&call.callee) == Some("cwrap") => {
                self.is_exported_hash(&call.arguments)
            }
            Expression::CallExpression(call) => {
                self.last_name(&call.callee) == Some("bind")
                    && self.object(&call.callee).is_some_and(|object| self.is_digester(object))
            }
            e => self.object(e).is_some() && self.last_name(e) == Some("digest"),
        }
    }

    /// `Module.cwrap('x_hash', 'string', ['string'])`: a module's hash.
    fn is_exported_hash(&self, arguments: &[Argument<'a>]) -> bool {
        let name = arguments.first().and_then(Argument::as_expression).and_then(|name| self.text(name));
        name.is_some_and(|name| is_digest(name, 1) || name.to_ascii_lowercase().contains("hash"))
    }

    /// `hash.compare(target) <= 0`, `Buffer.compare(hash, target) < 0`: what is put in order.
    pub(super) fn ordered(
        &self,
        left: &'p Expression<'a>,
        right: &'p Expression<'a>,
    ) -> Option<(&'p Expression<'a>, &'p Expression<'a>)> {
        let Expression::CallExpression(call) = left.get_inner_expression() else { return None };
        let is_sign = matches!(self.known(right), Known::Number(n) if n.abs() <= 1.0);
        if !is_sign || self.last_name(&call.callee) != Some("compare") {
            return None;
        }
        let mut all = call.arguments.iter().filter_map(Argument::as_expression);
        match (all.next()?, all.next()) {
            (first, Some(second)) => Some((first, second)),
            (target, None) => Some((self.object(&call.callee)?, target)),
        }
    }

    /// `d = crypto.subtle.digest`, `d = crypto.subtle.digest.bind(crypto.subtle)`.
    pub(super) fn note_digester(&mut self, symbol: usize, value: &Expression<'a>) {
        if self.is_digester(value) && !self.digesters.contains(&symbol) {
            self.digesters.push(symbol);
        }
    }

    /// `{digest: d} = crypto.subtle`.
    pub(super) fn note_taken_digest(&mut self, pattern: &ObjectPattern<'a>) {
        for property in &pattern.properties {
            if self.key_name(&property.key).is_some_and(|name| is_digest(name, 0))
                && let Some(symbol) = property.value.get_binding_identifier().and_then(|id| id.symbol_id.get())
            {
                self.digesters.push(symbol.index());
            }
        }
    }
}

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// Whether a value came of what a hash gave.
    pub(super) fn of_digest(&self, e: &Expression<'a>) -> bool {
        self.derives(e, DEPTH)
    }

    fn derives(&self, e: &Expression<'a>, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let derives = |e: &Expression<'a>| self.derives(e, depth);
        let any = |arguments: &[Argument<'a>]| arguments.iter().filter_map(Argument::as_expression).any(derives);
        if let Some((operator, left, right)) = self.scan.operation(e) {
            let is_value = !operator.is_compare() && !operator.is_equality();
            return is_value && (derives(left) || derives(right));
        }
        match e.get_inner_expression() {
            e if self.is_sent_digest(e) => true,
            Expression::ComputedMemberExpression(member) => derives(&member.object),
            Expression::StaticMemberExpression(member) => {
                let name = member.property.name.as_str();
                self.digest_members.contains(&name) || is_content(name) && derives(&member.object)
            }
            Expression::PrivateFieldExpression(member) => self.digest_members.contains(&member.field.name.as_str()),
            Expression::UnaryExpression(unary) => derives(&unary.argument),
            Expression::AwaitExpression(wait) => derives(&wait.argument),
            Expression::ConditionalExpression(choice) => derives(&choice.consequent) || derives(&choice.alternate),
            Expression::SequenceExpression(list) => list.expressions.last().is_some_and(derives),
            Expression::AssignmentExpression(assignment) => derives(&assignment.right),
            Expression::TemplateLiteral(template) => template.expressions.iter().any(derives),
            Expression::ArrayExpression(list) => list.elements.iter().any(|element| match element {
                oxc_ast::ast::ArrayExpressionElement::SpreadElement(spread) => derives(&spread.argument),
                element => element.as_expression().is_some_and(derives),
            }),
            Expression::NewExpression(made) => any(&made.arguments),
            Expression::CallExpression(call) => {
                let (callee, arguments) = self.scan.applied(call);
                self.scan.handed_to_digest(callee, arguments).is_some()
                    || self.gives_digest(e)
                    || self.scan.object(callee).is_some_and(derives)
                    || any(arguments)
                    || self.are_hashed(arguments)
            }
            _ => self.gives_digest(e),
        }
    }

    /// Whether a function is handed over that hashes what it is given: `list.map((n) => digest(n))`.
    fn are_hashed(&self, arguments: &[Argument<'a>]) -> bool {
        let scope = |argument: &Argument<'a>| match argument.as_expression()?.get_inner_expression() {
            Expression::FunctionExpression(function) => function.scope_id.get(),
            Expression::ArrowFunctionExpression(arrow) => arrow.scope_id.get(),
            _ => None,
        };
        let hashes = |argument| {
            let member = scope(argument).and_then(|scope| self.scan.members.get(&scope.index()));
            member.is_some_and(|member| member.digests > 0 && member.gives_other)
        };
        arguments.first().is_some_and(hashes)
    }

    /// Notes that what a pattern names came of a hash.
    pub(super) fn note_digest_of(&mut self, pattern: &BindingPattern<'a>, digest: bool) {
        if !digest {
            return;
        }
        match pattern {
            BindingPattern::BindingIdentifier(id) => {
                id.symbol_id.get().into_iter().for_each(|symbol| self.note_digest(symbol.index(), true));
            }
            BindingPattern::AssignmentPattern(pattern) => self.note_digest_of(&pattern.left, digest),
            BindingPattern::ArrayPattern(pattern) => {
                pattern.elements.iter().flatten().for_each(|element| self.note_digest_of(element, digest));
            }
            BindingPattern::ObjectPattern(pattern) => {
                pattern.properties.iter().for_each(|property| self.note_digest_of(&property.value, digest));
            }
        }
    }

    /// `list.push(digest)`: what is in the list came of a hash.
    pub(super) fn note_filled(
        &mut self,
        object: Option<&Expression<'a>>,
        name: Option<&str>,
        arguments: &[Argument<'a>],
    ) {
        let Some(Expression::Identifier(list)) = object.map(Expression::get_inner_expression) else { return };
        if matches!(name, Some("push" | "add" | "set"))
            && let Some(symbol) = self.symbol(list)
        {
            let digest = arguments.iter().filter_map(Argument::as_expression).any(|e| self.of_digest(e));
            self.note_digest(symbol, digest);
        }
    }

    /// Whether a value says that there is nothing: no bit, no digit but zero.
    pub(super) fn is_nothing(&self, e: &Expression<'a>) -> bool {
        match e.get_inner_expression() {
            Expression::StringLiteral(text) => !text.value.is_empty() && text.value.bytes().all(|c| c == b'0'),
            e => match self.scan.known(e) {
                Known::Number(n) => n == 0.0,
                Known::Big(n) => n.get() == 0,
                _ => false,
            },
        }
    }

    /// Whether a value is a bit or byte of a hash, or several joined: `if (!(hash[0] | hash[1]))`.
    pub(super) fn is_part_of_hash(&self, e: &Expression<'a>) -> bool {
        let joins = |operator: BinaryOperator| operator.is_bitwise() && operator != BinaryOperator::BitwiseXOR;
        let is_part = match self.scan.operation(e) {
            Some((operator, ..)) => joins(operator),
            None => matches!(e.get_inner_expression(), Expression::ComputedMemberExpression(_)),
        };
        is_part && self.of_digest(e)
    }

    /// Whether an element of a hash is compared with what comes from elsewhere: `hash[i] === wanted[i]`.
    pub(super) fn is_part_of_digest(&self, side: &Expression<'a>, other: &Expression<'a>) -> bool {
        matches!(side.get_inner_expression(), Expression::ComputedMemberExpression(_))
            && self.of_digest(side)
            && self.scan.known(other) == Known::Nothing
            && !self.of_digest(other)
    }

    /// Writes two sides that are ordered, one of which came of a hash; whether that was so.
    pub(super) fn derived_order(&mut self, left: &'p Expression<'a>, right: &'p Expression<'a>) -> bool {
        let (is_left, is_right) = (self.of_digest(left), self.of_digest(right));
        let bound = if is_left { right } else { left };
        if is_left == is_right || self.counts(bound) {
            return false;
        }
        let count = match self.scan.known(bound) {
            Known::Number(n) if DIGITS.contains(&n) || n <= 1.0 => return false,
            Known::Number(n) => (n < COUNTS).then_some(n),
            _ => None,
        };
        for (side, is_digest) in [(left, is_left), (right, is_right)] {
            if is_digest {
                self.expression(side);
                self.code.memory(code::I32_LOAD, 0);
            } else if count.is_some() {
                // So many zeros are a bound as good as the number that has them.
                self.code.i32(i32::MAX);
            } else if matches!(side.get_inner_expression(), Expression::CallExpression(_)) {
                // What a call gives is as good a bound as what it was read from: `parseInt(job.target, 16)`.
                self.effect(side);
                let word = self.word();
                self.code.i32(word as i32);
                self.code.memory(code::I32_LOAD, 0);
            } else {
                self.expression(side);
            }
        }
        true
    }

    /// Whether a value is a variable that counts.
    fn counts(&self, e: &Expression<'a>) -> bool {
        match e.get_inner_expression() {
            Expression::Identifier(name) => self.symbol(name).is_some_and(|symbol| self.scan.symbols[symbol].counts),
            _ => false,
        }
    }

    /// Notes that a variable holds a message that was put together, so that its parts are known where it is hashed.
    pub(super) fn note_message(&mut self, symbol: usize, value: &'p Expression<'a>, more: bool) {
        if !more {
            self.messages.retain(|(other, _)| *other != symbol);
        }
        if self.is_in_loop() && (more || self.is_put_together(value)) && !self.of_digest(value) {
            self.messages.push((symbol, value));
        }
    }

    /// What a variable's message was put together from, if it can be read once more.
    pub(super) fn put_together(&self, symbol: usize) -> Option<&'p Expression<'a>> {
        let value = self.messages.iter().rev().find(|(other, _)| *other == symbol)?.1;
        is_still(value, DEPTH).then_some(value)
    }
}

/// Whether a property is a part of what it belongs to, not a measure of it.
fn is_content(name: &str) -> bool {
    !matches!(name, "length" | "byteLength" | "byteOffset" | "size" | "type" | "name")
}

/// Whether a message moves a number on where it is put together: `text + (n++)`.
pub(super) fn moves(e: &Expression<'_>) -> bool {
    match e.get_inner_expression() {
        Expression::BinaryExpression(sum) => moves(&sum.left) || moves(&sum.right),
        Expression::TemplateLiteral(template) => template.expressions.iter().any(moves),
        Expression::UpdateExpression(_) => true,
        _ => false,
    }
}

/// Whether reading a value changes nothing.
fn is_still(e: &Expression<'_>, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let still = |e: &Expression<'_>| is_still(e, depth);
    match e.get_inner_expression() {
        Expression::BinaryExpression(sum) => {
            sum.operator == BinaryOperator::Addition && still(&sum.left) && still(&sum.right)
        }
        Expression::TemplateLiteral(template) => template.expressions.iter().all(still),
        Expression::CallExpression(call) => {
            still(&call.callee) && call.arguments.iter().all(|argument| argument.as_expression().is_some_and(still))
        }
        Expression::StaticMemberExpression(member) => still(&member.object),
        Expression::ComputedMemberExpression(member) => still(&member.object) && still(&member.expression),
        Expression::ObjectExpression(object) => values_of(object).all(still),
        Expression::Identifier(_) | Expression::ThisExpression(_) | Expression::NewExpression(_) => true,
        e => e.is_literal(),
    }
}
