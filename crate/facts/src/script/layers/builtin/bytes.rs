//! Typed arrays, buffers, and the encodings that turn strings into bytes and back.

use super::super::machine::{Evaluated, Machine};
use super::super::operator;
use super::super::units::{Text, Units};
use super::super::value::{Element, Kind, Object, Store, Value, View};
use super::{Native, at, relative};
use crate::script::{base64, escape};

impl<'a> Machine<'a, '_> {
    /// `new Uint8Array(…)` and its kin.
    pub(super) fn make_view(&mut self, element: Element, given: &[Value<'a>]) -> Evaluated<'a> {
        let width = element.width();
        match at(given, 0) {
            Value::Number(length) if (0.0..4e9).contains(length) => {
                self.meter.room((*length as usize).saturating_mul(width))?;
                self.view_on(element, vec![0; *length as usize * width])
            }
            Value::Undefined => self.view_on(element, Vec::new()),
            Value::Object(object) => {
                let buffer = match &*object.kind.borrow() {
                    Kind::Buffer(buffer) => Some(buffer.clone()),
                    _ => None,
                };
                if let Some(buffer) = buffer {
                    let total = buffer.bytes.borrow().len();
                    let offset = relative(operator::number(at(given, 1)).unwrap_or(0.0).max(0.0), total);
                    let rest = (total - offset) / width;
                    let length = match at(given, 2) {
                        Value::Undefined => rest,
                        length => operator::number(length).map_or(rest, |length| (length.max(0.0) as usize).min(rest)),
                    };
                    let view = Box::new(View { buffer, element, offset, length });
                    return Ok(Value::Object(self.object(Kind::View(view))?));
                }
                match self.elements(at(given, 0))? {
                    Some(elements) => self.view_of(element, &elements),
                    None => Ok(Value::Unknown),
                }
            }
            _ => Ok(Value::Unknown),
        }
    }

    /// A typed array of these elements; unknown where one of them is.
    pub(super) fn view_of(&mut self, element: Element, elements: &[Value<'a>]) -> Evaluated<'a> {
        self.meter.room(elements.len() * element.width())?;
        let object = self.view_on(element, vec![0; elements.len() * element.width()])?;
        if let Value::Object(thing) = &object
            && let Kind::View(view) = &*thing.kind.borrow()
        {
            for (index, value) in elements.iter().enumerate() {
                match operator::number(value) {
                    Some(number) => view.set(index, number),
                    None => return Ok(Value::Unknown),
                }
            }
        }
        Ok(object)
    }

    fn view_on(&mut self, element: Element, bytes: Vec<u8>) -> Evaluated<'a> {
        let length = bytes.len() / element.width();
        let buffer = Store::new(bytes, &self.meter);
        Ok(Value::Object(self.object(Kind::View(Box::new(View { buffer, element, offset: 0, length })))?))
    }

    /// A method that only typed arrays and buffers have, or have in their own way.
    pub(super) fn call_view(&mut self, native: Native, object: &Object<'a>, given: &[Value<'a>]) -> Evaluated<'a> {
        let kind = object.kind.borrow();
        let view = match &*kind {
            Kind::View(view) => View::clone(view),
            Kind::Buffer(buffer) => {
                let length = buffer.bytes.borrow().len();
                View { buffer: buffer.clone(), element: Element::U8, offset: 0, length }
            }
            _ => return Ok(Value::Unknown),
        };
        let is_buffer = matches!(&*kind, Kind::Buffer(_));
        drop(kind);
        let number = |index| operator::number(at(given, index));
        let end = |index| match at(given, index) {
            Value::Undefined => view.length,
            value => relative(operator::number(value).unwrap_or(0.0), view.length),
        };
        match native {
            Native::ViewSet => {
                let Some(elements) = self.elements(at(given, 0))? else { return Ok(Value::Undefined) };
                let from = number(1).unwrap_or(0.0).max(0.0) as usize;
                for (index, value) in elements.iter().enumerate().take(view.length.saturating_sub(from)) {
                    view.set(from + index, operator::number(value).unwrap_or(0.0));
                }
                Ok(Value::Undefined)
            }
            Native::Subarray => {
                let (start, end) = (relative(number(0).unwrap_or(0.0), view.length), end(1));
                let (offset, length) = (view.offset + start * view.element.width(), end.saturating_sub(start));
                Ok(Value::Object(self.object(Kind::View(Box::new(View { offset, length, ..view })))?))
            }
            Native::Fill => {
                let (Some(value), start) = (number(0), relative(number(1).unwrap_or(0.0), view.length)) else {
                    return Ok(Value::Unknown);
                };
                self.meter.step(view.length as u64 / 4)?;
                (start..end(2)).for_each(|index| view.set(index, value));
                Ok(Value::Object(object.clone()))
            }
            _ => {
                let (start, end, width) =
                    (relative(number(0).unwrap_or(0.0), view.length), end(1), view.element.width());
                self.meter.room(end.saturating_sub(start) * width)?;
                let range = view.offset + start * width..view.offset + end.max(start) * width;
                let bytes = view.buffer.bytes.borrow().get(range).unwrap_or_default().to_vec();
                if is_buffer {
                    let store = Store::new(bytes, &self.meter);
                    return Ok(Value::Object(self.object(Kind::Buffer(store))?));
                }
                self.view_on(view.element, bytes)
            }
        }
    }

    /// `Uint8Array.from(…)`, `Buffer.from(…)`.
    pub(super) fn call_bytes(&mut self, native: Native, given: &[Value<'a>]) -> Evaluated<'a> {
        match native {
            Native::ViewOf => self.view_of(Element::U8, given),
            Native::BufferFrom if at(given, 0).as_text().is_some() => self.buffer_from(given),
            _ => {
                let from = self.array_from(given)?;
                match self.elements(&from)? {
                    Some(elements) => self.view_of(Element::U8, &elements),
                    None => Ok(Value::Unknown),
                }
            }
        }
    }

    fn buffer_from(&mut self, given: &[Value<'a>]) -> Evaluated<'a> {
        let Some(text) = at(given, 0).as_text().cloned() else { return Ok(Value::Unknown) };
        self.meter.room(text.len())?;
        let encoding = at(given, 1).as_text().map(Text::to_string).unwrap_or_default();
        let bytes = match encoding.as_str() {
            "base64" | "base64url" => from_base64(&text),
            "hex" => {
                let digits: Vec<u32> = text.units().map_while(|unit| escape::digit(u8::try_from(unit).ok()?)).collect();
                Some(digits.chunks_exact(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect())
            }
            "latin1" | "binary" => Some(text.units().map(|unit| unit as u8).collect()),
            _ => Some(text.to_string().into_bytes()),
        };
        bytes.map_or(Ok(Value::Unknown), |bytes| self.view_on(Element::U8, bytes))
    }

    /// Functions that turn one string into another.
    pub(super) fn recode(&mut self, native: Native, given: &[Value<'a>]) -> Evaluated<'a> {
        let value = self.primitive(at(given, 0).clone())?;
        let Some(text) = self.as_string(value)? else { return Ok(Value::Unknown) };
        self.meter.room(text.len() * 2)?;
        let decoded = match native {
            Native::Atob => match from_base64(&text) {
                Some(bytes) => Some(Units::Narrow(bytes)),
                None => return self.wrong("is no base64"),
            },
            Native::Unescape => Some(unescape(&text)),
            Native::DecodeUri | Native::DecodeUriComponent => match decode_uri(&text) {
                Some(decoded) => return Ok(self.text(&decoded)),
                None => return self.wrong("is no UTF-8"),
            },
            Native::Btoa => text.as_bytes().map(|bytes| Units::Narrow(to_base64(bytes))),
            Native::Escape | Native::EncodeUri | Native::EncodeUriComponent => Some(encode(native, &text)),
            _ => None,
        };
        let decoded = decoded.map_or(Value::Unknown, |units| self.units(units));
        if native == Native::Atob {
            self.handed.returned(&decoded, &self.meter);
        }
        Ok(decoded)
    }

    /// Text of bytes, as `TextDecoder` reads them.
    pub(super) fn decode_utf8(&mut self, bytes: &[u8]) -> Evaluated<'a> {
        self.meter.room(bytes.len())?;
        Ok(self.text(&String::from_utf8_lossy(bytes)))
    }
}

/// Bytes of base64 as `atob` reads it; `None` where it would throw.
fn from_base64(text: &Text) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held, mut padding) = (0u32, 0, 0);
    for unit in text.units() {
        let c = u8::try_from(unit).ok()?;
        match base64::sextet(c) {
            Some(value) if padding == 0 => {
                bits = (bits << 6 | u32::from(value)) & 0xffff;
                held += 6;
                if held >= 8 {
                    held -= 8;
                    bytes.push((bits >> held) as u8);
                }
            }
            _ if c.is_ascii_whitespace() => {}
            None if c == b'=' && padding < 2 => padding += 1,
            _ => return None,
        }
    }
    (held != 6).then_some(bytes)
}

fn to_base64(bytes: &[u8]) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = Vec::with_capacity(bytes.len() / 3 * 4 + 4);
    for group in bytes.chunks(3) {
        let word = (0..3).fold(0usize, |word, i| word << 8 | usize::from(group.get(i).copied().unwrap_or(0)));
        let digits = (0..4).map(|i| if i <= group.len() { ALPHABET[word >> (18 - 6 * i) & 63] } else { b'=' });
        text.extend(digits);
    }
    text
}

/// `%41` and `%u0041`.
fn unescape(text: &Text) -> Units {
    let digits = |at: usize, count: usize| {
        (at..at + count).try_fold(0u32, |sum, at| Some(sum << 4 | escape::digit(u8::try_from(text.at(at)?).ok()?)?))
    };
    let mut units = Units::with_capacity(text.len());
    let mut at = 0;
    while let Some(unit) = text.at(at) {
        let long = text.at(at + 1) == Some(u16::from(b'u'));
        let found = match (unit == u16::from(b'%'), long) {
            (true, true) => digits(at + 2, 4).map(|value| (value, 6)),
            (true, false) => digits(at + 1, 2).map(|value| (value, 3)),
            _ => None,
        };
        let (value, length) = found.unwrap_or((u32::from(unit), 1));
        units.push(value as u16);
        at += length;
    }
    units
}

fn decode_uri(text: &Text) -> Option<String> {
    let text = text.to_string();
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let (high, low) = (escape::digit(*bytes.get(at + 1)?)?, escape::digit(*bytes.get(at + 2)?)?);
            decoded.push((high << 4 | low) as u8);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}

/// `escape` and the two encoders of addresses.
fn encode(native: Native, text: &Text) -> Units {
    let kept: &[u8] = match native {
        Native::Escape => b"@*_+-./",
        Native::EncodeUri => b";/?:@&=+$,#-_.!~*'()",
        _ => b"-_.!~*'()",
    };
    let mut units = Units::with_capacity(text.len());
    let hex = |units: &mut Units, byte: u8| format!("%{byte:02X}").chars().for_each(|c| units.push_char(c));
    if native == Native::Escape {
        for unit in text.units() {
            match u8::try_from(unit) {
                Ok(byte) if byte.is_ascii_alphanumeric() || kept.contains(&byte) => units.push(unit),
                Ok(byte) => hex(&mut units, byte),
                Err(_) => format!("%u{unit:04X}").chars().for_each(|c| units.push_char(c)),
            }
        }
        return units;
    }
    for byte in text.to_string().bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            units.push(u16::from(byte));
        } else {
            hex(&mut units, byte);
        }
    }
    units
}
