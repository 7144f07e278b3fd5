//! The macros of GLSL: hashes are mostly written with a rotation and a round as one.

use super::token::{Kind, Reader, Token, word};
use crate::limits;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;

/// The macros that are defined so far, by name.
#[derive(Debug, Default)]
pub(super) struct Macros {
    known: BTreeMap<String, Macro>,
    /// Tokens that were read to put macros in.
    work: Cell<usize>,
}

#[derive(Debug, Clone)]
struct Macro {
    /// Names of its parameters; none for one without brackets.
    parameters: Option<Vec<String>>,
    /// Its body in the text.
    body: Range<usize>,
}

/// A macro that is being put in.
struct Use<'m> {
    /// Its parameters and what stands for them.
    bound: Vec<(&'m str, Range<usize>)>,
    /// What its arguments are made of in turn.
    outer: Option<&'m Use<'m>>,
    name: &'m str,
}

/// How far putting in goes.
struct Goal<'m> {
    /// Most tokens.
    most: usize,
    within: Option<&'m Use<'m>>,
    depth: usize,
}

impl Macros {
    /// Takes a line of the preprocessor, without its `#`.
    pub(super) fn define(&mut self, text: &str, line: Range<usize>) {
        if self.known.len() >= limits::SHADER_MACROS {
            return;
        }
        let mut reader = Reader::inside(text, line.start);
        let next = |reader: &mut Reader<'_>| reader.next(None).filter(|token| (token.at as usize) < line.end);
        let is_define = next(&mut reader).is_some_and(|token| word(text, token) == "define");
        let Some(name) = next(&mut reader).filter(|token| is_define && token.kind == Kind::Word) else { return };
        let name_end = name.at as usize + usize::from(name.length);
        // Only a bracket right behind the name is one of parameters.
        let parameters = text[name_end..].starts_with('(').then(|| {
            let mut names = Vec::new();
            next(&mut reader);
            while let Some(token) = next(&mut reader).filter(|&token| word(text, token) != ")") {
                if token.kind == Kind::Word && names.len() < limits::SHADER_ARGUMENTS {
                    names.push(word(text, token).to_owned());
                }
            }
            names
        });
        let body = reader.at.min(line.end)..line.end;
        self.known.insert(word(text, name).to_owned(), Macro { parameters, body });
    }

    /// Whether a word is a macro's name.
    pub(super) fn knows(&self, word: &str) -> bool {
        !self.known.is_empty() && self.known.contains_key(word)
    }

    /// Puts in what a use of a macro stands for, behind which `reader` reads on. Says whether all of it was put in.
    pub(super) fn expand(&self, token: Token, reader: &mut Reader<'_>, most: usize, into: &mut Vec<Token>) -> bool {
        self.put_in(token, reader, &Goal { most, within: None, depth: 0 }, into)
    }

    fn put_in(&self, token: Token, reader: &mut Reader<'_>, goal: &Goal<'_>, into: &mut Vec<Token>) -> bool {
        let name = word(reader.text, token);
        let Some(known) = self.known.get(name).filter(|_| !is_open(goal.within, name)) else {
            into.push(token);
            return true;
        };
        let mut bound = Vec::new();
        if let Some(parameters) = &known.parameters {
            let Some(given) = self.arguments(reader, goal.most) else {
                into.push(token);
                return self.is_able(goal.most);
            };
            bound.extend(parameters.iter().map(String::as_str).zip(given));
        }
        let inner = Use { bound, outer: goal.within, name };
        let goal = Goal { most: goal.most, within: Some(&inner), depth: goal.depth + 1 };
        self.body(&known.body, reader.text, &goal, into)
    }

    /// Puts in the tokens of a part of the text, in which parameters stand for their arguments.
    fn body(&self, part: &Range<usize>, text: &str, goal: &Goal<'_>, into: &mut Vec<Token>) -> bool {
        let mut reader = Reader::inside(text, part.start);
        let mut whole = goal.depth <= limits::SHADER_MACRO_DEPTH;
        while let Some(token) = reader.next(None).filter(|token| whole && (token.at as usize) < part.end) {
            self.work.set(self.work.get() + 1);
            if into.len() >= goal.most || !self.is_able(goal.most) {
                return false;
            }
            let name = word(text, token);
            let bound = goal.within.filter(|_| token.kind == Kind::Word);
            let argument = bound.and_then(|one| one.bound.iter().find(|(parameter, _)| *parameter == name));
            whole &= match (argument, bound) {
                (Some((_, argument)), Some(one)) => {
                    let goal = Goal { most: goal.most, within: one.outer, depth: goal.depth + 1 };
                    self.body(argument, text, &goal, into)
                }
                _ if token.kind == Kind::Word && self.knows(name) => self.put_in(token, &mut reader, goal, into),
                _ => {
                    into.push(token);
                    true
                }
            };
        }
        whole
    }

    /// The arguments of a use, as places in the text; none where no `(` follows or it is never closed.
    fn arguments(&self, reader: &mut Reader<'_>, most: usize) -> Option<Vec<Range<usize>>> {
        let mut ahead = reader.clone();
        let sign = |ahead: &Reader<'_>, token| word(ahead.text, token).as_bytes().first().copied().unwrap_or_default();
        let open = ahead.next(None)?;
        if sign(&ahead, open) != b'(' {
            return None;
        }
        let (mut depth, mut from, mut found) = (0usize, ahead.at, Vec::new());
        for _ in 0..limits::SHADER_ARGUMENT_TOKENS {
            self.work.set(self.work.get() + 1);
            let token = ahead.next(None).filter(|_| self.is_able(most))?;
            match sign(&ahead, token) {
                b'(' | b'[' | b'{' => depth += 1,
                b',' if depth == 0 => {
                    found.push(from..token.at as usize);
                    from = ahead.at;
                }
                b')' if depth == 0 => {
                    found.push(from..token.at as usize);
                    *reader = ahead;
                    return Some(found);
                }
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        None
    }

    /// Whether there is work left: macros that stand for nothing multiply as well.
    fn is_able(&self, most: usize) -> bool {
        self.work.get() < most.saturating_mul(2)
    }
}

/// Whether a macro is being put in already: inside of itself it is a word like any other.
fn is_open(mut one: Option<&Use<'_>>, name: &str) -> bool {
    while let Some(open) = one {
        if open.name == name {
            return true;
        }
        one = open.outer;
    }
    false
}
