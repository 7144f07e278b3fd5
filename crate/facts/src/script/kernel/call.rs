//! Calls: of the program's own functions, of what the language brings along, and of all else.

use super::constant::{Known, element_size};
use super::emit::{PARAMETERS, code, unknown};
use super::inline::is_atomics;
use super::lower::Lower;
use super::message::is_digest;
use super::scan::is_function;
use oxc_ast::ast::{Argument, CallExpression, Expression, NewExpression};
use oxc_syntax::operator::{BinaryOperator, UnaryOperator};

/// Calls that give what they are given, in another form.
pub(super) const SAME: [&str; 23] = [
    "BigInt",
    "Number",
    "String",
    "parseInt",
    "parseFloat",
    "floor",
    "ceil",
    "round",
    "trunc",
    "abs",
    "fround",
    "encode",
    "toString",
    "valueOf",
    "from",
    "asUintN",
    "asIntN",
    "utf8ToBytes",
    "toUtf8Bytes",
    "fromCharCode",
    "freeze",
    "toFixed",
    "stringify",
];

/// Calls that call what they are given once for each element, or again and again.
const REPEATS: [&str; 16] = [
    "forEach",
    "map",
    "filter",
    "reduce",
    "reduceRight",
    "some",
    "every",
    "find",
    "findIndex",
    "flatMap",
    "replace",
    "setInterval",
    "from",
    "sort",
    "replaceAll",
    "addEventListener",
];

/// Methods that lists, maps and buffers have: whose they are, a name does not tell, so that they are not written in place.
const COMMON: [&str; 20] = [
    "push", "pop", "shift", "unshift", "set", "get", "add", "has", "delete", "slice", "subarray", "concat", "fill",
    "map", "filter", "forEach", "find", "indexOf", "read", "write",
];

fn is_negative(e: &Expression<'_>) -> bool {
    matches!(e.get_inner_expression(), Expression::UnaryExpression(unary) if unary.operator == UnaryOperator::UnaryNegation)
}

