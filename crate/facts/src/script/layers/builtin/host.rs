//! What leaves the program: code handed to the engine, workers, sockets, modules. Nothing of it is carried out; it is noted.

use super::super::handed::Purpose;
use super::super::machine::{Evaluated, Machine};
use super::super::units::{Text, Units};
use super::super::value::{Bound, Element, Kind, Value};
use super::{Native, at};
use crate::script::escape::{self, Meaning};
use oxc_span::Span;

impl<'a> Machine<'a, '_> {
    /// Calls a function of the browser.
    pub(super) fn call_host(&mut self, native: Native, given: &[Value<'a>]) -> Evaluated<'a> {
        let first = at(given, 0).clone();
        match native {
            Native::Eval | Native::ExecScript => {
                if matches!(first, Value::Text(_) | Value::Unknown) {
                    self.hand(&first, Purpose::Code);
                    return Ok(Value::Unknown);
                }
                return Ok(first);
            }
            Native::SetTimeout | Native::SetInterval => {
                if matches!(first, Value::Text(_)) {
                    self.hand(&first, Purpose::Code);
                }
            }
            Native::Function => return self.made_function(given),
            Native::ImportScripts => {
                for source in given {
                    self.hand_source(source, Purpose::Worker);
                }
            }
            Native::DocumentWrite | Native::DocumentWriteln => self.hand(&first, Purpose::Markup),
            Native::CreateElement => {
                let Some(name) = self.as_string(first)? else { return Ok(Value::Unknown) };
                return Ok(Value::Object(self.object(Kind::Element(name))?));
            }
            Native::Compile | Native::Instantiate | Native::Validate | Native::Module => self.hand_module(&first),
            // The address of a blob stands for what is in it.
            Native::CreateObjectUrl if is_blob(&first) => return Ok(first),
            Native::Fetch => self.hand_source(&first, Purpose::Data),
            Native::WebSocket | Native::Worker | Native::SharedWorker | Native::Blob | Native::Response => {
                return self.construct_host(native, given);
            }
            _ => {}
        }
        Ok(Value::Unknown)
    }

    /// `new` of something of the browser.
    pub(super) fn construct_host(&mut self, native: Native, given: &[Value<'a>]) -> Evaluated<'a> {
        let first = at(given, 0).clone();
        match native {
            Native::Function => return self.made_function(given),
            Native::Worker | Native::SharedWorker => self.hand_source(&first, Purpose::Worker),
            Native::WebSocket | Native::EventSource => {
                if native == Native::WebSocket {
                    self.handed.socket(!first.is_unknown());
                }
                if let Some(address) = self.as_string(first)? {
                    self.handed.opened(&address);
                }
            }
            Native::Blob => return self.blob(&first),
            Native::Response => self.hand_module(&first),
            Native::Module => self.hand_module(&first),
            Native::Url => return Ok(self.as_string(first)?.map_or(Value::Unknown, Value::Text)),
            Native::TextDecoder | Native::TextEncoder => {
                let object = self.object(Kind::Ghost)?;
                let name = if native == Native::TextDecoder { "decode" } else { "encode" };
                object.properties.borrow_mut().set(Text::from_str(name, &self.meter), Value::Native(native));
                return Ok(Value::Object(object));
            }
            _ => {}
        }
        Ok(Value::Unknown)
    }

    /// `decoder.decode(bytes)` and `encoder.encode(text)`, called as functions.
    pub(in crate::script::layers) fn transcode(&mut self, native: Native, given: &[Value<'a>]) -> Evaluated<'a> {
        match (native, at(given, 0)) {
            (Native::TextDecoder, Value::Object(object)) => match object.bytes() {
                Some(bytes) => self.decode_utf8(&bytes),
                None => Ok(Value::Unknown),
            },
            (Native::TextEncoder, Value::Text(text)) => {
                self.meter.room(text.len())?;
                let bytes: Vec<Value<'a>> =
                    text.to_string().bytes().map(|byte| Value::Number(f64::from(byte))).collect();
                self.view_of(Element::U8, &bytes)
            }
            _ => Ok(Value::Unknown),
        }
    }

    /// `Function(parameters…, body)`.
    fn made_function(&mut self, given: &[Value<'a>]) -> Evaluated<'a> {
        let Some((body, parameters)) = given.split_last() else { return Ok(Value::Unknown) };
        let Some(body) = body.as_text() else {
            self.hand(body, Purpose::Code);
            return Ok(Value::Unknown);
        };
        if let Some(value) = self.returned_by(body) {
            return Ok(value);
        }
        let mut names = Vec::new();
        for parameter in parameters {
            match parameter.as_text() {
                Some(name) => names.push(name.to_string()),
                None => names.push("...unknown".to_owned()),
            }
        }
        self.meter.room(body.len())?;
        let source = format!("(function anonymous({}\n) {{\n{}\n}})", names.join(","), body);
        let source = self.text(&source);
        self.hand(&source, Purpose::Code);
        Ok(Value::Unknown)
    }

    /// The function whose body is `return this` or returns one name, as short code writes it to get at the browser.
    fn returned_by(&mut self, body: &Text) -> Option<Value<'a>> {
        if self.meter.room(body.len()).is_err() {
            return None;
        }
        let body = body.to_string();
        if let Some(literal) = body.trim().strip_prefix("return").and_then(literal) {
            let value = self.text(&literal);
            return self.object(constant(value)).ok().map(Value::Object);
        }
        let name = body.trim().strip_prefix("return")?.trim_matches([' ', ';', '(', ')']);
        let value = match name {
            "this" => Value::Native(Native::Global),
            name if name.starts_with('/') && name.ends_with('/') => {
                self.pattern(name.get(1..name.len().checked_sub(1)?)?, "").ok()?
            }
            name => Value::Native(super::global(name)?),
        };
        self.object(constant(value)).ok().map(Value::Object)
    }

    fn blob(&mut self, parts: &Value<'a>) -> Evaluated<'a> {
        let Some(parts) = self.elements(parts)? else { return Ok(Value::Unknown) };
        let mut units = Units::with_capacity(0);
        for part in parts {
            if let Some(bytes) = part.as_object().and_then(|object| object.bytes()) {
                self.meter.room(bytes.len())?;
                self.handed.module(&bytes);
                units.push_text(&Text::narrow(bytes, &self.meter));
                continue;
            }
            let part = self.primitive(part)?;
            let Some(text) = self.as_string(part)? else { return Ok(Value::Unknown) };
            self.meter.room(text.len())?;
            units.push_text(&text);
        }
        let text = Text::new(units, &self.meter);
        Ok(Value::Object(self.object(Kind::Blob(text))?))
    }

    /// Notes code that the program hands to the engine.
    fn hand(&mut self, value: &Value<'a>, purpose: Purpose) {
        let here = self.handed.here();
        match value {
            Value::Text(text) => self.handed.take(text, purpose),
            Value::Unknown => self.handed.unknown(purpose, here),
            _ => {}
        }
    }

    /// Notes an address that code is loaded from: code itself where it is a data or blob address.
    pub(in crate::script::layers) fn hand_source(&mut self, value: &Value<'a>, purpose: Purpose) {
        let here = self.handed.here();
        let blob = value.as_object().and_then(|object| match &*object.kind.borrow() {
            Kind::Blob(text) => Some(text.clone()),
            _ => None,
        });
        match (blob, value) {
            (Some(text), _) => self.handed.take(&text, purpose),
            (None, Value::Text(text)) => self.handed.address(text, purpose, &self.meter),
            (None, Value::Unknown) if purpose == Purpose::Worker => self.handed.unknown(purpose, here),
            _ => {}
        }
    }

    fn hand_module(&mut self, value: &Value<'a>) {
        if let Some(bytes) = value.as_object().and_then(|object| object.bytes()) {
            self.handed.module(&bytes);
        }
    }

    /// `import(source)`.
    pub(in crate::script::layers) fn import(&mut self, source: &Value<'a>, span: Span) {
        self.handed.at(span);
        self.hand_source(source, Purpose::Code);
    }

    /// Notes what is written to members that the browser acts on: the text of a script element, markup, addresses.
    pub(in crate::script::layers) fn handed_to(&mut self, object: &Value<'a>, key: &Text, value: &Value<'a>) {
        /// All that is looked for.
        const NAMES: [&str; 7] = ["text", "innerHTML", "textContent", "innerText", "src", "outerHTML", "srcdoc"];
        let Some(name) = NAMES.into_iter().find(|name| key.is(name)) else { return };
        let element = match object {
            Value::Object(object) => match &*object.kind.borrow() {
                Kind::Element(name) => name.to_string().to_ascii_lowercase(),
                _ => return,
            },
            _ => String::new(),
        };
        match (element.as_str(), name) {
            ("script", "text" | "innerHTML" | "textContent" | "innerText") => self.hand(value, Purpose::Code),
            ("script", "src") | ("iframe", "src") => {
                self.hand_source(value, if element == "script" { Purpose::Code } else { Purpose::Data })
            }
            (_, "innerHTML" | "outerHTML" | "srcdoc") if value.as_text().is_some() => self.hand(value, Purpose::Markup),
            _ => {}
        }
    }
}

/// A function that gives this value.
fn constant(value: Value<'_>) -> Kind<'_> {
    Kind::Bound(Box::new(Bound { target: Value::Native(Native::ObjectValueOf), this: value, given: Vec::new() }))
}

fn is_blob(value: &Value<'_>) -> bool {
    value.as_object().is_some_and(|object| matches!(&*object.kind.borrow(), Kind::Blob(_)))
}

/// What a text that is one string literal stands for: encoders of signs alone turn octal digits into code that way.
fn literal(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(';').as_bytes();
    let quote = *text.first().filter(|c| matches!(c, b'"' | b'\''))?;
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 1;
    while at < text.len() {
        if text[at] == quote {
            return (at + 1 == text.len()).then(|| String::from_utf8(decoded).ok()).flatten();
        }
        if text[at] != b'\\' {
            decoded.push(text[at]);
            at += 1;
            continue;
        }
        let (meaning, length) = escape::read(text, at);
        if let Meaning::Char(value) = meaning {
            let c = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
            decoded.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        at += length;
    }
    None
}
