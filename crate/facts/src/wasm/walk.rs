//! Follows values through one function body: operand stack, locals, globals and the shadow stack in memory.
//!
//! Paths that meet give a [`Op::Join`], loop heads an [`Op::Phi`]; code that cannot be reached is dropped. Short leaf
//! functions are read again at their call sites, so that a mask or a rotation hidden in a helper is seen where it acts.

use super::control::{Control, Kind};
use super::module::{Body, FunctionIndex, Module, operators};
use super::outline::Outline;
use super::padding::Padding;
use super::shapes::Shapes;
use super::tables::Tables;
use super::value::{Graph, Id, Op, Origin, UNKNOWN, Width};
use crate::limits;
use std::collections::BTreeMap;
use wasmparser::{MemArg, Operator, OperatorsReader};

/// Everything that is known while one function is read.
pub(crate) struct Walker<'m, 'a> {
    pub(super) module: &'m Module<'a>,
    pub(super) tables: &'m Tables,
    pub(super) graph: Graph,
    pub(super) stack: Vec<Id>,
    pub(super) control: Control,
    /// Slots of the shadow stack: (global that holds the stack pointer, offset) to variable.
    slots: BTreeMap<(u64, u64), Slot>,
    shapes: Shapes,
    padding: Padding,
    /// First variable of the function that is being read (callees' locals follow the caller's).
    base: usize,
    depth: usize,
    inlined: u32,
    /// Short functions by whether they are leaves, once that was asked: locals and operators of those that are.
    leaves: BTreeMap<FunctionIndex, Option<u32>>,
}

#[derive(Clone, Copy)]
struct Slot {
    variable: usize,
    /// Static offset of the store that made it, by which loops know it.
    offset: u32,
}

impl<'m, 'a> Walker<'m, 'a> {
    /// A walker to be used for one function after another.
    pub(crate) fn new(module: &'m Module<'a>, tables: &'m Tables) -> Self {
        Self {
            module,
            tables,
            graph: Graph::new(),
            stack: Vec::new(),
            control: Control::default(),
            slots: BTreeMap::new(),
            shapes: Shapes::default(),
            padding: Padding::default(),
            base: 0,
            depth: 0,
            inlined: 0,
            leaves: BTreeMap::new(),
        }
    }

    /// Reads a defined function and gives what was seen, part by part.
    pub(crate) fn function(&mut self, body: &Body<'a>, outline: &Outline) -> Shapes {
        self.reset(body, outline);
        if let Ok((_, reader)) = operators(&body.body) {
            self.run(reader, Some(outline), 0);
        }
        self.shapes.read(&self.graph, self.tables);
        self.shapes.padded(&self.padding.found());
        std::mem::take(&mut self.shapes)
    }

