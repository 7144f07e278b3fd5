//! Arrays, and what typed arrays share with them.

use super::super::machine::{Evaluated, Machine};
use super::super::operator;
use super::super::units::{Text, Units};
use super::super::value::{Kind, Object, Value};
use super::{Native, at, relative};

impl<'a> Machine<'a, '_> {
    /// A method of arrays or typed arrays.
    pub(super) fn call_array(&mut self, native: Native, this: &Value<'a>, given: Vec<Value<'a>>) -> Evaluated<'a> {
        let Value::Object(object) = this else { return self.call_array_on_text(native, this, given) };
        let is_array = matches!(&*object.kind.borrow(), Kind::Array(_));
        if !is_array && !matches!(&*object.kind.borrow(), Kind::View(_) | Kind::Buffer(_)) {
            return Ok(Value::Unknown);
        }
        match native {
            Native::Push
            | Native::Pop
            | Native::Shift
            | Native::Unshift
            | Native::Reverse
            | Native::Splice
            | Native::Sort
            | Native::Fill
                if is_array =>
            {
                self.change_array(native, object, given)
            }
            Native::ViewSet | Native::Subarray => self.call_view(native, object, &given),
            Native::ArraySlice | Native::Fill if !is_array => self.call_view(native, object, &given),
            Native::ForEach
            | Native::ArrayMap
            | Native::Filter
            | Native::Some
            | Native::Every
            | Native::Find
            | Native::FindIndex => self.each(native, this, &given),
            Native::Reduce | Native::ReduceRight => self.reduce(native, this, &given),
            _ => self.read_array(native, this, given),
        }
    }

    /// `[].map.call("text", …)` and the like.
    fn call_array_on_text(&mut self, native: Native, this: &Value<'a>, given: Vec<Value<'a>>) -> Evaluated<'a> {
        if this.as_text().is_none() {
            return Ok(Value::Unknown);
        }
        let elements = self.elements(this)?.unwrap_or_default();
        let array = self.array(elements)?;
        self.call_array(native, &array, given)
    }

    fn change_array(&mut self, native: Native, object: &Object<'a>, mut given: Vec<Value<'a>>) -> Evaluated<'a> {
        self.meter.room(given.len() * 16)?;
        let mut kind = object.kind.borrow_mut();
        let Kind::Array(elements) = &mut *kind else { return Ok(Value::Unknown) };
        if matches!(native, Native::Shift | Native::Unshift | Native::Reverse | Native::Fill | Native::Sort) {
            self.meter.step(elements.len() as u64 / 16)?;
        }
        let mut removed = None;
        let result = match native {
            Native::Push => {
                elements.append(&mut given);
                Value::Number(elements.len() as f64)
            }
            Native::Pop => elements.pop().unwrap_or(Value::Undefined),
            Native::Shift if elements.is_empty() => Value::Undefined,
            Native::Shift => elements.remove(0),
            Native::Unshift => {
                elements.splice(0..0, given);
                Value::Number(elements.len() as f64)
            }
            Native::Fill => {
                elements.fill(at(&given, 0).clone());
                Value::Object(object.clone())
            }
            Native::Splice => {
                let start = relative(operator::number(at(&given, 0)).unwrap_or(0.0), elements.len());
                let count = match given.get(1) {
                    Some(count) => {
                        operator::number(count).unwrap_or(0.0).clamp(0.0, (elements.len() - start) as f64) as usize
                    }
                    None => elements.len() - start,
                };
                removed = Some(elements.splice(start..start + count, given.into_iter().skip(2)).collect());
                Value::Undefined
            }
            Native::Sort => {
                // With a function of its own the order is not followed.
                let texts: Option<Vec<Text>> = elements.iter().map(|value| value.as_text().cloned()).collect();
                match texts.filter(|_| given.is_empty()) {
                    Some(mut texts) => {
                        davy_model::sort(&mut texts);
                        *elements = texts.into_iter().map(Value::Text).collect();
                    }
                    None => elements.fill(Value::Unknown),
                }
                Value::Object(object.clone())
            }
            _ => {
                elements.reverse();
                Value::Object(object.clone())
            }
        };
        drop(kind);
        object.weigh();
        match removed {
            Some(removed) => self.array(removed),
            None => Ok(result),
        }
    }

    fn read_array(&mut self, native: Native, this: &Value<'a>, given: Vec<Value<'a>>) -> Evaluated<'a> {
        let Some(elements) = self.elements(this)? else { return Ok(Value::Unknown) };
        let first = at(&given, 0);
        match native {
            Native::Join | Native::ArrayToString => {
                let between =
                    if given.is_empty() || matches!(first, Value::Undefined) { self.text(",") } else { first.clone() };
                let Some(between) = self.as_string(between)? else { return Ok(Value::Unknown) };
                Ok(self.join(&elements, &between)?.map_or(Value::Unknown, Value::Text))
            }
            Native::ArraySlice => {
                let start = relative(operator::number(first).unwrap_or(0.0), elements.len());
                let end = match at(&given, 1) {
                    Value::Undefined => elements.len(),
                    end => relative(operator::number(end).unwrap_or(0.0), elements.len()),
                };
                self.array(elements.get(start..end.max(start)).unwrap_or_default().to_vec())
            }
            Native::ArrayConcat => self.concat(elements, given),
            Native::ArrayAt => {
                let place = operator::number(first).unwrap_or(0.0);
                let place = if place < 0.0 { place + elements.len() as f64 } else { place };
                Ok(if place < 0.0 {
                    Value::Undefined
                } else {
                    elements.get(place as usize).cloned().unwrap_or(Value::Undefined)
                })
            }
            Native::ArrayIndexOf | Native::ArrayIncludes => {
                let found = elements.iter().position(|value| operator::same(value, first) == Some(true));
                if found.is_none() && elements.iter().any(Value::is_unknown) {
                    return Ok(Value::Unknown);
                }
                Ok(if native == Native::ArrayIncludes {
                    Value::Bool(found.is_some())
                } else {
                    Value::Number(found.map_or(-1.0, |place| place as f64))
                })
            }
            Native::ArrayEntries => Ok(self.text("[object Array Iterator]")),
            Native::Flat => {
                let mut flat = Vec::with_capacity(elements.len());
                for element in elements {
                    match element.as_object().is_some().then(|| self.elements(&element)).transpose()?.flatten() {
                        Some(inner) => flat.extend(inner),
                        None => flat.push(element),
                    }
                }
                self.array(flat)
            }
            _ => Ok(Value::Unknown),
        }
    }

    fn concat(&mut self, mut elements: Vec<Value<'a>>, given: Vec<Value<'a>>) -> Evaluated<'a> {
        for value in given {
            let is_array = value.as_object().is_some_and(|object| matches!(&*object.kind.borrow(), Kind::Array(_)));
            match if is_array { self.elements(&value)? } else { None } {
                Some(more) => elements.extend(more),
                None if value.is_unknown() => return Ok(Value::Unknown),
                None => elements.push(value),
            }
        }
        self.array(elements)
    }

    /// The elements as one string; `None` where one is unknown.
    pub(in crate::script::layers) fn join(
        &mut self,
        elements: &[Value<'a>],
        between: &Text,
    ) -> Evaluated<'a, Option<Text>> {
        let mut units = Units::with_capacity(elements.len() * (between.len() + 1));
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                units.push_text(between);
            }
            let text = match element {
                Value::Undefined | Value::Null => continue,
                Value::Text(text) => text.clone(),
                element => {
                    let element = self.primitive(element.clone())?;
                    match self.as_string(element)? {
                        Some(text) => text,
                        None => return Ok(None),
                    }
                }
            };
            self.meter.room(text.len() + between.len())?;
            units.push_text(&text);
        }
        self.meter.room(units.len())?;
        Ok(Some(Text::new(units, &self.meter)))
    }

    /// Methods that call a function for each element.
    fn each(&mut self, native: Native, this: &Value<'a>, given: &[Value<'a>]) -> Evaluated<'a> {
        let Some(elements) = self.elements(this)? else { return Ok(Value::Unknown) };
        let function = at(given, 0).clone();
        let mut results = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let arguments = vec![element.clone(), Value::Number(index as f64), this.clone()];
            let result = self.call(&function, at(given, 1).clone(), arguments)?;
            match (native, result.truth()) {
                (Native::ArrayMap, _) => results.push(result),
                (Native::Filter, Some(true)) => results.push(element.clone()),
                (Native::Some, Some(true)) => return Ok(Value::Bool(true)),
                (Native::Every, Some(false)) => return Ok(Value::Bool(false)),
                (Native::Find, Some(true)) => return Ok(element.clone()),
                (Native::FindIndex, Some(true)) => return Ok(Value::Number(index as f64)),
                (Native::ForEach, _) | (_, Some(_)) => {}
                (_, None) => return Ok(Value::Unknown),
            }
        }
        match native {
            Native::ArrayMap | Native::Filter => self.mapped(this, results),
            Native::Some => Ok(Value::Bool(false)),
            Native::Every => Ok(Value::Bool(true)),
            Native::FindIndex => Ok(Value::Number(-1.0)),
            _ => Ok(Value::Undefined),
        }
    }

    /// The result of `map`: an array of the kind that it was called on.
    fn mapped(&mut self, this: &Value<'a>, results: Vec<Value<'a>>) -> Evaluated<'a> {
        let element = this.as_object().and_then(|object| match &*object.kind.borrow() {
            Kind::View(view) => Some(view.element),
            _ => None,
        });
        match element {
            Some(element) => self.view_of(element, &results),
            None => self.array(results),
        }
    }

    fn reduce(&mut self, native: Native, this: &Value<'a>, given: &[Value<'a>]) -> Evaluated<'a> {
        let Some(mut elements) = self.elements(this)? else { return Ok(Value::Unknown) };
        if native == Native::ReduceRight {
            elements.reverse();
        }
        let function = at(given, 0).clone();
        let mut elements = elements.into_iter().enumerate();
        let mut sum = match given.get(1) {
            Some(first) => first.clone(),
            None => elements.next().map_or(Value::Undefined, |(_, first)| first),
        };
        for (index, element) in elements {
            sum =
                self.call(&function, Value::Undefined, vec![sum, element, Value::Number(index as f64), this.clone()])?;
        }
        Ok(sum)
    }
}
