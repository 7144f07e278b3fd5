//! Methods of strings.

use super::super::machine::{Evaluated, Machine};
use super::super::operator;
use super::super::pattern::Pattern;
use super::super::units::{Text, Units};
use super::super::value::{Kind, Value};
use super::{Native, at, relative};
use std::rc::Rc;

impl<'a> Machine<'a, '_> {
    /// A method of strings.
    pub(super) fn call_text(&mut self, native: Native, this: Value<'a>, given: &[Value<'a>]) -> Evaluated<'a> {
        if matches!(this, Value::Undefined | Value::Null) {
            return self.wrong("has no methods");
        }
        let this = self.primitive(this)?;
        let Some(text) = self.as_string(this)? else { return Ok(Value::Unknown) };
        let number = |index| operator::number(at(given, index));
        match native {
            Native::CharCodeAt | Native::CodePointAt => {
                let Some(place) = number(0) else { return Ok(Value::Unknown) };
                Ok(Value::Number(place_of(place).and_then(|place| text.at(place)).map_or(f64::NAN, f64::from)))
            }
            Native::CharAt | Native::TextAt => {
                let Some(mut place) = number(0) else { return Ok(Value::Unknown) };
                if native == Native::TextAt && place < 0.0 {
                    place += text.len() as f64;
                }
                let place = place_of(place).filter(|place| *place < text.len());
                Ok(match place {
                    Some(place) => Value::Text(text.slice(place, place + 1, &self.meter)),
                    None => self.text(""),
                })
            }
            Native::TextSlice | Native::Substring | Native::Substr => self.part(native, &text, given),
            Native::TextToString | Native::TextValueOf => Ok(Value::Text(text)),
            Native::Split => self.split(&text, given),
            Native::Replace | Native::ReplaceAll => self.replace(native, &text, given),
            Native::Match | Native::Search => self.matches(native, &text, given),
            Native::ToLower | Native::ToUpper => {
                self.meter.room(text.len())?;
                let text = text.to_string();
                Ok(self.text(&if native == Native::ToLower { text.to_lowercase() } else { text.to_uppercase() }))
            }
            Native::Trim => {
                self.meter.room(text.len())?;
                Ok(self.text(text.to_string().trim()))
            }
            Native::Italics => Ok(self.text(&format!("<i>{text}</i>"))),
            Native::Fontcolor => {
                let color = self.as_string(at(given, 0).clone())?;
                Ok(color.map_or(Value::Unknown, |color| self.text(&format!("<font color=\"{color}\">{text}</font>"))))
            }
            Native::Repeat => {
                let Some(times) = number(0).filter(|times| (0.0..1e9).contains(times)) else {
                    return Ok(Value::Unknown);
                };
                self.meter.room((text.len() + 1).saturating_mul(times as usize))?;
                let mut units = Units::with_capacity(text.len() * times as usize);
                (0..times as usize).for_each(|_| units.push_text(&text));
                Ok(self.units(units))
            }
            _ => self.compared(native, &text, given),
        }
    }

    /// Methods that take another string.
    fn compared(&mut self, native: Native, text: &Text, given: &[Value<'a>]) -> Evaluated<'a> {
        let second = operator::number(at(given, 1)).unwrap_or(f64::NAN);
        let Some(other) = self.as_string(at(given, 0).clone())? else { return Ok(Value::Unknown) };
        self.meter.room(text.len())?;
        let from = if second.is_nan() { 0 } else { relative(second.max(0.0), text.len()) };
        Ok(match native {
            Native::TextIndexOf => Value::Number(text.find(&other, from).map_or(-1.0, |place| place as f64)),
            Native::TextIncludes => Value::Bool(text.find(&other, from).is_some()),
            Native::TextLastIndexOf => {
                let found = (0..=text.len()).rev().find(|place| text.begins(*place, &other));
                Value::Number(found.map_or(-1.0, |place| place as f64))
            }
            Native::StartsWith => Value::Bool(text.begins(from, &other)),
            Native::EndsWith => {
                Value::Bool(text.len().checked_sub(other.len()).is_some_and(|place| text.begins(place, &other)))
            }
            Native::TextConcat => {
                let mut result = text.clone();
                for value in given {
                    let Some(more) = self.as_string(value.clone())? else { return Ok(Value::Unknown) };
                    self.meter.room(result.len() + more.len())?;
                    result = result.append(&more, &self.meter);
                }
                Value::Text(result)
            }
            Native::PadStart | Native::PadEnd => return self.pad(native, text, given),
            _ => Value::Unknown,
        })
    }

    fn pad(&mut self, native: Native, text: &Text, given: &[Value<'a>]) -> Evaluated<'a> {
        let Some(length) = operator::number(at(given, 0)).filter(|length| *length < 1e6) else {
            return Ok(Value::Unknown);
        };
        let with = match at(given, 1) {
            Value::Undefined => Some(Text::from_str(" ", &self.meter)),
            with => self.as_string(with.clone())?,
        };
        let Some(with) = with.filter(|with| with.len() > 0) else { return Ok(Value::Text(text.clone())) };
        let missing = (length as usize).saturating_sub(text.len());
        self.meter.room(missing)?;
        let mut units = Units::with_capacity(missing + text.len());
        if native == Native::PadEnd {
            units.push_text(text);
        }
        (0..missing).for_each(|index| units.push(with.at(index % with.len()).unwrap_or(32)));
        if native == Native::PadStart {
            units.push_text(text);
        }
        Ok(self.units(units))
    }

    fn part(&mut self, native: Native, text: &Text, given: &[Value<'a>]) -> Evaluated<'a> {
        let length = text.len();
        let (Some(first), Some(second)) = (operator::number(at(given, 0)), operator::number(at(given, 1))) else {
            return Ok(Value::Unknown);
        };
        let missing = matches!(at(given, 1), Value::Undefined);
        let (start, end) = match native {
            Native::Substring => {
                let (a, b) = (relative(first.max(0.0), length), relative(second.max(0.0), length));
                let b = if missing { length } else { b };
                (a.min(b), a.max(b))
            }
            Native::Substr => {
                let start = relative(first, length);
                let count = if missing { length as f64 } else { second.max(0.0) };
                (start, (start as f64 + count).min(length as f64) as usize)
            }
            _ => (relative(first, length), if missing { length } else { relative(second, length) }),
        };
        self.meter.room(end.saturating_sub(start))?;
        Ok(Value::Text(text.slice(start, end, &self.meter)))
    }

    fn split(&mut self, text: &Text, given: &[Value<'a>]) -> Evaluated<'a> {
        let most = match at(given, 1) {
            Value::Undefined => usize::MAX,
            most => operator::number(most).map_or(usize::MAX, |most| most as usize),
        };
        let mut parts = Vec::new();
        let push = |parts: &mut Vec<Value<'a>>, start: usize, end: usize, machine: &Self| -> Evaluated<'a, ()> {
            machine.meter.room(end.saturating_sub(start) + 96)?;
            parts.push(Value::Text(text.slice(start, end, &machine.meter)));
            Ok(())
        };
        if matches!(at(given, 0), Value::Undefined) {
            return self.array(vec![Value::Text(text.clone())]);
        }
        if let Some(pattern) = pattern_of(at(given, 0)) {
            let mut start = 0;
            let mut from = 0;
            while let Some(found) = pattern.find(text, from, &self.meter)? {
                let (begin, end) = (found.start(), found.end());
                if end == begin {
                    from = end + 1;
                    if begin == start || begin >= text.len() {
                        if from > text.len() { break } else { continue }
                    }
                } else {
                    from = end;
                }
                push(&mut parts, start, begin, self)?;
                start = end;
            }
            push(&mut parts, start, text.len(), self)?;
        } else {
            let Some(separator) = self.as_string(at(given, 0).clone())? else { return Ok(Value::Unknown) };
            self.meter.room(text.len())?;
            if separator.len() == 0 {
                for place in 0..text.len().min(most) {
                    push(&mut parts, place, place + 1, self)?;
                }
            } else {
                let mut start = 0;
                while let Some(place) = text.find(&separator, start) {
                    push(&mut parts, start, place, self)?;
                    start = place + separator.len();
                }
                push(&mut parts, start, text.len(), self)?;
            }
        }
        parts.truncate(most);
        self.array(parts)
    }

    fn replace(&mut self, native: Native, text: &Text, given: &[Value<'a>]) -> Evaluated<'a> {
        let pattern = match pattern_of(at(given, 0)) {
            Some(pattern) => pattern,
            None => {
                let Some(wanted) = self.as_string(at(given, 0).clone())? else { return Ok(Value::Unknown) };
                Rc::new(Pattern::literal(&wanted, native == Native::ReplaceAll))
            }
        };
        let with = at(given, 1).clone();
        let mut units = Units::with_capacity(text.len());
        let mut from = 0;
        let mut copied = 0;
        while let Some(found) = pattern.find(text, from, &self.meter)? {
            let groups: Vec<Value<'a>> = found.texts(text, &self.meter);
            let replacement = if matches!(&with, Value::Object(_) | Value::Native(_)) {
                let mut arguments = groups.clone();
                arguments.push(Value::Number(found.start() as f64));
                arguments.push(Value::Text(text.clone()));
                let value = self.call(&with, Value::Undefined, arguments)?;
                self.as_string(value)?
            } else {
                self.as_string(with.clone())?.map(|with| expand(&with, &groups, &self.meter))
            };
            let Some(replacement) = replacement else { return Ok(Value::Unknown) };
            self.meter.room(found.start() - copied + replacement.len())?;
            units.push_text(&text.slice(copied, found.start(), &self.meter));
            units.push_text(&replacement);
            copied = found.end();
            from = if found.end() == found.start() { found.end() + 1 } else { found.end() };
            if !pattern.is_global() {
                break;
            }
        }
        self.meter.room(text.len() - copied.min(text.len()))?;
        units.push_text(&text.slice(copied, text.len(), &self.meter));
        Ok(self.units(units))
    }

    fn matches(&mut self, native: Native, text: &Text, given: &[Value<'a>]) -> Evaluated<'a> {
        let pattern = match pattern_of(at(given, 0)) {
            Some(pattern) => pattern,
            None => {
                let Some(source) = self.as_string(at(given, 0).clone())? else { return Ok(Value::Unknown) };
                match Pattern::new(&source.to_string(), "") {
                    Some(pattern) => Rc::new(pattern),
                    None => return Ok(Value::Unknown),
                }
            }
        };
        let first = pattern.find(text, 0, &self.meter)?;
        if native == Native::Search {
            return Ok(Value::Number(first.map_or(-1.0, |found| found.start() as f64)));
        }
        let Some(first) = first else { return Ok(Value::Null) };
        if !pattern.is_global() {
            return self.array(first.texts(text, &self.meter));
        }
        let mut all = Vec::new();
        let mut next = Some(first);
        while let Some(found) = next {
            self.meter.room(96)?;
            all.push(Value::Text(text.slice(found.start(), found.end(), &self.meter)));
            next = pattern.find(text, found.end() + usize::from(found.end() == found.start()), &self.meter)?;
        }
        self.array(all)
    }

    /// A method of regular expressions.
    pub(super) fn call_pattern(&mut self, native: Native, this: &Value<'a>, given: &[Value<'a>]) -> Evaluated<'a> {
        let (Some(pattern), Some(text)) = (pattern_of(this), self.as_string(at(given, 0).clone())?) else {
            return Ok(Value::Unknown);
        };
        // Where a global expression goes on is not kept.
        if pattern.is_global() && native == Native::Exec {
            return Ok(Value::Unknown);
        }
        let found = pattern.find(&text, 0, &self.meter)?;
        match (native, found) {
            (Native::Test, found) => Ok(Value::Bool(found.is_some())),
            (_, Some(found)) => self.array(found.texts(&text, &self.meter)),
            (_, None) => Ok(Value::Null),
        }
    }

    /// A regular expression; what is not understood of them is unknown.
    pub(in crate::script::layers) fn pattern(&mut self, source: &str, flags: &str) -> Evaluated<'a> {
        self.meter.room(source.len() * 32)?;
        match self.patterns.read(source, flags) {
            Some(pattern) => Ok(Value::Object(self.object(Kind::Pattern(pattern))?)),
            None => Ok(Value::Unknown),
        }
    }
}

fn place_of(number: f64) -> Option<usize> {
    if number.is_nan() {
        return Some(0);
    }
    (number > -1.0 && number < 4e9).then_some(number as usize)
}

fn pattern_of(value: &Value<'_>) -> Option<Rc<Pattern>> {
    match &*value.as_object()?.kind.borrow() {
        Kind::Pattern(pattern) => Some(pattern.clone()),
        _ => None,
    }
}

/// `$1`, `$&` and `$$` of a replacement.
fn expand(with: &Text, groups: &[Value<'_>], meter: &super::super::meter::Meter) -> Text {
    const DOLLAR: u16 = b'$' as u16;
    if !with.units().any(|unit| unit == DOLLAR) {
        return with.clone();
    }
    let mut units = Units::with_capacity(with.len());
    let mut at = 0;
    while let Some(unit) = with.at(at) {
        let next = with.at(at + 1).and_then(|unit| u8::try_from(unit).ok());
        let group = match (unit, next) {
            (DOLLAR, Some(b'&')) => Some(0),
            (DOLLAR, Some(digit @ b'1'..=b'9')) => Some(usize::from(digit - b'0')),
            _ => None,
        };
        match group.and_then(|group| groups.get(group)) {
            Some(value) => {
                if let Some(text) = value.as_text() {
                    units.push_text(text);
                }
                at += 2;
            }
            None => {
                units.push(unit);
                at += if unit == DOLLAR && next == Some(b'$') { 2 } else { 1 };
            }
        }
    }
    Text::new(units, meter)
}
