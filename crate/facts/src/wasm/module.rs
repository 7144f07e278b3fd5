//! One pass over the sections of a module: what there is and where, and what could not be read.

use super::halves;
use super::unflatten::Moves;
use crate::limits;
use davy_model::{Gap, GapReason, Location};
use std::cell::OnceCell;
use std::ops::Range;
use wasmparser::{
    CompositeInnerType, ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind, FunctionBody, Operator,
    OperatorsReader, Parser, Payload, SubType, TypeRef,
};

/// Index of a function in the function index space: imports first.
pub(crate) type FunctionIndex = u32;

/// A module's table of contents.
#[derive(Debug, Default)]
pub(crate) struct Module<'a> {
    pub(crate) types: Vec<SubType>,
    /// Type index of each function, imports first.
    pub(crate) functions: Vec<u32>,
    /// `module.name` of each imported function.
    pub(crate) imports: Vec<String>,
    pub(crate) tags: Vec<u32>,
    pub(crate) memories: Vec<Memory>,
    pub(crate) globals: Vec<Global>,
    pub(crate) bodies: Vec<Body<'a>>,
    pub(crate) data: Vec<Data<'a>>,
    pub(crate) entries: Vec<Entry>,
    /// Functions of tables by (table, index), ascending.
    slots: Vec<(u32, u32, FunctionIndex)>,
    pub(crate) gaps: Vec<Gap>,
    /// The imported function that stands for hashes which a program leaves to others, where the module is a program of
    /// another language written down.
    pub(crate) digest: Option<FunctionIndex>,
    /// Functions that compute on words handed over in halves.
    pub(super) halves: halves::Helpers,
    /// Static offsets of stores that can be addresses, once somebody asked.
    stored: OnceCell<Vec<u32>>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) min: u64,
    pub(crate) max: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Global {
    /// The value, where the global is immutable and its initialiser is constant.
    pub(crate) constant: Option<u64>,
    /// What it holds at first, where that is a constant.
    pub(crate) initial: Option<u64>,
    /// Whether it can be the stack pointer: mutable, and a multiple of 16 at first, beyond the first page's tables.
    pub(crate) is_aligned: bool,
    pub(crate) is_mutable: bool,
}

/// The body of one defined function.
#[derive(Debug, Clone)]
pub(crate) struct Body<'a> {
    pub(crate) index: FunctionIndex,
    pub(crate) range: Range<u32>,
    pub(crate) body: FunctionBody<'a>,
    /// Where the file has its bytes, if they were put in another order.
    pub(crate) moves: Option<&'a Moves>,
}

impl<'a> Body<'a> {
    /// How many locals are declared, and the operators behind: their offset in the module, and their bytes.
    pub(crate) fn code(&self) -> wasmparser::Result<(u32, u64, &'a [u8])> {
        let (locals, reader) = operators(&self.body)?;
        let start = reader.original_position();
        let bytes = self.body.as_bytes().get((start - u64::from(self.range.start)) as usize..).unwrap_or(&[]);
        Ok((locals, start, bytes))
    }

    /// How many bytes are read.
    pub(crate) fn length(&self) -> u32 {
        self.body.as_bytes().len() as u32
    }

    /// The offset in the file of what was read at an offset.
    pub(crate) fn origin(&self, at: u32) -> u32 {
        self.moves.map_or(at, |moves| moves.origin(at))
    }
}

/// A data segment: its bytes, where they stand in the file, and where they go in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Data<'a> {
    pub(crate) bytes: &'a [u8],
    /// In the file; none for what is read from memory.
    pub(crate) offset: Option<u32>,
    pub(crate) address: Option<u64>,
}

/// A way in from outside.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) function: FunctionIndex,
    pub(crate) how: EntryKind,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    Export(String),
    Start,
    Table,
}

impl<'a> Module<'a> {
    /// Reads all sections. Never fails; each thing that could not be read is a gap.
    pub(crate) fn read(bytes: &'a [u8]) -> Self {
        let mut module = Self::default();
        if !module.has_header(bytes) {
            return module;
        }
        for payload in Parser::new(0).parse_all(bytes) {
            match payload {
                Ok(payload) => module.payload(payload),
                Err(error) => {
                    module.broken(&error, bytes.len());
                    break;
                }
            }
        }
        davy_model::sort(&mut module.slots);
        module
    }

    /// The function that a table holds from the start.
    pub(crate) fn in_table(&self, table: u32, index: u32) -> Option<FunctionIndex> {
        let at = self.slots.partition_point(|(t, i, _)| (*t, *i) < (table, index));
        self.slots.get(at).filter(|(t, i, _)| (*t, *i) == (table, index)).map(|(.., function)| *function)
    }

    pub(crate) fn imported(&self) -> u32 {
        self.imports.len() as u32
    }

