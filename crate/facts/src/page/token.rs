//! The tags of a page and the text between them, with their places: the tokenizer of the HTML standard (13.2.5) as far as
//! it decides where a script begins and ends.
//!
//! Our own, because what is wanted are offsets in the source, and because it must stay linear: the usual tokenizer
//! compares every attribute of a tag with all before it, and a page chooses how many there are. A test holds it against
//! that one.

use crate::limits;
use std::ops::Range;

/// A start or end tag.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Tag {
    /// Whether it is an end tag.
    pub(super) is_end: bool,
    /// `/>`.
    pub(super) self_closing: bool,
    /// Its name as written.
    pub(super) name: Range<usize>,
    /// Its attributes in order, those with a name of their own or not.
    pub(super) attributes: Vec<Attribute>,
    /// Whether it has more attributes than are kept.
    pub(super) over_limit: bool,
    /// The whole tag.
    pub(super) place: Range<usize>,
}

/// An attribute; the value is empty where none is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Attribute {
    /// Its name as written.
    pub(super) name: Range<usize>,
    /// Its value as written, without quotes and with its character references.
    pub(super) value: Range<usize>,
}

/// How the text behind a start tag is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Raw {
    /// To the element's end tag, without tags.
    Text,
    /// The same, with the states that a `<!--` inside of a script leads to.
    Script,
    /// To the end of the page.
    Plain,
}

