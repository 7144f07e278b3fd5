//! Global functions and constructors.

use super::super::machine::{Evaluated, Machine};
use super::super::operator;
use super::super::units::Units;
use super::super::value::{Kind, Store, Value};
use super::{Native, at, number};

impl<'a> Machine<'a, '_> {
    /// Calls a global function, or a static one of strings and numbers.
    pub(super) fn call_global(&mut self, native: Native, given: Vec<Value<'a>>) -> Evaluated<'a> {
        match native {
            Native::FromCharCode | Native::FromCodePoint => {
                self.meter.room(given.len() * 2)?;
                let mut units = Units::with_capacity(given.len());
                for value in &given {
                    let Some(number) = operator::number(value) else { return Ok(Value::Unknown) };
                    match char::from_u32(operator::int32(number) as u32) {
                        Some(c) if native == Native::FromCodePoint => units.push_char(c),
                        _ => units.push(operator::int32(number) as u16),
                    }
                }
                Ok(self.units(units))
            }
            Native::ParseInt | Native::NumberParseInt | Native::ParseFloat | Native::NumberParseFloat => {
                self.parse_number(native, &given)
            }
            Native::String => match given.first() {
                Some(value) => {
                    let value = self.primitive(value.clone())?;
                    Ok(self.as_string(value)?.map_or(Value::Unknown, Value::Text))
                }
                None => Ok(self.text("")),
            },
            Native::Number => {
                let value = self.primitive(given.into_iter().next().unwrap_or(Value::Number(0.0)))?;
                Ok(operator::number(&value).map_or(Value::Unknown, Value::Number))
            }
            // What the day is does not matter to those who take letters from it.
            Native::Date => Ok(self.text("Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)")),
            Native::Boolean => Ok(at(&given, 0).truth().map_or(Value::Unknown, Value::Bool)),
            Native::Object => Ok(match at(&given, 0) {
                Value::Undefined | Value::Null => Value::Object(self.object(Kind::Plain)?),
                value => value.clone(),
            }),
            Native::IsNaN | Native::IsFinite => {
                let value = self.primitive(at(&given, 0).clone())?;
                let number = operator::number(&value);
                Ok(number.map_or(Value::Unknown, |number| {
                    Value::Bool(if native == Native::IsNaN { number.is_nan() } else { number.is_finite() })
                }))
            }
            Native::Array | Native::RegExp | Native::Error | Native::TypeError => self.construct_native(native, given),
            Native::Atob
            | Native::Btoa
            | Native::Escape
            | Native::Unescape
            | Native::DecodeUri
            | Native::DecodeUriComponent
            | Native::EncodeUri
            | Native::EncodeUriComponent => self.recode(native, &given),
            _ => self.call_host(native, &given),
        }
    }

    fn parse_number(&mut self, native: Native, given: &[Value<'a>]) -> Evaluated<'a> {
        let value = self.primitive(at(given, 0).clone())?;
        let Some(text) = self.as_string(value)? else { return Ok(Value::Unknown) };
        // No number has more digits than matter.
        let text = text.slice(0, 400, &self.meter).to_string();
        if matches!(native, Native::ParseFloat | Native::NumberParseFloat) {
            return Ok(Value::Number(number::parse_float(&text)));
        }
        let radix = match at(given, 1) {
            Value::Undefined => None,
            radix => match operator::number(radix) {
                Some(radix) => Some(radix),
                None => return Ok(Value::Unknown),
            },
        };
        Ok(Value::Number(number::parse_int(&text, radix)))
    }

    /// `new` of something that the browser provides.
    pub(in crate::script::layers) fn construct_native(
        &mut self,
        native: Native,
        given: Vec<Value<'a>>,
    ) -> Evaluated<'a> {
        self.meter.step(2)?;
        if let Some(element) = native.element() {
            return self.make_view(element, &given);
        }
        let first = at(&given, 0).clone();
        match native {
            Native::Array => match (&first, given.len()) {
                (Value::Number(length), 1) if (0.0..4e9).contains(length) => {
                    self.meter.room((*length as usize).saturating_mul(16))?;
                    self.array(vec![Value::Undefined; *length as usize])
                }
                _ => self.array(given),
            },
            Native::ArrayBuffer => match &first {
                Value::Number(length) if (0.0..4e9).contains(length) => {
                    self.meter.room(*length as usize)?;
                    let store = Store::new(vec![0; *length as usize], &self.meter);
                    Ok(Value::Object(self.object(Kind::Buffer(store))?))
                }
                _ => Ok(Value::Unknown),
            },
            Native::Object => Ok(Value::Object(self.object(Kind::Plain)?)),
            Native::Error | Native::TypeError => {
                let error = self.object(Kind::Plain)?;
                error.properties.borrow_mut().set(super::super::units::Text::from_str("message", &self.meter), first);
                Ok(Value::Object(error))
            }
            Native::Map if matches!(first, Value::Undefined) => Ok(Value::Object(self.object(Kind::Map(Vec::new()))?)),
            Native::RegExp => {
                let flags = self.as_string(at(&given, 1).clone())?.map(|flags| flags.to_string()).unwrap_or_default();
                let flags = if matches!(at(&given, 1), Value::Undefined) { String::new() } else { flags };
                match &first {
                    Value::Undefined => self.pattern("(?:)", &flags),
                    Value::Object(_) => Ok(first),
                    _ => match self.as_string(first)? {
                        Some(source) => self.pattern(&source.to_string(), &flags),
                        None => Ok(Value::Unknown),
                    },
                }
            }
            Native::String | Native::Number | Native::Boolean => self.call_global(native, given),
            _ => self.construct_host(native, &given),
        }
    }
}
