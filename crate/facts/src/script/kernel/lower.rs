//! Writes a program's functions down, one after the other, in the operators of WebAssembly.
//!
//! Values are words: numbers as 32-bit operators see them, arrays, strings and objects as addresses, elements and
//! properties as words at a distance from these. What is lost (fractions, types, exceptions) no hash needs. A function that
//! is called or handed over where it stands is a part of the function around it: so `await`, `then`, `setTimeout` and
//! `forEach` leave loops whole. A function that calls itself, or has itself called later, is a loop.

use super::constant::Known;
use super::emit::{Code, Module, PARAMETERS, code, unknown};
use super::inline::{Consumer, Inlined};
use super::place::Place;
use super::scan::Scan;
use super::stepped::Stepped;
use crate::limits::{SCRIPT_GLOBALS, SCRIPT_INLINE_IN_ALL, SCRIPT_INLINE_ROOM};
use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, BindingPattern, Expression, FormalParameters, Function,
    IdentifierReference, Program, Statement,
};
use std::collections::BTreeMap;

/// A function of the program.
#[derive(Clone, Copy)]
pub(super) enum Body<'p, 'a> {
    Program(&'p Program<'a>),
    Function(&'p Function<'a>),
    Arrow(&'p ArrowFunctionExpression<'a>),
}

/// A statement that can be left, or a part of the function that stands for another.
#[derive(Default)]
pub(super) struct Frame<'a> {
    pub(super) labels: Vec<&'a str>,
    /// Whether a `break` without a label leaves it.
    pub(super) breaks: bool,
    /// Block to branch to for `break`.
    pub(super) leave: u32,
    /// Block to branch to for `continue`, of loops.
    pub(super) again: Option<u32>,
    /// What `return` sets before it leaves, of functions.
    pub(super) result: Option<u32>,
}

/// Everything that is known while functions are written down.
pub(super) struct Lower<'p, 'a> {
    pub(super) scan: &'p Scan<'p, 'a>,
    pub(super) module: Module,
    pub(super) code: Code,
    /// Number of the function that is written.
    pub(super) function: u32,
    /// Locals of the function's variables, by symbol, each with the writing that gave it.
    pub(super) locals: Vec<(u32, u32)>,
    /// Functions that were begun to be written.
    pub(super) writings: u32,
    pub(super) frames: Vec<Frame<'a>>,
    /// Labels of the statement that comes next.
    pub(super) labels: Vec<&'a str>,
    /// The block to go back to when the function has itself called again, and whether that happened.
    pub(super) restart: Option<u32>,
    pub(super) recurs: bool,
    /// Variables that are the function's own parameters.
    pub(super) own: Vec<Option<usize>>,
    /// Variables that hold what a hash gave.
    pub(super) digests: Vec<usize>,
    pub(super) global_digests: Vec<&'a str>,
    /// Functions that are yet to be written.
    open: Vec<(u32, Body<'p, 'a>)>,
    /// Functions that are.
    written: Vec<bool>,
    /// Where variables are kept that several functions use, by symbol.
    pub(super) shared: BTreeMap<usize, Place>,
    /// Words in memory that are taken.
    pub(super) words: u32,
    /// Locals that are free again.
    free: Vec<u32>,
    /// Functions that may be written where they are called, by number.
    pub(super) bodies: BTreeMap<u32, Body<'p, 'a>>,
    /// Scope of the function that is written.
    pub(super) scope: Option<usize>,
    /// The local that is `this`.
    pub(super) this: u32,
    /// Functions that are being written where they are called, the innermost last.
    pub(super) inlined: Vec<Inlined<'p>>,
    /// Bytes of text that may still be so written, for this function and for all.
    pub(super) room: usize,
    pub(super) room_in_all: usize,
    /// Who takes what the generator gives that is being written.
    pub(super) consumer: Option<Consumer<'p, 'a>>,
    /// Variables that hold a message that was put together, and their values.
    pub(super) messages: Vec<(usize, &'p Expression<'a>)>,
    /// Variables that hold a list of numbers, and what makes these.
    pub(super) makers: Vec<(usize, &'p Expression<'a>)>,
    /// Properties that hold what came of a hash.
    pub(super) digest_members: Vec<&'p str>,
    /// Functions that are called step by step, the innermost last.
    pub(super) steps: Vec<Stepped>,
    /// Variables that hold what was drawn at random in a loop.
    pub(super) drawn: Vec<usize>,
    /// Where fields are kept that are their object's state, in the order of the scan's.
    pub(super) field_places: Vec<Place>,
    /// A value that stands in a local while the expression that repeats it is written.
    pub(super) kept: Vec<(&'p Expression<'a>, u32)>,
}

