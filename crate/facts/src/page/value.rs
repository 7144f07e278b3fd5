//! What attributes say once their character references, percent signs and base64 are undone.

use crate::request::percent_bytes;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::borrow::Cow;
use std::cell::RefCell;

/// An attribute's value, or a foreign script's text, without character references.
pub(super) fn decoded(raw: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(raw);
    if !raw.contains(&b'&') {
        return text;
    }
    // One tag with one attribute: who knows all 2,231 names of characters reads it.
    let tag = format!("<a b=\"{}\">", text.replace('"', "&quot;"));
    let tokenizer = Tokenizer::new(Value::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(tag.as_str()));
    let _ = tokenizer.feed(&queue);
    tokenizer.sink.0.take().map_or(text, Cow::Owned)
}

#[derive(Default)]
struct Value(RefCell<Option<String>>);

impl TokenSink for Value {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token {
            *self.0.borrow_mut() = tag.attrs.into_iter().next().map(|attribute| String::from(&*attribute.value));
        }
        TokenSinkResult::Continue
    }
}

/// An address as browsers take it from an attribute: without white space around it, and without any tabs and line
/// breaks.
pub(super) fn address(raw: &[u8]) -> String {
    let text = decoded(raw);
    text.trim_matches(|c: char| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect()
}

/// The code of a `javascript:` address.
pub(super) fn javascript(address: &str) -> Option<Vec<u8>> {
    Some(percent_bytes(after_scheme(address, "javascript:")?))
}

/// What a `data:` address holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Data {
    /// Its media type in lower case, without parameters.
    pub(super) media: String,
    pub(super) bytes: Vec<u8>,
}

/// Reads a `data:` address.
pub(super) fn data(address: &str) -> Option<Data> {
    let (head, body) = after_scheme(address, "data:")?.split_once(',')?;
    let mut parts = head.split(';').map(|part| part.trim().to_ascii_lowercase());
    let media = parts.next().unwrap_or_default();
    let body = body.split('#').next().unwrap_or_default();
    let bytes = percent_bytes(body);
    let bytes = if parts.any(|part| part == "base64") { base64(&bytes) } else { bytes };
    Some(Data { media, bytes })
}

fn after_scheme<'a>(address: &'a str, scheme: &str) -> Option<&'a str> {
    let start = address.get(..scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then(|| &address[scheme.len()..])
}

/// Base64 as browsers forgive it: blanks and padding aside, up to the first character that is none of its alphabet.
fn base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut bits) = (0u32, 0);
    for &c in text.iter().filter(|c| !c.is_ascii_whitespace()) {
        let six = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => break,
        };
        word = word << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_references_are_undone() {
        assert_eq!(decoded(b"plain"), "plain");
        assert_eq!(decoded(b"a&quot;b&#x22;c\"&amp;&lt;&colon;&NewLine;"), "a\"b\"c\"&<:\n");
        assert_eq!(decoded(b"?a=1&copy=2&"), "?a=1&copy=2&", "in attributes a name before `=` is none");
    }

    #[test]
    fn addresses_of_code_are_read() {
        let code = |raw: &[u8]| javascript(&address(raw)).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(code(b" \x01java\nscript&colon;alert(%221%22)").as_deref(), Some("alert(\"1\")"));
        assert_eq!(code(b"https://example.org/?javascript:x"), None);
    }

    #[test]
    fn data_is_read() {
        let read = |address: &str| data(address).map(|data| (data.media, String::from_utf8(data.bytes).unwrap()));
        let is = |media: &str, text: &str| Some((media.to_owned(), text.to_owned()));
        assert_eq!(read("data:text/html;charset=utf-8,%3Cb%3E"), is("text/html", "<b>"));
        assert_eq!(read("DATA:Text/JavaScript; Base64,eCgp\nOw=="), is("text/javascript", "x();"));
        assert_eq!(read("data:,x#y"), is("", "x"));
        assert_eq!(read("data:text/html"), None);
    }
}
