//! Follows values through one function body: operand stack, locals, globals and the shadow stack in memory.
//!
//! Paths that meet give a [`Op::Join`], loop heads an [`Op::Phi`]; code that cannot be reached is dropped. Short leaf
//! functions are read again at their call sites, so that a mask or a rotation hidden in a helper is seen where it acts.

use super::control::{Control, Kind};
use super::halves::Helper;
use super::live::Live;
use super::module::{Body, FunctionIndex, Module, operators};
use super::outline::Outline;
use super::padding::Padding;
use super::shapes::Shapes;
use super::slots::Slots;
use super::tables::Known;
use super::unflatten::Moves;
use super::value::{Graph, Id, Op, Origin, UNKNOWN, Width};
use crate::limits;
use std::collections::BTreeMap;
use wasmparser::{MemArg, Operator, OperatorsReader};

/// Everything that is known while one function is read.
pub(crate) struct Walker<'m, 'a> {
    pub(super) module: &'m Module<'a>,
    pub(super) known: &'m Known<'m>,
    pub(super) graph: Graph,
    pub(super) stack: Vec<Id>,
    pub(super) control: Control,
    pub(super) slots: Slots,
    shapes: Shapes,
    padding: Padding,
    /// Where the file has what is read.
    moves: Option<&'a Moves>,
    /// First variable of the function that is being read (callees' locals follow the caller's).
    base: usize,
    /// Blocks open around the function that is being read.
    pub(super) outermost: usize,
    depth: usize,
    /// Operators that may still be read by inlining.
    left_to_inline: u32,
    /// How often memory may have grown: calls, and loops around what was read.
    pub(super) grown: u32,
    /// Variables of the globals that the function has named so far: a dynamically linked program has ten thousand more.
    globals: BTreeMap<u32, usize>,
    /// Short functions by whether they are leaves, once that was asked: locals and operators of those that are.
    leaves: BTreeMap<FunctionIndex, Option<u32>>,
}

impl<'m, 'a> Walker<'m, 'a> {
    /// A walker to be used for one function after another.
    pub(crate) fn new(module: &'m Module<'a>, known: &'m Known<'m>) -> Self {
        Self {
            module,
            known,
            graph: Graph::new(),
            stack: Vec::new(),
            control: Control::default(),
            slots: Slots::default(),
            outermost: 0,
            shapes: Shapes::default(),
            padding: Padding::default(),
            moves: None,
            base: 0,
            depth: 0,
            left_to_inline: 0,
            grown: 0,
            globals: BTreeMap::new(),
            leaves: BTreeMap::new(),
        }
    }

    /// Reads a defined function and gives what was seen, part by part.
    pub(crate) fn function(&mut self, body: &Body<'a>, outline: &Outline) -> Shapes {
        self.reset(body, outline);
        if let Ok((_, reader)) = operators(&body.body) {
            self.run(reader, Some(outline), 0);
        }
        self.shapes.read(&self.graph, self.known);
        self.shapes.padded(&self.padding.found());
        std::mem::take(&mut self.shapes)
    }

    fn reset(&mut self, body: &Body<'a>, outline: &Outline) {
        self.graph.clear();
        self.moves = body.moves;
        self.graph.here = Origin { at: body.range.start, part: 0 };
        self.stack.clear();
        self.slots.clear();
        self.padding.clear();
        self.control.clear();
        let share = outline.operators.saturating_mul(limits::INLINE_TIMES_BODY);
        self.left_to_inline = share.saturating_add(limits::INLINE_LEAST).min(limits::INLINE_OPERATORS);
        self.depth = 0;
        self.grown = 0;
        self.shapes = Shapes::with_parts(&outline.parts);
        self.globals.clear();
        self.base = self.control.len();
        let parameters = self.arity_of(body.index).0;
        self.control.lives(Live::of(body, parameters + outline.locals as usize));
        self.add_locals(parameters, outline.locals as usize);
    }

    fn add_locals(&mut self, parameters: usize, locals: usize) {
        for index in 0..parameters.min(limits::LOCALS) {
            let id = self.graph.fresh(Op::Param, Width::Other, 0, 0, index as u64);
            self.control.add(id);
        }
        let zero = self.graph.constant_node(0, Width::W64);
        for _ in 0..locals.min(limits::LOCALS) {
            self.control.add(zero);
        }
    }

