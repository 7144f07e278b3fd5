//! Functions that compilers took apart at each `await`: TypeScript hands `__generator` a function that is called again and again
//! and branches by a label, Babel hands `regeneratorRuntime.wrap` one that loops over a switch. What they return on the way is
//! what is waited for; only the last return leaves them.

use super::emit::code;
use super::lower::Lower;
use oxc_ast::ast::{Expression, FormalParameters, Statement, SwitchStatement};

/// Such a function while it is written.
#[derive(Debug)]
pub(super) struct Stepped {
    /// The variable that holds where it is.
    state: usize,
    /// The block to go back to.
    again: u32,
    /// What is waited for, and whether it came of a hash.
    sent: u32,
    is_digest: bool,
}

/// How `__generator` is told what to do next, as the first element of a list.
const GOES_ON: [f64; 2] = [3.0, 7.0];
const YIELDS: [f64; 2] = [4.0, 5.0];

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// Enters a function that is one; whether it is.
    pub(super) fn enter_steps(&mut self, parameters: &FormalParameters<'a>, body: &'p [Statement<'a>]) -> bool {
        let Some(state) = parameters.items.first().and_then(|first| first.pattern.get_binding_identifier()) else {
            return false;
        };
        let Some(state) = state.symbol_id.get().map(|symbol| symbol.index()) else { return false };
        if !body.iter().filter_map(choice_of).any(|choice| self.is_of(&choice.discriminant, state)) {
            return false;
        }
        let again = self.code.open(code::LOOP, false);
        let sent = self.code.local();
        self.steps.push(Stepped { state, again, sent, is_digest: false });
        true
    }

    pub(super) fn leave_steps(&mut self) {
        if let Some(stepped) = self.steps.pop() {
            self.opaque();
            self.code.branch(code::BR_IF, stepped.again);
            self.code.end();
        }
    }

    /// `s.label`, `s.prev = s.next`.
    fn is_of(&self, e: &Expression<'a>, state: usize) -> bool {
        match e.get_inner_expression() {
            Expression::AssignmentExpression(assignment) => self.is_of(&assignment.right, state),
            Expression::StaticMemberExpression(member) => match member.object.get_inner_expression() {
                Expression::Identifier(name) => self.symbol(name) == Some(state),
                _ => false,
            },
            _ => false,
        }
    }

    /// Writes a return that only waits or goes on; whether it was one.
    pub(super) fn step(&mut self, value: &'p Expression<'a>) -> bool {
        let Some(&Stepped { state, again, sent, .. }) = self.steps.last() else { return false };
        let waited = match value.get_inner_expression() {
            Expression::ArrayExpression(list) => {
                let mut parts = list.elements.iter().map(|element| element.as_expression());
                match parts.next().flatten().map(Expression::get_inner_expression) {
                    Some(Expression::NumericLiteral(what)) if GOES_ON.contains(&what.value) => None,
                    Some(Expression::NumericLiteral(what)) if YIELDS.contains(&what.value) => parts.next().flatten(),
                    _ => return false,
                }
            }
            // `return s.abrupt("return", x)`, `return s.stop()`.
            Expression::CallExpression(call) if self.is_of(&call.callee, state) => return false,
            _ => Some(value),
        };
        if let Some(waited) = waited {
            self.expression(waited);
            self.code.op_with(code::LOCAL_SET, sent);
            let is_digest = self.of_digest(waited);
            self.steps.last_mut().into_iter().for_each(|stepped| stepped.is_digest = is_digest);
        }
        let inner = self.frames.iter().rev().take_while(|frame| frame.result.is_none()).find_map(|frame| frame.again);
        self.opaque();
        self.code.branch(code::BR_IF, inner.unwrap_or(again));
        true
    }

    /// The local of what was waited for, where a value is that: `s.sent()`, `s.sent`, `s.v`.
    pub(super) fn sent(&self, e: &Expression<'a>) -> Option<u32> {
        let stepped = self.steps.last()?;
        let member = match e.get_inner_expression() {
            Expression::CallExpression(call) if call.arguments.is_empty() => &call.callee,
            _ => e,
        };
        let is_sent = matches!(self.scan.last_name(member), Some("sent" | "v" | "t0"));
        (is_sent && self.is_of(member, stepped.state)).then_some(stepped.sent)
    }

    /// Whether a value is what was waited for, and came of a hash.
    pub(super) fn is_sent_digest(&self, e: &Expression<'a>) -> bool {
        self.steps.last().is_some_and(|stepped| stepped.is_digest) && self.sent(e).is_some()
    }
}

/// The switch of a statement, by itself or in a loop.
fn choice_of<'e, 'a>(statement: &'e Statement<'a>) -> Option<&'e SwitchStatement<'a>> {
    match statement {
        Statement::SwitchStatement(choice) => Some(choice),
        Statement::WhileStatement(turn) => choice_of(&turn.body),
        Statement::ForStatement(turn) => choice_of(&turn.body),
        _ => None,
    }
}
