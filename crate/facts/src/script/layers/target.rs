//! What is written to: assignments, updates, patterns.

use super::machine::{Evaluated, Machine};
use super::operator;
use super::places::Place;
use super::units::Text;
use super::value::Value;
use oxc_ast::ast::{
    ArrayAssignmentTarget, ArrayPattern, AssignmentExpression, AssignmentTarget, AssignmentTargetMaybeDefault,
    AssignmentTargetProperty, BindingPattern, Expression, IdentifierReference, ObjectAssignmentTarget, ObjectPattern,
    SimpleAssignmentTarget, UpdateExpression,
};
use oxc_syntax::operator::{AssignmentOperator, BinaryOperator, UpdateOperator};

/// A place that can be read and written.
enum Reference<'a> {
    Variable(Place),
    Global(Text),
    Member(Value<'a>, Value<'a>),
}

impl<'a> Machine<'a, '_> {
    /// `target = value`, with any operator.
    pub(super) fn assignment(&mut self, it: &'a AssignmentExpression<'a>) -> Evaluated<'a> {
        if it.operator == AssignmentOperator::Assign {
            let Some(simple) = it.left.as_simple_assignment_target() else {
                let value = self.expression(&it.right)?;
                self.assign(&it.left, value.clone())?;
                return Ok(value);
            };
            let reference = self.reference(simple)?;
            let value = self.expression(&it.right)?;
            self.set(reference, value.clone())?;
            return Ok(value);
        }
        let Some(simple) = it.left.as_simple_assignment_target() else { return Ok(Value::Unknown) };
        let Some(reference) = self.reference(simple)? else { return self.expression(&it.right) };
        if let Some(operator) = it.operator.to_binary_operator() {
            let right = self.expression(&it.right)?;
            return self.change(reference, operator, right);
        }
        let old = self.get(&reference)?;
        let goes_on = match it.operator {
            AssignmentOperator::LogicalOr => old.truth().map(|truth| !truth),
            AssignmentOperator::LogicalAnd => old.truth(),
            _ => old.is_nullish(),
        };
        if goes_on == Some(false) {
            return Ok(old);
        }
        let value = self.expression(&it.right)?;
        self.set(Some(reference), value.clone())?;
        Ok(value)
    }

    /// `target op= right`. What is added to a string that only this place holds is added in place.
    fn change(&mut self, reference: Reference<'a>, operator: BinaryOperator, right: Value<'a>) -> Evaluated<'a> {
        let right = self.primitive(right)?;
        let old = match &reference {
            Reference::Variable(place) => self.take(*place),
            Reference::Member(object, key) => self.take_member(object, key)?,
            Reference::Global(_) => self.get(&reference)?,
        };
        let value = self.operate(operator, old, right)?;
        // The result of `s += x` is seldom looked at; giving it away would make the next one copy the string.
        let result =
            if matches!(value, Value::Text(_)) && matches!(reference, Reference::Variable(_) | Reference::Member(..)) {
                Value::Unknown
            } else {
                value.clone()
            };
        self.set(Some(reference), value)?;
        Ok(result)
    }

    /// `target++` and its kin.
    pub(super) fn update(&mut self, it: &'a UpdateExpression<'a>) -> Evaluated<'a> {
        let Some(reference) = self.reference(&it.argument)? else { return Ok(Value::Unknown) };
        let old = self.get(&reference)?;
        let old = self.primitive(old)?;
        let Some(old) = operator::number(&old) else {
            self.set(Some(reference), Value::Unknown)?;
            return Ok(Value::Unknown);
        };
        let new = if it.operator == UpdateOperator::Increment { old + 1.0 } else { old - 1.0 };
        self.set(Some(reference), Value::Number(new))?;
        Ok(Value::Number(if it.prefix { new } else { old }))
    }

    /// `delete object[key]`.
    pub(super) fn delete(&mut self, argument: &'a Expression<'a>) -> Evaluated<'a> {
        let (object, key) = match argument {
            Expression::StaticMemberExpression(it) => (self.expression(&it.object)?, self.text(&it.property.name)),
            Expression::ComputedMemberExpression(it) => {
                (self.expression(&it.object)?, self.expression(&it.expression)?)
            }
            other => {
                self.expression(other)?;
                return Ok(Value::Bool(true));
            }
        };
        if let (Value::Object(object), Some(key)) = (&object, self.as_string(key)?) {
            object.properties.borrow_mut().delete(&key);
        }
        Ok(Value::Bool(true))
    }

    // -- references --

    fn variable(&mut self, it: &IdentifierReference<'a>) -> Reference<'a> {
        match self.places.of_reference(it.reference_id.get()) {
            Some(place) => Reference::Variable(place),
            None => Reference::Global(Text::from_str(&it.name, &self.meter)),
        }
    }

    fn reference(&mut self, target: &'a SimpleAssignmentTarget<'a>) -> Evaluated<'a, Option<Reference<'a>>> {
        Ok(Some(match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(it) => self.variable(it),
            SimpleAssignmentTarget::StaticMemberExpression(it) => {
                let object = self.expression(&it.object)?;
                Reference::Member(object, self.text(&it.property.name))
            }
            SimpleAssignmentTarget::ComputedMemberExpression(it) => {
                let object = self.expression(&it.object)?;
                let key = self.expression(&it.expression)?;
                Reference::Member(object, key)
            }
            SimpleAssignmentTarget::PrivateFieldExpression(it) => {
                let object = self.expression(&it.object)?;
                Reference::Member(object, self.text(&format!("#{}", it.field.name)))
            }
            _ => return Ok(None),
        }))
    }

    fn get(&mut self, reference: &Reference<'a>) -> Evaluated<'a> {
        match reference {
            Reference::Variable(place) => Ok(self.read(*place)),
            Reference::Global(name) => Ok(self.global(&name.to_string())),
            Reference::Member(object, key) => self.member_of(object, key),
        }
    }

    fn set(&mut self, reference: Option<Reference<'a>>, value: Value<'a>) -> Evaluated<'a, ()> {
        match reference {
            Some(Reference::Variable(place)) => self.write(place, value),
            Some(Reference::Global(name)) => self.globals.set(name, value),
            Some(Reference::Member(object, key)) => self.set_member(&object, &key, value)?,
            None => {}
        }
        Ok(())
    }

    // -- patterns --

    /// Assigns to a target, which may be a pattern.
    pub(super) fn assign(&mut self, target: &'a AssignmentTarget<'a>, value: Value<'a>) -> Evaluated<'a, ()> {
        match target {
            AssignmentTarget::ArrayAssignmentTarget(it) => self.assign_array(it, &value),
            AssignmentTarget::ObjectAssignmentTarget(it) => self.assign_object(it, &value),
            target => {
                let Some(simple) = target.as_simple_assignment_target() else { return Ok(()) };
                let reference = self.reference(simple)?;
                self.set(reference, value)
            }
        }
    }

    fn assign_array(&mut self, it: &'a ArrayAssignmentTarget<'a>, value: &Value<'a>) -> Evaluated<'a, ()> {
        let elements = self.elements(value)?;
        for (index, target) in it.elements.iter().enumerate() {
            let Some(target) = target else { continue };
            let element = element(elements.as_deref(), index);
            self.assign_maybe(target, element)?;
        }
        let Some(rest) = &it.rest else { return Ok(()) };
        let value = self.rest(elements, it.elements.len())?;
        self.assign(&rest.target, value)
    }

    fn assign_object(&mut self, it: &'a ObjectAssignmentTarget<'a>, value: &Value<'a>) -> Evaluated<'a, ()> {
        for property in &it.properties {
            match property {
                AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(it) => {
                    let mut found = self.member(value, &it.binding.name)?;
                    if let (Value::Undefined, Some(init)) = (&found, &it.init) {
                        found = self.expression(init)?;
                    }
                    let reference = self.variable(&it.binding);
                    self.set(Some(reference), found)?;
                }
                AssignmentTargetProperty::AssignmentTargetPropertyProperty(it) => {
                    let key = self.key(&it.name)?;
                    let found = key.map_or(Ok(Value::Unknown), |key| self.member_of(value, &Value::Text(key)))?;
                    self.assign_maybe(&it.binding, found)?;
                }
            }
        }
        it.rest.as_ref().map_or(Ok(()), |rest| self.assign(&rest.target, Value::Unknown))
    }

    fn assign_maybe(&mut self, target: &'a AssignmentTargetMaybeDefault<'a>, value: Value<'a>) -> Evaluated<'a, ()> {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(it) => {
                let value = match value {
                    Value::Undefined => self.expression(&it.init)?,
                    value => value,
                };
                self.assign(&it.binding, value)
            }
            target => target.as_assignment_target().map_or(Ok(()), |target| self.assign(target, value)),
        }
    }

    /// Gives a declared variable, or the variables of a pattern, their values.
    pub(super) fn bind(&mut self, pattern: &'a BindingPattern<'a>, value: Value<'a>) -> Evaluated<'a, ()> {
        match pattern {
            BindingPattern::BindingIdentifier(it) => {
                if let Some(place) = self.places.of_symbol(it.symbol_id.get()) {
                    self.write(place, value);
                }
                Ok(())
            }
            BindingPattern::AssignmentPattern(it) => {
                let value = match value {
                    Value::Undefined => self.expression(&it.right)?,
                    value => value,
                };
                self.bind(&it.left, value)
            }
            BindingPattern::ArrayPattern(it) => self.bind_array(it, &value),
            BindingPattern::ObjectPattern(it) => self.bind_object(it, &value),
        }
    }

    fn bind_array(&mut self, it: &'a ArrayPattern<'a>, value: &Value<'a>) -> Evaluated<'a, ()> {
        let elements = self.elements(value)?;
        for (index, pattern) in it.elements.iter().enumerate() {
            if let Some(pattern) = pattern {
                self.bind(pattern, element(elements.as_deref(), index))?;
            }
        }
        let Some(rest) = &it.rest else { return Ok(()) };
        let value = self.rest(elements, it.elements.len())?;
        self.bind(&rest.argument, value)
    }

    fn bind_object(&mut self, it: &'a ObjectPattern<'a>, value: &Value<'a>) -> Evaluated<'a, ()> {
        for property in &it.properties {
            let key = self.key(&property.key)?;
            let found = key.map_or(Ok(Value::Unknown), |key| self.member_of(value, &Value::Text(key)))?;
            self.bind(&property.value, found)?;
        }
        it.rest.as_ref().map_or(Ok(()), |rest| self.bind(&rest.argument, Value::Unknown))
    }

    fn rest(&mut self, elements: Option<Vec<Value<'a>>>, from: usize) -> Evaluated<'a> {
        match elements {
            Some(elements) => self.array(elements.into_iter().skip(from).collect()),
            None => Ok(Value::Unknown),
        }
    }
}

fn element<'a>(elements: Option<&[Value<'a>]>, index: usize) -> Value<'a> {
    elements.map_or(Value::Unknown, |elements| elements.get(index).cloned().unwrap_or(Value::Undefined))
}
