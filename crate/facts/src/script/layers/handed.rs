//! What a program hands to the engine: code, markup, worker sources, shaders, modules, addresses.

use super::meter::Meter;
use super::units::Text;
use super::value::{Kind, Value};
use crate::limits::{EMBEDDED_MODULES, LAYER_ADDRESSES, LAYERS};
use crate::script::unpack::{self, Unpacked};
use crate::script::{base64, escape};
use oxc_span::Span;

/// Texts that are shorter hold no program worth a look: `return this`, `debugger`, `while (true) {}`.
const SHORTEST: usize = 16;

/// Texts that are shorter spell out no module that holds code.
const SHORTEST_MODULE: usize = 64;

/// Markup is another artifact only where it can bring code along.
const LIVE_MARKUP: [&str; 5] = ["<script", "<iframe", "srcdoc", "onerror", "onload"];

/// What a text is handed over for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    /// To be run here.
    Code,
    /// To be run in a worker.
    Worker,
    /// To be read as HTML.
    Markup,
    /// To be run on a graphics card.
    Shader,
    /// To be read in another way.
    Data,
}

/// A text that was handed over.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) purpose: Purpose,
    pub(super) text: String,
}

/// An address that was opened.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) url: String,
    pub(super) span: Span,
}

/// Everything that was handed over.
#[derive(Debug, Default)]
pub(super) struct Handed {
    here: Span,
    pub(super) layers: Vec<Layer>,
    pub(super) modules: Vec<Vec<u8>>,
    pub(super) addresses: Vec<Address>,
    /// Places where sockets are opened, and whether the address is known there.
    pub(super) sockets: Vec<(Span, bool)>,
    /// Code that only exists at run time: the first place for each purpose.
    pub(super) unknown: Vec<(Purpose, Span)>,
    /// The program was not followed to its end.
    pub(super) spent: bool,
    /// Something was left out.
    pub(super) full: bool,
    /// Bytes that may still be kept.
    pub(super) room: usize,
}

impl Handed {
    /// Says where the call stands that is carried out.
    pub(super) fn at(&mut self, span: Span) {
        self.here = span;
    }

    /// Where it stands.
    pub(super) fn here(&self) -> Span {
        self.here
    }

    /// Takes a text.
    pub(super) fn take(&mut self, text: &Text, purpose: Purpose) {
        if text.len() < SHORTEST {
            return;
        }
        if let Some(bytes) = text.as_bytes().filter(|bytes| bytes.starts_with(b"\0asm")) {
            let bytes = bytes.to_vec();
            return self.module(&bytes);
        }
        let text = text.to_string();
        if purpose == Purpose::Data || purpose == Purpose::Markup && !is_live(&text) {
            return;
        }
        if self.layers.iter().any(|layer| layer.text == text) {
            return;
        }
        if self.layers.len() >= LAYERS || text.len() > self.room {
            self.full = true;
            return;
        }
        self.room -= text.len();
        self.layers.push(Layer { purpose, text });
    }

    /// Takes an address that something is loaded from. A data address holds what it names.
    pub(super) fn address(&mut self, text: &Text, purpose: Purpose, meter: &Meter) {
        let units = text.slice(0, 5, meter);
        if !units.to_string().eq_ignore_ascii_case("data:") {
            return;
        }
        let Some((kind, content)) = data(&text.to_string()) else { return };
        if content.starts_with(b"\0asm") {
            return self.module(&content);
        }
        let purpose = if purpose == Purpose::Data && kind.contains("html") { Purpose::Markup } else { purpose };
        let text = Text::from_str(&String::from_utf8_lossy(&content), meter);
        self.take(&text, purpose);
    }

    /// Takes the bytes of a module.
    pub(super) fn module(&mut self, bytes: &[u8]) {
        if !bytes.starts_with(b"\0asm") || self.modules.iter().any(|known| known == bytes) {
            return;
        }
        if self.modules.len() >= EMBEDDED_MODULES || bytes.len() > self.room {
            self.full = true;
            return;
        }
        self.room -= bytes.len();
        self.modules.push(bytes.to_vec());
    }

