//! Numbers that are drawn at random and hashed are nonces as well: each turn of a loop tries another one. They are written down
//! as what they are good for, a counter of the draws.

use super::call::SAME;
use super::emit::code;
use super::lower::Lower;
use oxc_ast::ast::{Argument, Expression};

/// Values inside of each other that are followed.
const DEPTH: u32 = 8;

/// Whether a call draws numbers.
fn is_draw(object: Option<&Expression<'_>>, name: Option<&str>) -> bool {
    let on = |of: &str| matches!(object, Some(Expression::Identifier(name)) if name.name == of);
    match name {
        Some("random") => on("Math"),
        Some("getRandomValues" | "randomUUID" | "randomBytes" | "randomInt") => true,
        _ => false,
    }
}

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// Whether a value was drawn in a loop that is being written.
    pub(super) fn is_drawn(&self, e: &Expression<'a>) -> bool {
        self.is_in_loop() && self.draws_from(e, DEPTH)
    }

    fn draws_from(&self, e: &Expression<'a>, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let drawn = |e: &Expression<'a>| self.draws_from(e, depth);
        if let Some((operator, left, right)) = self.scan.operation(e) {
            return !operator.is_compare() && !operator.is_equality() && (drawn(left) || drawn(right));
        }
        match e.get_inner_expression() {
            Expression::Identifier(name) => self.symbol(name).is_some_and(|symbol| self.drawn.contains(&symbol)),
            Expression::AwaitExpression(wait) => drawn(&wait.argument),
            Expression::UnaryExpression(unary) => drawn(&unary.argument),
            Expression::TemplateLiteral(template) => template.expressions.iter().any(drawn),
            Expression::StaticMemberExpression(member) => member.property.name == "buffer" && drawn(&member.object),
            Expression::ComputedMemberExpression(member) => drawn(&member.object),
            Expression::NewExpression(made) => {
                made.arguments.first().and_then(Argument::as_expression).is_some_and(drawn)
            }
            Expression::CallExpression(call) => {
                let (callee, arguments) = self.scan.applied(call);
                let (object, name) = (self.scan.object(callee), self.scan.last_name(callee));
                let is_own = !self.scan.resolved(callee, name).as_slice().is_empty();
                is_draw(object, name)
                    || !is_own && object.is_some_and(drawn)
                    // What is given more than that makes something else of it.
                    || (arguments.len() == 1 || name.is_some_and(|name| SAME.contains(&name)))
                        && !is_own
                        && arguments.first().and_then(Argument::as_expression).is_some_and(drawn)
            }
            _ => false,
        }
    }

    /// Notes that a variable holds what was drawn.
    pub(super) fn note_drawn(&mut self, symbol: usize, value: &Expression<'a>) {
        if self.is_drawn(value) && !self.of_digest(value) && !self.drawn.contains(&symbol) {
            self.drawn.push(symbol);
        }
    }

    /// Notes what a call fills with draws: `getRandomValues(bytes)`, `message.set(drawn, 80)`.
    pub(super) fn note_drawn_into(
        &mut self,
        object: Option<&Expression<'a>>,
        name: Option<&str>,
        arguments: &[Argument<'a>],
    ) {
        let first = arguments.first().and_then(Argument::as_expression);
        let filled = match name {
            Some("getRandomValues" | "randomFillSync") if self.is_in_loop() => first,
            Some("set") if first.is_some_and(|first| self.is_drawn(first)) => object,
            _ => None,
        };
        if let Some(symbol) = filled.and_then(|filled| self.whole(filled))
            && !self.drawn.contains(&symbol)
        {
            self.drawn.push(symbol);
        }
    }

    /// The variable whose value, or a part of it, is written to.
    fn whole(&self, e: &Expression<'a>) -> Option<usize> {
        match e.get_inner_expression() {
            Expression::Identifier(name) => self.symbol(name),
            Expression::CallExpression(call) if self.scan.last_name(&call.callee) == Some("subarray") => {
                self.whole(self.scan.object(&call.callee)?)
            }
            _ => None,
        }
    }

    /// Writes one more draw to a place of its own.
    pub(super) fn draw(&mut self) {
        let count = self.code.local();
        let word = self.word();
        self.code.i32(word as i32);
        self.code.op_with(code::LOCAL_GET, count);
        self.code.i32(1);
        self.code.op(code::I32_ADD);
        self.code.op_with(code::LOCAL_TEE, count);
        self.code.memory(code::I32_STORE, 0);
    }
}
