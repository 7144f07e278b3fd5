//! The signs of JavaScript as far as nesting needs them: words, blanks, operators, and what a slash begins.

use super::nesting::Before;

/// What a slash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slash {
    /// The beginning of a regular expression of so many bytes, without its flags.
    Regex(usize),
    /// An operator.
    Division,
    /// Either, and what follows depends on it.
    Untold,
}

/// Signs by length, longest first.
const OPERATORS: [&[u8]; 38] = [
    b">>>=", b"...", b"===", b"!==", b"**=", b"<<=", b">>=", b">>>", b"&&=", b"||=", b"??=", b"=>", b"==", b"!=",
    b"<=", b">=", b"&&", b"||", b"??", b"?.", b"**", b"<<", b">>", b"+=", b"-=", b"*=", b"%=", b"&=", b"|=", b"^=",
    b"++", b"--", b"?", b":", b"=", b".", b"!", b"~",
];

/// The operator at the start of the text; any other byte is one by itself.
pub(super) fn operator(text: &[u8]) -> &[u8] {
    // Whatever has two signs has one of these second.
    let second = b"=><&|?.*+-";
    if !text.get(1).is_some_and(|c| second.contains(c)) {
        return &text[..text.len().min(1)];
    }
    let known = OPERATORS.into_iter().find(|sign| text.starts_with(sign));
    match known {
        // `a?.5:b` is a choice.
        Some(b"?.") if text.get(2).is_some_and(u8::is_ascii_digit) => &text[..1],
        Some(sign) => &text[..sign.len()],
        None => &text[..text.len().min(1)],
    }
}

/// Whether the operator assigns, and so binds to the right.
pub(super) fn assigns(operator: &[u8]) -> bool {
    operator.ends_with(b"=") && !matches!(operator, b"==" | b"===" | b"!=" | b"!==" | b"<=" | b">=")
}

/// Whether the byte can be part of a word: names, keywords, numbers.
pub(super) fn is_word(c: u8) -> bool {
    WORD[usize::from(c)]
}

/// [`is_word`] by byte.
const WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut c = 0;
    while c < 256 {
        let byte = c as u8;
        word[c] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\\' | b'#') || byte >= 0x80;
        c += 1;
    }
    word
};

/// Length of the blank outside ASCII at the start of the text, 0 when there is none.
pub(super) fn blank(text: &[u8]) -> usize {
    match text {
        [0xc2, 0xa0, ..] => 2,
        [0xe1, 0x9a, 0x80, ..] | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..] => 3,
        [0xe2, 0x81, 0x9f, ..] | [0xe3, 0x80, 0x80, ..] | [0xef, 0xbb, 0xbf, ..] => 3,
        _ => 0,
    }
}

/// What the slash at the start of the text is, after what stood before it.
pub(super) fn read(text: &[u8], before: Before, newline: bool) -> Slash {
    if before == Before::Operand && !newline {
        return Slash::Division;
    }
    match (before, regex(text)) {
        (Before::Statement | Before::Operator, Some(length)) => Slash::Regex(length),
        (Before::Statement | Before::Operator, None) => Slash::Untold,
        (_, None) => Slash::Division,
        (_, Some(length)) if reads_the_same(&text[..length], &text[length..]) => {
            if before == Before::Operand {
                Slash::Division
            } else {
                Slash::Regex(length)
            }
        }
        _ => Slash::Untold,
    }
}

/// Length of the regular expression that would begin here.
fn regex(text: &[u8]) -> Option<usize> {
    let mut class = false;
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'\n' | b'\r' => return None,
            b'\\' if matches!(text.get(at + 1), Some(b'\n' | b'\r')) => return None,
            b'\\' => at += 1,
            b'[' => class = true,
            b']' => class = false,
            b'/' if !class => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
}

/// Whether what is between two slashes, and what comes after, nests and hides the same whichever way it is read.
fn reads_the_same(body: &[u8], rest: &[u8]) -> bool {
    let opens = |c: &u8| matches!(c, b'"' | b'\'' | b'`' | b'(' | b')' | b'[' | b']' | b'{' | b'}');
    let flags = rest.iter().take_while(|c| is_word(**c)).count();
    let after = rest[flags..].iter().find(|c| !matches!(c, b' ' | b'\t'));
    !body.iter().any(opens) && !matches!(after, Some(b'/'))
}