/// Whether a value is the object whose method is written.
fn is_this(e: &Expression<'_>) -> bool {
    matches!(e.get_inner_expression(), Expression::ThisExpression(_))
}

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// The value of a call; whether it has 64 bits.
    pub(super) fn call(&mut self, call: &'p CallExpression<'a>) -> bool {
        let (callee, arguments) = self.scan.applied(call);
        let callee = callee.get_inner_expression();
        if is_function(callee) {
            self.immediate(callee, arguments);
            return false;
        }
        let (object, name) = (self.scan.object(callee), self.scan.last_name(callee));
        if let Some(object) =
            object.filter(|object| is_function(object) && matches!(name, Some("call" | "apply" | "bind")))
        {
            self.immediate(object, arguments.get(1..).unwrap_or_default());
            return false;
        }
        if let Some(handed) = self.scan.handed_to_digest(callee, arguments) {
            self.digest_call(None, handed);
            return false;
        }
        let own = self.scan.resolved(callee, name);
        let is_written = |scope: &usize| self.scan.members.get(scope).is_some_and(|member| member.index.is_some());
        if let own @ [_, ..] = own.as_slice()
            && own.iter().any(is_written)
        {
            let others =
                object.is_some_and(|object| !is_this(object)) && name.is_some_and(|name| COMMON.contains(&name));
            let room = if others { std::mem::take(&mut self.room) } else { 0 };
            let wide = self.own_call(own, object, arguments);
            self.room += room;
            return wide;
        }
        if let Some(name) = name
            && let Some(wide) = self.built_in(name, object, arguments)
        {
            return wide;
        }
        if name.is_some_and(|name| is_digest(name, arguments.len()))
            || self.scan.is_hasher(object, name, arguments.len())
        {
            self.digest_call(object, arguments);
            return false;
        }
        self.unknown_call(callee, object, name, arguments);
        false
    }

    /// A function that is called where it stands.
    fn immediate(&mut self, function: &'p Expression<'a>, arguments: &'p [Argument<'a>]) {
        let given: Vec<u32> = arguments.iter().map(|argument| self.argument_in_local(argument)).collect();
        self.part(function, &given);
        given.into_iter().for_each(|local| self.give_back(local));
    }

    pub(super) fn argument_in_local(&mut self, argument: &'p Argument<'a>) -> u32 {
        self.argument(argument);
        let local = self.take();
        self.code.op_with(code::LOCAL_SET, local);
        local
    }

    /// The value of an argument; a function among them is written where it stands.
    fn argument(&mut self, argument: &'p Argument<'a>) {
        match argument {
            Argument::SpreadElement(spread) => {
                self.expression(&spread.argument);
            }
            argument => match argument.as_expression() {
                Some(value) if is_function(value) => self.part(value, &[]),
                Some(value) => {
                    self.expression(value);
                }
                None => self.code.i32(0),
            },
        }
    }

    /// A call of one of the program's own functions.
    pub(super) fn own_call(
        &mut self,
        own: &[usize],
        object: Option<&'p Expression<'a>>,
        arguments: &'p [Argument<'a>],
    ) -> bool {
        let (scan, function) = (self.scan, self.function);
        let mut wide = false;
        let is_self = |scope: &usize| scan.members.get(scope).and_then(|member| member.index) == Some(function);
        let is_message = self.is_in_loop() && own.iter().any(|scope| self.hashes(*scope) && !is_self(scope));
        let mut given = Vec::new();
        for argument in arguments {
            match argument.as_expression().filter(|_| is_message) {
                Some(value) if !is_function(value) => {
                    self.message(value);
                    let local = self.take();
                    self.code.op_with(code::LOCAL_SET, local);
                    given.push(local);
                }
                _ => given.push(self.argument_in_local(argument)),
            }
        }
        let this = object.map(|object| {
            self.expression(object);
            let local = self.take();
            self.code.op_with(code::LOCAL_SET, local);
            local
        });
        if let Some(itself) = own.iter().copied().find(is_self) {
            self.call_again(itself, arguments, &given);
        } else if let [only] = own {
            match self.inlinable(*only) {
                Some(body) => {
                    self.note_handed(*only, arguments);
                    wide = self.inline(*only, body, this, &given);
                }
                None => self.direct(*only, this, &given),
            }
        } else {
            let result = self.take();
            for scope in own {
                self.opaque();
                self.code.open(code::IF, false);
                self.direct(*scope, this, &given);
                self.code.op_with(code::LOCAL_SET, result);
                self.code.end();
            }
            self.code.op_with(code::LOCAL_GET, result);
            self.give_back(result);
        }
        this.into_iter().chain(given).for_each(|local| self.give_back(local));
        wide
    }

    /// A call of the function that is written: its parameters become what they are given, those aside that stay what they are.
    pub(super) fn call_again(&mut self, scope: usize, arguments: &[Argument<'a>], given: &[u32]) {
        for (at, symbol) in self.own.clone().into_iter().enumerate() {
            let name = match arguments.get(at).and_then(Argument::as_expression).map(Expression::get_inner_expression) {
                Some(Expression::Identifier(name)) => self.symbol(name),
                _ => None,
            };
            if let (Some(symbol), Some(local)) = (symbol.filter(|symbol| name != Some(*symbol)), given.get(at)) {
                self.code.op_with(code::LOCAL_GET, *local);
                self.set(symbol);
            }
        }
        self.come_back(scope);
        self.opaque();
    }

    fn direct(&mut self, scope: usize, this: Option<u32>, given: &[u32]) {
        let Some(member) = self.scan.members.get(&scope) else { return self.opaque() };
        let Some(index) = member.index.filter(|_| member.is_written) else { return self.opaque() };
        match this {
            Some(local) => self.code.op_with(code::LOCAL_GET, local),
            None => self.code.i32(0),
        }
        for at in 0..member.parameters().min(PARAMETERS) {
            match given.get(at) {
                Some(local) => self.code.op_with(code::LOCAL_GET, *local),
                None => self.code.i32(0),
            }
        }
        self.code.op_with(code::CALL, super::emit::IMPORTS + index);
    }

    /// A function that has itself called again is a loop.
    pub(super) fn come_back(&mut self, scope: usize) {
        if self.function == 0 || self.scan.members.get(&scope).and_then(|member| member.index) != Some(self.function) {
            return;
        }
        match self.restart {
            Some(block) => {
                self.opaque();
                self.code.branch(code::BR_IF, block);
            }
            None => self.recurs = true,
        }
    }

    /// The same, by the name of a property.
    pub(super) fn come_back_by_name(&mut self, name: &str) {
        if let [only] = self.scan.called(name).as_slice() {
            self.come_back(*only);
        }
    }

    /// Whether what is written now runs again and again.
    pub(super) fn is_in_loop(&self) -> bool {
        self.restart.is_some() || !self.steps.is_empty() || self.frames.iter().any(|frame| frame.again.is_some())
    }

    /// What the language brings along; whether the value has 64 bits, and none where it is something else.
    fn built_in(
        &mut self,
        name: &str,
        object: Option<&'p Expression<'a>>,
        arguments: &'p [Argument<'a>],
    ) -> Option<bool> {
        let first = || arguments.first().and_then(Argument::as_expression).filter(|e| !is_function(e));
        let second = || arguments.get(1).and_then(Argument::as_expression);
        match name {
            "imul" => {
                self.expression(first()?);
                self.expression(second()?);
                self.operate(BinaryOperator::Multiplication, false);
            }
            "clz32" => {
                self.expression(first()?);
                self.code.op(code::I32_CLZ);
            }
            "charCodeAt" | "codePointAt" => {
                self.expression(object?);
                self.optional(first());
                self.code.op(code::I32_ADD);
                self.code.memory(code::I32_LOAD8_U, 0);
            }
            "startsWith" => self.prefix(object?, first()),
            // Whatever is asked of a hash by an expression, which may be made of the number of zeros.
            "test" | "exec" if self.of_digest(first()?) && !self.of_digest(object?) => {
                self.prefix(first()?, None);
            }
            "add" | "sub" | "load" | "store" | "exchange" if is_atomics(object?) => {
                return self.atomic(name, arguments);
            }
            "asUintN" | "asIntN" => {
                self.expression(second()?);
                return Some(true);
            }
            "BigInt" => {
                self.expression(first()?);
                return Some(true);
            }
            "subarray" | "slice" | "concat" | "toString" | "valueOf" if arguments.is_empty() => {
                return Some(self.expression(object?));
            }
            "toString" | "toFixed" | "padStart" | "padEnd" | "toLowerCase" | "toUpperCase" | "trim" => {
                return Some(self.expression(object?));
            }
            // `('0000000' + n.toString(16)).slice(-8)`.
            "slice" | "substr" if is_negative(first()?) && self.is_put_together(object?) => {
                return Some(self.expression(object?));
            }
            _ if SAME.contains(&name) => {
                // Whatever it is called on is not what it gives.
                let wide = self.expression(first()?);
                arguments.iter().skip(1).filter_map(Argument::as_expression).for_each(|e| self.effect_of(e));
                return Some(wide);
            }
            _ => return self.view_access(name, object?, arguments),
        }
        Some(false)
    }

    fn effect_of(&mut self, e: &'p Expression<'a>) {
        if is_function(e) {
            self.part(e, &[]);
            self.code.op(code::DROP);
        } else {
            self.effect(e);
        }
    }

    pub(super) fn optional(&mut self, e: Option<&'p Expression<'a>>) {
        match e {
            Some(e) => {
                self.expression(e);
            }
            None => self.code.i32(0),
        }
    }

    /// `view.getUint32(76)`, `buffer.writeUInt32LE(nonce, 76)`.
    fn view_access(&mut self, name: &str, object: &'p Expression<'a>, arguments: &'p [Argument<'a>]) -> Option<bool> {
        let (kind, rest) =
            ["get", "set", "read", "write"].iter().find_map(|kind| Some((*kind, name.strip_prefix(kind)?)))?;
        let lower = rest.to_ascii_lowercase();
        let sized = lower.strip_prefix("big").unwrap_or(&lower);
        let sized = sized.strip_prefix("uint").or_else(|| sized.strip_prefix("int"))?;
        let (size, load, store) = match sized.trim_end_matches(['l', 'b', 'e']) {
            "8" => (1, code::I32_LOAD8_U, code::I32_STORE8),
            "16" => (2, code::I32_LOAD16_U, code::I32_STORE16),
            "32" => (4, code::I32_LOAD, code::I32_STORE),
            "64" => (8, code::I64_LOAD, code::I64_STORE),
            _ => return None,
        };
        let expression = |at: usize| arguments.get(at).and_then(Argument::as_expression);
        let (place, value) = match kind {
            "set" => (expression(0), expression(1)),
            "write" => (expression(1), expression(0)),
            _ => (expression(0), None),
        };
        if value.is_some_and(|value| self.is_drawn(value)) {
            self.draw();
        }
        self.expression(object);
        self.optional(place);
        self.code.op(code::I32_ADD);
        if let Some(value) = value {
            self.expression(value);
            self.code.memory(store, 0);
            self.code.i32(0);
            return Some(false);
        }
        self.code.memory(load, 0);
        Some(size == 8)
    }

    /// A call of which nothing is known: what it is given may change, and what it gives is data.
    fn unknown_call(
        &mut self,
        callee: &'p Expression<'a>,
        object: Option<&'p Expression<'a>>,
        name: Option<&str>,
        arguments: &'p [Argument<'a>],
    ) {
        let mut values = 0;
        let mut on = None;
        match object {
            Some(object) => {
                self.expression(object);
                let local = self.take();
                self.code.op_with(code::LOCAL_TEE, local);
                on = Some(local);
                values += 1;
            }
            None => match callee {
                Expression::Identifier(_) | Expression::Super(_) => {}
                callee => self.effect(callee),
            },
        }
        let repeats = name.is_some_and(|name| REPEATS.contains(&name));
        let digest = object.is_some_and(|object| self.of_digest(object));
        self.note_filled(object, name, arguments);
        self.note_drawn_into(object, name, arguments);
        for argument in arguments {
            let function = argument.as_expression().filter(|e| is_function(e));
            match function {
                Some(function) if repeats => {
                    self.note_parameter(function, digest);
                    self.repeated_part(function, on, object.and_then(|object| self.maker_of(object)));
                }
                Some(function) => {
                    self.note_parameter(function, digest);
                    self.part(function, on.as_slice());
                }
                None if self.named_part(name, argument, arguments, on, digest) => {}
                // `hash.update(text + n)`, as it would be handed to the hash.
                None if name == Some("update") && self.is_in_loop() => match argument.as_expression() {
                    Some(text) => self.message(text),
                    None => self.argument(argument),
                },
                None => self.argument(argument),
            }
            values += 1;
        }
        for _ in PARAMETERS..values {
            self.code.op(code::DROP);
        }
        self.code.op_with(code::CALL, unknown(values));
        on.into_iter().for_each(|local| self.give_back(local));
    }

    /// `new C(..)`.
    pub(super) fn made(&mut self, made: &'p NewExpression<'a>) {
        let name = self.scan.last_name(&made.callee);
        if let Known::Table(address) = self.scan.known_new(made) {
            return self.code.i32(address as i32);
        }
        let first = made.arguments.first().and_then(Argument::as_expression);
        let is_view = name.is_some_and(|name| name == "DataView" || element_size(name).is_some());
        if let Some(first) = first.filter(|_| is_view) {
            let is_length = matches!(self.scan.known(first), Known::Number(_))
                || matches!(first.get_inner_expression(), Expression::BinaryExpression(_));
            if !is_length {
                self.expression(first);
                return;
            }
        }
        let own = self.scan.resolved(&made.callee, None);
        if let own @ [_, ..] = own.as_slice() {
            self.own_call(own, None, &made.arguments);
            return;
        }
        let callee = made.callee.get_inner_expression();
        self.unknown_call(callee, None, None, &made.arguments);
    }
}
