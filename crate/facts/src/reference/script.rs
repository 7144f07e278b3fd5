//! Addresses that stand in a script as a whole: workers, imports, what is fetched, sockets. They are read from the text,
//! like embedded modules: a call and a literal behind it look the same in every script, however broken.

use crate::script::flatten::View;
use crate::script::signs::{self, Sign, Signs};
use davy_model::ReferenceKind;

/// Longest address that is read here; longer ones are data.
const LONGEST: usize = 2048;

/// How a place is read.
#[derive(Debug, Clone, Copy)]
enum Reader {
    /// The first argument of a call is a literal, maybe inside of `new URL(…, import.meta.url)`.
    Call(ReferenceKind),
    /// Every argument is.
    Calls(ReferenceKind),
    /// A literal comes next.
    Next(ReferenceKind),
    /// A literal ends here.
    Ending(ReferenceKind),
    /// A literal starts here.
    Start(ReferenceKind),
}

const PLACES: [(&str, Reader); 19] = [
    // `SharedWorker(` ends so too.
    ("Worker(", Reader::Call(ReferenceKind::Worker)),
    ("importScripts(", Reader::Calls(ReferenceKind::Script)),
    ("addModule(", Reader::Call(ReferenceKind::Worker)),
    ("serviceWorker.register(", Reader::Call(ReferenceKind::Worker)),
    ("fetch(", Reader::Call(ReferenceKind::Data)),
    ("import(", Reader::Call(ReferenceKind::Module)),
    ("WebSocket(", Reader::Call(ReferenceKind::Socket)),
    ("from\"", Reader::Next(ReferenceKind::Module)),
    ("from'", Reader::Next(ReferenceKind::Module)),
    ("from \"", Reader::Next(ReferenceKind::Module)),
    ("from '", Reader::Next(ReferenceKind::Module)),
    ("import\"", Reader::Next(ReferenceKind::Module)),
    ("import'", Reader::Next(ReferenceKind::Module)),
    ("import \"", Reader::Next(ReferenceKind::Module)),
    ("import '", Reader::Next(ReferenceKind::Module)),
    (".wasm", Reader::Ending(ReferenceKind::Data)),
    (".wgsl", Reader::Ending(ReferenceKind::Data)),
    ("wss://", Reader::Start(ReferenceKind::Socket)),
    ("ws://", Reader::Start(ReferenceKind::Socket)),
];

/// What is looked for, in the order of [`PLACES`].
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    PLACES.iter().map(|(word, _)| *word)
}

/// Offset, kind and address of each, in the order of the text, by the signs that stand in it.
pub(crate) fn in_script(view: &View, signs: &Signs) -> Vec<(usize, ReferenceKind, String)> {
    let text = view.bytes.as_slice();
    let mut found = Vec::new();
    let mut behind = 0;
    for Sign { word, start, end } in signs.of_reader(signs::Reader::References) {
        if start < behind {
            continue;
        }
        behind = end;
        match PLACES[word].1 {
            Reader::Call(kind) => found.extend(argument(text, end).map(|(at, to)| (at, kind, to))),
            Reader::Calls(kind) => {
                let parts = arguments(text, end).into_iter().flat_map(|argument| at_seams(argument, view));
                found.extend(parts.map(|(at, to)| (at, kind, to)));
            }
            Reader::Next(kind) => found.extend(literal(text, end - 1).map(|(at, to)| (at, kind, to))),
            Reader::Ending(kind) => found.extend(around(text, start, end).map(|(at, to)| (at, kind, to))),
            Reader::Start(kind) => {
                let opens = start.checked_sub(1).filter(|&at| is_quote(text[at]));
                found.extend(opens.and_then(|quote| literal(text, quote)).map(|(at, to)| (at, kind, to)));
            }
        }
    }
    found.retain(|(_, kind, address)| names_something(*kind, address));
    found
}

/// Whether an address can be one. A bare name is a package's, which no browser can import.
fn names_something(kind: ReferenceKind, address: &str) -> bool {
    let is_socket = address.starts_with("ws://") || address.starts_with("wss://");
    match kind {
        ReferenceKind::Socket => is_socket && address.len() > "wss://".len(),
        ReferenceKind::Module => {
            ["./", "../", "/", "http://", "https://"].iter().any(|start| address.starts_with(start))
        }
        _ => !address.is_empty() && !is_socket && !address.starts_with("data:") && !address.starts_with("blob:"),
    }
}

fn argument(text: &[u8], at: usize) -> Option<(usize, String)> {
    let at = blanks(text, at);
    let inner = text.get(at..)?.strip_prefix(b"new URL(").map_or(at, |_| blanks(text, at + 8));
    literal(text, inner)
}

