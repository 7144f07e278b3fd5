//! Operators and calls that an obfuscator put into functions of their own: `o.abc(x, y)` with `abc: (a, b) => a ^ b` is
//! `x ^ y`, and `o.def(f, x)` with `def: (g, a) => g(a)` is `f(x)`.

use super::near::Few;
use super::scan::Scan;
use oxc_ast::ast::{
    Argument, ArrowFunctionBody, ArrowFunctionExpression, BindingPattern, CallExpression, Expression, FormalParameters,
    Function, Statement,
};
use oxc_syntax::operator::BinaryOperator;

/// What such a function does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapper {
    /// An operation on its two parameters.
    Operator(BinaryOperator),
    /// A call of its first parameter with all others.
    Call,
}

/// An operation and its two sides.
pub(super) type Operation<'e, 'a> = (BinaryOperator, &'e Expression<'a>, &'e Expression<'a>);

/// Wrappers around wrappers.
const DEPTH: usize = 8;

impl<'p, 'a: 'p> Scan<'p, 'a> {
    /// What a function does, where it only stands for an operator or a call.
    pub(super) fn wrapper_of_function(&self, function: &Function<'a>) -> Option<Wrapper> {
        let body = function.body.as_ref()?;
        match &body.statements[..] {
            [Statement::ReturnStatement(only)] => self.wrapper(&function.params, only.argument.as_ref()?),
            _ => None,
        }
    }

    /// The same of an arrow function.
    pub(super) fn wrapper_of_arrow(&self, arrow: &ArrowFunctionExpression<'a>) -> Option<Wrapper> {
        match &arrow.body {
            ArrowFunctionBody::FunctionBody(body) => match &body.statements[..] {
                [Statement::ReturnStatement(only)] => self.wrapper(&arrow.params, only.argument.as_ref()?),
                _ => None,
            },
            body => self.wrapper(&arrow.params, body.as_expression()?),
        }
    }

    fn wrapper(&self, parameters: &FormalParameters<'a>, value: &Expression<'a>) -> Option<Wrapper> {
        let parameter = |at: usize| match &parameters.items.get(at)?.pattern {
            BindingPattern::BindingIdentifier(id) => id.symbol_id.get().map(|symbol| symbol.index()),
            _ => None,
        };
        let is_parameter = |e: &Expression<'a>, at: usize| match e.get_inner_expression() {
            Expression::Identifier(name) => parameter(at).is_some() && self.symbol_of(name) == parameter(at),
            _ => false,
        };
        match value.get_inner_expression() {
            Expression::BinaryExpression(binary) if parameters.items.len() == 2 => {
                let plain = is_parameter(&binary.left, 0) && is_parameter(&binary.right, 1);
                plain.then_some(Wrapper::Operator(binary.operator))
            }
            Expression::CallExpression(call) if is_parameter(&call.callee, 0) => {
                let handed = call.arguments.iter().enumerate();
                let all = handed
                    .into_iter()
                    .all(|(at, argument)| argument.as_expression().is_some_and(|e| is_parameter(e, at + 1)));
                (all && call.arguments.len() + 1 == parameters.items.len()).then_some(Wrapper::Call)
            }
            _ => None,
        }
    }

    /// What a call's callee only stands for.
    pub(super) fn wrapped(&self, callee: &Expression<'a>) -> Option<Wrapper> {
        if !self.has_wrappers {
            return None;
        }
        match self.resolved(callee, self.last_name(callee)).as_slice() {
            [only] => self.members.get(only)?.wrapper,
            _ => None,
        }
    }

    /// The operation that an expression is.
    pub(super) fn operation<'e>(&self, e: &'e Expression<'a>) -> Option<Operation<'e, 'a>> {
        match e.get_inner_expression() {
            Expression::BinaryExpression(binary) => Some((binary.operator, &binary.left, &binary.right)),
            Expression::CallExpression(call) if self.has_wrappers => {
                let (callee, arguments) = self.applied(call);
                match (self.wrapped(callee)?, arguments) {
                    (Wrapper::Operator(operator), [left, right]) => {
                        Some((operator, left.as_expression()?, right.as_expression()?))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What is called with what, past functions that only call.
    pub(super) fn applied<'e>(&self, call: &'e CallExpression<'a>) -> (&'e Expression<'a>, &'e [Argument<'a>]) {
        let (mut callee, mut arguments): (&'e Expression<'a>, &'e [Argument<'a>]) = (&call.callee, &call.arguments);
        for _ in 0..DEPTH {
            match (self.wrapped(callee), arguments.split_first()) {
                (Some(Wrapper::Call), Some((first, rest))) => match first.as_expression() {
                    Some(function) => (callee, arguments) = (function, rest),
                    None => break,
                },
                _ => break,
            }
        }
        (callee, arguments)
    }

    /// The program's functions that a callee can be, by scope.
    pub(super) fn resolved(&self, callee: &Expression<'a>, name: Option<&str>) -> Few {
        match callee.get_inner_expression() {
            Expression::Identifier(name) => {
                self.symbol_of(name).map_or_else(Few::default, |symbol| self.functions_of(symbol))
            }
            Expression::SequenceExpression(list) => {
                list.expressions.last().map_or_else(Few::default, |last| self.resolved(last, name))
            }
            Expression::StaticMemberExpression(member) if matches!(name, Some("call" | "apply")) => {
                self.resolved(&member.object, self.last_name(&member.object))
            }
            _ => name.map_or_else(Few::default, |name| self.called(name)),
        }
    }
}