/// Writes all functions of a program down.
pub(super) fn lower<'p, 'a>(program: &'p Program<'a>, scan: &'p Scan<'p, 'a>) -> Module {
    let mut lower = Lower {
        scan,
        module: Module { data: scan.data.clone(), ..Module::default() },
        code: Code::default(),
        function: 0,
        locals: vec![(0, 0); scan.symbols.len()],
        writings: 0,
        frames: Vec::new(),
        labels: Vec::new(),
        restart: None,
        recurs: false,
        own: Vec::new(),
        digests: Vec::new(),
        global_digests: Vec::new(),
        open: vec![(0, Body::Program(program))],
        written: vec![false; scan.functions as usize],
        shared: BTreeMap::new(),
        words: 0,
        free: Vec::new(),
        steps: Vec::new(),
        drawn: Vec::new(),
        field_places: Vec::new(),
        kept: Vec::new(),
        bodies: BTreeMap::new(),
        scope: None,
        this: 0,
        inlined: Vec::new(),
        room: 0,
        room_in_all: SCRIPT_INLINE_IN_ALL,
        consumer: None,
        messages: Vec::new(),
        makers: Vec::new(),
        digest_members: Vec::new(),
    };
    lower.module.functions = (0..scan.functions).map(|_| None).collect();
    lower.share();
    while let Some((index, body)) = lower.open.pop() {
        if std::mem::replace(&mut lower.written[index as usize], true) {
            continue;
        }
        lower.write(index, body, false);
        if lower.recurs {
            lower.write(index, body, true);
        }
        lower.module.functions[index as usize] = Some(Box::new(std::mem::take(&mut lower.code)));
    }
    lower.module
}

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// Gives each variable that several functions use a place. The stack pointer comes first, so that the reader takes it
    /// for what it is.
    fn share(&mut self) {
        const TOP: i32 = 1 << 16;
        let scan = self.scan;
        let shared = || scan.symbols.iter().enumerate().filter(|(_, s)| s.is_shared);
        let unknown = shared().filter(|(_, s)| s.writes == 0 && s.known == Known::Nothing).map(|(symbol, _)| symbol);
        let unknown: Vec<usize> = unknown.take(SCRIPT_GLOBALS).collect();
        self.module.unknown_globals = unknown.len() as u32;
        let pointer = shared().find(|(_, s)| s.is_pointer).map(|(symbol, _)| symbol);
        let changing = shared().filter(|(_, s)| s.writes > 0).map(|(symbol, _)| symbol);
        let changing = pointer.into_iter().chain(changing.filter(|s| Some(*s) != pointer)).take(SCRIPT_GLOBALS);
        for (index, symbol) in unknown.into_iter().chain(changing).enumerate() {
            self.shared.insert(symbol, Place::Global(index as u32));
        }
        let changing = self.shared.len() as u32 - self.module.unknown_globals;
        self.place_fields();
        self.module.globals = vec![0; changing as usize + self.field_places.len()];
        if let Some(first) = self.module.globals.first_mut().filter(|_| pointer.is_some()) {
            *first = TOP;
        }
    }

    /// Globals of variables that several functions use.
    pub(super) fn shared_globals(&self) -> u32 {
        self.shared.len() as u32
    }

    fn write(&mut self, index: u32, body: Body<'p, 'a>, in_loop: bool) {
        let parameters = match body {
            Body::Function(function) => function.params.items.len(),
            Body::Arrow(arrow) => arrow.params.items.len(),
            Body::Program(_) => 0,
        };
        self.code = Code::new(1 + parameters.min(PARAMETERS) as u32);
        self.function = index;
        self.writings += 1;
        self.frames.clear();
        self.labels.clear();
        self.free.clear();
        self.digests.clear();
        self.global_digests.clear();
        self.digest_members.clear();
        self.messages.clear();
        self.makers.clear();
        self.steps.clear();
        self.drawn.clear();
        self.room = SCRIPT_INLINE_ROOM.min(self.room_in_all);
        self.own.clear();
        self.recurs = false;
        self.restart = None;
        self.scope = match body {
            Body::Function(function) => function.scope_id.get(),
            Body::Arrow(arrow) => arrow.scope_id.get(),
            Body::Program(_) => None,
        }
        .map(|scope| scope.index());
        self.code.mark(self.start_of(body));
        self.enter_parameters(body);
        if in_loop {
            self.restart = Some(self.code.open(code::LOOP, false));
        }
        self.round_constants();
        match body {
            Body::Program(program) => self.statements(&program.body),
            Body::Function(function) => {
                function.body.iter().for_each(|body| self.statements(&body.statements));
            }
            Body::Arrow(arrow) => self.arrow_body(arrow),
        }
        if in_loop {
            self.code.end();
            self.recurs = false;
        }
        self.code.i32(0);
        self.code.op(code::END);
    }

    fn start_of(&self, body: Body<'p, 'a>) -> u32 {
        match body {
            Body::Program(_) => 0,
            Body::Function(function) => function.span.start,
            Body::Arrow(arrow) => arrow.span.start,
        }
    }

    fn enter_parameters(&mut self, body: Body<'p, 'a>) {
        let parameters = match body {
            Body::Function(function) => &function.params,
            Body::Arrow(arrow) => &arrow.params,
            Body::Program(_) => return,
        };
        for (at, parameter) in parameters.items.iter().enumerate() {
            let local = if at < PARAMETERS { at as u32 + 1 } else { self.code.local() };
            self.own
                .push(parameter.pattern.get_binding_identifier().and_then(|id| id.symbol_id.get()).map(|s| s.index()));
            self.code.op_with(code::LOCAL_GET, local);
            self.bind(&parameter.pattern);
        }
        self.rest(parameters);
    }

    /// What is left of the arguments, and defaults, are not followed.
    pub(super) fn rest(&mut self, parameters: &'p FormalParameters<'a>) {
        if let Some(rest) = &parameters.rest {
            self.opaque();
            self.bind(&rest.rest.argument);
        }
    }

    /// Writes a function that stands here as a part of this one: its parameters are given as locals, and what it returns
    /// is left as a value.
    pub(super) fn part(&mut self, value: &'p Expression<'a>, given: &[u32]) {
        let (parameters, function, arrow) = match value.get_inner_expression() {
            Expression::FunctionExpression(function) => (&function.params, Some(function), None),
            Expression::ArrowFunctionExpression(arrow) => (&arrow.params, None, Some(arrow)),
            other => {
                self.expression(other);
                return;
            }
        };
        self.bind_given(parameters, given);
        let result = self.take();
        let leave = self.code.open(code::BLOCK, false);
        self.frames.push(Frame { leave, result: Some(result), ..Frame::default() });
        let body = function.and_then(|function| function.body.as_ref()).map(|body| &body.statements[..]);
        let is_stepped = body.is_some_and(|body| self.enter_steps(parameters, body));
        body.into_iter().for_each(|body| self.statements(body));
        if let Some(arrow) = arrow {
            self.arrow_body(arrow);
        }
        if is_stepped {
            self.leave_steps();
        }
        self.frames.pop();
        self.code.end();
        self.code.op_with(code::LOCAL_GET, result);
        self.give_back(result);
    }

    /// Gives parameters what a call hands over.
    pub(super) fn bind_given(&mut self, parameters: &'p FormalParameters<'a>, given: &[u32]) {
        for (at, parameter) in parameters.items.iter().enumerate() {
            match given.get(at) {
                Some(local) => self.code.op_with(code::LOCAL_GET, *local),
                None => self.opaque(),
            }
            self.bind(&parameter.pattern);
        }
        self.rest(parameters);
    }

    pub(super) fn arrow_body(&mut self, arrow: &'p ArrowFunctionExpression<'a>) {
        match &arrow.body {
            ArrowFunctionBody::FunctionBody(body) => self.statements(&body.statements),
            body => {
                if let Some(value) = body.as_expression() {
                    self.return_value(Some(value));
                }
            }
        }
    }

    pub(super) fn statements(&mut self, statements: &'p [Statement<'a>]) {
        // What a block declares may be called before it is reached.
        for statement in statements {
            if let Statement::FunctionDeclaration(function) = statement {
                self.later(function.scope_id.get(), Body::Function(function));
            }
        }
        statements.iter().for_each(|statement| self.statement(statement));
    }

    /// `return`, of the function or of the part that stands for one.
    pub(super) fn return_value(&mut self, value: Option<&'p Expression<'a>>) {
        match value {
            Some(value) if self.step(value) => return,
            Some(value) if self.return_fields(value) => {}
            Some(value) => {
                let wide = self.expression(value);
                self.note_width(wide);
            }
            None => self.code.i32(0),
        }
        match self.frames.iter().rev().find_map(|frame| Some((frame.result?, frame.leave))) {
            Some((result, leave)) => {
                self.code.op_with(code::LOCAL_SET, result);
                self.code.branch(code::BR, leave);
            }
            None => self.code.op(code::RETURN),
        }
    }

    /// Puts off a function that is no part of this one.
    pub(super) fn later(&mut self, scope: Option<oxc_syntax::scope::ScopeId>, body: Body<'p, 'a>) {
        let member = scope.and_then(|scope| self.scan.members.get(&scope.index()));
        if let Some(index) = member.filter(|member| member.is_written).and_then(|member| member.index) {
            self.keep_body(index, body);
            self.open.push((index, body));
        }
    }

    /// A value of which nothing is known.
    pub(super) fn opaque(&mut self) {
        self.code.op_with(code::CALL, unknown(0));
    }

    /// A local for a while.
    pub(super) fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| self.code.local())
    }

    pub(super) fn give_back(&mut self, local: u32) {
        self.free.push(local);
    }

    /// Takes the value on top of the stack for what a pattern names.
    pub(super) fn bind(&mut self, pattern: &'p BindingPattern<'a>) {
        match pattern {
            BindingPattern::BindingIdentifier(id) => match id.symbol_id.get() {
                Some(symbol) => self.set(symbol.index()),
                None => self.code.op(code::DROP),
            },
            BindingPattern::AssignmentPattern(pattern) => {
                self.effect(&pattern.right);
                self.bind(&pattern.left);
            }
            BindingPattern::ObjectPattern(pattern) => {
                let local = self.take();
                self.code.op_with(code::LOCAL_SET, local);
                for property in &pattern.properties {
                    let offset = self.scan.key_name(&property.key).map_or(0, super::member::offset);
                    self.code.op_with(code::LOCAL_GET, local);
                    self.code.memory(code::I32_LOAD, offset);
                    self.bind(&property.value);
                }
                if let Some(rest) = &pattern.rest {
                    self.code.op_with(code::LOCAL_GET, local);
                    self.bind(&rest.argument);
                }
                self.give_back(local);
            }
            BindingPattern::ArrayPattern(pattern) => {
                let local = self.take();
                self.code.op_with(code::LOCAL_SET, local);
                for (at, element) in pattern.elements.iter().enumerate() {
                    if let Some(element) = element {
                        self.code.op_with(code::LOCAL_GET, local);
                        self.code.memory(code::I32_LOAD, 4 * at as u32);
                        self.bind(element);
                    }
                }
                if let Some(rest) = &pattern.rest {
                    self.code.op_with(code::LOCAL_GET, local);
                    self.bind(&rest.argument);
                }
                self.give_back(local);
            }
        }
    }

    /// The variable that a name means.
    pub(super) fn symbol(&self, name: &IdentifierReference<'a>) -> Option<usize> {
        self.scan.symbol_of(name)
    }
}