    /// What a function gave back: a module, packed or not, may be on its way to the engine.
    pub(super) fn returned(&mut self, value: &Value<'_>, meter: &Meter) {
        let start: Vec<u8> = match value {
            Value::Text(text) => {
                (0..4usize).map_while(|at| text.at(at)).map_while(|unit| u8::try_from(unit).ok()).collect()
            }
            Value::Object(object) => match &*object.kind.borrow() {
                Kind::View(view) => view.buffer.bytes.borrow().get(view.offset..).map(first).unwrap_or_default(),
                Kind::Buffer(buffer) => first(&buffer.bytes.borrow()),
                _ => return,
            },
            _ => return,
        };
        let packed = matches!(
            start.as_slice(),
            [0x1f, 0x8b, 8, _] | [0x28, 0xb5, 0x2f, 0xfd] | [0x78, 1 | 0x5e | 0x9c | 0xda, ..]
        );
        let length = match value {
            Value::Text(text) => text.len(),
            Value::Object(object) => object.byte_length(),
            _ => 0,
        };
        // Each look costs a copy, and unpacking what may come out.
        let cost = length + if packed { self.room } else { 0 };
        if (packed || start == b"\0asm") && meter.step(cost as u64 / 16).is_ok() {
            self.binary(value);
        }
    }

    /// What an expression gave: a module that is spelled out once its letters are in order. Literals are read elsewhere.
    pub(super) fn spelled(&mut self, text: &Text, meter: &Meter) {
        let Some(spelled) = text.as_bytes().filter(|bytes| bytes.len() >= SHORTEST_MODULE) else { return };
        let hex = spelled.starts_with(b"0061736d") || spelled.starts_with(b"0061736D");
        let packed = spelled.starts_with(b"H4sI") || spelled.starts_with(b"KLUv/");
        if !hex && !packed && !spelled.starts_with(b"AGFzbQ") {
            return;
        }
        let cost = spelled.len() + if packed { self.room } else { 0 };
        if meter.step(cost as u64 / 16).is_err() {
            return;
        }
        let bytes = if hex {
            let digits: Vec<u32> = spelled.iter().map_while(|c| escape::digit(*c)).collect();
            Some(digits.chunks_exact(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect())
        } else {
            base64::decode(spelled)
        };
        if let Some(bytes) = bytes {
            self.unpacked(&bytes);
        }
    }

    /// Takes bytes, or a string of bytes, that are a module or a packed one.
    pub(super) fn binary(&mut self, value: &Value<'_>) {
        let bytes = match value {
            Value::Text(text) => text.as_bytes().map(<[u8]>::to_vec),
            Value::Object(object) => object.bytes(),
            _ => None,
        };
        if let Some(bytes) = bytes {
            self.unpacked(&bytes);
        }
    }

    fn unpacked(&mut self, bytes: &[u8]) {
        match unpack::by_magic(bytes, self.room) {
            Unpacked::Whole(bytes) => self.module(&bytes),
            Unpacked::TooLong(start) => self.full |= start.starts_with(b"\0asm"),
            Unpacked::Cut(_) | Unpacked::Not => self.module(bytes),
        }
    }

    /// Notes code that only exists at run time.
    pub(super) fn unknown(&mut self, purpose: Purpose, span: Span) {
        if !self.unknown.iter().any(|(known, _)| *known == purpose) {
            self.unknown.push((purpose, span));
        }
    }

    /// Notes that a socket is opened here. What is known of its address in one call is known.
    pub(super) fn socket(&mut self, known: bool) {
        let here = self.here;
        if let Some((_, before)) = self.sockets.iter_mut().find(|(span, _)| *span == here) {
            *before |= known;
        } else if self.sockets.len() < LAYER_ADDRESSES {
            self.sockets.push((here, known));
        }
    }

    /// Notes an address that was opened.
    pub(super) fn opened(&mut self, address: &Text) {
        let (url, span) = (address.to_string(), self.here);
        if self.addresses.len() < LAYER_ADDRESSES && !self.addresses.iter().any(|known| known.url == url) {
            self.addresses.push(Address { url, span });
        }
    }
}

fn is_live(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    LIVE_MARKUP.iter().any(|mark| lower.contains(mark))
}

/// Type and content of a data address.
fn data(address: &str) -> Option<(String, Vec<u8>)> {
    let (head, body) = address.get(5..)?.split_once(',')?;
    let head = head.to_ascii_lowercase();
    let mut content = Vec::with_capacity(body.len());
    let bytes = body.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let digits = (bytes[at] == b'%')
            .then(|| Some(escape::digit(*bytes.get(at + 1)?)? << 4 | escape::digit(*bytes.get(at + 2)?)?))
            .flatten();
        content.push(digits.map_or(bytes[at], |value| value as u8));
        at += if digits.is_some() { 3 } else { 1 };
    }
    if head.ends_with(";base64") {
        content = base64::decode(&content)?;
    }
    Some((head, content))
}

fn first(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().take(4).copied().collect()
}