/// Reads a page tag by tag.
#[derive(Debug)]
pub(super) struct Tokenizer<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Tokenizer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// Where the next token begins.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The next tag. `foreign` says whether a CDATA section can begin here: its text is no markup. What is cut off
    /// before its `>` is no tag.
    pub(super) fn next_tag(&mut self, foreign: bool) -> Option<Tag> {
        loop {
            let start = self.at + position(self.text.get(self.at..)?, b'<')?;
            let rest = &self.text[start + 1..];
            match rest {
                [b'/', letter, ..] if letter.is_ascii_alphabetic() => return self.tag(start, true),
                [letter, ..] if letter.is_ascii_alphabetic() => return self.tag(start, false),
                [b'/', b'>', ..] => self.at = start + 3,
                [b'!', b'-', b'-', ..] => self.at = self.comment(start),
                _ if foreign && rest.starts_with(b"![CDATA[") => {
                    self.at = find(self.text, start + 9, b"]]>").map_or(self.text.len(), |end| end + 3);
                }
                [b'!' | b'?' | b'/', ..] if rest.len() > 1 => self.at = self.behind(start + 2),
                _ => self.at = start + 1,
            }
        }
    }

    /// Reads the text behind a start tag. Gives its place and leaves the tokenizer behind the end tag; an element that
    /// is never closed reaches to the end of the page.
    pub(super) fn raw(&mut self, name: &[u8], kind: Raw) -> Range<usize> {
        let start = self.at;
        let end = match kind {
            Raw::Plain => None,
            Raw::Text => self.end_tag(name, start),
            Raw::Script => self.script_end(start),
        };
        let end = end.unwrap_or(self.text.len());
        self.at = end;
        if end < self.text.len() && self.tag(end, true).is_none() {
            self.at = self.text.len();
        }
        start..end
    }

    /// Offset behind the next `>`.
    fn behind(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        position(rest, b'>').map_or(self.text.len(), |end| from + end + 1)
    }

    /// Offset behind the comment that begins at `start`.
    fn comment(&self, start: usize) -> usize {
        // `<!-->` and `<!--->` are whole comments, `<!--!>` is not.
        let mut at = start + 2;
        while let Some(dashes) = find(self.text, at, b"--") {
            match self.text.get(dashes + 2) {
                Some(b'>') => return dashes + 3,
                Some(b'!') if dashes >= start + 4 && self.text.get(dashes + 3) == Some(&b'>') => return dashes + 4,
                _ => at = dashes + 1,
            }
        }
        self.text.len()
    }

    fn tag(&mut self, start: usize, is_end: bool) -> Option<Tag> {
        let mut at = start + 1 + usize::from(is_end);
        let name_start = at;
        at = self.skip(at, |c| !is_blank(c) && c != b'/' && c != b'>');
        let mut tag = Tag { is_end, name: name_start..at, ..Tag::default() };
        loop {
            at = self.skip(at, is_blank);
            match *self.text.get(at)? {
                b'>' => {
                    tag.place = start..at + 1;
                    self.at = at + 1;
                    return Some(tag);
                }
                b'/' => {
                    tag.self_closing = self.text.get(at + 1) == Some(&b'>');
                    at += 1;
                }
                _ => {
                    let (attribute, end) = self.attribute(at)?;
                    at = end;
                    if tag.attributes.len() < limits::ATTRIBUTES {
                        tag.attributes.push(attribute);
                    } else {
                        tag.over_limit = true;
                    }
                }
            }
        }
    }

    fn attribute(&self, start: usize) -> Option<(Attribute, usize)> {
        // An equals sign at the start is part of the name.
        let name_end = self.skip(start + 1, |c| !is_blank(c) && !matches!(c, b'/' | b'>' | b'='));
        let name = start..name_end;
        let equals = self.skip(name_end, is_blank);
        if self.text.get(equals) != Some(&b'=') {
            return Some((Attribute { name, value: 0..0 }, name_end.max(equals)));
        }
        let at = self.skip(equals + 1, is_blank);
        let (value, end) = match *self.text.get(at)? {
            quote @ (b'"' | b'\'') => {
                let end = at + 1 + position(&self.text[at + 1..], quote)?;
                (at + 1..end, end + 1)
            }
            b'>' => (at..at, at),
            _ => {
                let end = self.skip(at, |c| !is_blank(c) && c != b'>');
                (at..end, end)
            }
        };
        Some((Attribute { name, value }, end))
    }

    fn skip(&self, from: usize, passes: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        from.min(self.text.len()) + rest.iter().take_while(|&&c| passes(c)).count()
    }

    /// Offset of the next end tag of this name.
    fn end_tag(&self, name: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let start = at + position(self.text.get(at..)?, b'<')?;
            if self.text.get(start + 1) == Some(&b'/') && self.is_word(start + 2, name) {
                return Some(start);
            }
            at = start + 1;
        }
    }

    /// Offset of the `</script` that ends a script. Between `<!--` and `-->` a `<script` hides the next `</script`.
    fn script_end(&self, from: usize) -> Option<usize> {
        let mut at = from;
        let (mut escaped, mut double) = (false, false);
        loop {
            let offset = self.text.get(at..)?.iter().position(|&c| c == b'<' || (escaped && c == b'-'))?;
            let start = at + offset;
            let rest = &self.text[start..];
            at = start + 1;
            if rest.starts_with(b"-->") {
                (escaped, double) = (false, false);
            } else if !escaped && rest.starts_with(b"<!--") {
                escaped = true;
                // The dashes may already be those of the `-->`.
                at = start + 2;
            } else if rest.starts_with(b"</") && self.is_word(start + 2, b"script") {
                if !double {
                    return Some(start);
                }
                double = false;
            } else if escaped && rest.starts_with(b"<") && self.is_word(start + 1, b"script") {
                double = true;
            }
        }
    }

    /// Whether a tag's name, and no longer one, stands here.
    fn is_word(&self, at: usize, name: &[u8]) -> bool {
        let Some(found) = self.text.get(at..at + name.len()) else { return false };
        let ends = self.text.get(at + name.len()).is_some_and(|&c| is_blank(c) || c == b'/' || c == b'>');
        ends && found.eq_ignore_ascii_case(name)
    }
}

/// The white space of tags.
pub(super) fn is_blank(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

fn position(text: &[u8], wanted: u8) -> Option<usize> {
    text.iter().position(|&c| c == wanted)
}

/// Offset of the next place at which these bytes stand.
fn find(text: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let mut at = from;
    loop {
        let start = at + position(text.get(at..)?, *wanted.first()?)?;
        if text[start..].starts_with(wanted) {
            return Some(start);
        }
        at = start + 1;
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
