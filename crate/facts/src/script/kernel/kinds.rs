//! Which variables hold BigInts. The language never mixes them with numbers, so that what is added, joined, assigned or
//! handed over is of one kind: one literal tells of all that it meets.

use super::constant::Known;
use super::scan::Scan;
use oxc_ast::ast::Expression;
use oxc_syntax::operator::BinaryOperator;

/// Variables, and elements of those that are arrays, in groups of one kind.
#[derive(Debug)]
pub(super) struct Kinds {
    /// The next one of the group, towards the one that stands for it. The last stands for BigInts.
    toward: Vec<u32>,
}

impl Kinds {
    /// For so many variables.
    pub(super) fn new(symbols: usize) -> Self {
        Self { toward: (0..=symbols as u32).collect() }
    }

    /// The number that stands for BigInts.
    pub(super) fn big(&self) -> usize {
        self.toward.len() - 1
    }

    /// Says that two are of one kind.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        if a != b {
            // The greater stands for the group, so that BigInts always stand for themselves.
            self.toward[a.min(b)] = a.max(b) as u32;
        }
    }

    fn find(&mut self, of: usize) -> usize {
        let mut at = of;
        while self.toward[at] as usize != at {
            let next = self.toward[at] as usize;
            self.toward[at] = self.toward[next];
            at = next;
        }
        at
    }

    /// Leads each straight to the one that stands for its group, so that asking takes one step however long the chains were.
    pub(super) fn settle(&mut self) {
        for at in (0..self.toward.len()).rev() {
            self.toward[at] = self.toward[self.toward[at] as usize];
        }
    }

    /// Whether a variable is known to hold BigInts.
    pub(super) fn is_big(&self, of: usize) -> bool {
        let mut at = of;
        while self.toward[at] as usize != at {
            at = self.toward[at] as usize;
        }
        at == self.big()
    }
}

impl<'p, 'a: 'p> Scan<'p, 'a> {
    /// What functions are given is of the kind of their parameters.
    pub(super) fn hand_over(&mut self) {
        for (callee, at, kind) in std::mem::take(&mut self.handed) {
            let Known::Function(scope) = self.resolve(callee) else { continue };
            let parameter = self.members.get(&scope).and_then(|member| member.symbols.get(at)?.get());
            if let Some(parameter) = parameter {
                self.kinds.join(parameter, kind);
            }
        }
        self.kinds.settle();
    }

    /// What stands for the kind of a value: a variable, or the array or function that it comes from.
    pub(super) fn kind(&self, e: &Expression<'a>) -> Option<usize> {
        match e.get_inner_expression() {
            Expression::BigIntLiteral(_) => Some(self.kinds.big()),
            Expression::Identifier(name) => self.symbol_of(name),
            Expression::BinaryExpression(binary) if !is_comparison(binary.operator) => {
                self.kind(&binary.right).or_else(|| match binary.left.get_inner_expression() {
                    // The left side of a chain has been joined with its right side.
                    Expression::BinaryExpression(left) => self.kind(&left.right),
                    left => self.kind(left),
                })
            }
            Expression::UnaryExpression(unary) => self.kind(&unary.argument),
            Expression::AssignmentExpression(assignment) => self.kind(&assignment.right),
            Expression::ComputedMemberExpression(member) => match member.object.get_inner_expression() {
                Expression::Identifier(name) => self.symbol_of(name),
                _ => None,
            },
            Expression::CallExpression(call) => match self.last_name(&call.callee) {
                Some("BigInt" | "asUintN" | "asIntN" | "getBigUint64" | "getBigInt64") => Some(self.kinds.big()),
                _ => match call.callee.get_inner_expression() {
                    Expression::Identifier(name) => self.symbol_of(name),
                    _ => None,
                },
            },
            _ => None,
        }
    }

    pub(super) fn same_kind(&mut self, a: Option<usize>, b: Option<usize>) {
        if let (Some(a), Some(b)) = (a, b) {
            self.kinds.join(a, b);
        }
    }
}

/// Whether an operator takes both kinds.
pub(super) fn is_comparison(operator: BinaryOperator) -> bool {
    operator.is_compare() || operator.is_equality() || operator.is_keyword()
}

#[cfg(test)]
mod tests {
    use super::Kinds;

    #[test]
    fn one_literal_tells_of_all_that_it_meets() {
        let mut kinds = Kinds::new(5);
        kinds.join(0, 1);
        kinds.join(2, 3);
        kinds.join(kinds.big(), 0);
        kinds.join(1, 3);
        assert!((0..4).all(|symbol| kinds.is_big(symbol)));
        assert!(!kinds.is_big(4));
    }
}