    pub(super) fn arity_of(&self, function: FunctionIndex) -> (usize, usize) {
        let signature = self.module.functions.get(function as usize).and_then(|t| self.module.arity(*t));
        signature.unwrap_or((0, 0))
    }

    /// Reads operators to the end of the body. Loops are followed where an outline tells what they change.
    fn run(&mut self, mut reader: OperatorsReader<'a>, outline: Option<&Outline>, results: usize) {
        let floor = self.control.depth();
        let around = std::mem::replace(&mut self.outermost, floor);
        self.control.open(Kind::Block, self.stack.len(), 0, results, self.graph.here.part);
        let mut parts = 0u32;
        while !reader.eof() && self.control.depth() > floor {
            if outline.is_some() {
                let at = reader.original_position() as u32;
                self.graph.here.at = self.moves.map_or(at, |moves| moves.origin(at));
            }
            let Ok(operator) = reader.read() else { break };
            if self.graph.is_full() {
                self.next_stretch();
            }
            match operator {
                Operator::Loop { blockty } => {
                    parts += 1;
                    self.open_loop(blockty, outline, parts);
                }
                Operator::Block { blockty }
                | Operator::TryTable { try_table: wasmparser::TryTable { ty: blockty, .. } } => {
                    self.open(Kind::Block, blockty);
                }
                Operator::Try { blockty } => self.open(Kind::Opaque, blockty),
                Operator::If { blockty } => {
                    self.pop_live();
                    self.open(Kind::If, blockty);
                }
                Operator::Else => self.control.take_else(&mut self.graph, &mut self.stack),
                Operator::Catch { .. } | Operator::CatchAll => self.control.revive(&mut self.graph, &mut self.stack),
                Operator::End => {
                    self.control.close(&mut self.graph, &mut self.stack);
                    self.graph.here.part = self.control.part();
                }
                _ if self.control.is_dead() => {}
                other => self.step(&other),
            }
        }
        self.control.truncate(floor);
        self.outermost = around;
    }

    fn open(&mut self, kind: Kind, ty: wasmparser::BlockType) {
        let (parameters, results) = self.block_arity(ty);
        self.control.open(kind, self.stack.len(), parameters, results, self.graph.here.part);
    }

    fn open_loop(&mut self, ty: wasmparser::BlockType, outline: Option<&Outline>, part: u32) {
        if self.control.is_dead() {
            return self.open(Kind::Block, ty);
        }
        let Some(changes) = outline.and_then(|o| o.parts.get(part as usize)) else {
            return self.open(Kind::Opaque, ty);
        };
        self.graph.here.part = part;
        self.grown += 1;
        let mut variables: Vec<usize> = changes.globals.iter().filter_map(|g| self.global(*g)).collect();
        variables.extend(changes.locals.iter().map(|l| self.base + *l as usize).filter(|l| *l < self.control.len()));
        let phis = variables.into_iter().map(|v| self.control.head(&mut self.graph, v)).collect();
        let (parameters, results) = self.block_arity(ty);
        self.control.open(Kind::Loop(phis), self.stack.len(), parameters, results, part);
        if changes.calls || changes.stores {
            self.control.changes_slots();
        }
    }

    fn block_arity(&self, ty: wasmparser::BlockType) -> (usize, usize) {
        match ty {
            wasmparser::BlockType::Empty => (0, 0),
            wasmparser::BlockType::Type(_) => (0, 1),
            wasmparser::BlockType::FuncType(t) => self.module.arity(t).unwrap_or((0, 0)),
        }
    }

    /// Reads what the graph holds, then goes on with a new one: only data-flow across the seam is lost.
    fn next_stretch(&mut self) {
        self.shapes.padded(&self.padding.found());
        self.padding.clear();
        self.shapes.read(&self.graph, self.known);
        let old = std::mem::replace(&mut self.graph, Graph::new());
        self.graph.here = old.here;
        self.control.carry(&old, &mut self.graph);
        for id in &mut self.stack {
            *id = carry(*id, &old, &mut self.graph);
        }
    }

    pub(super) fn push(&mut self, id: Id) {
        self.stack.push(id);
    }

