//! Words, numbers and signs of a shader, without comments and with the macros of GLSL put in.
//!
//! Tolerant: what is no token of either language is passed over, and every branch of a condition for the preprocessor is
//! read. The types inside of `array<…>` and its kin are left out: they hold no value.

use super::macros::Macros;
use crate::limits;

/// One token. Compact, since there may be one a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// Offset in the text.
    pub(super) at: u32,
    /// Length in bytes.
    pub(super) length: u16,
    pub(super) kind: Kind,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    /// A sign by its place in [`SIGNS`].
    Sign(u8),
}

/// Signs, longest first.
const SIGNS: [&str; 46] = [
    "<<=", ">>=", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=",
    "^=", "->", "(", ")", "[", "]", "{", "}", ";", ",", ".", ":", "?", "=", "<", ">", "+", "-", "*", "/", "%", "&",
    "|", "^", "~", "!", "@",
];

/// The tokens of a text, and whether they are all of it.
#[derive(Debug, Default)]
pub(super) struct Tokens<'a> {
    pub(super) text: &'a str,
    pub(super) list: Vec<Token>,
    /// More tokens than are read: macros inside of macros.
    pub(super) over_limit: bool,
    /// For each opening bracket, the index behind the one that closes it.
    behind: Vec<u32>,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut reader = Reader { text, at: 0, line_start: true };
        let mut tokens = Self { text, ..Self::default() };
        let mut macros = Macros::default();
        let most = text.len().saturating_mul(limits::SHADER_TOKENS).saturating_add(limits::SHADER_TOKENS_LEAST);
        while let Some(token) = reader.next(Some(&mut macros)) {
            tokens.list.push(token);
            if token.kind == Kind::Word && macros.knows(tokens.word(token)) {
                tokens.list.pop();
                tokens.over_limit |= !macros.expand(token, &mut reader, most, &mut tokens.list);
            }
            if tokens.list.len() >= most {
                tokens.over_limit = true;
                break;
            }
        }
        tokens.match_brackets();
        tokens
    }

    fn match_brackets(&mut self) {
        let mut open = Vec::new();
        self.behind = (1..=self.list.len() as u32).collect();
        for index in 0..self.list.len() {
            let Kind::Sign(sign) = self.list[index].kind else { continue };
            match SIGNS[usize::from(sign)] {
                "(" | "[" | "{" => {
                    self.behind[index] = self.list.len() as u32;
                    open.push(index);
                }
                ")" | "]" | "}" => {
                    if let Some(start) = open.pop() {
                        self.behind[start] = index as u32 + 1;
                    }
                }
                _ => {}
            }
        }
    }

    /// Index behind the bracket that closes the one at `open`; `open + 1` where none stands there.
    pub(super) fn behind(&self, open: usize) -> usize {
        self.behind.get(open).map_or(self.list.len(), |&end| end as usize)
    }

    /// The text of a token.
    pub(super) fn word(&self, token: Token) -> &'a str {
        word(self.text, token)
    }

    /// Whether the token at an index is this sign.
    pub(super) fn is(&self, index: usize, sign: &str) -> bool {
        self.list.get(index).is_some_and(|&token| matches!(token.kind, Kind::Sign(_)) && self.word(token) == sign)
    }

    /// The word at an index.
    pub(super) fn word_at(&self, index: usize) -> Option<&'a str> {
        self.list.get(index).filter(|token| token.kind == Kind::Word).map(|&token| self.word(token))
    }
}

/// The text of a token.
pub(super) fn word(text: &str, token: Token) -> &str {
    text.get(token.at as usize..token.at as usize + usize::from(token.length)).unwrap_or_default()
}

/// A number's value, in 64 bits; none for one with a fraction or exponent.
pub(super) fn number(text: &str) -> Option<u64> {
    let text = text.trim_end_matches(['u', 'U', 'l', 'L', 'i']);
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Reads tokens off a text one by one.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// Nothing but blanks stands before `at` in its line: here a `#` is the preprocessor's.
    line_start: bool,
}

impl<'a> Reader<'a> {
    /// For a part of the text, which is no line of its own.
    pub(super) fn inside(text: &'a str, at: usize) -> Self {
        Self { text, at, line_start: false }
    }

    /// The next token. Definitions on the way go to `macros`.
    pub(super) fn next(&mut self, mut macros: Option<&mut Macros>) -> Option<Token> {
        let bytes = self.text.as_bytes();
        loop {
            let c = *bytes.get(self.at)?;
            let rest = &bytes[self.at..];
            match c {
                b'\n' => {
                    self.line_start = true;
                    self.at += 1;
                }
                _ if c.is_ascii_whitespace() => self.at += 1,
                b'#' if self.line_start => {
                    let end = self.at + directive(rest);
                    if let Some(macros) = macros.as_deref_mut() {
                        macros.define(self.text, self.at + 1..end);
                    }
                    self.at = end;
                }
                _ => {
                    self.line_start = false;
                    match self.token(c) {
                        Some(token) => return Some(token),
                        None => self.at += 1,
                    }
                }
            }
        }
    }

