//! Members of values: reading, writing, listing, and turning values into primitive ones.

use super::builtin::{self, Native};
use super::machine::{Evaluated, Machine};
use super::operator;
use super::units::Text;
use super::value::{Element, Kind, Object, Thing, Value, View};
use crate::limits::LAYER_ARRAY;
use std::rc::Rc;

/// Objects that are looked through for an inherited property.
const CHAIN: usize = 16;

impl<'a> Machine<'a, '_> {
    /// What a name that the program does not declare means.
    pub(super) fn global(&self, name: &str) -> Value<'a> {
        if let Some(value) = self.globals.named(name) {
            return value.clone();
        }
        match name {
            "undefined" => Value::Undefined,
            "NaN" => Value::Number(f64::NAN),
            "Infinity" => Value::Number(f64::INFINITY),
            "arguments" => self.given(),
            name => builtin::global(name).map_or(Value::Unknown, Value::Native),
        }
    }

    /// `arguments`, as an array.
    fn given(&self) -> Value<'a> {
        let mut frame = Some(&self.frame);
        while let Some(here) = frame {
            if let Some(given) = &here.given {
                return Value::Object(Thing::new(Kind::Array(given.values()), &self.meter));
            }
            frame = here.parent.as_ref();
        }
        Value::Unknown
    }

    /// `object.name`.
    pub(super) fn member(&mut self, object: &Value<'a>, name: &str) -> Evaluated<'a> {
        match object {
            Value::Unknown => Ok(Value::Unknown),
            Value::Undefined | Value::Null => self.wrong("has no properties"),
            Value::Text(text) if name == "length" => Ok(Value::Number(text.len() as f64)),
            Value::Native(Native::Global) => Ok(self.global(name)),
            Value::Object(object) => self.member_of_object(object, name),
            other => Ok(builtin::member(other, name)),
        }
    }

    /// `object[key]`.
    pub(super) fn member_of(&mut self, object: &Value<'a>, key: &Value<'a>) -> Evaluated<'a> {
        if let Some(index) = index(key)
            && let Some(value) = self.element_of(object, index)
        {
            return Ok(value);
        }
        if key.is_unknown() || object.is_unknown() {
            return Ok(Value::Unknown);
        }
        let key = self.primitive(key.clone())?;
        let Some(key) = self.as_string(key)? else { return Ok(Value::Unknown) };
        if let Some(index) = canonical_index(&key)
            && let Some(value) = self.element_of(object, index)
        {
            return Ok(value);
        }
        self.member(object, &key.to_string())
    }

    /// An element by its number; `None` where the value has no elements.
    fn element_of(&self, object: &Value<'a>, index: usize) -> Option<Value<'a>> {
        match object {
            Value::Text(text) => Some(match text.at(index) {
                Some(_) => Value::Text(text.slice(index, index + 1, &self.meter)),
                None => Value::Undefined,
            }),
            Value::Object(object) => match &*object.kind.borrow() {
                Kind::Array(elements) => Some(elements.get(index).cloned().unwrap_or(Value::Undefined)),
                Kind::View(view) => Some(if index < view.length { view.get(index) } else { Value::Undefined }),
                _ => None,
            },
            _ => None,
        }
    }

    fn member_of_object(&mut self, object: &Object<'a>, name: &str) -> Evaluated<'a> {
        if let Some(value) = builtin::length(object, name) {
            return Ok(value);
        }
        let mut at = Some(object.clone());
        let mut ghost = false;
        for _ in 0..CHAIN {
            let Some(thing) = at else { break };
            if let Some(value) = thing.properties.borrow().named(name) {
                return Ok(value.clone());
            }
            ghost |= matches!(&*thing.kind.borrow(), Kind::Ghost);
            let next = thing.proto.borrow().clone();
            at = next;
        }
        if ghost {
            return Ok(Value::Unknown);
        }
        if name == "prototype" && matches!(&*object.kind.borrow(), Kind::Function(_)) {
            let prototype = Value::Object(self.object(Kind::Plain)?);
            let key = Text::from_str(name, &self.meter);
            object.properties.borrow_mut().set(key, prototype.clone());
            return Ok(prototype);
        }
        Ok(builtin::member(&Value::Object(object.clone()), name))
    }

    /// `object[key] = value`.
    pub(super) fn set_member(&mut self, object: &Value<'a>, key: &Value<'a>, value: Value<'a>) -> Evaluated<'a, ()> {
        self.meter.step(1)?;
        if let (Value::Object(object), Some(index)) = (object, index(key))
            && self.set_element(object, index, &value)?
        {
            return Ok(());
        }
        let is_followed = matches!(object, Value::Object(_) | Value::Native(Native::Global));
        if key.is_unknown() || !is_followed && matches!(key, Value::Number(_)) {
            return Ok(());
        }
        let key = self.primitive(key.clone())?;
        let Some(key) = self.as_string(key)? else { return Ok(()) };
        match object {
            Value::Native(Native::Global) => self.globals.set(key, value),
            Value::Object(object) => {
                if let Some(index) = canonical_index(&key)
                    && self.set_element(object, index, &value)?
                {
                    return Ok(());
                }
                self.set_property(object, key, value)?;
            }
            other => self.handed_to(other, &key, &value),
        }
        Ok(())
    }

    fn set_property(&mut self, object: &Object<'a>, key: Text, value: Value<'a>) -> Evaluated<'a, ()> {
        self.meter.room(0)?;
        if key.is("length")
            && let (Kind::Array(elements), Value::Number(length)) = (&mut *object.kind.borrow_mut(), &value)
        {
            elements.truncate(*length as usize);
            return Ok(());
        }
        if key.is("__proto__") {
            *object.proto.borrow_mut() = value.as_object().filter(|proto| !Rc::ptr_eq(proto, object)).cloned();
            return Ok(());
        }
        if let Some(closure) = value.as_object().and_then(|value| value.closure()) {
            let mut home = closure.home.borrow_mut();
            if home.upgrade().is_none() {
                *home = Rc::downgrade(object);
            }
        }
        self.handed_to(&Value::Object(object.clone()), &key, &value);
        object.properties.borrow_mut().set(key, value);
        object.weigh();
        Ok(())
    }

    /// Whether the element was set.
    fn set_element(&mut self, object: &Object<'a>, index: usize, value: &Value<'a>) -> Evaluated<'a, bool> {
        let set = match &mut *object.kind.borrow_mut() {
            Kind::Array(elements) if index < LAYER_ARRAY => {
                if index >= elements.len() {
                    self.meter.room((index - elements.len()) * 16)?;
                    elements.resize(index + 1, Value::Undefined);
                }
                elements[index] = value.clone();
                true
            }
            Kind::View(view) => {
                if index < view.length {
                    view.set(index, operator::number(value).unwrap_or(0.0));
                }
                true
            }
            _ => false,
        };
        if set {
            object.weigh();
        }
        Ok(set)
    }

    /// Takes a member's value out, so that it can be changed in place and written back.
    pub(super) fn take_member(&mut self, object: &Value<'a>, key: &Value<'a>) -> Evaluated<'a> {
        if let (Value::Object(object), Value::Text(name)) = (object, key) {
            let taken = object.properties.borrow_mut().take(name);
            if let Some(taken) = taken {
                return Ok(taken);
            }
        }
        self.member_of(object, key)
    }

    // -- looking at objects as a whole --

    /// Names that `for … in` and `Object.keys` give; `None` where they are unknown.
    pub(super) fn keys(&mut self, of: &Value<'a>) -> Option<Vec<Text>> {
        let Value::Object(object) = of else { return of.as_text().map(|text| self.numbers(text.len())) };
        let count = match &*object.kind.borrow() {
            Kind::Array(elements) => elements.len(),
            Kind::View(view) => view.length,
            Kind::Ghost => return None,
            _ => 0,
        };
        let mut names = self.numbers(count.min(LAYER_ARRAY));
        names.extend(object.properties.borrow().names());
        Some(names)
    }

    fn numbers(&self, count: usize) -> Vec<Text> {
        (0..count).map(|index| Text::from_str(&index.to_string(), &self.meter)).collect()
    }

    /// `key in object`.
    pub(super) fn has(&mut self, object: &Value<'a>, key: &Value<'a>) -> Option<bool> {
        let (Value::Object(object), Ok(Some(key))) = (object, self.as_string(key.clone())) else { return None };
        if matches!(&*object.kind.borrow(), Kind::Ghost) {
            return None;
        }
        if let (Kind::Array(elements), Some(index)) = (&*object.kind.borrow(), canonical_index(&key)) {
            return Some(index < elements.len());
        }
        Some(object.properties.borrow().get(&key).is_some())
    }

    /// `object instanceof constructor`.
    pub(super) fn is_instance(&mut self, object: &Value<'a>, constructor: &Value<'a>) -> Option<bool> {
        if object.is_unknown() || constructor.is_unknown() {
            return None;
        }
        let Value::Object(object) = object else { return Some(false) };
        if let Value::Native(native) = constructor {
            return builtin::is_made_by(object, *native);
        }
        let Ok(Value::Object(prototype)) = self.member(constructor, "prototype") else { return None };
        let mut at = object.proto.borrow().clone();
        for _ in 0..CHAIN {
            let Some(thing) = at else { return Some(false) };
            if Rc::ptr_eq(&thing, &prototype) {
                return Some(true);
            }
            let next = thing.proto.borrow().clone();
            at = next;
        }
        None
    }

    /// `{...from}` and `Object.assign`.
    pub(super) fn copy_properties(&mut self, object: &Object<'a>, from: &Value<'a>) -> Evaluated<'a, ()> {
        let Some(names) = self.keys(from) else { return Ok(()) };
        for name in names {
            let name = Value::Text(name);
            let value = self.member_of(from, &name)?;
            self.set_member(&Value::Object(object.clone()), &name, value)?;
        }
        Ok(())
    }

    // -- primitive values --

    /// An object as the primitive value that operators take it for.
    pub(super) fn primitive(&mut self, value: Value<'a>) -> Evaluated<'a> {
        match &value {
            Value::Object(object) => {
                let object = object.clone();
                for name in ["valueOf", "toString"] {
                    let method = object.properties.borrow().named(name).cloned();
                    let Some(method) = method else { continue };
                    let called = self.enter(|machine| machine.call(&method, value.clone(), Vec::new()));
                    let result = called.unwrap_or(Ok(Value::Unknown))?;
                    if !matches!(result, Value::Object(_) | Value::Native(_)) {
                        return Ok(result);
                    }
                }
                Ok(self.as_string(value)?.map_or(Value::Unknown, Value::Text))
            }
            Value::Native(_) => Ok(self.as_string(value)?.map_or(Value::Unknown, Value::Text)),
            _ => Ok(value),
        }
    }

    /// A value as a string; `None` where it is unknown.
    pub(super) fn as_string(&mut self, value: Value<'a>) -> Evaluated<'a, Option<Text>> {
        let text = match &value {
            Value::Text(text) => return Ok(Some(text.clone())),
            Value::Unknown => return Ok(None),
            Value::Undefined => "undefined".to_owned(),
            Value::Null => "null".to_owned(),
            Value::Bool(bool) => bool.to_string(),
            Value::Number(number) => operator::written(*number),
            Value::Native(native) => native.written(),
            Value::Object(object) => return self.object_text(object),
        };
        Ok(Some(Text::from_str(&text, &self.meter)))
    }

    fn object_text(&mut self, object: &Object<'a>) -> Evaluated<'a, Option<Text>> {
        let elements = match &*object.kind.borrow() {
            Kind::Array(elements) => elements.clone(),
            Kind::View(view) => (0..view.length).map(|at| view.get(at)).collect(),
            Kind::Plain if object.proto.borrow().is_none() => {
                return Ok(Some(Text::from_str("[object Object]", &self.meter)));
            }
            Kind::Function(closure) => {
                let source = self.source_of(closure.code);
                self.meter.earn_source(source);
                self.meter.room(source.len())?;
                return Ok(Some(Text::from_str(source, &self.meter)));
            }
            Kind::Pattern(pattern) => return Ok(Some(Text::from_str(&pattern.written(), &self.meter))),
            _ => return Ok(None),
        };
        let comma = Text::from_str(",", &self.meter);
        self.enter(|machine| machine.join(&elements, &comma)).unwrap_or(Ok(None))
    }
}

/// A number that is an element's place.
fn index(key: &Value<'_>) -> Option<usize> {
    match key {
        Value::Number(number) if *number >= 0.0 && *number < 4_294_967_295.0 && number.fract() == 0.0 => {
            Some(*number as usize)
        }
        _ => None,
    }
}

/// A name that is an element's place, such as `"12"`.
fn canonical_index(key: &Text) -> Option<usize> {
    let digits = key.as_bytes().filter(|bytes| !bytes.is_empty() && bytes.len() < 10)?;
    let plain = digits.iter().all(u8::is_ascii_digit) && (digits.len() == 1 || digits[0] != b'0');
    plain.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0')))
}

impl View {
    /// One element.
    pub(super) fn get<'a>(&self, index: usize) -> Value<'a> {
        let bytes = self.buffer.bytes.borrow();
        let start = self.offset + index * self.element.width();
        let mut word = [0; 8];
        let width = self.element.width();
        let Some(found) = bytes.get(start..start + width) else { return Value::Undefined };
        word[..width].copy_from_slice(found);
        let whole = u64::from_le_bytes(word);
        Value::Number(match self.element {
            Element::U8 | Element::U8Clamped | Element::U16 | Element::U32 => whole as f64,
            Element::I8 => f64::from(whole as i8),
            Element::I16 => f64::from(whole as i16),
            Element::I32 => f64::from(whole as i32),
            Element::F32 => f64::from(f32::from_bits(whole as u32)),
            Element::F64 => f64::from_bits(whole),
        })
    }

    /// Sets one element.
    pub(super) fn set(&self, index: usize, number: f64) {
        let whole = match self.element {
            Element::U8Clamped => number.clamp(0.0, 255.0).round_ties_even() as u64,
            Element::F32 => u64::from((number as f32).to_bits()),
            Element::F64 => number.to_bits(),
            _ => u64::from(operator::int32(number) as u32),
        };
        let width = self.element.width();
        let start = self.offset + index * width;
        if let Some(place) = self.buffer.bytes.borrow_mut().get_mut(start..start + width) {
            place.copy_from_slice(&whole.to_le_bytes()[..width]);
        }
    }
}
