//! Functions that are called for each word of a list, and what makes such lists.

use super::emit::code;
use super::lower::{Frame, Lower};
use oxc_ast::ast::{Argument, Expression};
use oxc_span::GetSpan;

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// What makes the numbers of a list: `Array.from({ length: 64 }, (_, i) => base + i)`.
    pub(super) fn maker_of(&self, list: &'p Expression<'a>) -> Option<&'p Expression<'a>> {
        match list.get_inner_expression() {
            Expression::Identifier(name) => {
                let symbol = self.symbol(name)?;
                self.makers.iter().rev().find(|(list, _)| *list == symbol).map(|(_, maker)| *maker)
            }
            Expression::CallExpression(call) if self.scan.last_name(&call.callee) == Some("from") => {
                let maker = call.arguments.get(1).and_then(Argument::as_expression);
                maker.filter(|maker| matches!(maker.get_inner_expression(), Expression::ArrowFunctionExpression(_)))
            }
            _ => None,
        }
    }

    /// Notes that a variable holds such a list.
    pub(super) fn note_maker(&mut self, symbol: usize, value: &'p Expression<'a>) {
        if !matches!(value.get_inner_expression(), Expression::Identifier(_))
            && let Some(maker) = self.maker_of(value)
        {
            self.makers.push((symbol, maker));
        }
    }

    /// A function that is called for each word of a list, which `maker` makes.
    pub(super) fn repeated_part(
        &mut self,
        function: &'p Expression<'a>,
        list: Option<u32>,
        maker: Option<&'p Expression<'a>>,
    ) {
        let (index, word) = (self.take(), self.take());
        self.code.i32(0);
        self.code.op_with(code::LOCAL_SET, index);
        let top = self.each_word(list.unwrap_or(0), index);
        self.code.op_with(code::LOCAL_SET, word);
        if let Some(maker) = maker.filter(|maker| self.take_room(maker.span().size() as usize)) {
            // What it asks of other lists is not asked of their makers: these may go round, or grow without end.
            let makers = std::mem::take(&mut self.makers);
            self.part(maker, &[word, index]);
            self.code.op_with(code::LOCAL_SET, word);
            self.makers = makers;
        }
        self.frames.push(Frame { leave: top - 1, again: Some(top), ..Default::default() });
        self.part(function, &[word, index]);
        self.frames.pop();
        self.code.op(code::DROP);
        self.next_word(top);
        self.code.i32(0);
        self.give_back(word);
        self.give_back(index);
    }
}
