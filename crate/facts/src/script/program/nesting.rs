//! How deep a text nests, told by its tokens in one pass. A parser recurses, and so do all who visit its tree: a text that
//! is deeper than a stack can bear must never reach them.
//!
//! The figure may be too high, never too low. Brackets count only where they are code, so strings, templates, comments and
//! regular expressions are told apart; where a slash can be read either way and it matters, no figure is given.

use super::slash::{self, Slash};

/// How deep a text is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Depth {
    /// Calls of a parser into itself: brackets, prefixes, right sides of what binds to the right.
    pub(super) parser: u32,
    /// Levels of the tree: the same, and chains that bind to the left (`a + b + c`, `a.b().c()`).
    pub(super) tree: u32,
    /// Words and signs of the whole text, each a node of the tree or so.
    pub(super) tokens: u32,
}

/// What could be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nesting {
    /// As deep as this.
    Known(Depth),
    /// Deeper than the bound: the rest was not looked at.
    Beyond,
    /// Brackets or quotes that do not match at this offset, or a slash that can be read in two ways: no program, or one that
    /// hides what it is.
    Untold(usize),
}

/// Levels of binary operators, from `??` to `**`: how often a parser calls itself inside one run of them at most.
const PRECEDENCES: u32 = 12;

/// Nodes that a class takes beside those of its words.
const CLASS: u32 = 8;

/// What stood before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing, or the end of a statement.
    Statement,
    /// Something that wants an operand after it.
    Operator,
    /// Something whole.
    Operand,
    /// The end of a block or of an object: nobody knows.
    Brace,
    /// A word that is an operator in some functions and a name in others.
    Contextual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `(`; whether it belongs to `if`, `for`, `while` or `with`, so that a statement comes after it.
    Paren(bool),
    Bracket,
    /// `{`; what stands before whatever comes after its end.
    Brace(Before),
    /// `${` inside a template.
    Template,
}

/// One open bracket, and the expression or statement that is read in it.
#[derive(Debug, Default, Clone, Copy)]
struct Run {
    /// Statements that are not over (`if (a) if (b) …`, `else`, labels).
    statements: u32,
    /// What binds to the right.
    right: u32,
    /// What binds to the left.
    left: u32,
    /// The deepest bracket so far.
    inner: Depth,
    /// The deepest run of this bracket that is over.
    done: Depth,
}

impl Run {
    fn end(&mut self) {
        let parser = self.statements + self.right + self.left.min(PRECEDENCES) + self.inner.parser;
        let tree = self.statements + self.right + self.left + self.inner.tree;
        self.done.parser = self.done.parser.max(parser);
        self.done.tree = self.done.tree.max(tree);
        (self.right, self.left, self.inner) = (0, 0, Depth::default());
    }

    fn end_statement(&mut self) {
        self.end();
        self.statements = 0;
    }
}

/// Measures a text, up to `bound` open brackets.
pub(super) fn measure(text: &str, bound: usize) -> Nesting {
    let mut scan = Scan {
        text: text.as_bytes(),
        at: 0,
        before: Before::Statement,
        head: false,
        after_dot: false,
        label: false,
        named: false,
        declares: false,
        body: false,
        statement_over: false,
        newline: true,
        function: None,
        open: Vec::new(),
        run: Run::default(),
        tokens: 0,
        bound,
    };
    match scan.all() {
        Some(()) if scan.open.is_empty() => {
            scan.run.end();
            Nesting::Known(Depth { tokens: scan.tokens, ..scan.run.done })
        }
        Some(()) => Nesting::Untold(text.len()),
        None if scan.open.len() > bound => Nesting::Beyond,
        None => Nesting::Untold(scan.at),
    }
}

