//! Calls, `new`, and classes.

use super::expression::argument_span;
use super::handed::Purpose;
use super::machine::{Abrupt, Evaluated, Machine};
use super::units::Text;
use super::value::{Closure, Code, Kind, Object, Value};
use oxc_ast::ast::{CallExpression, Class, ClassElement, Expression, MethodDefinitionKind, NewExpression};
use std::rc::Rc;

impl<'a> Machine<'a, '_> {
    /// A call. The function is looked up together with the object that it is called on.
    pub(super) fn call_expression(&mut self, it: &'a CallExpression<'a>) -> Evaluated<'a> {
        if let Expression::Super(_) = &it.callee {
            return self.super_call(it);
        }
        let (this, callee) = self.callee(&it.callee)?;
        if it.optional && callee.is_nullish() == Some(true) {
            return Ok(Value::Undefined);
        }
        let Some(given) = self.arguments(&it.arguments)? else { return Ok(Value::Unknown) };
        self.handed.at(argument_span(&it.arguments, 0, it.span));
        let value = match &callee {
            Value::Native(native) if is_coder(*native) => self.transcode_call(*native, &given)?,
            Value::Unknown => self.unknown_call(&it.callee, &this, given)?,
            callee => self.call(callee, this, given)?,
        };
        self.note(&it.node_id, it.span, &value);
        Ok(value)
    }

    fn transcode_call(&mut self, native: super::builtin::Native, given: &[Value<'a>]) -> Evaluated<'a> {
        self.transcode(native, given)
    }

    /// What is called, and on what.
    fn callee(&mut self, callee: &'a Expression<'a>) -> Evaluated<'a, (Value<'a>, Value<'a>)> {
        match callee {
            Expression::StaticMemberExpression(it) => {
                let this = self.expression(&it.object)?;
                if it.optional && this.is_nullish() == Some(true) {
                    return Ok((Value::Undefined, Value::Unknown));
                }
                let callee = self.member(&this, &it.property.name)?;
                Ok((this, callee))
            }
            Expression::ComputedMemberExpression(it) => {
                let this = self.expression(&it.object)?;
                let key = self.expression(&it.expression)?;
                let callee = self.member_of(&this, &key)?;
                Ok((this, callee))
            }
            Expression::ParenthesizedExpression(it) => self.callee(&it.expression),
            callee => Ok((Value::Undefined, self.expression(callee)?)),
        }
    }

    /// A call of something unknown. `value.then(function)` with a known value calls the function with it: the promises
    /// that decoders make are kept long before anyone asks.
    fn unknown_call(&mut self, callee: &'a Expression<'a>, this: &Value<'a>, given: Vec<Value<'a>>) -> Evaluated<'a> {
        if matches!(this, Value::Unknown) {
            return self.called_on_unknown(callee, &given);
        }
        let Expression::StaticMemberExpression(it) = callee else { return Ok(Value::Unknown) };
        match (it.property.name.as_str(), this) {
            ("then", this) => {
                let function = given.into_iter().next().unwrap_or(Value::Undefined);
                self.call(&function, Value::Undefined, vec![this.clone()])
            }
            ("catch" | "finally", this) => Ok(this.clone()),
            _ => Ok(Value::Unknown),
        }
    }

    /// A method of something unknown: of a graphics card, it may be given a shader's text.
    fn called_on_unknown(&mut self, callee: &'a Expression<'a>, given: &[Value<'a>]) -> Evaluated<'a> {
        let name = match callee {
            Expression::StaticMemberExpression(it) => Some(it.property.name.to_string()),
            Expression::ComputedMemberExpression(it) => {
                let key = self.expression(&it.expression)?;
                key.as_text().map(ToString::to_string)
            }
            _ => None,
        };
        let text = match (name.as_deref(), given) {
            (Some("createShaderModule"), [descriptor, ..]) => self.member(descriptor, "code")?,
            (Some("shaderSource"), [_, text, ..]) => text.clone(),
            _ => return Ok(Value::Unknown),
        };
        if let Value::Text(text) = &text {
            self.handed.take(text, Purpose::Shader);
        }
        Ok(Value::Unknown)
    }

    /// `new callee(…)`.
    pub(super) fn new_expression(&mut self, it: &'a NewExpression<'a>) -> Evaluated<'a> {
        let callee = self.expression(&it.callee)?;
        let Some(given) = self.arguments(&it.arguments)? else { return Ok(Value::Unknown) };
        self.handed.at(argument_span(&it.arguments, 0, it.span));
        match &callee {
            Value::Native(native) => self.construct_native(*native, given),
            Value::Object(object) => self.construct(object, given),
            _ => Ok(Value::Unknown),
        }
    }

    fn construct(&mut self, constructor: &Object<'a>, given: Vec<Value<'a>>) -> Evaluated<'a> {
        let Some(closure) = constructor.closure() else { return Ok(Value::Unknown) };
        let prototype = self.member(&Value::Object(constructor.clone()), "prototype")?;
        let object = self.object(Kind::Plain)?;
        *object.proto.borrow_mut() = prototype.as_object().cloned();
        let this = Value::Object(object);
        let result = self.initialise(&closure, constructor, &this, given)?;
        Ok(if matches!(result, Value::Object(_)) { result } else { this })
    }

    /// Runs a constructor on an object.
    fn initialise(
        &mut self,
        closure: &Rc<Closure<'a>>,
        constructor: &Object<'a>,
        this: &Value<'a>,
        given: Vec<Value<'a>>,
    ) -> Evaluated<'a> {
        let Code::Class(class) = closure.code else {
            return self.call(&Value::Object(constructor.clone()), this.clone(), given);
        };
        self.enter(|machine| {
            machine.fields(class, closure, this)?;
            let method = class.body.body.iter().find_map(|element| match element {
                ClassElement::MethodDefinition(method) if method.kind == MethodDefinitionKind::Constructor => {
                    Some(method)
                }
                _ => None,
            });
            match (method, &closure.parent) {
                (Some(_), _) => {
                    let function = machine.member(&Value::Object(constructor.clone()), "#constructor")?;
                    machine.call(&function, this.clone(), given)
                }
                (None, Some(parent)) => machine.initialise_parent(&parent.clone(), this, given),
                (None, None) => Ok(Value::Undefined),
            }
        })
        .unwrap_or(Ok(Value::Unknown))
    }

    fn initialise_parent(&mut self, parent: &Value<'a>, this: &Value<'a>, given: Vec<Value<'a>>) -> Evaluated<'a> {
        let Value::Object(parent) = parent else { return Ok(Value::Undefined) };
        let Some(closure) = parent.closure() else { return Ok(Value::Undefined) };
        self.initialise(&closure, parent, this, given)
    }

    /// `super(…)`: the constructor that the class around extends.
    fn super_call(&mut self, it: &'a CallExpression<'a>) -> Evaluated<'a> {
        let Some(given) = self.arguments(&it.arguments)? else { return Ok(Value::Undefined) };
        let parent = self.frame.class.clone().and_then(|class| class.parent.clone());
        let this = self.frame.this.clone();
        match parent {
            Some(parent) => self.initialise_parent(&parent, &this, given),
            None => Ok(Value::Undefined),
        }
    }

    /// The fields that a class gives to each of its objects.
    fn fields(&mut self, class: &'a Class<'a>, closure: &Rc<Closure<'a>>, this: &Value<'a>) -> Evaluated<'a, ()> {
        let outer = std::mem::replace(&mut self.frame, closure.frame.clone());
        let mut result = Ok(());
        for element in &class.body.body {
            if let ClassElement::PropertyDefinition(field) = element
                && !field.r#static
                && result.is_ok()
            {
                result = self.field(&field.key, field.value.as_ref(), this);
            }
        }
        self.frame = outer;
        result
    }

    fn field(
        &mut self,
        key: &'a oxc_ast::ast::PropertyKey<'a>,
        value: Option<&'a Expression<'a>>,
        on: &Value<'a>,
    ) -> Evaluated<'a, ()> {
        let key = self.key(key)?;
        let value = value.map_or(Ok(Value::Undefined), |value| self.expression(value))?;
        key.map_or(Ok(()), |key| self.set_member(on, &Value::Text(key), value))
    }

    /// A class: a constructor, its prototype with the methods, its static members.
    pub(super) fn class(&mut self, class: &'a Class<'a>) -> Evaluated<'a> {
        let parent = class.heritage.as_ref().map(|heritage| self.expression(&heritage.expression)).transpose()?;
        let constructor = self.closure(Code::Class(class), parent.clone())?;
        let whole = Value::Object(constructor.clone());
        if let Some(place) = class.id.as_ref().and_then(|id| self.places.of_symbol(id.symbol_id.get())) {
            self.write(place, whole.clone());
        }
        let prototype = self.member(&whole, "prototype")?;
        if let (Some(Value::Object(parent)), Value::Object(prototype)) = (&parent, &prototype) {
            *constructor.proto.borrow_mut() = Some(parent.clone());
            let inherited = self.member(&Value::Object(parent.clone()), "prototype")?;
            *prototype.proto.borrow_mut() = inherited.as_object().cloned();
        }
        for element in &class.body.body {
            match element {
                ClassElement::MethodDefinition(method) => {
                    let function = self.method(&method.value, parent.clone())?;
                    let on = if method.r#static { &whole } else { &prototype };
                    match method.kind {
                        MethodDefinitionKind::Constructor => {
                            let name = Text::from_str("#constructor", &self.meter);
                            self.set_member(&whole, &Value::Text(name), function)?;
                        }
                        MethodDefinitionKind::Method => {
                            if let Some(key) = self.key(&method.key)? {
                                self.set_member(on, &Value::Text(key), function)?;
                            }
                        }
                        MethodDefinitionKind::Get | MethodDefinitionKind::Set => {
                            if let Some(key) = self.key(&method.key)? {
                                self.set_member(on, &Value::Text(key), Value::Unknown)?;
                            }
                        }
                    }
                }
                ClassElement::PropertyDefinition(field) if field.r#static => {
                    self.field(&field.key, field.value.as_ref(), &whole)?;
                }
                ClassElement::StaticBlock(block) => {
                    let flow = self.statements(&block.body);
                    if let Err(Abrupt::Spent) = flow {
                        return Err(Abrupt::Spent);
                    }
                }
                _ => {}
            }
        }
        Ok(whole)
    }

    fn method(&mut self, function: &'a oxc_ast::ast::Function<'a>, parent: Option<Value<'a>>) -> Evaluated<'a> {
        Ok(Value::Object(self.closure(Code::Function(function), parent)?))
    }
}

fn is_coder(native: super::builtin::Native) -> bool {
    use super::builtin::Native;
    matches!(native, Native::TextDecoder | Native::TextEncoder)
}
