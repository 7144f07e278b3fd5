//! Disguises of a socket's messages that change nothing of what they say.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A disguise by its name.
pub(crate) type Disguise = (&'static str, fn(&[u8]) -> Vec<u8>);

/// Every disguise.
pub(crate) const ALL: [Disguise; 12] = [
    ("line end", |bytes| [bytes, b"\n"].concat()),
    ("renamed keys", |bytes| over_json(bytes, |value| renamed(value, false))),
    ("renamed keys and words", |bytes| over_json(bytes, |value| renamed(value, true))),
    ("arrays", |bytes| over_json(bytes, listed)),
    ("base64", |bytes| base64(bytes, b'+', b'/').into_bytes()),
    ("base64 of the web", |bytes| base64(bytes, b'-', b'_').trim_end_matches('=').to_owned().into_bytes()),
    ("hex", |bytes| hex(bytes).into_bytes()),
    ("MessagePack", |bytes| packed_message(bytes, false)),
    ("MessagePack with bytes", |bytes| packed_message(bytes, true)),
    ("socket.io", |bytes| match parsed(bytes) {
        Some((_, value)) => format!("42{}", json!(["m", value])).into_bytes(),
        None => as_text(bytes, |text| json!([42, text])),
    }),
    ("JSON in a string", |bytes| as_text(bytes, |text| json!({ "d": text }))),
    ("base64 in JSON", |bytes| as_text(bytes, |text| json!({ "d": base64(text.as_bytes(), b'+', b'/') }))),
];

/// The JSON of a message behind a framing of digits; `None` for everything else.
fn parsed(bytes: &[u8]) -> Option<(usize, Value)> {
    let start = bytes.iter().position(|byte| !byte.is_ascii_digit())?;
    let value: Value = serde_json::from_slice(&bytes[start..]).ok()?;
    (value.is_object() || value.is_array()).then_some((start, value))
}

fn over_json(bytes: &[u8], change: impl Fn(Value) -> Value) -> Vec<u8> {
    match parsed(bytes) {
        Some((start, value)) => [&bytes[..start], change(value).to_string().as_bytes()].concat(),
        None => bytes.to_vec(),
    }
}

fn as_text(bytes: &[u8], change: impl Fn(&str) -> Value) -> Vec<u8> {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.to_vec(), |text| change(text).to_string().into_bytes())
}

/// Other names for keys, and for words of letters; the same name for the same word.
fn renamed(value: Value, words: bool) -> Value {
    let name = |word: &str| {
        let sum = word.bytes().fold(5381u32, |sum, byte| sum.wrapping_mul(33) ^ u32::from(byte));
        Value::String((0..6).map(|place| char::from(b'a' + (sum >> (4 * place) & 15) as u8)).collect())
    };
    match value {
        Value::Object(map) => {
            let pairs = map.into_iter().map(|(key, value)| (name(&key), renamed(value, words)));
            Value::Object(
                pairs.map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), value)).collect::<Map<_, _>>(),
            )
        }
        Value::Array(list) => list.into_iter().map(|value| renamed(value, words)).collect(),
        Value::String(text) if words && is_word(&text) => name(&text),
        other => other,
    }
}

fn is_word(text: &str) -> bool {
    (2..=24).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphabetic() || "_. ".contains(c))
}

/// Objects as lists of their values.
fn listed(value: Value) -> Value {
    match value {
        Value::Object(map) => map.into_iter().map(|(_, value)| listed(value)).collect(),
        Value::Array(list) => list.into_iter().map(listed).collect(),
        other => other,
    }
}

fn base64(bytes: &[u8], plus: u8, slash: u8) -> String {
    let letters = [&b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"[..], &[plus, slash]].concat();
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let sum = chunk.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let is_there = place <= chunk.len();
            out.push(if is_there { char::from(letters[(sum >> (18 - 6 * place) & 63) as usize]) } else { '=' });
        }
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn packed_message(bytes: &[u8], raw: bool) -> Vec<u8> {
    let mut out = Vec::new();
    match parsed(bytes) {
        Some((_, value)) => packed(&value, raw, &mut out),
        None => out.extend_from_slice(bytes),
    }
    out
}

/// MessagePack; with `raw`, hexadecimal texts as the bytes they spell.
fn packed(value: &Value, raw: bool, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0xc0),
        Value::Bool(truth) => out.push(0xc2 + u8::from(*truth)),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number @ 0..=0x7f), _) => out.push(number as u8),
            (Some(number), _) => out.extend([vec![0xcf], number.to_be_bytes().to_vec()].concat()),
            (None, Some(number)) => out.extend([vec![0xd3], number.to_be_bytes().to_vec()].concat()),
            (None, None) => {
                out.push(0xcb);
                out.extend(number.as_f64().unwrap_or_default().to_be_bytes());
            }
        },
        Value::String(text) => {
            let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
            if raw && digits.len() == text.len() && text.len() >= 8 && text.len().is_multiple_of(2) {
                head(out, 0xc6, digits.len() / 2);
                out.extend(digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8));
            } else {
                head(out, 0xdb, text.len());
                out.extend_from_slice(text.as_bytes());
            }
        }
        Value::Array(list) => {
            head(out, 0xdd, list.len());
            list.iter().for_each(|value| packed(value, raw, out));
        }
        Value::Object(map) => {
            head(out, 0xdf, map.len());
            let sorted: BTreeMap<_, _> = map.iter().collect();
            for (key, value) in sorted {
                head(out, 0xd9, key.len());
                out.extend_from_slice(key.as_bytes());
                packed(value, raw, out);
            }
        }
    }
}

/// A marker with its length in four bytes, or in one for short texts.
fn head(out: &mut Vec<u8>, marker: u8, length: usize) {
    out.push(marker);
    if marker == 0xd9 {
        out.push(length as u8);
    } else {
        out.extend((length as u32).to_be_bytes());
    }
}