struct Scan<'t> {
    text: &'t [u8],
    at: usize,
    before: Before,
    /// Whether the next parenthesis belongs to `if` and its like.
    head: bool,
    after_dot: bool,
    /// Whether the next word may be the label of a `break`.
    label: bool,
    /// Whether the last token was a word that began a statement, and a colon would make it a label.
    named: bool,
    /// Whether the last token was a word that another may follow in the same statement.
    declares: bool,
    /// Whether the last token was an arrow or a colon, after which braces may be a block.
    body: bool,
    /// Whether a statement may have ended here, if no `else` comes.
    statement_over: bool,
    /// Whether a line ended since the last token.
    newline: bool,
    /// What stands after the braces that come next with so many brackets open, where they are a function's and its like.
    function: Option<(Before, usize)>,
    open: Vec<(Kind, Run)>,
    run: Run,
    tokens: u32,
    bound: usize,
}

impl Scan<'_> {
    /// `None` where it cannot go on.
    fn all(&mut self) -> Option<()> {
        if self.text.starts_with(b"#!") {
            self.line_comment();
        }
        while let Some(&c) = self.text.get(self.at) {
            match c {
                b'\n' | b'\r' => {
                    self.newline = true;
                    self.at += 1;
                }
                b' ' | b'\t' | 0x0b | 0x0c => self.at += 1,
                b'/' if self.text.get(self.at + 1) == Some(&b'/') => self.line_comment(),
                b'/' if self.text.get(self.at + 1) == Some(&b'*') => self.block_comment()?,
                _ => self.token(c)?,
            }
        }
        Some(())
    }

    fn token(&mut self, c: u8) -> Option<()> {
        self.tokens = self.tokens.saturating_add(1);
        let blank = if c.is_ascii() { 0 } else { slash::blank(&self.text[self.at..]) };
        if blank > 0 {
            self.newline = true;
            self.at += blank;
        } else if slash::is_word(c) {
            self.word();
            self.body = false;
            self.newline = false;
        } else {
            self.settle_statement(false);
            self.sign(c)?;
            (self.label, self.declares, self.newline) = (false, false, false);
        }
        Some(())
    }

    fn sign(&mut self, c: u8) -> Option<()> {
        let (dotted, named, body) = (self.after_dot, self.named, self.body);
        (self.after_dot, self.named, self.body) = (false, false, false);
        let operand = !matches!(self.before, Before::Statement | Before::Operator);
        match c {
            b'"' | b'\'' => self.string(c)?,
            b'`' => {
                self.run.left += u32::from(operand);
                self.at += 1;
                self.template()?;
            }
            b'/' => self.slash()?,
            b'(' | b'[' => {
                self.run.left += u32::from(operand || dotted);
                let head = std::mem::take(&mut self.head);
                self.push(if c == b'(' { Kind::Paren(head) } else { Kind::Bracket })?;
                self.step(1, Before::Operator);
            }
            b'{' => {
                let after = self.after_brace(body);
                self.push(Kind::Brace(after))?;
                self.step(1, Before::Statement);
            }
            b')' | b']' | b'}' => self.close(c)?,
            b';' => {
                self.run.end();
                self.statement_over = true;
                self.step(1, Before::Statement);
            }
            b',' => {
                self.run.end();
                self.step(1, Before::Operator);
            }
            _ => self.operator(operand, named)?,
        }
        Some(())
    }

    fn step(&mut self, length: usize, before: Before) {
        self.at += length;
        self.before = before;
    }

    /// Ends the statement that a semicolon or brace may have ended, unless it goes on with `else` and its like.
    fn settle_statement(&mut self, goes_on: bool) {
        if self.statement_over && !goes_on {
            self.run.end_statement();
        }
        self.statement_over = false;
    }

    fn word(&mut self) {
        let start = self.at;
        self.at = self.end_of_word();
        let word = &self.text[start..self.at];
        let keyword = slash::may_be_keyword(word);
        if keyword && word == b"class" {
            self.tokens = self.tokens.saturating_add(CLASS);
        }
        let (dotted, label) = (self.after_dot, self.label && !self.newline);
        let declared = std::mem::take(&mut self.declares);
        (self.after_dot, self.label, self.named) = (false, false, false);
        if dotted {
            self.before = Before::Operand;
            return;
        }
        let joins = keyword && matches!(word, b"in" | b"instanceof" | b"of");
        if matches!(self.before, Before::Brace | Before::Operand) && !joins && !declared {
            // Two words in a row are two statements.
            self.run.end();
            self.statement_over = true;
        }
        self.settle_statement(keyword && matches!(word, b"else" | b"catch" | b"finally" | b"while"));
        let was = self.before;
        self.before = if label { Before::Operator } else { Before::Operand };
        self.named = matches!(was, Before::Statement | Before::Brace);
        (self.head, self.declares) = if keyword { self.keyword(word, was) } else { (false, false) };
    }

    /// Offset behind the word or number that begins here.
    fn end_of_word(&self) -> usize {
        let number = self.text[self.at].is_ascii_digit();
        let mut at = self.at;
        while let Some(&c) = self.text.get(at) {
            let ends = !(slash::is_word(c) || number && c == b'.');
            if ends || c >= 0x80 && slash::blank(&self.text[at..]) > 0 {
                break;
            }
            at += 1;
        }
        at
    }

    /// Takes a word that may be one of those that matter; gives whether a head comes next, and whether another word may.
    fn keyword(&mut self, word: &[u8], was: Before) -> (bool, bool) {
        let for_await = word == b"await" && self.head;
        let head = for_await || matches!(word, b"if" | b"for" | b"while" | b"with");
        let declares = matches!(
            word,
            b"var"
                | b"let"
                | b"const"
                | b"function"
                | b"class"
                | b"async"
                | b"export"
                | b"import"
                | b"static"
                | b"get"
                | b"set"
        );
        match word {
            _ if for_await => self.before = Before::Operator,
            b"if" | b"for" | b"while" | b"with" => {
                self.run.statements += 1;
                self.before = Before::Operator;
            }
            b"else" | b"do" | b"try" | b"finally" => {
                self.run.statements += 1;
                self.before = Before::Statement;
            }
            b"case" => {
                self.run.end_statement();
                self.before = Before::Operator;
            }
            b"default" => {
                self.run.end_statement();
                self.before = Before::Contextual;
            }
            b"typeof" | b"void" | b"delete" | b"new" | b"throw" | b"return" | b"extends" => {
                self.run.right += 1;
                self.before = Before::Operator;
            }
            b"in" | b"instanceof" => {
                self.run.left += 1;
                self.before = Before::Operator;
            }
            b"break" | b"continue" | b"debugger" => {
                self.label = true;
                self.before = Before::Operator;
            }
            b"yield" | b"await" | b"of" => {
                self.run.right += 1;
                self.before = Before::Contextual;
            }
            b"catch" | b"switch" => self.function = Some((Before::Statement, self.open.len())),
            b"class" => self.function = Some((Before::Brace, self.open.len())),
            b"function" => {
                let after = match was {
                    Before::Statement | Before::Brace => Before::Statement,
                    Before::Operator => Before::Operand,
                    _ => Before::Brace,
                };
                self.function = Some((after, self.open.len()));
            }
            _ => {}
        }
        (head, declares)
    }

    /// What stands behind the braces that open here.
    fn after_brace(&mut self, body: bool) -> Before {
        if let Some((after, _)) = self.function.take_if(|(_, level)| *level == self.open.len()) {
            return after;
        }
        match self.before {
            Before::Statement => Before::Statement,
            Before::Operator if !body => Before::Operand,
            _ => Before::Brace,
        }
    }

    fn push(&mut self, kind: Kind) -> Option<()> {
        self.open.push((kind, std::mem::take(&mut self.run)));
        (self.open.len() <= self.bound).then_some(())
    }

    fn close(&mut self, c: u8) -> Option<()> {
        let (kind, outer) = *self.open.last()?;
        let before = match (kind, c) {
            (Kind::Paren(true), b')') => Before::Statement,
            (Kind::Paren(false), b')') | (Kind::Bracket, b']') | (Kind::Template, b'}') => Before::Operand,
            (Kind::Brace(after), b'}') => after,
            _ => return None,
        };
        self.open.pop();
        let mut inner = std::mem::replace(&mut self.run, outer);
        inner.end();
        self.run.inner.parser = self.run.inner.parser.max(inner.done.parser + 1);
        self.run.inner.tree = self.run.inner.tree.max(inner.done.tree + 1);
        self.step(1, before);
        self.head = false;
        if kind == Kind::Template {
            return self.template();
        }
        if c == b'}' && before == Before::Statement {
            self.run.end();
            self.statement_over = true;
        }
        Some(())
    }

    fn operator(&mut self, operand: bool, named: bool) -> Option<()> {
        let rest = &self.text[self.at..];
        if matches!(rest, [b'<', b'!', b'-', b'-', ..]) || self.newline && matches!(rest, [b'-', b'-', b'>', ..]) {
            // A comment in a script (`-->` where a line begins; elsewhere it counts down), operators in a module: the rest
            // of the line must read the same.
            let line = rest.split(|c| matches!(c, b'\n' | b'\r')).next().unwrap_or_default();
            let opens = |c: &u8| b"\"'`()[]{}/\\\xe2".contains(c);
            if line.iter().any(opens) {
                return None;
            }
        }
        let sign = slash::operator(rest);
        let length = sign.len().max(1);
        let mut after = Before::Operator;
        match sign {
            b"++" | b"--" if operand && !self.newline => after = self.before,
            b":" if named => {
                self.run.statements += 1;
                after = Before::Statement;
            }
            b":" => self.body = true,
            b"." | b"?." => {
                self.run.left += 1;
                self.after_dot = true;
            }
            b"=>" => {
                self.run.right += 1;
                self.body = true;
            }
            b"?" | b"**" | b"..." | b"!" | b"~" => self.run.right += 1,
            _ if !operand || slash::assigns(sign) => self.run.right += 1,
            _ => self.run.left += 1,
        }
        self.step(length, after);
        Some(())
    }

    fn slash(&mut self) -> Option<()> {
        match slash::read(&self.text[self.at..], self.before, self.newline) {
            Slash::Regex(length) => self.step(length, Before::Operand),
            Slash::Division => {
                self.run.left += 1;
                self.step(1, Before::Operator);
            }
            Slash::Untold => return None,
        }
        Some(())
    }

    fn string(&mut self, quote: u8) -> Option<()> {
        let rest = &self.text[self.at + 1..];
        let mut at = 0;
        loop {
            at += rest.get(at..)?.iter().position(|c| slash::may_end_text(*c))?;
            let c = rest[at];
            match c {
                b'\\' => at += 1,
                b'\n' | b'\r' => return None,
                _ if c == quote => {
                    self.step(at + 2, Before::Operand);
                    return Some(());
                }
                _ => {}
            }
            // A line of the other systems ends in two bytes, and both belong to the escape.
            at += 1 + usize::from(c == b'\\' && rest.get(at) == Some(&b'\r') && rest.get(at + 1) == Some(&b'\n'));
        }
    }

    /// From inside a template to its end or to `${`.
    fn template(&mut self) -> Option<()> {
        loop {
            let rest = self.text.get(self.at..)?;
            self.at += rest.iter().position(|c| slash::may_end_text(*c)).unwrap_or(rest.len());
            match *self.text.get(self.at)? {
                b'\\' => self.at += 2,
                b'`' => {
                    self.step(1, Before::Operand);
                    return Some(());
                }
                b'$' if self.text.get(self.at + 1) == Some(&b'{') => {
                    // A parser's calls for an insertion are as large as two others.
                    self.push(Kind::Template)?;
                    self.run.statements += 1;
                    self.step(2, Before::Operator);
                    return Some(());
                }
                _ => self.at += 1,
            }
        }
    }

    fn line_comment(&mut self) {
        let rest = &self.text[self.at..];
        let ends = |at: &usize| {
            matches!(rest[*at], b'\n' | b'\r') || rest[*at] == 0xe2 && matches!(rest[*at..], [_, 0x80, 0xa8 | 0xa9, ..])
        };
        self.at += (0..rest.len()).find(ends).unwrap_or(rest.len());
    }

    fn block_comment(&mut self) -> Option<()> {
        let body = &self.text[self.at + 2..];
        let length = memchr::memmem::find(body, b"*/")?;
        self.newline |= memchr::memchr(b'\n', &body[..length]).is_some();
        self.at += length + 4;
        Some(())
    }
}