/// An argument as it was written: neighbours may have been joined, as pieces of one text in a list are.
fn at_seams((start, address): (usize, String), view: &View) -> Vec<(usize, String)> {
    let ends = (1..address.len()).filter(|&at| address.is_char_boundary(at) && view.is_seam(start + at));
    let mut parts = Vec::new();
    let mut from = 0;
    for end in ends.chain([address.len()]) {
        parts.push((start + from, address[from..end].to_owned()));
        from = end;
    }
    parts
}

fn arguments(text: &[u8], at: usize) -> Vec<(usize, String)> {
    /// More scripts in one call than any worker imports.
    const MOST: usize = 64;
    let mut found = Vec::new();
    let mut at = blanks(text, at);
    while let Some((start, address)) = literal(text, at).filter(|_| found.len() < MOST) {
        at = blanks(text, start + address.len() + 1);
        found.push((start, address));
        if text.get(at) != Some(&b',') {
            break;
        }
        at = blanks(text, at + 1);
    }
    found
}

fn blanks(text: &[u8], at: usize) -> usize {
    /// Line breaks and indentation of formatted code.
    const MOST: usize = 256;
    at + text.get(at..).unwrap_or_default().iter().take(MOST).take_while(|c| c.is_ascii_whitespace()).count()
}

/// The literal whose opening quote stands at `quote`, and where its text starts. What a template puts together is cut
/// off where it begins to.
fn literal(text: &[u8], quote: usize) -> Option<(usize, String)> {
    let mark = *text.get(quote).filter(|&&c| is_quote(c))?;
    let rest = &text[quote + 1..];
    let window = &rest[..rest.len().min(LONGEST)];
    let end = window.iter().position(|&c| c == mark || c < b' ' || c == b'\\')?;
    let whole = &window[..end];
    let fixed = if mark == b'`' { whole.windows(2).position(|two| two == b"${").unwrap_or(end) } else { end };
    (window[end] == mark).then(|| (quote + 1, String::from_utf8_lossy(&whole[..fixed]).into_owned()))
}

/// The literal that the ending at `start..end` closes, with or without a query behind it.
fn around(text: &[u8], start: usize, end: usize) -> Option<(usize, String)> {
    const FAR: usize = 512;
    let closes = text.get(end).is_some_and(|&c| is_quote(c) || c == b'?' || c == b'#');
    let window = &text[start.saturating_sub(FAR)..start];
    let back = window.iter().rev().position(|&c| is_quote(c) || c <= b' ')?;
    let quote = start - 1 - back;
    if closes && is_quote(text[quote]) { literal(text, quote) } else { None }
}

fn is_quote(c: u8) -> bool {
    matches!(c, b'"' | b'\'' | b'`')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::flatten::flatten;

    fn read(text: &str) -> Vec<(ReferenceKind, String)> {
        let view = flatten(text.as_bytes(), false);
        in_script(&view, &Signs::of(&view.bytes)).into_iter().map(|(_, kind, address)| (kind, address)).collect()
    }

    #[test]
    fn every_way_to_bring_a_thing_in_is_read() {
        use ReferenceKind as K;
        for (text, kind, address) in [
            ("new Worker('w.js', {type: 'module'})", K::Worker, "w.js"),
            ("new SharedWorker(\n  \"w.js\")", K::Worker, "w.js"),
            ("new Worker(new URL('./w.js', import.meta.url))", K::Worker, "./w.js"),
            ("navigator.serviceWorker.register('/sw.js')", K::Worker, "/sw.js"),
            ("CSS.paintWorklet.addModule(`p.js`)", K::Worker, "p.js"),
            ("importScripts('a.js')", K::Script, "a.js"),
            ("await fetch('x.bin')", K::Data, "x.bin"),
            ("var wasmBinaryFile=\"m.wasm\";", K::Data, "m.wasm"),
            ("f(`https://example.org/m.wasm?v=2`)", K::Data, "https://example.org/m.wasm?v=2"),
            ("import a from'./a.js'", K::Module, "./a.js"),
            ("import \"../b.js\"", K::Module, "../b.js"),
            ("import('/c.js')", K::Module, "/c.js"),
            ("new WebSocket('wss://example.org/proxy')", K::Socket, "wss://example.org/proxy"),
            ("x = [['ws://example.org']]", K::Socket, "ws://example.org"),
            ("`wss://example.org/${key}`", K::Socket, "wss://example.org/"),
        ] {
            let found = read(text);
            assert!(!found.is_empty() && found.iter().all(|f| *f == (kind, address.to_owned())), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_not() {
        for text in [
            "new Worker(URL.createObjectURL(b))",
            "fetch(url)",
            "import a from 'react'",
            "// see wss://example.org",
            "'wss://' + host",
            "new Worker('data:text/javascript,x')",
            "the module.wasm is fetched",
            "importScripts(",
            "fetch('",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn a_worker_may_import_several() {
        let found = read("importScripts('a.js', \"b.js\",\n'c.js')");
        assert_eq!(found.iter().map(|(_, a)| a.as_str()).collect::<Vec<_>>(), ["a.js", "b.js", "c.js"]);
    }
}
