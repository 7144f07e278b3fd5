//! Names of what is called, made and kept in properties: as they stand, or as evaluation of a program that hides its strings
//! found them.

use super::constant::{Known, element_size};
use super::message::is_digest;
use super::scan::Scan;
use oxc_ast::ast::{Expression, MemberExpression, PropertyKey};
use oxc_span::GetSpan;

/// Object, name and index of a member.
pub(super) type Parts<'p, 'a> = (&'p Expression<'a>, Option<&'p str>, Option<&'p Expression<'a>>);

impl<'p, 'a: 'p> Scan<'p, 'a> {
    /// The text that an expression always is.
    pub(super) fn text(&self, e: &Expression<'a>) -> Option<&'p str> {
        match e.get_inner_expression() {
            Expression::StringLiteral(text) => Some(text.value.as_str()),
            Expression::CallExpression(_) | Expression::BinaryExpression(_) => {
                self.program.string(e.get_inner_expression().span())
            }
            Expression::Identifier(name) => self.symbol_of(name).and_then(|symbol| self.texts.get(&symbol).copied()),
            Expression::ComputedMemberExpression(member) => {
                let name = || self.property_text(self.text(&member.expression)?);
                self.program.string(member.span).or_else(name)
            }
            Expression::StaticMemberExpression(member) => self.property_text(member.property.name.as_str()),
            _ => None,
        }
    }

    /// The last name of what is called or made: `a.b.C` is `C`.
    pub(super) fn last_name(&self, callee: &Expression<'a>) -> Option<&'p str> {
        match callee.get_inner_expression() {
            Expression::Identifier(name) => Some(name.name.as_str()),
            Expression::StaticMemberExpression(member) => Some(member.property.name.as_str()),
            Expression::PrivateFieldExpression(member) => Some(member.field.name.as_str()),
            Expression::ComputedMemberExpression(member) => self.text(&member.expression),
            Expression::SequenceExpression(list) => list.expressions.last().and_then(|last| self.last_name(last)),
            Expression::ChainExpression(chain) => {
                chain.expression.as_member_expression().and_then(|member| member.static_property_name())
            }
            _ => None,
        }
    }

    /// The object of a member, where it has one.
    pub(super) fn object<'e>(&self, callee: &'e Expression<'a>) -> Option<&'e Expression<'a>> {
        match callee.get_inner_expression() {
            Expression::StaticMemberExpression(member) => Some(&member.object),
            Expression::ComputedMemberExpression(member) => Some(&member.object),
            Expression::PrivateFieldExpression(member) => Some(&member.object),
            _ => None,
        }
    }

    /// The name of a property, where it is a constant.
    pub(super) fn key_name(&self, key: &PropertyKey<'a>) -> Option<&'p str> {
        match key {
            PropertyKey::StaticIdentifier(name) => Some(name.name.as_str()),
            PropertyKey::PrivateIdentifier(name) => Some(name.name.as_str()),
            key => self.text(key.as_expression()?),
        }
    }

    /// Object, name and index of a member.
    pub(super) fn parts(&self, member: &'p MemberExpression<'a>) -> Parts<'p, 'a> {
        match member {
            MemberExpression::ComputedMemberExpression(member) => match self.text(&member.expression) {
                Some(name) => (&member.object, Some(name), None),
                None => (&member.object, None, Some(&member.expression)),
            },
            MemberExpression::StaticMemberExpression(member) => {
                (&member.object, Some(member.property.name.as_str()), None)
            }
            MemberExpression::PrivateFieldExpression(member) => {
                (&member.object, Some(member.field.name.as_str()), None)
            }
        }
    }

    /// `'2|0|1'.split('|')`.
    pub(super) fn order(&self, value: &Expression<'a>) -> Option<&'p str> {
        let Expression::CallExpression(call) = value.get_inner_expression() else { return None };
        let order = self.text(self.object(&call.callee)?)?;
        (self.last_name(&call.callee) == Some("split")).then_some(order)
    }

    /// Bytes of an element, where the value is a new typed array.
    pub(super) fn made_size(&self, value: &Expression<'a>) -> Option<u8> {
        match value.get_inner_expression() {
            Expression::NewExpression(made) => element_size(self.last_name(&made.callee)?),
            // `Uint8Array.from(..)`; `x.subarray(..)` is known by what it is taken from.
            Expression::CallExpression(call) => element_size(self.last_name(self.object(&call.callee)?)?),
            _ => None,
        }
    }

    /// Elements of a new typed array, where their number is known.
    pub(super) fn made_length(&self, value: &Expression<'a>) -> Option<u32> {
        let Expression::NewExpression(made) = value.get_inner_expression() else { return None };
        element_size(self.last_name(&made.callee)?)?;
        match self.known(made.arguments.first()?.as_expression()?) {
            Known::Number(n) if (1.0..=4_294_967_295.0).contains(&n) => Some(n as u32),
            _ => None,
        }
    }

    /// Whether a method is called on what a hash's name made: `new SHA1().hex(text)`.
    pub(super) fn is_hasher(&self, object: Option<&Expression<'a>>, name: Option<&str>, arguments: usize) -> bool {
        let made = match object.map(Expression::get_inner_expression) {
            Some(Expression::NewExpression(made)) => self.last_name(&made.callee),
            Some(Expression::CallExpression(call)) => self.last_name(&call.callee),
            // `lib.SHA256.hex(text)`.
            Some(Expression::StaticMemberExpression(member)) => Some(member.property.name.as_str()),
            _ => None,
        };
        arguments > 0
            && matches!(name, Some("hex" | "hash" | "array" | "b64" | "raw"))
            && made.is_some_and(|made| is_digest(made, 1))
    }

    /// `x.slice(0, n)` and its like: the value, and how much of it.
    pub(super) fn beginning<'e>(
        &self,
        e: &'e Expression<'a>,
    ) -> Option<(&'e Expression<'a>, Option<&'e Expression<'a>>)> {
        let Expression::CallExpression(call) = e.get_inner_expression() else { return None };
        let object = self.object(&call.callee)?;
        if !matches!(self.last_name(&call.callee), Some("slice" | "substr" | "substring")) {
            return None;
        }
        let mut arguments = call.arguments.iter().filter_map(|argument| argument.as_expression());
        arguments.next().filter(|start| start.is_number_0())?;
        Some((object, arguments.next()))
    }
}