    fn token(&mut self, c: u8) -> Option<Token> {
        let rest = &self.text.as_bytes()[self.at..];
        let (kind, length) = if is_letter(c) {
            (Kind::Word, rest.iter().take_while(|&&c| is_letter(c) || c.is_ascii_digit()).count())
        } else if c.is_ascii_digit() || c == b'.' && rest.get(1).is_some_and(u8::is_ascii_digit) {
            (Kind::Number, rest.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == b'.').count())
        } else {
            let sign = SIGNS.iter().position(|sign| rest.starts_with(sign.as_bytes()))?;
            (Kind::Sign(sign as u8), SIGNS[sign].len())
        };
        let token = Token {
            at: u32::try_from(self.at).ok()?,
            // A longer word is none that either language takes.
            length: u16::try_from(length).unwrap_or(u16::MAX),
            kind,
        };
        self.at += length;
        if kind == Kind::Word && takes_types(word(self.text, token)) {
            self.at += types(&self.text.as_bytes()[self.at..]);
        }
        Some(token)
    }
}

fn is_letter(c: u8) -> bool {
    c.is_ascii_alphabetic() || c == b'_' || c >= 0x80
}

fn line(rest: &[u8]) -> usize {
    rest.iter().position(|&c| c == b'\n').unwrap_or(rest.len())
}

/// A text with blanks in place of its comments: every offset stays what it is. Comments of WGSL nest, those of GLSL do
/// not; only WGSL has a `fn` outside of all.
pub(super) fn without_comments(text: &str) -> String {
    let flat = blanked(text, false);
    if flat.contains("fn ") { blanked(text, true) } else { flat }
}

fn blanked(text: &str, nested: bool) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let length = match bytes[at..] {
            [b'/', b'/', ..] => line(&bytes[at..]),
            [b'/', b'*', ..] => comment(&bytes[at..], nested),
            _ => 0,
        };
        bytes[at..at + length].iter_mut().filter(|c| **c != b'\n').for_each(|c| *c = b' ');
        at += length.max(1);
    }
    // Only whole comments were overwritten, and those begin and end with signs of ASCII.
    String::from_utf8(bytes).unwrap_or_default()
}

fn comment(rest: &[u8], nested: bool) -> usize {
    let (mut depth, mut at) = (1usize, 2);
    while at < rest.len() {
        match rest[at..] {
            [b'/', b'*', ..] if nested => {
                depth += 1;
                at += 2;
            }
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => {
                depth -= 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    rest.len()
}

/// A line of the preprocessor with those that continue it.
fn directive(rest: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let end = at + line(&rest[at..]);
        let text = rest[at..end].strip_suffix(b"\r").unwrap_or(&rest[at..end]);
        if !text.ends_with(b"\\") || end >= rest.len() {
            return end;
        }
        at = end + 1;
    }
}

/// Words behind which a `<` opens a list of types.
fn takes_types(word: &str) -> bool {
    matches!(word, "array" | "ptr" | "atomic" | "bitcast" | "var" | "vec2" | "vec3" | "vec4")
        || word.starts_with("mat")
        || word.starts_with("texture_")
}

/// Length of a list of types, with its angle brackets; 0 where none stands here.
fn types(rest: &[u8]) -> usize {
    /// Longer lists are none.
    const FAR: usize = 256;
    let start = rest.iter().take_while(|c| c.is_ascii_whitespace()).count();
    if rest.get(start) != Some(&b'<') {
        return 0;
    }
    let mut depth = 0usize;
    for (index, &c) in rest.iter().enumerate().skip(start).take(FAR) {
        match c {
            b'<' => depth += 1,
            b'>' if depth == 1 => return index + 1,
            b'>' => depth -= 1,
            b';' | b'{' | b'}' | b'=' => return 0,
            _ => {}
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let text = without_comments(text);
        let tokens = Tokens::of(&text);
        tokens.list.iter().map(|&token| tokens.word(token)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn texts_are_taken_apart() {
        assert_eq!(words("let x:u32=0xFFu>>2u; // c\na"), "let x : u32 = 0xFFu >> 2u ; a");
        assert_eq!(words("a /* /* */ b */"), "a b * /");
        assert_eq!(words("fn a /* é /* */ b */ c"), "fn a c");
        assert_eq!(words("var<storage, read_write> a: array<vec2<u32>, 4>;"), "var a : array ;");
        assert_eq!(words("a < b && c > d; /* x"), "a < b && c > d ;");
        assert_eq!(words("1.5e3 .5 x.y"), "1.5e3 .5 x . y");
    }

    #[test]
    fn macros_are_put_in() {
        let glsl = "#version 300 es\n#define N 16u\n#define ROT(x, n) (((x) << (n)) | \\\n ((x) >> (32u - (n))))\nROT(a + f(b, c), N);";
        assert_eq!(
            words(glsl),
            "( ( ( a + f ( b , c ) ) << ( 16u ) ) | ( ( a + f ( b , c ) ) >> ( 32u - ( 16u ) ) ) ) ;"
        );
        assert_eq!(words("#define F(x) x + F(x)\nF(1) F"), "1 + F ( 1 ) F");
        assert_eq!(words("#define A B\n#define B A\nA"), "A");
    }

    #[test]
    fn macros_cannot_multiply_for_ever() {
        let mut text = String::from("#define A0 x x x x x x x x\n");
        for index in 1..12 {
            let body = format!("A{} ", index - 1).repeat(8);
            text.push_str(&format!("#define A{index} {body}\n"));
        }
        text.push_str("A11");
        let tokens = Tokens::of(&text);
        assert!(tokens.over_limit);
        assert!(tokens.list.len() <= text.len() * limits::SHADER_TOKENS + limits::SHADER_TOKENS_LEAST);
    }

    #[test]
    fn numbers_have_values() {
        let values = ["0xFFu", "12", "0x428a2f98", "1.5", "7i", "0xffffffffffffffffff"].map(number);
        assert_eq!(values, [Some(255), Some(12), Some(0x428a_2f98), None, Some(7), None]);
    }
}