    /// Takes a value; a stack that ran dry (only an invalid module does that) gives an unknown one.
    pub(super) fn pop(&mut self) -> Id {
        if self.stack.len() > self.control.floor() { self.stack.pop().unwrap_or(UNKNOWN) } else { UNKNOWN }
    }

    fn pop_live(&mut self) {
        if !self.control.is_dead() {
            self.pop();
        }
    }

    /// A global as a variable. It begins when it is named first: whatever path leads there, it held then what it held when
    /// the function was called.
    pub(super) fn global(&mut self, index: u32) -> Option<usize> {
        if let Some(variable) = self.globals.get(&index) {
            return Some(*variable);
        }
        let global = self.module.globals.get(index as usize)?;
        let id = match global.constant {
            Some(k) => self.graph.constant_node(k, Width::W64),
            None if global.is_aligned => self.graph.stack_pointer(u64::from(index)),
            None if !global.is_mutable || self.module.digest.is_some() => self.graph.variable(u64::from(index)),
            None => self.graph.fresh(Op::Global, Width::Other, 0, 0, u64::from(index)),
        };
        let variable = self.control.add_slot(id);
        self.globals.insert(index, variable);
        Some(variable)
    }

    pub(super) fn local(&self, index: u32) -> usize {
        self.base + index as usize
    }

    /// Address of a memory access, static offset included.
    pub(super) fn address(&mut self, address: Id, memarg: &MemArg) -> Id {
        let width = if self.graph.node(address).width == Width::W64 { Width::W64 } else { Width::W32 };
        let offset = self.graph.constant_node(memarg.offset, width);
        self.graph.binary(Op::Add, width, address, offset)
    }

    pub(super) fn load(&mut self, width: Width, address: Id, bytes: u64, signed: bool) -> Id {
        let place = self.place(address);
        if let Some(held) = place.and_then(|place| self.held(place, width, bytes)) {
            let whole = u64::from(width.bits()) == 8 * bytes;
            return if signed && !whole { self.graph.opaque(width, held, UNKNOWN) } else { held };
        }
        // A word of memory that holds a constant, also one that must be put together from several.
        let is_word = u64::from(width.bits()) == 8 * bytes && width != Width::Other;
        if let Some(at) = self.graph.constant(address).filter(|_| is_word)
            && let Some(k) = self.module.initial(at, bytes)
        {
            return self.graph.constant_node(k, width);
        }
        if signed {
            return self.graph.fresh_signed_load(width, address, bytes);
        }
        let id = self.graph.fresh(Op::Load, width, address, 0, bytes);
        if let Some(place) = place {
            self.found(place, id, bytes);
        }
        id
    }

    pub(super) fn store(&mut self, address: Id, value: Id, bytes: u64) {
        self.padding.note(&self.graph, address, value, bytes);
        if let Some(place) = self.place(address) {
            // A counter that is written to a place of the frame may be a nonce in a header that stands there.
            if self.graph.here.part > 0 && self.graph.constant(value).is_none() {
                self.graph.fresh(Op::Store, Width::Other, address, value, bytes);
            }
            return self.store_slot(place, value, bytes);
        }
        self.forget_object(address);
        self.graph.fresh(Op::Store, Width::Other, address, value, bytes);
    }

    /// A direct call: read in place when the callee is a short leaf, otherwise its results are new values.
    pub(super) fn call(&mut self, callee: FunctionIndex) {
        let (parameters, results) = self.arity_of(callee);
        let mut arguments: Vec<Id> = (0..parameters).map(|_| self.pop()).collect();
        arguments.reverse();
        if let Some((helper, global)) = self.module.halves.get(callee) {
            return self.wide(helper, global, &arguments);
        }
        if let Some(body) = self.inlinable(callee) {
            return self.inline(body, &arguments, results);
        }
        self.hand_over(&arguments);
        self.grown += 1;
        let a = arguments.first().copied().unwrap_or(UNKNOWN);
        let length = self.compared(callee, &arguments).unwrap_or(UNKNOWN);
        for _ in 0..results {
            let id = self.graph.fresh(Op::Call, Width::Other, a, length, u64::from(callee));
            self.push(id);
        }
    }

