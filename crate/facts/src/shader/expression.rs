//! Expressions of a shader, read by precedence. Both languages share all that is read here.

use super::function::{Function, Globals, Hits};
use super::graph::{Graph, Id, Op};
use super::token::{Kind, Token, Tokens, number};
use crate::limits;
use crate::wasm::Tables;
use davy_model::FactName;

/// Reads the tokens of a shader, one function after the other.
pub(super) struct Parser<'t, 'a> {
    pub(super) tokens: &'t Tokens<'a>,
    pub(super) at: usize,
    pub(super) graph: &'t mut Graph<'a>,
    pub(super) globals: &'t mut Globals,
    /// The function that is being read.
    pub(super) function: Function,
    /// Operators of the statement that is being read.
    pub(super) operators: u32,
    /// Whether it mixes.
    pub(super) mixes: bool,
    /// Places to which it assigns beside its own: `a = b = c`.
    pub(super) stores: Vec<(Id, Id)>,
    /// Where the last 64 bits of two literals would begin.
    last_literal: Option<u64>,
}

impl<'t, 'a> Parser<'t, 'a> {
    pub(super) fn new(tokens: &'t Tokens<'a>, graph: &'t mut Graph<'a>, globals: &'t mut Globals) -> Self {
        let function = Function::default();
        Self {
            tokens,
            at: 0,
            graph,
            globals,
            function,
            operators: 0,
            mixes: false,
            stores: Vec::new(),
            last_literal: None,
        }
    }

    pub(super) fn is(&self, sign: &str) -> bool {
        self.tokens.is(self.at, sign)
    }

    pub(super) fn take(&mut self, sign: &str) -> bool {
        let is = self.is(sign);
        self.at += usize::from(is);
        is
    }

