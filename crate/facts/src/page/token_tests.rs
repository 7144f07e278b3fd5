//! The tokenizer against the one of html5ever, and on its own where places matter.

use super::*;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, TokenizerOpts};
use std::cell::RefCell;

/// A tag in one word: name, and names of attributes.
type Seen = (bool, String, Vec<String>);

#[derive(Default)]
struct Oracle(RefCell<Vec<Seen>>);

impl TokenSink for Oracle {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        let names = tag.attrs.iter().map(|a| a.name.local.to_string()).collect();
        let is_end = tag.kind == TagKind::EndTag;
        self.0.borrow_mut().push((is_end, tag.name.to_string(), if is_end { Vec::new() } else { names }));
        match &*tag.name {
            _ if is_end => TokenSinkResult::Continue,
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" => TokenSinkResult::RawData(RawKind::Rcdata),
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }
}

fn expected(text: &str) -> Vec<Seen> {
    let tokenizer = html5ever::tokenizer::Tokenizer::new(Oracle::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(text));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.take()
}

fn seen(text: &str) -> Vec<Seen> {
    let mut tokens = Tokenizer::new(text.as_bytes());
    let mut all = Vec::new();
    let word = |range: &Range<usize>| text[range.clone()].to_ascii_lowercase();
    while let Some(tag) = tokens.next_tag(false) {
        let name = word(&tag.name);
        let mut names: Vec<String> = Vec::new();
        for attribute in tag.attributes.iter().filter(|_| !tag.is_end).map(|a| word(&a.name)) {
            if !names.contains(&attribute) {
                names.push(attribute);
            }
        }
        all.push((tag.is_end, name.clone(), names));
        let kind = match name.as_str() {
            _ if tag.is_end => continue,
            "script" => Raw::Script,
            "style" | "title" => Raw::Text,
            "plaintext" => Raw::Plain,
            _ => continue,
        };
        let content = tokens.raw(name.as_bytes(), kind);
        if kind != Raw::Plain && content.end < text.len() && tokens.at() <= text.len() {
            let closed = text[content.end..tokens.at()].ends_with('>');
            all.extend(closed.then(|| (true, name, Vec::new())));
        }
    }
    all
}

#[test]
fn places_are_offsets_in_the_source() {
    let text = "<!doctype html><p a=1 B = '2>3' c>é<br/></p><script x>a<b</SCRIPT >";
    let mut tokens = Tokenizer::new(text.as_bytes());
    let tag = tokens.next_tag(false).unwrap();
    assert_eq!(&text[tag.place.clone()], "<p a=1 B = '2>3' c>");
    let of = |a: &Attribute| (&text[a.name.clone()], &text[a.value.clone()]);
    assert_eq!(tag.attributes.iter().map(of).collect::<Vec<_>>(), [("a", "1"), ("B", "2>3"), ("c", "")]);
    assert!(tokens.next_tag(false).is_some_and(|tag| tag.self_closing));
    assert!(tokens.next_tag(false).is_some_and(|tag| tag.is_end));
    tokens.next_tag(false).unwrap();
    assert_eq!(&text[tokens.raw(b"script", Raw::Script)], "a<b");
    assert_eq!(tokens.at(), text.len());
}

#[test]
fn hard_pages_are_read_as_the_usual_tokenizer_reads_them() {
    for text in [
        "<!--><a><!---><b><!--!><c>--!><d><!-- <!-- --><e>",
        "<script><!--<script></script><p>--></script><a>",
        "<script><!--<script></script></script><a>",
        "<script><!--></script><a>",
        "<script><!-- </script><a>",
        "<script>'</script>'</script><a>",
        "<script></scripty></script x='>'><a>",
        "<script><!-- <scriptx> </script><a>",
        "<style></sty</style/><a><title></TITLE\n><b>",
        "</ a><b></><c><?x><d><!x><e><![CDATA[<f>]]>",
        "<a =b c==d e='f'g h=\"i\"/j k=l/m/>",
        "<a/b//c= >d<e f",
        "<plaintext></plaintext><a>",
        "< a><1><a<b>",
    ] {
        assert_eq!(seen(text), expected(text), "{text}");
    }
}

#[test]
fn made_up_pages_are_read_as_the_usual_tokenizer_reads_them() {
    const PARTS: [&str; 30] = [
        "<",
        ">",
        "/",
        "!",
        "-",
        "--",
        "<!--",
        "-->",
        "script",
        "<script",
        "</script",
        "<script>",
        "</script>",
        " ",
        "\n",
        "=",
        "\"",
        "'",
        "a",
        "b",
        "<p ",
        "<style>",
        "</style>",
        "<title>",
        "</title>",
        "<!",
        "?",
        "x=1",
        "é",
        "--!>",
    ];
    let mut seed = 7u64;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % most
    };
    for _ in 0..20_000 {
        let text: String = (0..1 + next(24)).map(|_| PARTS[next(PARTS.len())]).collect();
        assert_eq!(seen(&text), expected(&text), "{text:?}");
    }
}

#[test]
fn a_tag_of_a_million_attributes_takes_no_time() {
    let mut text = b"<a".to_vec();
    for index in 0..1_000_000 {
        text.extend(format!(" x{index}").bytes());
    }
    text.push(b'>');
    let tag = Tokenizer::new(&text).next_tag(false).unwrap();
    assert!(tag.over_limit && tag.attributes.len() == limits::ATTRIBUTES);
}