    fn reset(&mut self, body: &Body<'a>, outline: &Outline) {
        self.graph.clear();
        self.graph.here = Origin { at: body.range.start, part: 0 };
        self.stack.clear();
        self.slots.clear();
        self.padding.clear();
        self.control.clear();
        self.inlined = 0;
        self.depth = 0;
        self.shapes = Shapes::with_parts(&outline.parts);
        for (index, global) in self.module.globals.iter().enumerate().take(limits::LOCALS) {
            let id = match global.constant {
                Some(k) => self.graph.constant_node(k, Width::W64),
                None => self.graph.fresh(Op::Global, Width::Other, 0, 0, index as u64),
            };
            self.control.add(id);
        }
        self.base = self.control.len();
        let parameters = self.arity_of(body.index).0;
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
        self.control.open(Kind::Block, self.stack.len(), 0, results, self.graph.here.part);
        let mut parts = 0u32;
        while !reader.eof() && self.control.depth() > floor {
            if outline.is_some() {
                self.graph.here.at = reader.original_position() as u32;
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
                Operator::Else => self.control.take_else(&mut self.stack),
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
        let globals = self.module.globals.len();
        let mut variables: Vec<usize> = changes.globals.iter().map(|g| *g as usize).filter(|g| *g < globals).collect();
        variables.extend(changes.locals.iter().map(|l| self.base + *l as usize).filter(|l| *l < self.control.len()));
        let stored = |slot: &&Slot| changes.stores.binary_search(&slot.offset).is_ok();
        variables.extend(self.slots.values().filter(stored).map(|slot| slot.variable));
        let phis = variables.into_iter().map(|v| self.control.head(&mut self.graph, v)).collect();
        let (parameters, results) = self.block_arity(ty);
        self.control.open(Kind::Loop(phis), self.stack.len(), parameters, results, part);
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
        self.shapes.read(&self.graph, self.tables);
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

    pub(super) fn local(&self, index: u32) -> usize {
        self.base + index as usize
    }

    /// Address of a memory access, static offset included.
    pub(super) fn address(&mut self, address: Id, memarg: &MemArg) -> Id {
        let width = if self.graph.node(address).width == Width::W64 { Width::W64 } else { Width::W32 };
        let offset = self.graph.constant_node(memarg.offset, width);
        self.graph.binary(Op::Add, width, address, offset)
    }

    /// The shadow-stack slot that an address names: a global at entry plus a constant.
    fn slot_key(&self, address: Id) -> Option<(u64, u64)> {
        let node = self.graph.node(address);
        match node.op {
            Op::Global => Some((node.k, 0)),
            Op::Add => {
                let root = self.graph.node(node.a);
                (root.op == Op::Global).then(|| self.graph.constant(node.b).map(|k| (root.k, k)))?
            }
            _ => None,
        }
    }

    pub(super) fn load(&mut self, width: Width, address: Id, bytes: u64, signed: bool) -> Id {
        if let Some(slot) = self.slot_key(address).and_then(|key| self.slots.get(&key)) {
            let held = self.control.get(slot.variable);
            let same = self.graph.node(held).width;
            if held != UNKNOWN && u64::from(width.bits()) / 8 == bytes && (same == width || same == Width::Other) {
                return held;
            }
        }
        if signed {
            self.graph.fresh_signed_load(width, address, bytes)
        } else {
            self.graph.fresh(Op::Load, width, address, 0, bytes)
        }
    }

    pub(super) fn store(&mut self, address: Id, value: Id, bytes: u64, offset: u64) {
        self.padding.note(&self.graph, address, value, bytes);
        if let Some(key) = self.slot_key(address) {
            let next = self.control.len();
            let slot = *self.slots.entry(key).or_insert(Slot { variable: next, offset: offset as u32 });
            if slot.variable == next {
                self.control.add(UNKNOWN);
            }
            if self.graph.here.part > 0 && self.graph.constant(value).is_none() {
                self.graph.fresh(Op::Store, Width::Other, address, value, bytes);
            }
            let whole = bytes == 4 || bytes == 8;
            self.control.set(slot.variable, if whole { value } else { UNKNOWN });
        } else {
            self.graph.fresh(Op::Store, Width::Other, address, value, bytes);
        }
    }

    /// A direct call: read in place when the callee is a short leaf, otherwise its results are new values.
    pub(super) fn call(&mut self, callee: FunctionIndex) {
        let (parameters, results) = self.arity_of(callee);
        let mut arguments: Vec<Id> = (0..parameters).map(|_| self.pop()).collect();
        arguments.reverse();
        if let Some(body) = self.inlinable(callee) {
            return self.inline(body, &arguments, results);
        }
        let a = arguments.first().copied().unwrap_or(UNKNOWN);
        for _ in 0..results {
            let id = self.graph.fresh(Op::Call, Width::Other, a, 0, u64::from(callee));
            self.push(id);
        }
    }

    fn inlinable(&mut self, callee: FunctionIndex) -> Option<&'m Body<'a>> {
        if self.depth >= limits::INLINE_DEPTH || self.inlined >= limits::INLINE_OPERATORS {
            return None;
        }
        let body = self.module.body(callee)?;
        if body.range.end - body.range.start > limits::INLINE_BYTES {
            return None;
        }
        let known = self.leaves.entry(callee).or_insert_with(|| {
            let outline = Outline::read(body);
            outline.is_leaf().then_some(outline.operators)
        });
        self.inlined += (*known)?;
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
        let base = self.base;
        if self.slots.values().any(|slot| slot.variable >= base) {
            self.slots.retain(|_, slot| slot.variable < base);
        }
        self.base = caller;
        self.depth -= 1;
    }
}

/// What survives a seam between stretches: constants and the shadow-stack pointer.
pub(super) fn carry(id: Id, old: &Graph, new: &mut Graph) -> Id {
    let node = old.node(id);
    match node.op {
        Op::Const => new.constant_node(node.k, node.width),
        Op::Global => new.fresh(Op::Global, node.width, 0, 0, node.k),
        Op::Add if old.node(node.a).op == Op::Global && old.constant(node.b).is_some() => {
            let (a, b) = (carry(node.a, old, new), carry(node.b, old, new));
            new.binary(Op::Add, node.width, a, b)
        }
        // What was read from memory before the seam is data after it too.
        _ => new.fresh(Op::Call, node.width, 0, 0, 0),
    }
}
