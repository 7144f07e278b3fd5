//! Expressions.

use super::machine::{Abrupt, Evaluated, Machine};
use super::operator;
use super::units::{Text, Units};
use super::value::{Code, Kind, Value};
use oxc_ast::ast::{
    Argument, ArrayExpression, ArrayExpressionElement, BinaryExpression, ConditionalExpression, Expression,
    IdentifierReference, LogicalExpression, ObjectExpression, ObjectProperty, ObjectPropertyKind, PropertyKey,
    PropertyKind, TaggedTemplateExpression, TemplateLiteral, UnaryExpression,
};
use oxc_span::{GetSpan, Span};
use oxc_syntax::node::NodeId;
use oxc_syntax::operator::{BinaryOperator, LogicalOperator, UnaryOperator};

impl<'a> Machine<'a, '_> {
    /// The value of an expression.
    pub(super) fn expression(&mut self, expression: &'a Expression<'a>) -> Evaluated<'a> {
        self.meter.step(1)?;
        match expression {
            Expression::NumericLiteral(it) => return Ok(Value::Number(it.value)),
            Expression::Identifier(it) => return Ok(self.identifier(it)),
            Expression::BooleanLiteral(it) => return Ok(Value::Bool(it.value)),
            Expression::NullLiteral(_) => return Ok(Value::Null),
            _ => {}
        }
        self.enter(|machine| machine.any_expression(expression)).unwrap_or(Ok(Value::Unknown))
    }

    fn any_expression(&mut self, expression: &'a Expression<'a>) -> Evaluated<'a> {
        match expression {
            Expression::StringLiteral(it) => {
                self.meter.room(it.value.len())?;
                self.meter.earn_text(&it.value);
                Ok(self.text(&it.value))
            }
            Expression::BinaryExpression(it) => self.binary(it),
            Expression::CallExpression(it) => self.call_expression(it),
            Expression::StaticMemberExpression(it) => {
                let object = self.expression(&it.object)?;
                if it.optional && object.is_nullish() == Some(true) {
                    return Ok(Value::Undefined);
                }
                let value = self.member(&object, it.property.name.as_str())?;
                self.note(&it.node_id, it.span, &value);
                Ok(value)
            }
            Expression::ComputedMemberExpression(it) => {
                let object = self.expression(&it.object)?;
                if it.optional && object.is_nullish() == Some(true) {
                    return Ok(Value::Undefined);
                }
                let key = self.expression(&it.expression)?;
                let value = self.member_of(&object, &key)?;
                self.note(&it.node_id, it.span, &value);
                Ok(value)
            }
            Expression::PrivateFieldExpression(it) => {
                let object = self.expression(&it.object)?;
                self.member(&object, &private(it.field.name.as_str()))
            }
            Expression::AssignmentExpression(it) => self.assignment(it),
            Expression::UpdateExpression(it) => self.update(it),
            Expression::UnaryExpression(it) => self.unary(it),
            Expression::LogicalExpression(it) => self.logical(it),
            Expression::ConditionalExpression(it) => self.conditional(it),
            Expression::FunctionExpression(it) => Ok(Value::Object(self.closure(Code::Function(it), None)?)),
            Expression::ArrowFunctionExpression(it) => Ok(Value::Object(self.closure(Code::Arrow(it), None)?)),
            Expression::ArrayExpression(it) => self.array_literal(it),
            Expression::ObjectExpression(it) => self.object_literal(it),
            Expression::TemplateLiteral(it) => self.template(it),
            Expression::TaggedTemplateExpression(it) => self.tagged(it),
            Expression::SequenceExpression(it) => {
                let mut last = Value::Undefined;
                for expression in &it.expressions {
                    last = self.expression(expression)?;
                }
                Ok(last)
            }
            Expression::ParenthesizedExpression(it) => self.expression(&it.expression),
            Expression::NewExpression(it) => self.new_expression(it),
            Expression::ThisExpression(_) => Ok(self.frame.this.clone()),
            Expression::ClassExpression(it) => self.class(it),
            Expression::AwaitExpression(it) => self.expression(&it.argument),
            Expression::ChainExpression(it) => self.chain(&it.expression),
            Expression::RegExpLiteral(it) => {
                let (pattern, flags) = (it.regex.pattern.text.as_str(), it.regex.flags.to_string());
                self.pattern(pattern, &flags)
            }
            Expression::BigIntLiteral(_) => Ok(Value::Unknown),
            Expression::ImportExpression(it) => {
                let source = self.expression(&it.source)?;
                self.import(&source, it.span);
                Ok(Value::Unknown)
            }
            Expression::YieldExpression(it) => {
                if let Some(argument) = &it.argument {
                    self.expression(argument)?;
                }
                Ok(Value::Unknown)
            }
            _ => Ok(Value::Unknown),
        }
    }

    /// Notes what an expression gave, for those who ask what stands there.
    pub(super) fn note(&mut self, node: &std::cell::Cell<NodeId>, span: Span, value: &Value<'a>) {
        if let Value::Text(text) = value
            && self.strings.note(node, span, text)
        {
            self.handed.spelled(text, &self.meter);
        }
    }

    fn identifier(&mut self, it: &'a IdentifierReference<'a>) -> Value<'a> {
        let value = match self.places.of_reference(it.reference_id.get()) {
            Some(place) => self.read(place),
            None => self.global(it.name.as_str()),
        };
        self.note(&it.node_id, it.span, &value);
        value
    }

    fn chain(&mut self, element: &'a oxc_ast::ast::ChainElement<'a>) -> Evaluated<'a> {
        use oxc_ast::ast::ChainElement;
        match element {
            ChainElement::CallExpression(it) => self.call_expression(it),
            ChainElement::StaticMemberExpression(it) => {
                let object = self.expression(&it.object)?;
                if object.is_nullish() == Some(true) {
                    Ok(Value::Undefined)
                } else {
                    self.member(&object, &it.property.name)
                }
            }
            ChainElement::ComputedMemberExpression(it) => {
                let object = self.expression(&it.object)?;
                if object.is_nullish() == Some(true) {
                    return Ok(Value::Undefined);
                }
                let key = self.expression(&it.expression)?;
                self.member_of(&object, &key)
            }
            _ => Ok(Value::Unknown),
        }
    }

    // -- operators --

    /// Chains of operators lean to the left, as deep as they are long: they are followed in a loop.
    fn binary(&mut self, it: &'a BinaryExpression<'a>) -> Evaluated<'a> {
        if !matches!(it.left, Expression::BinaryExpression(_)) {
            let left = self.expression(&it.left)?;
            return self.joined(it, left);
        }
        let mut spine = vec![it];
        while let Some(last) = spine.last()
            && let Expression::BinaryExpression(left) = &last.left
        {
            spine.push(left);
        }
        let Some(last) = spine.last() else { return Ok(Value::Unknown) };
        let mut value = self.expression(&last.left)?;
        while let Some(it) = spine.pop() {
            value = self.joined(it, value)?;
        }
        Ok(value)
    }

    /// What an operator gives for a left side that is known.
    fn joined(&mut self, it: &'a BinaryExpression<'a>, left: Value<'a>) -> Evaluated<'a> {
        let right = self.expression(&it.right)?;
        let value = self.operate(it.operator, left, right)?;
        self.note(&it.node_id, it.span, &value);
        Ok(value)
    }

    /// Applies an operator.
    pub(super) fn operate(&mut self, operator: BinaryOperator, left: Value<'a>, right: Value<'a>) -> Evaluated<'a> {
        self.meter.step(1)?;
        if let (Value::Number(left), Value::Number(right)) = (&left, &right)
            && let Some(value) = operator::of_numbers(operator, *left, *right)
        {
            return Ok(value);
        }
        match operator {
            BinaryOperator::Addition => self.add(left, right),
            BinaryOperator::In => Ok(self.has(&right, &left).map_or(Value::Unknown, Value::Bool)),
            BinaryOperator::Instanceof => Ok(self.is_instance(&left, &right).map_or(Value::Unknown, Value::Bool)),
            BinaryOperator::Equality | BinaryOperator::Inequality => {
                let equal = self.equal(&left, &right)?;
                Ok(equal.map_or(Value::Unknown, |e| Value::Bool(e == (operator == BinaryOperator::Equality))))
            }
            BinaryOperator::StrictEquality | BinaryOperator::StrictInequality => {
                let equal = operator::same(&left, &right);
                Ok(equal.map_or(Value::Unknown, |e| Value::Bool(e == (operator == BinaryOperator::StrictEquality))))
            }
            _ => {
                let (left, right) = (self.primitive(left)?, self.primitive(right)?);
                if let (Value::Text(a), Value::Text(b)) = (&left, &right)
                    && let Some(value) = operator::of_texts(operator, a, b)
                {
                    return Ok(value);
                }
                let (Some(left), Some(right)) = (operator::number(&left), operator::number(&right)) else {
                    return Ok(Value::Unknown);
                };
                Ok(operator::of_numbers(operator, left, right).unwrap_or(Value::Unknown))
            }
        }
    }

    fn add(&mut self, left: Value<'a>, right: Value<'a>) -> Evaluated<'a> {
        let (left, right) = (self.primitive(left)?, self.primitive(right)?);
        if !matches!(left, Value::Text(_)) && !matches!(right, Value::Text(_)) {
            let numbers = operator::number(&left).zip(operator::number(&right));
            return Ok(numbers.map_or(Value::Unknown, |(left, right)| Value::Number(left + right)));
        }
        let (Some(left), Some(right)) = (self.as_string(left)?, self.as_string(right)?) else {
            return Ok(Value::Unknown);
        };
        // Appending in place costs what is added, copying costs both.
        self.meter.room(right.len())?;
        if left.is_shared() {
            self.meter.room(left.len())?;
        }
        Ok(Value::Text(left.append(&right, &self.meter)))
    }

    fn equal(&mut self, left: &Value<'a>, right: &Value<'a>) -> Evaluated<'a, Option<bool>> {
        let nullish = (left.is_nullish(), right.is_nullish());
        Ok(match nullish {
            (None, _) | (_, None) => None,
            (Some(true), Some(true)) => Some(true),
            (Some(true), _) | (_, Some(true)) => Some(false),
            _ => match (left, right) {
                (Value::Object(_) | Value::Native(_), Value::Object(_) | Value::Native(_)) => {
                    operator::same(left, right)
                }
                (Value::Text(a), Value::Text(b)) => Some(a == b),
                _ => {
                    let (left, right) = (self.primitive(left.clone())?, self.primitive(right.clone())?);
                    match (&left, &right) {
                        (Value::Text(a), Value::Text(b)) => Some(a == b),
                        _ => operator::number(&left).zip(operator::number(&right)).map(|(left, right)| left == right),
                    }
                }
            },
        })
    }

    fn unary(&mut self, it: &'a UnaryExpression<'a>) -> Evaluated<'a> {
        if it.operator == UnaryOperator::Delete {
            return self.delete(&it.argument);
        }
        let value = self.expression(&it.argument)?;
        Ok(match it.operator {
            UnaryOperator::LogicalNot => value.truth().map_or(Value::Unknown, |truth| Value::Bool(!truth)),
            UnaryOperator::Void => Value::Undefined,
            UnaryOperator::Typeof => operator::type_of(&value).map_or(Value::Unknown, |name| self.text(name)),
            operator => {
                let value = self.primitive(value)?;
                let number = operator::number(&value);
                number.map_or(Value::Unknown, |number| match operator {
                    UnaryOperator::UnaryNegation => Value::Number(-number),
                    UnaryOperator::BitwiseNot => Value::Number(f64::from(!operator::int32(number))),
                    _ => Value::Number(number),
                })
            }
        })
    }

    fn logical(&mut self, it: &'a LogicalExpression<'a>) -> Evaluated<'a> {
        let left = self.expression(&it.left)?;
        let goes_on = match it.operator {
            LogicalOperator::And => left.truth(),
            LogicalOperator::Or => left.truth().map(|truth| !truth),
            LogicalOperator::Coalesce => left.is_nullish(),
        };
        match goes_on {
            Some(true) => self.expression(&it.right),
            Some(false) => Ok(left),
            None => {
                let right = self.perhaps_value(&it.right)?;
                // `config.url || "…"`: what stands there if nothing else does.
                Ok(if it.operator == LogicalOperator::And { Value::Unknown } else { right })
            }
        }
    }

    fn conditional(&mut self, it: &'a ConditionalExpression<'a>) -> Evaluated<'a> {
        match self.expression(&it.test)?.truth() {
            Some(true) => self.expression(&it.consequent),
            Some(false) => self.expression(&it.alternate),
            None => {
                let first = self.perhaps_value(&it.consequent)?;
                let second = self.perhaps_value(&it.alternate)?;
                Ok(if operator::same(&first, &second) == Some(true) { first } else { Value::Unknown })
            }
        }
    }

    /// The value of what may be evaluated and may not be.
    fn perhaps_value(&mut self, expression: &'a Expression<'a>) -> Evaluated<'a> {
        self.forced += 1;
        let result = self.expression(expression);
        self.forced -= 1;
        match result {
            Err(Abrupt::Throw(_)) => Ok(Value::Unknown),
            result => result,
        }
    }

    // -- literals --

    fn array_literal(&mut self, it: &'a ArrayExpression<'a>) -> Evaluated<'a> {
        self.meter.room(it.elements.len() * 16)?;
        self.meter.earn_list(it.elements.len());
        let mut elements = Vec::with_capacity(it.elements.len());
        for element in &it.elements {
            match element {
                ArrayExpressionElement::SpreadElement(spread) => {
                    let over = self.expression(&spread.argument)?;
                    match self.elements(&over)? {
                        Some(more) => elements.extend(more),
                        None => return Ok(Value::Unknown),
                    }
                }
                ArrayExpressionElement::Elision(_) => elements.push(Value::Undefined),
                element => {
                    if let Some(element) = element.as_expression() {
                        elements.push(self.expression(element)?);
                    }
                }
            }
        }
        self.array(elements)
    }

    fn object_literal(&mut self, it: &'a ObjectExpression<'a>) -> Evaluated<'a> {
        let object = self.object(Kind::Plain)?;
        let whole = Value::Object(object.clone());
        for property in &it.properties {
            match property {
                ObjectPropertyKind::ObjectProperty(property) => self.property(&whole, property)?,
                ObjectPropertyKind::SpreadProperty(spread) => {
                    let from = self.expression(&spread.argument)?;
                    self.copy_properties(&object, &from)?;
                }
            }
        }
        Ok(whole)
    }

    fn property(&mut self, whole: &Value<'a>, property: &'a ObjectProperty<'a>) -> Evaluated<'a, ()> {
        let key = self.key(&property.key)?;
        let value = self.expression(&property.value)?;
        match (key, property.kind) {
            (Some(key), PropertyKind::Init) => self.set_member(whole, &Value::Text(key), value),
            (Some(key), PropertyKind::Get) => self.set_member(whole, &Value::Text(key), Value::Unknown),
            _ => Ok(()),
        }
    }

    /// The name of a property; `None` where it is unknown.
    pub(super) fn key(&mut self, key: &'a PropertyKey<'a>) -> Evaluated<'a, Option<Text>> {
        match key {
            PropertyKey::StaticIdentifier(name) => Ok(Some(Text::from_str(&name.name, &self.meter))),
            PropertyKey::PrivateIdentifier(name) => Ok(Some(Text::from_str(&private(&name.name), &self.meter))),
            key => {
                let Some(key) = key.as_expression() else { return Ok(None) };
                let value = self.expression(key)?;
                let value = self.primitive(value)?;
                self.as_string(value)
            }
        }
    }

    fn template(&mut self, it: &'a TemplateLiteral<'a>) -> Evaluated<'a> {
        let mut units = Units::with_capacity(0);
        let mut known = true;
        for (index, quasi) in it.quasis.iter().enumerate() {
            let cooked = quasi.value.cooked.as_ref().map_or("", |cooked| cooked.as_str());
            self.meter.room(cooked.len())?;
            self.meter.earn_text(cooked);
            cooked.chars().for_each(|c| units.push_char(c));
            let Some(expression) = it.expressions.get(index) else { break };
            let value = self.expression(expression)?;
            let value = self.primitive(value)?;
            match self.as_string(value)? {
                Some(text) => {
                    self.meter.room(text.len())?;
                    units.push_text(&text);
                }
                None => known = false,
            }
        }
        if !known {
            return Ok(Value::Unknown);
        }
        let value = self.units(units);
        if !it.expressions.is_empty() {
            self.note(&it.node_id, it.span, &value);
        }
        Ok(value)
    }

    fn tagged(&mut self, it: &'a TaggedTemplateExpression<'a>) -> Evaluated<'a> {
        let tag = self.expression(&it.tag)?;
        let raw = matches!(tag, Value::Native(super::builtin::Native::StringRaw)) && it.quasi.expressions.is_empty();
        for expression in &it.quasi.expressions {
            self.expression(expression)?;
        }
        let first = it.quasi.quasis.first().filter(|_| raw);
        Ok(first.map_or(Value::Unknown, |quasi| self.text(&quasi.value.raw)))
    }

    // -- arguments --

    /// The arguments of a call; `None` where their number is unknown.
    pub(super) fn arguments(&mut self, arguments: &'a [Argument<'a>]) -> Evaluated<'a, Option<Vec<Value<'a>>>> {
        let mut given = Vec::with_capacity(arguments.len());
        let mut known = true;
        for argument in arguments {
            match argument {
                Argument::SpreadElement(spread) => {
                    let over = self.expression(&spread.argument)?;
                    match self.elements(&over)? {
                        Some(more) => given.extend(more),
                        None => known = false,
                    }
                }
                argument => {
                    if let Some(argument) = argument.as_expression() {
                        given.push(self.expression(argument)?);
                    }
                }
            }
        }
        Ok(known.then_some(given))
    }
}

/// Private names live beside the others, under a name that no property has otherwise.
fn private(name: &str) -> String {
    format!("#{name}")
}

/// Where a call's argument stands, or the call.
pub(super) fn argument_span(arguments: &[Argument<'_>], index: usize, whole: Span) -> Span {
    arguments.get(index).map_or(whole, GetSpan::span)
}