    pub(super) fn word(&self) -> Option<&'a str> {
        self.tokens.word_at(self.at)
    }

    pub(super) fn place(&self) -> u32 {
        self.tokens.list.get(self.at).map_or(self.tokens.text.len() as u32, |token| token.at)
    }

    /// An expression with assignments and choices in it.
    pub(super) fn expression(&mut self, depth: usize) -> Id {
        if depth > limits::SHADER_NESTING {
            self.graph.over_limit = true;
            self.pass_over();
            return 0;
        }
        let left = self.binary(1, depth);
        if self.take("?") {
            self.operators += 1;
            let yes = self.expression(depth + 1);
            self.take(":");
            let no = self.expression(depth + 1);
            let either = self.graph.add(Op::Other, yes, no);
            return self.graph.add(Op::Other, left, either);
        }
        let Some(op) = self.assignment() else { return left };
        self.at += 1;
        let right = self.expression(depth + 1);
        let value = match op {
            Some(op) => self.combine(op, left, right),
            None => right,
        };
        self.stores.push((left, value));
        value
    }

    /// The operator of an assignment that stands here; none inside for a plain one.
    fn assignment(&self) -> Option<Option<Op>> {
        let token = *self.tokens.list.get(self.at).filter(|token| matches!(token.kind, Kind::Sign(_)))?;
        match self.tokens.word(token) {
            "=" => Some(None),
            "^=" => Some(Some(Op::Xor)),
            "|=" => Some(Some(Op::Or)),
            "&=" => Some(Some(Op::And)),
            "<<=" => Some(Some(Op::Shl)),
            ">>=" => Some(Some(Op::Shr)),
            "+=" => Some(Some(Op::Add)),
            "-=" => Some(Some(Op::Sub)),
            "*=" => Some(Some(Op::Mul)),
            "/=" => Some(Some(Op::Div)),
            "%=" => Some(Some(Op::Mod)),
            _ => None,
        }
    }

    fn binary(&mut self, least: u8, depth: usize) -> Id {
        let mut left = self.unary(depth);
        while let Some((op, rank)) = self.operator().filter(|(_, rank)| *rank >= least) {
            self.at += 1;
            let right = self.binary(rank + 1, depth);
            left = self.combine(op, left, right);
        }
        left
    }

    /// The operator that stands here, and how strongly it binds.
    fn operator(&self) -> Option<(Op, u8)> {
        let token = *self.tokens.list.get(self.at).filter(|token| matches!(token.kind, Kind::Sign(_)))?;
        Some(match self.tokens.word(token) {
            "||" => (Op::Other, 1),
            "&&" => (Op::Other, 2),
            "|" => (Op::Or, 3),
            "^" => (Op::Xor, 4),
            "&" => (Op::And, 5),
            "==" | "!=" => (Op::Equal, 6),
            "<" | ">" | "<=" | ">=" => (Op::Order, 7),
            "<<" => (Op::Shl, 8),
            ">>" => (Op::Shr, 8),
            "+" => (Op::Add, 9),
            "-" => (Op::Sub, 9),
            "*" => (Op::Mul, 10),
            "/" => (Op::Div, 10),
            "%" => (Op::Mod, 10),
            _ => return None,
        })
    }

    /// Joins two values, and counts what that shows.
    fn combine(&mut self, op: Op, left: Id, right: Id) -> Id {
        self.operators += 1;
        let value = self.graph.of(op, left, right);
        let at = self.tokens.list.get(self.at.saturating_sub(1)).map_or(0, |token| token.at);
        let node = self.graph.node(value);
        match (node.op, op) {
            (Op::Const, _) => {}
            (Op::Rotate, Op::Or | Op::Xor | Op::Add) => self.rotated(node.b, at),
            (_, Op::Xor) => {
                self.mixes = true;
                let plain = self.graph.value(left).is_none() && self.graph.value(right).is_none();
                if plain {
                    self.function.count(FactName::Xor, 0, at);
                }
            }
            (_, Op::Or | Op::And | Op::Shl | Op::Shr) => self.mixes = true,
            _ => {}
        }
        if matches!(op, Op::Or | Op::Xor | Op::Add)
            && let Some(up) = self.graph.half_rotation(left, right)
        {
            // Which half it is does not show: a word of 64 bits moves by so many bits, or by 32 more.
            self.function.count(FactName::Rotation64, u64::from(64 - up), at);
            self.function.count(FactName::Rotation64, u64::from(32 - up), at);
        }
        value
    }

    /// Counts a rotation by a value that may be a number.
    pub(super) fn rotated(&mut self, bits: Id, at: u32) {
        self.mixes = true;
        if let Some(bits) = self.graph.value(bits).filter(|bits| (1..32).contains(bits)) {
            self.function.count(FactName::Rotation32, bits, at);
        }
    }

    fn unary(&mut self, depth: usize) -> Id {
        let mut signs = Vec::new();
        while let Some(&token) = self.tokens.list.get(self.at).filter(|token| matches!(token.kind, Kind::Sign(_))) {
            match self.tokens.word(token) {
                sign @ ("-" | "~" | "!") => signs.push(sign.as_bytes()[0]),
                "+" | "*" | "&" | "++" | "--" => {}
                _ => break,
            }
            self.at += 1;
        }
        let mut value = self.primary(depth);
        for sign in signs.into_iter().rev() {
            self.operators += 1;
            value = match (sign, self.graph.value(value)) {
                (b'-', Some(k)) => self.graph.constant(u64::from((k as u32).wrapping_neg())),
                (b'~', Some(k)) => self.graph.constant(u64::from(!(k as u32))),
                (b'~', None) => {
                    self.mixes = true;
                    self.graph.add(Op::Not, value, 0)
                }
                _ => self.graph.add(Op::Other, value, 0),
            };
        }
        value
    }

    fn primary(&mut self, depth: usize) -> Id {
        let Some(&token) = self.tokens.list.get(self.at) else { return 0 };
        let mut value = match token.kind {
            Kind::Number => {
                self.at += 1;
                self.literal(token)
            }
            Kind::Word => self.named(token, depth),
            Kind::Sign(_) if self.take("(") => {
                let value = self.expression(depth + 1);
                self.close(")");
                value
            }
            Kind::Sign(_) if self.take("{") => {
                let list = self.arguments("}", depth);
                self.graph.add(Op::Other, list, 0)
            }
            Kind::Sign(_) => return 0,
        };
        loop {
            if self.take("[") {
                let index = self.expression(depth + 1);
                self.close("]");
                self.indexed(index, token.at);
                value = self.graph.add(Op::Index, value, index);
            } else if self.take(".") {
                let Some(member) = self.word() else { return value };
                self.at += 1;
                let member = self.graph.name(member);
                value = self.graph.add(Op::Member, value, member);
            } else if self.is("++") || self.is("--") {
                self.at += 1;
                let one = self.graph.constant(1);
                let next = self.graph.of(Op::Add, value, one);
                self.stores.push((value, next));
            } else {
                return value;
            }
        }
    }

    fn literal(&mut self, token: Token) -> Id {
        let Some(value) = number(self.tokens.word(token)) else {
            self.last_literal = None;
            return 0;
        };
        name_tables(value, &mut self.last_literal, &mut self.function.tables);
        self.graph.constant(value)
    }

    fn named(&mut self, token: Token, depth: usize) -> Id {
        let word = self.tokens.word(token);
        self.at += 1;
        let name = self.graph.name(word);
        // `uint[64](…)` makes a list.
        if self.is("[") && is_type(word) {
            self.at += 1;
            self.expression(depth + 1);
            self.close("]");
        }
        if self.take("(") {
            return self.called(word, token.at, depth);
        }
        self.function.reads.insert(name);
        match self.globals.values.get(&name) {
            Some(&value) => self.graph.constant(value),
            None => self.graph.add(Op::Name, name, 0),
        }
    }

    fn called(&mut self, word: &'a str, at: u32, depth: usize) -> Id {
        let arguments = self.arguments(")", depth);
        let name = self.graph.name(word);
        self.operators += 1;
        let first = self.graph.node(arguments);
        let single = first.op == Op::Argument && first.b == 0;
        // A conversion between integers changes no bit.
        if single && matches!(word, "u32" | "uint" | "i32" | "int" | "bitcast") {
            return first.a;
        }
        self.function.calls.insert(name);
        let call = self.graph.add(Op::Call, name, arguments);
        self.calls_rotation(call, at);
        call
    }

    /// A call of a function that does nothing but rotate is the rotation.
    fn calls_rotation(&mut self, call: Id, at: u32) {
        let Some(&(value, bits, left)) = self.globals.rotations.get(&self.graph.node(call).a) else { return };
        let arguments = self.graph.arguments(call);
        let (Some(_), Some(&bits)) = (arguments.get(value), arguments.get(bits)) else { return };
        self.mixes = true;
        if let Some(k) = self.graph.value(bits).filter(|k| (1..32).contains(k)) {
            self.function.count(FactName::Rotation32, if left { 32 - k } else { k }, at);
        }
    }

    /// Arguments up to a closing sign, as a list.
    fn arguments(&mut self, close: &str, depth: usize) -> Id {
        let mut list = Vec::new();
        while self.at < self.tokens.list.len() && !self.is(close) {
            let before = self.at;
            let value = self.expression(depth + 1);
            list.push(value);
            if !self.take(",") && (self.at == before || !self.is(close)) {
                break;
            }
        }
        self.close(close);
        list.into_iter().rev().fold(0, |rest, value| self.graph.add(Op::Argument, value, rest))
    }

    /// Passes over what is left before a closing sign, and the sign.
    fn close(&mut self, close: &str) {
        if self.take(close) {
            return;
        }
        self.pass_over();
        self.take(close);
    }

    /// Passes over tokens up to the end of the brackets or of the statement.
    fn pass_over(&mut self) {
        let mut depth = 0usize;
        while self.at < self.tokens.list.len() {
            if self.is("(") || self.is("[") {
                depth += 1;
            } else if self.is(";") || self.is("{") || self.is("}") {
                return;
            } else if self.is(")") || self.is("]") {
                if depth == 0 {
                    return;
                }
                depth -= 1;
            }
            self.at += 1;
        }
    }

    /// What an element's index shows: one byte of a word, or a mask over a large region.
    fn indexed(&mut self, index: Id, at: u32) {
        const ENTRY: u64 = 4;
        const LEAST_MASK: u64 = 0xfff;
        let node = self.graph.node(index);
        let masked = |node: super::graph::Node| match node.op {
            Op::And => self.graph.value(node.b).or_else(|| self.graph.value(node.a)),
            _ => None,
        };
        let by_words = matches!(node.op, Op::Shr | Op::Div).then(|| self.graph.node(node.a));
        match (masked(node), by_words.and_then(masked)) {
            (Some(0xff), _) => self.function.count(FactName::ByteLookup, ENTRY, at),
            (Some(mask), _) if mask >= LEAST_MASK => self.function.count(FactName::MaskedAddress, mask * ENTRY, at),
            (_, Some(mask)) if mask >= LEAST_MASK => self.function.count(FactName::MaskedAddress, mask, at),
            _ if node.op == Op::Shr && self.graph.value(node.b) == Some(24) => {
                self.function.count(FactName::ByteLookup, ENTRY, at);
            }
            _ => {}
        }
    }
}

/// Notes the known tables to which a number belongs, alone or as half of a word of 64 bits with the one before it.
pub(super) fn name_tables(value: u64, last: &mut Option<u64>, hits: &mut Hits) {
    let tables = Tables::get();
    let mut words = vec![value];
    if let Some(last) = last.replace(value).filter(|last| *last >> 32 == 0 && value >> 32 == 0) {
        words.extend([last << 32 | value, value << 32 | last].into_iter().filter(|word| word >> 32 != 0));
    }
    for word in words {
        for (table, entry) in tables.constant(word) {
            hits.entry(table).or_default().insert(entry);
        }
    }
}

fn is_type(word: &str) -> bool {
    matches!(word, "uint" | "int" | "float" | "bool") || word.starts_with("vec") || word.starts_with("uvec")
}
