//! Declarations and statements of a shader, in both languages, in one pass over its tokens.

use super::expression::{Parser, name_tables};
use super::function::{Function, Parameter, Statement, StatementKind, is_invocation};
use super::graph::{Id, Name, Op};
use super::token::{Kind, number};
use crate::limits;
use davy_model::FactName;

/// Constants below this that a loop counts to are kept as its bound; larger ones are no counts.
const LARGEST_BOUND: u64 = 1 << 32;

impl<'a> Parser<'_, 'a> {
    /// Reads the whole shader and gives its functions.
    pub(super) fn functions(&mut self) -> Vec<Function> {
        let mut functions = Vec::new();
        let mut stage = None;
        while self.at < self.tokens.list.len() {
            if functions.len() >= limits::SHADER_FUNCTIONS {
                self.graph.over_limit = true;
                break;
            }
            let before = self.at;
            if self.take("@") {
                stage = self.attribute().or(stage);
            } else if self.word() == Some("struct") {
                self.structure();
            } else if self.starts_function() {
                functions.extend(self.one_function(stage.take()));
            } else if self.word().is_some() {
                self.global();
            }
            self.at = self.at.max(before + 1);
        }
        functions
    }

    /// An attribute of WGSL: the stage of which it says that a function is an entry point.
    fn attribute(&mut self) -> Option<&'static str> {
        let word = self.word();
        self.at += usize::from(word.is_some());
        let stage = match word? {
            "compute" => Some("compute"),
            "fragment" => Some("fragment"),
            "vertex" => Some("vertex"),
            _ => None,
        };
        if stage.is_none() && self.is("(") {
            self.at = self.behind_brackets(self.at);
        }
        stage
    }

    /// Notes the members of a structure that are the number of the invocation.
    fn structure(&mut self) {
        while self.at < self.tokens.list.len() && !self.is("{") && !self.is(";") {
            self.at += 1;
        }
        let end = self.behind_brackets(self.at);
        let mut invocation = false;
        while self.at < end {
            match self.word() {
                Some(word) if is_invocation(word) => invocation = true,
                Some(word) if invocation && self.tokens.is(self.at + 1, ":") => {
                    let name = self.graph.name(word);
                    self.globals.invocation_members.insert(name);
                    invocation = false;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Whether `fn name(` or `type name(…) {` stands here.
    fn starts_function(&self) -> bool {
        let (Some(first), Some(_)) = (self.word(), self.tokens.word_at(self.at + 1)) else { return false };
        if !self.tokens.is(self.at + 2, "(") {
            return false;
        }
        first == "fn" || self.tokens.is(self.behind_brackets(self.at + 2), "{")
    }

    fn one_function(&mut self, stage: Option<&'static str>) -> Option<Function> {
        let start = self.place();
        let name = self.tokens.word_at(self.at + 1)?;
        // GLSL has one entry point, and says nothing of its stage.
        let stage = stage.or(match (self.word(), name) {
            (Some("void"), "main") => Some("shader"),
            _ => None,
        });
        self.at += 2;
        let close = self.behind_brackets(self.at);
        let parameters = self.parameters(close);
        self.function = Function { name: self.graph.name(name), start, stage, parameters, ..Function::default() };
        while self.at < self.tokens.list.len() && !self.is("{") && !self.is(";") {
            self.at += 1;
        }
        if self.is("{") {
            self.body();
        }
        let last = self.tokens.list.get(self.at.saturating_sub(1));
        self.function.end = last.map_or(start, |token| token.at + u32::from(token.length));
        self.notes_rotation();
        Some(std::mem::take(&mut self.function))
    }

    /// Parameters up to the closing bracket; the last word before a comma or colon is the name.
    fn parameters(&mut self, close: usize) -> Vec<Parameter> {
        let mut found = Vec::new();
        let (mut name, mut typed, mut invocation) = (None, false, false);
        let mut brackets = 0usize;
        self.at += 1;
        while self.at < close {
            let ends = self.at + 1 == close || (brackets == 0 && self.is(","));
            match self.word() {
                Some(word) if is_invocation(word) => invocation = true,
                Some(word) if !typed && brackets == 0 => name = Some(self.graph.name(word)),
                _ => {}
            }
            if self.is("(") || self.is("[") {
                brackets += 1;
            } else if self.is(")") || self.is("]") {
                brackets = brackets.saturating_sub(1);
            }
            typed |= self.is(":");
            if ends && let Some(name) = name.take() {
                found.push(Parameter { name, invocation });
                (typed, invocation) = (false, false);
            }
            self.at += 1;
        }
        self.at = close;
        found
    }

    /// A declaration outside of functions: numbers, lists, buffers.
    fn global(&mut self) {
        let mut last: Option<Name> = None;
        let first = self.word();
        let is_wgsl = matches!(first, Some("const" | "let" | "var" | "override" | "alias"))
            && (self.tokens.is(self.at + 2, ":")
                || self.tokens.is(self.at + 2, "=")
                || self.tokens.is(self.at + 2, ";"));
        if is_wgsl {
            last = self.tokens.word_at(self.at + 1).map(|word| self.graph.name(word));
        }
        let mut is_input = false;
        while self.at < self.tokens.list.len() && !self.is(";") && !self.is("=") {
            match self.word() {
                Some("in" | "varying") if !is_wgsl => is_input = true,
                Some(word) if !is_wgsl => last = Some(self.graph.name(word)),
                _ if self.is("{") || self.is("[") || self.is("(") => {
                    // A block's members are names of buffers as well.
                    let end = self.behind_brackets(self.at);
                    while self.at < end {
                        if let Some(word) = self.word() {
                            let name = self.graph.name(word);
                            self.globals.outside.insert(name);
                        }
                        self.at += 1;
                    }
                    self.at = end;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        let Some(name) = last else { return };
        self.globals.outside.insert(name);
        if is_input {
            self.globals.inputs.insert(name);
        }
        if self.take("=") {
            self.initial(name);
        }
    }

    /// What a global begins as: one number, or tables.
    fn initial(&mut self, name: Name) {
        let start = self.at;
        let (mut last, mut numbers, mut single) = (None, 0u32, None);
        let mut hits = std::collections::BTreeMap::new();
        while self.at < self.tokens.list.len() && !self.is(";") {
            let token = self.tokens.list[self.at];
            if let Some(value) = number(self.tokens.word(token)).filter(|_| token.kind == Kind::Number) {
                name_tables(value, &mut last, &mut hits);
                numbers += 1;
                single = Some(value);
            }
            self.at += 1;
        }
        if let Some(value) = single.filter(|_| numbers == 1 && self.at == start + 1) {
            self.globals.values.insert(name, value);
        }
        if !hits.is_empty() {
            self.globals.tables.insert(name, hits);
        }
    }

    /// Index behind the bracket that closes the one at `open`; `open + 1` where none stands there.
    fn behind_brackets(&self, open: usize) -> usize {
        self.tokens.behind(open)
    }

    /// The body of a function, from its `{` to behind its `}`.
    fn body(&mut self) {
        // Whether each open brace is a loop's, how many are, and whether the next one is.
        let mut open: Vec<bool> = Vec::new();
        let mut loops = 0u32;
        let mut loop_next = false;
        while self.at < self.tokens.list.len() {
            let before = self.at;
            let depth = loops + u32::from(loop_next);
            if self.take("{") {
                loops += u32::from(loop_next);
                open.push(std::mem::take(&mut loop_next));
            } else if self.take("}") {
                loops -= u32::from(open.pop() == Some(true));
                if open.is_empty() {
                    return;
                }
            } else if matches!(self.word(), Some("for" | "while" | "loop" | "do")) {
                loop_next = true;
                self.looped(depth + 1);
            } else {
                self.statement(depth > 0);
                if !self.is("{") {
                    loop_next = false;
                }
            }
            self.at = self.at.max(before + 1);
        }
    }

    /// The head of a loop.
    fn looped(&mut self, depth: u32) {
        let (deepest, count) = self.function.loops;
        self.function.loops = (deepest.max(depth), count + 1);
        let is_for = self.word() == Some("for");
        self.at += 1;
        if !self.take("(") {
            return;
        }
        if is_for {
            self.statement(false);
            self.condition(true, true);
            self.take(";");
            if !self.is(")") {
                self.statement(true);
            }
        } else {
            self.condition(true, true);
        }
        self.take(")");
    }

    /// A statement up to its `;`, or a part of one that ends at a brace.
    fn statement(&mut self, in_loop: bool) {
        if self.take(";") {
            return;
        }
        match self.word() {
            Some("if" | "switch") => {
                self.at += 1;
                self.condition(in_loop, false);
            }
            Some("else" | "case" | "default" | "break" | "continue" | "discard" | "continuing" | "fallthrough") => {
                self.at += 1;
            }
            Some("return") => {
                self.at += 1;
                let at = self.place();
                let value = if self.is(";") { 0 } else { self.expression(0) };
                self.keep(StatementKind::Return, value, at, in_loop);
                self.take(";");
            }
            Some("let" | "var" | "const") if self.tokens.word_at(self.at + 1).is_some() && !self.is_typed() => {
                self.at += 1;
                self.declared(in_loop);
            }
            Some(_) if self.is_typed() => {
                self.pass_types();
                self.declared(in_loop);
            }
            _ => {
                let at = self.place();
                let value = self.expression(0);
                self.keep(StatementKind::Call, value, at, in_loop);
                while self.take(",") {
                    let value = self.expression(0);
                    self.keep(StatementKind::Call, value, at, in_loop);
                }
                self.take(";");
            }
        }
    }

    /// Whether a declaration in the manner of GLSL stands here: a type, maybe with brackets, and a name.
    fn is_typed(&self) -> bool {
        let mut next = self.at + 1;
        if self.tokens.is(next, "[") {
            next = self.behind_brackets(next);
        }
        let named = self.tokens.word_at(next).is_some();
        let is_wgsl = matches!(self.word(), Some("let" | "var" | "const"))
            && (self.tokens.is(next + 1, ":") || self.tokens.is(next + 1, "=") || self.tokens.is(next + 1, ";"));
        named && !is_wgsl
    }

    /// Passes over the words of a type, up to the name.
    fn pass_types(&mut self) {
        while self.word().is_some() && self.is_typed() {
            self.at += 1;
            if self.is("[") {
                self.at = self.behind_brackets(self.at);
            }
        }
    }

    /// Names with what they begin as.
    fn declared(&mut self, in_loop: bool) {
        loop {
            let at = self.place();
            let Some(word) = self.word() else { break };
            self.at += 1;
            let name = self.graph.name(word);
            // Inside of a function it is another thing than outside.
            while self.at < self.tokens.list.len() && !["=", ",", ";", ")", "{", "}"].iter().any(|sign| self.is(sign)) {
                self.at = if self.is("[") || self.is("(") { self.behind_brackets(self.at) } else { self.at + 1 };
            }
            if self.take("=") {
                let value = self.expression(0);
                let place = self.graph.add(Op::Name, name, 0);
                self.keep(StatementKind::Store(place), value, at, in_loop);
            }
            if !self.take(",") {
                break;
            }
        }
        self.take(";");
    }

    /// An expression that is asked; in brackets or not.
    fn condition(&mut self, in_loop: bool, of_loop: bool) {
        let at = self.place();
        if self.is(";") || self.is(")") {
            return;
        }
        let value = self.expression(0);
        let node = self.graph.node(value);
        let bound = self.graph.value(node.b).or_else(|| self.graph.value(node.a)).filter(|k| *k < LARGEST_BOUND);
        if let Some(bound) = bound.filter(|_| of_loop && matches!(node.op, Op::Order | Op::Equal)) {
            self.function.count(FactName::LoopBound, bound, at);
        }
        self.keep(StatementKind::Condition, value, at, in_loop);
    }

    /// Keeps a statement, and what it assigned on the way.
    fn keep(&mut self, kind: StatementKind, value: Id, at: u32, in_loop: bool) {
        let operators = std::mem::take(&mut self.operators);
        let mixes = std::mem::take(&mut self.mixes);
        let mut stores = std::mem::take(&mut self.stores);
        let plain = matches!(kind, StatementKind::Call) && !stores.is_empty();
        let last = if plain { stores.pop().map(|(place, value)| (StatementKind::Store(place), value)) } else { None };
        for (place, value) in stores {
            let kind = StatementKind::Store(place);
            self.function.statements.push(Statement { kind, value, at, operators: 0, mixes, in_loop });
        }
        let (kind, value) = last.unwrap_or((kind, value));
        self.function.statements.push(Statement { kind, value, at, operators, mixes, in_loop });
    }

    /// Notes a function that gives back one parameter rotated by another.
    fn notes_rotation(&mut self) {
        let function = &self.function;
        let returned = function.statements.iter().rfind(|s| s.kind == StatementKind::Return);
        let Some(node) = returned.map(|s| self.graph.node(s.value)) else { return };
        let parameter = |id: Id| {
            let node = self.graph.node(id);
            function.parameters.iter().position(|p| node.op == Op::Name && p.name == node.a)
        };
        let found = match node.op {
            Op::RotateLeft | Op::RotateRight => {
                parameter(node.a).zip(parameter(node.b)).map(|p| (p, node.op == Op::RotateLeft))
            }
            Op::Call => self.globals.rotations.get(&node.a).and_then(|&(value, bits, left)| {
                let mut next = node.b;
                let mut list = Vec::new();
                while self.graph.node(next).op == Op::Argument && list.len() < limits::SHADER_ARGUMENTS {
                    list.push(self.graph.node(next).a);
                    next = self.graph.node(next).b;
                }
                let bits = *list.get(bits)?;
                let sub = self.graph.node(bits);
                let (bits, turned) = match (sub.op, self.graph.value(sub.a)) {
                    (Op::Sub, Some(32)) => (sub.b, true),
                    _ => (bits, false),
                };
                Some((parameter(*list.get(value)?).zip(parameter(bits))?, left != turned))
            }),
            _ => None,
        };
        if let Some(((value, bits), left)) = found {
            let name = function.name;
            self.globals.rotations.insert(name, (value, bits, left));
        }
    }
}
