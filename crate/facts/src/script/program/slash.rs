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

/// The operator at the start of the text; any other byte is one by itself.
pub(super) fn operator(text: &[u8]) -> &[u8] {
    let length = match text {
        [b'>', b'>', b'>', b'=', ..] => 4,
        [b'>', b'>', b'>' | b'=', ..] | [b'.', b'.', b'.', ..] => 3,
        [b'=' | b'!', b'=', b'=', ..] => 3,
        [b'*', b'*', b'=', ..] | [b'<', b'<', b'=', ..] => 3,
        [b'&', b'&', b'=', ..] | [b'|', b'|', b'=', ..] | [b'?', b'?', b'=', ..] => 3,
        // `a?.5:b` is a choice.
        [b'?', b'.', b'0'..=b'9', ..] => 1,
        [b'=' | b'>', b'>', ..] | [b'?', b'.' | b'?', ..] | [b'<', b'<', ..] => 2,
        [b'&', b'&', ..] | [b'|', b'|', ..] | [b'*', b'*', ..] | [b'+', b'+', ..] | [b'-', b'-', ..] => 2,
        [b'=' | b'!' | b'<' | b'>' | b'+' | b'-' | b'*' | b'%' | b'&' | b'|' | b'^', b'=', ..] => 2,
        _ => text.len().min(1),
    };
    &text[..length]
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

/// Whether a byte may end a literal or a template, or begins what hides an end.
pub(super) fn may_end_text(c: u8) -> bool {
    ENDS[usize::from(c)]
}

/// [`may_end_text`] by byte.
const ENDS: [bool; 256] = {
    let mut ends = [false; 256];
    let mut at = 0;
    let all = b"\"'`$\\\n\r";
    while at < all.len() {
        ends[all[at] as usize] = true;
        at += 1;
    }
    ends
};

/// Words that say more than a name does where they stand.
const KEYWORDS: [&[u8]; 38] = [
    b"async",
    b"await",
    b"break",
    b"case",
    b"catch",
    b"class",
    b"const",
    b"continue",
    b"debugger",
    b"default",
    b"delete",
    b"do",
    b"else",
    b"export",
    b"extends",
    b"finally",
    b"for",
    b"function",
    b"get",
    b"if",
    b"import",
    b"in",
    b"instanceof",
    b"let",
    b"new",
    b"of",
    b"return",
    b"set",
    b"static",
    b"switch",
    b"throw",
    b"try",
    b"typeof",
    b"var",
    b"void",
    b"while",
    b"with",
    b"yield",
];

/// Lengths of the keywords that begin with a byte, a bit each.
const LENGTHS: [u16; 256] = {
    let mut lengths = [0u16; 256];
    let mut at = 0;
    while at < KEYWORDS.len() {
        lengths[KEYWORDS[at][0] as usize] |= 1 << KEYWORDS[at].len();
        at += 1;
    }
    lengths
};

/// Whether a word has the first letter and the length of one of [`KEYWORDS`]: most names have not.
pub(super) fn may_be_keyword(word: &[u8]) -> bool {
    word.len() < 16 && word.first().is_some_and(|first| LENGTHS[usize::from(*first)] >> word.len() & 1 == 1)
}

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
