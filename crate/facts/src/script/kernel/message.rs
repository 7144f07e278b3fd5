//! What is hashed, by whomever, and what is asked of the result: a search for a proof of work also where the hash is the
//! browser's own or a library's, the message a text, and the target a number of zeros.

use super::constant::Known;
use super::emit::code;
use super::inline::values_of;
use super::lower::Lower;
use oxc_ast::ast::{Argument, ArrowFunctionExpression, Expression, FormalParameters};
use oxc_syntax::operator::BinaryOperator;

/// Whether a call by this name, with so many arguments, hashes. The name decides nothing: it only says where a search may
/// be looked for.
pub(super) fn is_digest(name: &str, arguments: usize) -> bool {
    const BEGIN: [&str; 14] = [
        "sha1",
        "sha2",
        "sha3",
        "sha5",
        "sha_",
        "keccak",
        "blake",
        "scrypt",
        "argon",
        "ripemd",
        "md5",
        "doublesha",
        "hash256",
        "yespower",
    ];
    let name = name.as_bytes();
    // Most names begin otherwise.
    if !name.first().is_some_and(|first| b"abcdghkmrsy".contains(&first.to_ascii_lowercase())) {
        return false;
    }
    let begins = |begin: &str| name.get(..begin.len()).is_some_and(|head| head.eq_ignore_ascii_case(begin.as_bytes()));
    let is = |whole: &str| name.eq_ignore_ascii_case(whole.as_bytes());
    let is_hash = || BEGIN.into_iter().any(begins) || ["hash", "gethash", "computehash"].into_iter().any(is);
    arguments > 0 && is_hash() || is("digest")
}

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// Whether one of the program's functions hashes, or calls what does.
    pub(super) fn hashes(&self, scope: usize) -> bool {
        self.scan.members.get(&scope).is_some_and(|member| member.hashes() || member.leads)
    }

    /// Whether what one of the program's functions gives back is what a hash gave.
    fn gives_hash(&self, scope: usize) -> bool {
        self.scan.members.get(&scope).is_some_and(|member| member.gives_hash)
    }

    /// A call of a hash that the program does not hold.
    pub(super) fn digest_call(&mut self, object: Option<&'p Expression<'a>>, arguments: &'p [Argument<'a>]) {
        // `createHash('sha256').update(x).digest()` is given its message on the way.
        match object {
            Some(object) => self.chained(object),
            None => self.code.i32(0),
        }
        let mut all = arguments.iter().filter_map(Argument::as_expression);
        match all.next_back() {
            Some(last) => {
                all.for_each(|e| self.effect(e));
                self.message(last);
            }
            None => self.code.i32(0),
        }
        self.digest();
    }

    fn chained(&mut self, object: &'p Expression<'a>) {
        let Expression::CallExpression(call) = object.get_inner_expression() else {
            self.expression(object);
            return;
        };
        match (self.scan.last_name(&call.callee), call.arguments.first().and_then(Argument::as_expression)) {
            (Some("update"), Some(text)) => self.message(text),
            _ => {
                self.expression(object);
            }
        }
    }

    /// The value of a message. Where it is put together, its parts are written to places of their own, as they would be into
    /// a buffer.
    pub(super) fn message(&mut self, e: &'p Expression<'a>) {
        if matches!(e.get_inner_expression(), Expression::Identifier(_)) && self.is_drawn(e) {
            self.draw();
        }
        if let Some((BinaryOperator::Addition, left, right)) = self.scan.operation(e) {
            self.piece(right);
            let mut next = left;
            while let Some((BinaryOperator::Addition, left, right)) = self.scan.operation(next) {
                self.piece(right);
                next = left;
            }
            self.piece(next);
            return self.code.i32(0);
        }
        match e.get_inner_expression() {
            Expression::TemplateLiteral(template) if !template.expressions.is_empty() => {
                template.expressions.iter().for_each(|part| self.piece(part));
                self.code.i32(0);
            }
            Expression::AwaitExpression(wait) => self.message(&wait.argument),
            Expression::CallExpression(call) => {
                let (callee, arguments) = self.scan.applied(call);
                let is_own = !self.scan.resolved(callee, self.scan.last_name(callee)).as_slice().is_empty();
                match (arguments, arguments.first().and_then(Argument::as_expression)) {
                    ([_], Some(inner)) if !is_own && self.is_put_together(inner) => self.message(inner),
                    _ => {
                        self.expression(e);
                    }
                }
            }
            Expression::ArrayExpression(list) if !self.scan.arrays.contains_key(&list.span.start) => {
                list.elements.iter().filter_map(|element| element.as_expression()).for_each(|part| self.piece(part));
                self.code.i32(0);
            }
            // `JSON.stringify({ block, nonce })`.
            Expression::ObjectExpression(object) if !object.properties.is_empty() => {
                values_of(object).for_each(|part| self.piece(part));
                self.code.i32(0);
            }
            Expression::Identifier(name) => match self.symbol(name).and_then(|symbol| self.put_together(symbol)) {
                Some(value) => self.message(value),
                None => {
                    self.expression(e);
                }
            },
            e => {
                self.expression(e);
            }
        }
    }

    /// Whether a message is put together right here.
    pub(super) fn is_put_together(&self, e: &Expression<'a>) -> bool {
        if let Some((operator, ..)) = self.scan.operation(e) {
            return operator == BinaryOperator::Addition;
        }
        match e.get_inner_expression() {
            Expression::TemplateLiteral(_) => true,
            Expression::ObjectExpression(object) => !object.properties.is_empty(),
            Expression::Identifier(name) => self.symbol(name).is_some_and(|symbol| self.put_together(symbol).is_some()),
            Expression::CallExpression(call) => match self.scan.applied(call).1 {
                [only] => only.as_expression().is_some_and(|e| self.is_put_together(e)),
                _ => false,
            },
            _ => false,
        }
    }

    fn piece(&mut self, e: &'p Expression<'a>) {
        if e.is_literal() {
            return;
        }
        if self.is_drawn(e) {
            return self.draw();
        }
        let word = self.word();
        self.code.i32(word as i32);
        let wide = self.expression(e);
        self.code.memory(if wide { code::I64_STORE } else { code::I32_STORE }, 0);
    }

    /// Whether a value is what a hash gave, in whatever form.
    pub(super) fn gives_digest(&self, e: &Expression<'a>) -> bool {
        // `'0x' + hash`.
        if let Some((operator, left, right)) = self.scan.operation(e) {
            return operator == BinaryOperator::Addition
                && left.get_inner_expression().is_string_literal()
                && self.gives_digest(right);
        }
        match e.get_inner_expression() {
            Expression::AwaitExpression(wait) => self.gives_digest(&wait.argument),
            Expression::Identifier(name) => match self.symbol(name) {
                Some(symbol) => self.digests.contains(&symbol),
                None => self.global_digests.contains(&name.name.as_str()),
            },
            Expression::NewExpression(made) => self.first_gives_digest(&made.arguments),
            Expression::CallExpression(call) => {
                let (callee, arguments) = self.scan.applied(call);
                let (name, object) = (self.scan.last_name(callee), self.scan.object(callee));
                let own = self.scan.resolved(callee, name);
                // Who is handed nothing draws numbers.
                !arguments.is_empty() && own.as_slice().iter().any(|scope| self.gives_hash(*scope))
                    || name.is_some_and(|name| is_digest(name, arguments.len()))
                    || self.scan.is_hasher(object, name, arguments.len())
                    || self.first_gives_digest(arguments)
                    || object.is_some_and(|object| self.gives_digest(object))
            }
            _ => false,
        }
    }

    fn first_gives_digest(&self, arguments: &[Argument<'a>]) -> bool {
        arguments.first().and_then(Argument::as_expression).is_some_and(|e| self.gives_digest(e))
    }

    pub(super) fn note_digest(&mut self, symbol: usize, digest: bool) {
        if digest && !self.digests.contains(&symbol) {
            self.digests.push(symbol);
        }
    }

    /// The first parameter of what is handed to `then` holds what was waited for.
    pub(super) fn note_parameter(&mut self, function: &Expression<'a>, digest: bool) {
        if !digest {
            return;
        }
        let parameters: &FormalParameters<'a> = match function.get_inner_expression() {
            Expression::FunctionExpression(function) => &function.params,
            Expression::ArrowFunctionExpression(arrow) => parameters_of(arrow),
            _ => return,
        };
        let first = parameters.items.first().and_then(|first| first.pattern.get_binding_identifier());
        if let Some(symbol) = first.and_then(|id| id.symbol_id.get()) {
            self.note_digest(symbol.index(), digest);
        }
    }

    /// Two values compared.
    pub(super) fn compare(&mut self, operator: BinaryOperator, left: &'p Expression<'a>, right: &'p Expression<'a>) {
        if operator.is_equality() {
            return self.equal(operator, left, right);
        }
        let (left, right) = self.scan.ordered(left, right).unwrap_or((left, right));
        if !self.derived_order(left, right) {
            self.word_of(left);
            self.word_of(right);
        }
        self.code.op(match operator {
            BinaryOperator::LessThan => code::I32_LT_U,
            BinaryOperator::LessEqualThan => code::I32_LE_U,
            BinaryOperator::GreaterThan => code::I32_GT_U,
            _ => code::I32_GE_U,
        });
    }

    fn equal(&mut self, operator: BinaryOperator, left: &'p Expression<'a>, right: &'p Expression<'a>) {
        for (side, other) in [(left, right), (right, left)] {
            if let Some((text, length)) = self.scan.beginning(side) {
                self.effect(other);
                return self.prefix(text, length);
            }
            let is_literal = other.get_inner_expression().is_literal();
            let is_value = matches!(
                side.get_inner_expression(),
                Expression::Identifier(_) | Expression::CallExpression(_) | Expression::AwaitExpression(_)
            );
            if !is_literal && (is_value && self.gives_digest(side) || self.is_part_of_digest(side, other)) {
                return self.prefix(side, Some(other));
            }
            if self.is_nothing(other) && (self.is_first_byte(side) || self.of_digest(side)) {
                // A byte of what a hash gave is nothing: so many leading zeros.
                self.expression(side);
                self.code.op(code::DROP);
                return self.prefix(digest_object(side), None);
            }
        }
        self.expression(left);
        self.expression(right);
        let negated = matches!(operator, BinaryOperator::Inequality | BinaryOperator::StrictInequality);
        self.code.op(if negated { code::I32_NE } else { code::I32_EQ });
    }

    /// Whether the first bits of a value are as they should be.
    pub(super) fn prefix(&mut self, value: &'p Expression<'a>, wanted: Option<&'p Expression<'a>>) {
        self.expression(value);
        self.code.memory(code::I32_LOAD, 0);
        match wanted {
            Some(wanted) if self.scan.known(wanted) == Known::Nothing && self.scan.text(wanted).is_none() => {
                self.expression(wanted);
            }
            _ => self.code.i32(8),
        }
        self.code.op(code::I32_SHR_U);
        self.code.op(code::I32_EQZ);
    }

    fn is_first_byte(&self, e: &Expression<'a>) -> bool {
        let Expression::ComputedMemberExpression(member) = e.get_inner_expression() else { return false };
        self.gives_digest(&member.object)
    }

    /// A value as a word: what a hash gave is one in memory.
    fn word_of(&mut self, e: &'p Expression<'a>) {
        let inner = e.get_inner_expression();
        let number = match inner {
            Expression::CallExpression(call)
                if matches!(self.scan.last_name(&call.callee), Some("BigInt" | "parseInt" | "Number")) =>
            {
                call.arguments.first().and_then(Argument::as_expression)
            }
            _ => None,
        };
        // A function that compares any two numbers tells by what it is handed.
        if let Some(text) = number.filter(|text| self.inlined.is_empty() || self.of_digest(text)) {
            if let Some((text, length)) = self.scan.beginning(text) {
                self.prefix(text, length);
                self.code.op(code::DROP);
                self.expression(text);
            } else {
                self.expression(text);
            }
            return self.code.memory(code::I32_LOAD, 0);
        }
        self.expression(inner);
        if self.gives_digest(inner) {
            self.code.memory(code::I32_LOAD, 0);
        }
    }
}

fn parameters_of<'e, 'a>(arrow: &'e ArrowFunctionExpression<'a>) -> &'e FormalParameters<'a> {
    &arrow.params
}

/// The array of an element, or the value itself.
fn digest_object<'e, 'a>(e: &'e Expression<'a>) -> &'e Expression<'a> {
    match e.get_inner_expression() {
        Expression::ComputedMemberExpression(member) => &member.object,
        other => other,
    }
}