    /// The defined function with this index.
    pub(crate) fn body(&self, function: FunctionIndex) -> Option<&Body<'a>> {
        self.bodies.get(function.checked_sub(self.imported())? as usize)
    }

    /// What memory holds at an address from the start, where no store names that address: a constant kept in memory.
    /// Small values are left alone, they are counters and flags as often as constants.
    pub(crate) fn initial(&self, address: u64, bytes: u64) -> Option<u64> {
        const SMALLEST_VALUE: u64 = 1 << 12;
        let byte = |at: u64| {
            let held = |data: &Data<'_>| data.bytes.get(usize::try_from(at.checked_sub(data.address?)?).ok()?).copied();
            self.data.iter().take(limits::CONSTANT_SEGMENTS).find_map(held)
        };
        // Linkers leave out zeros at the ends of a segment.
        let value = (0..bytes).rev().fold(0, |value, n| value << 8 | u64::from(byte(address + n).unwrap_or(0)));
        let is_stored = || self.stored.get_or_init(|| self.stores()).binary_search(&(address as u32)).is_ok();
        (value >= SMALLEST_VALUE && address <= u64::from(u32::MAX) && !is_stored()).then_some(value)
    }

    /// Static offsets beyond the first page's tables behind every byte that can be a store's; more than there are, never
    /// fewer.
    fn stores(&self) -> Vec<u32> {
        const SMALLEST_ADDRESS: u32 = 1 << 10;
        let mut stores = Vec::new();
        for body in &self.bodies {
            let bytes = body.body.as_bytes();
            for (at, pair) in bytes.windows(2).enumerate() {
                if matches!(pair[0], 0x36..=0x3e) && pair[1] <= 4 {
                    let digits = bytes[at + 2..].iter().take(5).scan(true, |more, byte| {
                        let digit = more.then_some(u32::from(*byte & 0x7f));
                        *more = *more && *byte & 0x80 != 0;
                        digit
                    });
                    let offset = digits.enumerate().fold(0u32, |sum, (n, digit)| sum | digit << (7 * n));
                    if offset >= SMALLEST_ADDRESS {
                        stores.push(offset);
                    }
                }
            }
        }
        davy_model::sort(&mut stores);
        stores.dedup();
        stores
    }

    /// Counts of parameters and results.
    pub(crate) fn arity(&self, type_index: u32) -> Option<(usize, usize)> {
        match &self.types.get(type_index as usize)?.composite_type.inner {
            CompositeInnerType::Func(f) => Some((f.params().len(), f.results().len())),
            _ => None,
        }
    }

    /// Says at once when the bytes are no module at all, so that nothing is taken for clean.
    fn has_header(&mut self, bytes: &[u8]) -> bool {
        const HEADER: [u8; 8] = *b"\0asm\x01\0\0\0";
        if bytes.len() < HEADER.len() {
            let because = format!("a module starts with 8 bytes; here are {}", bytes.len());
            self.gap(GapReason::Truncated, 0, bytes.len() as u32, because);
            return false;
        }
        if bytes[..4] != HEADER[..4] {
            self.gap(GapReason::Undecodable, 0, 4, "the bytes do not start with \\0asm".to_owned());
            return false;
        }
        true
    }

    fn payload(&mut self, payload: Payload<'a>) {
        let (start, end) = payload.as_section().map_or((0, 0), |(_, r)| (r.start as u32, r.end as u32));
        let read = match payload {
            Payload::TypeSection(s) => s.into_iter().try_for_each(|group| {
                self.types.extend(group?.into_types());
                Ok(())
            }),
            Payload::ImportSection(s) => s.into_imports().try_for_each(|import| {
                let import = import?;
                self.import(import.module, import.name, import.ty);
                Ok(())
            }),
            Payload::FunctionSection(s) => s.into_iter().try_for_each(|t| {
                self.functions.push(t?);
                Ok(())
            }),
            Payload::MemorySection(s) => s.into_iter().try_for_each(|m| {
                let m = m?;
                self.memories.push(Memory { min: m.initial, max: m.maximum });
                Ok(())
            }),
            Payload::TagSection(s) => s.into_iter().try_for_each(|t| {
                self.tags.push(t?.func_type_idx);
                Ok(())
            }),
            Payload::GlobalSection(s) => s.into_iter().try_for_each(|g| {
                let g = g?;
                let initial = constant(&g.init_expr, &self.globals);
                let is_aligned = g.ty.mutable && initial.is_some_and(|k| k >= 1 << 10 && k % 16 == 0);
                let constant = initial.filter(|_| !g.ty.mutable);
                self.globals.push(Global { constant, initial, is_aligned, is_mutable: g.ty.mutable });
                Ok(())
            }),
            Payload::ExportSection(s) => s.into_iter().try_for_each(|e| {
                let e = e?;
                if matches!(e.kind, ExternalKind::Func | ExternalKind::FuncExact) {
                    self.enter(e.index, EntryKind::Export(e.name.to_owned()));
                }
                Ok(())
            }),
            Payload::StartSection { func, .. } => {
                self.enter(func, EntryKind::Start);
                Ok(())
            }
            Payload::ElementSection(s) => s.into_iter().try_for_each(|e| self.element(&e?)),
            Payload::DataSection(s) => s.into_iter().try_for_each(|d| {
                self.segment(&d?);
                Ok(())
            }),
            Payload::CodeSectionEntry(body) => {
                self.code(body);
                Ok(())
            }
            Payload::UnknownSection { id, range, .. } => {
                let because = format!("section id {id} is not known to the parser");
                self.gap(GapReason::UnknownProposal, range.start as u32, range.end as u32, because);
                Ok(())
            }
            Payload::Version { encoding: wasmparser::Encoding::Component, range, .. } => {
                let because = "a component, not a core module: browsers refuse it".to_owned();
                self.gap(GapReason::UnknownProposal, range.start as u32, range.end as u32, because);
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(error) = read {
            self.undecodable(&error, start, end);
        }
    }

    fn import(&mut self, module: &str, name: &str, ty: TypeRef) {
        match ty {
            TypeRef::Func(t) | TypeRef::FuncExact(t) => {
                self.imports.push(format!("{module}.{name}"));
                self.functions.push(t);
            }
            TypeRef::Memory(m) => self.memories.push(Memory { min: m.initial, max: m.maximum }),
            TypeRef::Global(ty) => {
                let is_mutable = ty.mutable;
                self.globals.push(Global { constant: None, initial: None, is_aligned: false, is_mutable });
            }
            TypeRef::Tag(t) => self.tags.push(t.func_type_idx),
            TypeRef::Table(_) => {}
        }
    }

    fn element(&mut self, element: &wasmparser::Element<'a>) -> wasmparser::Result<()> {
        if matches!(element.kind, ElementKind::Declared) {
            return Ok(());
        }
        // Where the first goes: a table and an index, or nobody knows.
        let first = match &element.kind {
            ElementKind::Active { table_index, offset_expr } => {
                constant(offset_expr, &self.globals).map(|at| (table_index.unwrap_or(0), at as u32))
            }
            _ => None,
        };
        match element.items.clone() {
            ElementItems::Functions(items) => {
                for (n, function) in items.into_iter().enumerate() {
                    self.slot(first, n, function?);
                }
            }
            ElementItems::Expressions(_, items) => {
                for (n, item) in items.into_iter().enumerate() {
                    for op in item?.get_operators_reader() {
                        if let Operator::RefFunc { function_index } = op? {
                            self.slot(first, n, function_index);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn slot(&mut self, first: Option<(u32, u32)>, n: usize, function: FunctionIndex) {
        if let Some((table, at)) = first.filter(|_| self.slots.len() < limits::ENTRIES) {
            self.slots.push((table, at.wrapping_add(n as u32), function));
        }
        self.enter(function, EntryKind::Table);
    }

    fn enter(&mut self, function: FunctionIndex, how: EntryKind) {
        if self.entries.len() < limits::ENTRIES {
            self.entries.push(Entry { function, how });
        }
    }

    fn segment(&mut self, data: &wasmparser::Data<'a>) {
        let address = match &data.kind {
            DataKind::Active { offset_expr, .. } => constant(offset_expr, &self.globals),
            DataKind::Passive => None,
        };
        let offset = (data.range.end - data.data.len() as u64) as u32;
        self.data.push(Data { bytes: data.data, offset: Some(offset), address });
    }

    fn code(&mut self, body: FunctionBody<'a>) {
        let index = self.imported() + self.bodies.len() as u32;
        let range = body.range();
        self.bodies.push(Body { index, range: range.start as u32..range.end as u32, body, moves: None });
    }

    fn broken(&mut self, error: &wasmparser::Error, length: usize) {
        let at = error.offset() as u32;
        // The parser says "unexpected end" when bytes are missing, anything else when they are wrong.
        let truncated = error.message().starts_with("unexpected end");
        let reason = if truncated { GapReason::Truncated } else { GapReason::Undecodable };
        self.gap(reason, at.min(length as u32), length as u32, error.message().to_owned());
    }

    pub(crate) fn undecodable(&mut self, error: &wasmparser::Error, start: u32, end: u32) {
        self.gap(GapReason::Undecodable, start, end, format!("{} at byte {}", error.message(), error.offset()));
    }

    pub(crate) fn gap(&mut self, reason: GapReason, start: u32, end: u32, because: String) {
        if self.gaps.len() < limits::GAPS {
            self.gaps.push(Gap { reason, location: Location::Bytes { start, end }, because });
        }
    }
}

/// The value of a constant expression: one constant, or an immutable global's.
fn constant(expr: &ConstExpr<'_>, globals: &[Global]) -> Option<u64> {
    let mut reader = expr.get_operators_reader();
    let value = match reader.read().ok()? {
        Operator::I32Const { value } => u64::from(value as u32),
        Operator::I64Const { value } => value as u64,
        Operator::GlobalGet { global_index } => globals.get(global_index as usize)?.constant?,
        _ => return None,
    };
    matches!(reader.read().ok()?, Operator::End).then_some(value)
}

/// Reader over a body's operators, past the declarations of locals; also how many locals are declared.
pub(crate) fn operators<'a>(body: &FunctionBody<'a>) -> wasmparser::Result<(u32, OperatorsReader<'a>)> {
    let mut locals = 0u32;
    let mut reader = body.get_locals_reader()?;
    for _ in 0..reader.get_count() {
        locals = locals.saturating_add(reader.read()?.0);
    }
    Ok((locals, OperatorsReader::new(reader.get_binary_reader())))
}
