//! What may stand between two literals so that they are one value: `"a" + "b"`, `["a", "b"]`, `s += "b"`.

/// Bytes of blanks and comments that are passed at one place while the budget lasts, and after that. Generated code
/// puts a line break there; the large bound is for texts that put a comment there to break up a module.
const FAR: usize = 4096;
const NEAR: usize = 64;

/// A joint that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Joint {
    /// Offset of the first byte of the second literal's content.
    pub(super) end: usize,
    /// Whether the program may also use the two apart: neighbours in a list, or appended by two statements.
    pub(super) soft: bool,
}

/// Looks for joints in one text. Keeps a budget, so that looking past comments stays linear in the text.
#[derive(Debug)]
pub(super) struct Joints<'a> {
    text: &'a [u8],
    budget: usize,
}

impl<'a> Joints<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, budget: text.len().saturating_mul(8) }
    }

    /// The joint that starts with the quote at `quote`.
    pub(super) fn at(&mut self, quote: usize) -> Option<Joint> {
        let text = self.text;
        let at = self.skip(quote + 1, b"()");
        match *text.get(at)? {
            b'+' => self.second(at + 1, false),
            b',' => self.second(at + 1, true),
            b'.' if text[at..].starts_with(b".concat(") => self.second(at + 8, false),
            b';' => {
                let at = self.skip(at + 1, b"");
                self.appended(at)
            }
            _ => self.appended(at),
        }
    }

    /// Whether the literal that ends at `at` goes on with something that is no literal.
    pub(super) fn goes_on(&mut self, at: usize) -> bool {
        let text = self.text;
        if text[at.min(text.len())..].starts_with(b"${") {
            return true;
        }
        if !text.get(at).is_some_and(|&c| is_quote(c)) {
            return false;
        }
        let at = self.skip(at + 1, b")");
        let Some(rest) = text.get(at..) else { return false };
        let operator = if rest.starts_with(b".concat(") { 8 } else { usize::from(rest.first() == Some(&b'+')) };
        let next = self.skip(at + operator, b"");
        operator > 0 && text.get(next).is_some_and(|&c| is_word(c) || c == b'(')
    }

    /// `name += "`.
    fn appended(&mut self, at: usize) -> Option<Joint> {
        let name = self.text[at..].iter().take(NEAR).take_while(|&&c| is_word(c) || matches!(c, b'.' | b'[' | b']'));
        let length = name.count();
        if length == 0 {
            return None;
        }
        let at = self.skip(at + length, b"");
        self.text.get(at..)?.starts_with(b"+=").then_some(())?;
        self.second(at + 2, true)
    }

    fn second(&mut self, at: usize, soft: bool) -> Option<Joint> {
        let at = self.skip(at, b"()");
        self.text.get(at).filter(|&&c| is_quote(c)).map(|_| Joint { end: at + 1, soft })
    }

    /// Offset of the next byte that is neither blank, nor comment, nor one of `also`; `text.len()` at the most.
    pub(super) fn skip(&mut self, from: usize, also: &[u8]) -> usize {
        let from = from.min(self.text.len());
        // Mostly there is nothing to pass.
        if self.text.get(from).is_none_or(|c| *c != b'/' && !c.is_ascii_whitespace() && !also.contains(c)) {
            return from;
        }
        let bound = if self.budget > 0 { FAR } else { NEAR };
        let window = &self.text[from..self.text.len().min(from + bound)];
        let mut at = 0;
        let mut cost = 0;
        while let Some(&c) = window.get(at) {
            let length = match c {
                b'/' => comment(&window[at..]),
                _ => usize::from(c.is_ascii_whitespace() || also.contains(&c)),
            };
            if length == 0 {
                // A comment was looked for to the end of the window in vain.
                cost = if c == b'/' { window.len() } else { at };
                break;
            }
            at += length;
        }
        self.budget = self.budget.saturating_sub(cost.max(at));
        from + at
    }
}

/// Length of the comment at the start of the text, 0 when there is none or it does not end in it.
fn comment(text: &[u8]) -> usize {
    match text.get(1) {
        Some(b'/') => text.iter().position(|&c| c == b'\n').unwrap_or(0),
        Some(b'*') => text.get(2..).and_then(|rest| rest.windows(2).position(|w| w == b"*/")).map_or(0, |end| end + 4),
        _ => 0,
    }
}

/// Whether the byte opens and closes literals.
pub(super) fn is_quote(c: u8) -> bool {
    matches!(c, b'"' | b'\'' | b'`')
}

/// Whether the byte can be part of a name.
pub(super) fn is_word(c: u8) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, b'_' | b'$') || c >= 0x80
}