    /// The length that a function of the module is handed behind two addresses, a constant, where neither is one of the module's
    /// own data.
    fn compared(&self, callee: FunctionIndex, arguments: &[Id]) -> Option<Id> {
        let [a, b, length] = arguments else { return None };
        let is_data = |id: &Id| self.graph.constant(*id).and_then(|at| self.known.word(at, 1)).is_some_and(|k| k != 0);
        let is_own = callee >= self.module.imported() && self.graph.constant(*length).is_some();
        (is_own && !is_data(a) && !is_data(b)).then_some(*length)
    }

    /// A call of a function that computes on words handed over in halves.
    fn wide(&mut self, helper: Helper, global: u32, arguments: &[Id]) {
        let whole = self.graph.wide(helper, arguments);
        let (low, high) = self.graph.halves_of(whole);
        if let Some(variable) = self.global(global) {
            self.control.set(variable, high);
        }
        self.push(low);
    }

    /// Arguments of a callee that is not read in place: it may use those that are addresses, and write through them.
    fn hand_over(&mut self, arguments: &[Id]) {
        for argument in arguments.iter().copied() {
            if self.place(argument).is_some() {
                self.forget_object(argument);
            } else if self.graph.node(argument).op == Op::Add {
                self.forget_object(argument);
                self.graph.fresh(Op::Pass, Width::Other, argument, UNKNOWN, 0);
            }
        }
    }

    fn inlinable(&mut self, callee: FunctionIndex) -> Option<&'m Body<'a>> {
        if self.depth >= limits::INLINE_DEPTH || self.left_to_inline == 0 {
            return None;
        }
        let body = self.module.body(callee)?;
        let bytes = body.length();
        if bytes > limits::INLINE_UNOPTIMISED_BYTES {
            return None;
        }
        // Longer ones only where unoptimised code may hide a part of a hash, and where it runs often.
        let long = bytes > limits::INLINE_BYTES;
        if long && (self.graph.here.part == 0 || !super::triage::can_help(body.body.as_bytes())) {
            return None;
        }
        let known = self.leaves.entry(callee).or_insert_with(|| {
            let outline = super::helpers::outline(self.module, body);
            outline.is_helper(bytes).then_some(outline.operators)
        });
        self.left_to_inline = self.left_to_inline.saturating_sub((*known)?);
        Some(body)
    }

    fn inline(&mut self, body: &'m Body<'a>, arguments: &[Id], results: usize) {
        let Ok((locals, reader)) = operators(&body.body) else { return };
        let (caller, height) = (self.base, self.stack.len());
        self.base = self.control.len();
        self.depth += 1;
        for argument in arguments {
            self.control.add(*argument);
        }
        let zero = self.graph.constant_node(0, Width::W64);
        for _ in 0..(locals as usize).min(limits::LOCALS) {
            self.control.add(zero);
        }
        let mark = self.control.enter();
        self.run(reader, None, results);
        self.control.leave(self.base, mark);
        let spare = self.stack.len().saturating_sub(height + results);
        self.stack.drain(height..height + spare);
        while self.stack.len() < height + results {
            self.stack.push(UNKNOWN);
        }
        self.base = caller;
        self.depth -= 1;
    }
}

/// What survives a seam between stretches: constants and the shadow-stack pointer. What would fill more than half of the
/// next stretch is forgotten: else a body with more variables than that would be nothing but seams.
pub(super) fn carry(id: Id, old: &Graph, new: &mut Graph) -> Id {
    if new.nodes().len() >= limits::GRAPH_NODES / 2 {
        return UNKNOWN;
    }
    let node = old.node(id);
    match node.op {
        Op::Const => new.constant_node(node.k, node.width),
        Op::Global if node.width == Width::W32 => new.stack_pointer(node.k),
        Op::Global => new.fresh(Op::Global, node.width, 0, 0, node.k),
        Op::Add if old.node(node.a).op == Op::Global && old.constant(node.b).is_some() => {
            let (a, b) = (carry(node.a, old, new), carry(node.b, old, new));
            new.binary(Op::Add, node.width, a, b)
        }
        // What was read from memory before the seam is data after it too.
        _ => new.fresh(Op::Call, node.width, 0, 0, 0),
    }
}
