//! Functions, objects, maps, and the static functions of arrays and promises.

use super::super::machine::{Evaluated, Machine};
use super::super::operator;
use super::super::value::{Bound, Kind, Value};
use super::{Native, at};

impl<'a> Machine<'a, '_> {
    /// A method of functions, objects or maps, or a static function around them.
    pub(super) fn call_object_native(
        &mut self,
        native: Native,
        this: Value<'a>,
        given: Vec<Value<'a>>,
    ) -> Evaluated<'a> {
        match native {
            Native::Call => {
                let mut given = given.into_iter();
                let receiver = given.next().unwrap_or(Value::Undefined);
                self.enter(|machine| machine.call(&this, receiver, given.collect())).unwrap_or(Ok(Value::Unknown))
            }
            Native::Apply => {
                let arguments = match at(&given, 1) {
                    Value::Undefined | Value::Null => Some(Vec::new()),
                    list => self.elements(list)?,
                };
                let Some(arguments) = arguments else { return Ok(Value::Unknown) };
                let receiver = at(&given, 0).clone();
                self.enter(|machine| machine.call(&this, receiver, arguments)).unwrap_or(Ok(Value::Unknown))
            }
            Native::Bind => {
                let mut given = given.into_iter();
                let receiver = given.next().unwrap_or(Value::Undefined);
                let bound = Kind::Bound(Box::new(Bound { target: this, this: receiver, given: given.collect() }));
                Ok(Value::Object(self.object(bound)?))
            }
            Native::HasOwnProperty => Ok(self.has(&this, at(&given, 0)).map_or(Value::Unknown, Value::Bool)),
            Native::ObjectToString | Native::FunctionToString => {
                Ok(self.as_string(this)?.map_or(Value::Unknown, Value::Text))
            }
            Native::ObjectValueOf => Ok(this),
            Native::MapGet | Native::MapSet | Native::MapHas => self.call_map(native, &this, &given),
            Native::IsArray => Ok(match at(&given, 0) {
                Value::Unknown => Value::Unknown,
                Value::Object(object) => Value::Bool(matches!(&*object.kind.borrow(), Kind::Array(_))),
                _ => Value::Bool(false),
            }),
            Native::ArrayFrom => self.array_from(&given),
            Native::ArrayOf => self.array(given),
            Native::Keys | Native::Values | Native::Entries => self.listed(native, at(&given, 0)),
            Native::Assign => {
                if let Some(object) = at(&given, 0).as_object().cloned() {
                    for from in given.iter().skip(1) {
                        self.copy_properties(&object, from)?;
                    }
                }
                Ok(at(&given, 0).clone())
            }
            Native::Create => {
                let object = self.object(Kind::Plain)?;
                *object.proto.borrow_mut() = at(&given, 0).as_object().cloned();
                Ok(Value::Object(object))
            }
            Native::DefineProperty => {
                let value = self.member(at(&given, 2), "value")?;
                let value = if matches!(value, Value::Undefined) { Value::Unknown } else { value };
                self.set_member(at(&given, 0), at(&given, 1), value)?;
                Ok(at(&given, 0).clone())
            }
            Native::Freeze | Native::PromiseResolve | Native::PromiseAll => Ok(at(&given, 0).clone()),
            _ => Ok(Value::Unknown),
        }
    }

    fn listed(&mut self, native: Native, of: &Value<'a>) -> Evaluated<'a> {
        let Some(keys) = self.keys(of) else { return Ok(Value::Unknown) };
        let mut list = Vec::with_capacity(keys.len());
        for key in keys {
            let key = Value::Text(key);
            list.push(match native {
                Native::Keys => key,
                Native::Values => self.member_of(of, &key)?,
                _ => {
                    let value = self.member_of(of, &key)?;
                    self.array(vec![key, value])?
                }
            });
        }
        self.array(list)
    }

    /// `Array.from(values or {length}, function)`.
    pub(super) fn array_from(&mut self, given: &[Value<'a>]) -> Evaluated<'a> {
        let elements = match self.elements(at(given, 0))? {
            Some(elements) => elements,
            None => {
                let length = self.member(at(given, 0), "length")?;
                let Value::Number(length) = length else { return Ok(Value::Unknown) };
                let length = if (0.0..4e9).contains(&length) { length as usize } else { 0 };
                self.meter.room(length.saturating_mul(16))?;
                vec![Value::Undefined; length]
            }
        };
        let function = at(given, 1).clone();
        if matches!(function, Value::Undefined) {
            return self.array(elements);
        }
        let mut mapped = Vec::with_capacity(elements.len());
        for (index, element) in elements.into_iter().enumerate() {
            mapped.push(self.call(&function, Value::Undefined, vec![element, Value::Number(index as f64)])?);
        }
        self.array(mapped)
    }

    fn call_map(&mut self, native: Native, this: &Value<'a>, given: &[Value<'a>]) -> Evaluated<'a> {
        let Value::Object(object) = this else { return Ok(Value::Unknown) };
        let key = at(given, 0);
        let result = {
            let mut kind = object.kind.borrow_mut();
            let Kind::Map(entries) = &mut *kind else { return Ok(Value::Unknown) };
            self.meter.step(entries.len() as u64)?;
            let place = entries.iter().position(|(known, _)| operator::same(known, key) == Some(true));
            match (native, place) {
                (Native::MapGet, Some(place)) => entries[place].1.clone(),
                (Native::MapGet, None) if key.is_unknown() => Value::Unknown,
                (Native::MapGet, None) => Value::Undefined,
                (Native::MapHas, place) => Value::Bool(place.is_some()),
                (_, Some(place)) => {
                    entries[place].1 = at(given, 1).clone();
                    this.clone()
                }
                (_, None) => {
                    entries.push((key.clone(), at(given, 1).clone()));
                    this.clone()
                }
            }
        };
        object.weigh();
        Ok(result)
    }
}
