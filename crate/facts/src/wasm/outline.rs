//! A function's skeleton: its loops, what each of them changes, and whom it calls. No values.

use super::module::{Body, FunctionIndex, operators};
use crate::limits;
use wasmparser::{Operator, Result};

/// A function's loops and calls. Part 0 is the code outside every loop; part `n` is loop `n - 1`.
#[derive(Debug, Default, Clone)]
pub(crate) struct Outline {
    pub(crate) parts: Vec<Part>,
    pub(crate) calls: Vec<Call>,
    /// Type indices of indirect calls, ascending, each once.
    pub(crate) indirect: Vec<u32>,
    /// Declared locals, parameters not counted.
    pub(crate) locals: u32,
    /// Operators read.
    pub(crate) operators: u32,
    /// Operators of `1 +` and a store that came last, one after the other.
    raising: u8,
    /// Whether the body ends where its operators do.
    pub(crate) whole: bool,
    /// Whether it catches exceptions: then what is thrown in a call need not end anything.
    pub(crate) catches: bool,
}

/// Straight-line code or one loop, without the loops inside it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Part {
    /// Bytes of the module, `start` inclusive, `end` exclusive, inner loops included.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Bytes that belong to no inner loop.
    pub(crate) own_bytes: u32,
    /// The part around this one; part 0 has none.
    pub(crate) parent: Option<u32>,
    /// 0 outside loops, 1 in an outermost loop, and so on.
    pub(crate) depth: u32,
    /// Operators that compute, inner loops not counted: neither moves nor loads, stores or branches.
    pub(crate) work: u32,
    /// Exclusive-ors and rotations, inner loops not counted.
    pub(crate) mixes: u32,
    /// Rotations among them.
    pub(crate) rotations: u32,
    /// 64-bit products, inner loops not counted.
    pub(crate) products: u32,
    /// 64-bit shifts to the right and quotients, which take the upper half of a product; inner loops not counted.
    pub(crate) halves: u32,
    /// Constants that tell a hash of few operators, as bits.
    pub(crate) marks: u8,
    /// Bitwise ands, inner loops not counted.
    pub(crate) masks: u32,
    /// 64-bit floating-point additions, subtractions, products, quotients and square roots, inner loops not counted.
    pub(crate) floats: [u32; FLOATS],
    /// Stores of a sum with one, inner loops not counted.
    pub(crate) raised: u32,
    /// Locals and globals that change inside, inner loops included; sorted, each once.
    pub(crate) locals: Vec<u32>,
    pub(crate) globals: Vec<u32>,
    /// Whether something is stored, or called, inside, inner loops included.
    pub(crate) stores: bool,
    pub(crate) calls: bool,
}

/// A direct call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    pub(crate) callee: FunctionIndex,
    /// The part it stands in.
    pub(crate) part: u32,
    /// Whether nothing stands behind it but a trap: it never comes back, so no loop calls it twice.
    pub(crate) is_last: bool,
}

/// Fewest mixing operators in one part of a function that hashes: a round of any hash known has more.
const LEAST_MIXES: u32 = 6;

/// Fewest 64-bit products that make a full multiply (Karatsuba's three).
const LEAST_PRODUCTS: u32 = 3;

/// Fewest times that upper halves are taken in such a multiply: of its three carries.
const LEAST_HALVES: u32 = 3;

/// Operators that compute for each one that mixes, beyond which a part is no hash. Rounds have 2 to 6, unoptimised
/// ones and those rewritten at random up to 20; a part that long which mixes often is read however thin it is.
const WORK_OF_A_MIX: u32 = 32;

/// See [`WORK_OF_A_MIX`].
const MANY_MIXES: u32 = 64;

/// FNV's prime, with which Ethash mixes, and the two multipliers of ProgPoW's generator: few exclusive-ors beside them
/// are enough.
const FNV_MARK: u8 = 1;
const KISS99_MARKS: u8 = 2 | 4;

/// Kinds of floating-point operations that are counted.
pub(crate) const FLOATS: usize = 5;

impl Part {
    /// Bytes that belong to no inner loop, as many as they would be without moves. Unoptimised code moves values about:
    /// 17 to 38 bytes for each operator that computes in two C miners at -O0, 103 in the largest function of rustc's,
    /// where 40 lawful modules have 3 to 13 and the wallet of the corpus at -O2 up to 30. The 16 is a choice: of 8, 10
    /// and 16 only the last leaves the wallet-like module well above `little-else`.
    pub(crate) fn weight(&self) -> u32 {
        const BYTES_OF_WORK: u32 = 16;
        self.own_bytes.min(self.work.saturating_mul(BYTES_OF_WORK))
    }

    fn can_hash(&self) -> bool {
        let marked = self.marks & FNV_MARK != 0 && self.mixes > 0
            || self.marks & KISS99_MARKS == KISS99_MARKS && self.mixes >= LEAST_MIXES / 2;
        let dense = self.mixes >= MANY_MIXES || self.mixes.saturating_mul(WORK_OF_A_MIX) >= self.work;
        marked
            || self.mixes >= LEAST_MIXES && dense
            || self.products >= LEAST_PRODUCTS && (self.halves >= LEAST_HALVES || self.mixes >= 2)
    }
}

impl Outline {
    /// Whether some part mixes enough to be worth following value by value.
    pub(crate) fn can_hash(&self) -> bool {
        self.parts.iter().any(|p| p.can_hash() || self.can_look_up(p)) || self.is_rolled()
    }

    /// A permutation whose steps are loops of their own, none of which mixes much: Keccak built for size.
    fn is_rolled(&self) -> bool {
        const WORK_OF_A_ROLLED_MIX: u32 = 8;
        let sum = |count: fn(&Part) -> u32| self.parts.iter().skip(1).map(count).sum::<u32>();
        let mixes = sum(|p| p.mixes);
        sum(|p| p.rotations) >= 2
            && mixes >= LEAST_MIXES
            && mixes.saturating_mul(WORK_OF_A_ROLLED_MIX) >= sum(|p| p.work)
    }

    /// A product, an exclusive-or and two masks in one loop or its neighbour: a round that reads tables at masked words,
    /// kept in a loop.
    fn can_look_up(&self, part: &Part) -> bool {
        let around = part.parent.map_or(0, |parent| self.parts[parent as usize].masks);
        part.depth > 0 && part.products > 0 && part.mixes > 0 && part.masks + around > 1
    }

    /// Whether a body of this length is straight code with a 64-bit product and an exclusive-or, what `can_look_up` finds
    /// in a loop: a round whose table look-ups a build for size took out of its loop.
    pub(crate) fn is_round(&self, bytes: u32) -> bool {
        bytes <= limits::INLINE_BYTES && self.is_leaf() && self.parts[0].products > 0 && self.parts[0].mixes > 0
    }

    /// Reads the skeleton of a body. A body that breaks off gives what stands before the break.
    pub(crate) fn read(body: &Body<'_>) -> Self {
        let mut outline = Self {
            parts: vec![Part { start: body.range.start, end: body.range.end, ..Part::default() }],
            ..Self::default()
        };
        outline.whole = outline.fill(body).is_ok();
        outline.close();
        outline
    }

    /// Whether the function neither loops nor calls: a candidate for reading again at its call sites.
    pub(crate) fn is_leaf(&self) -> bool {
        self.parts.len() == 1 && self.indirect.is_empty() && self.whole
    }

    /// Whether a body of this length is read again where it is called from a loop. Longer ones only where unoptimised
    /// code may hide a part of a hash.
    pub(crate) fn is_helper(&self, bytes: u32) -> bool {
        let part = &self.parts[0];
        let helps = part.work <= limits::INLINE_WORK && (part.mixes > 0 || part.products > 0);
        self.is_leaf() && (bytes <= limits::INLINE_BYTES || bytes <= limits::INLINE_UNOPTIMISED_BYTES && helps)
    }

    fn fill(&mut self, body: &Body<'_>) -> Result<()> {
        let (locals, mut reader) = operators(&body.body)?;
        self.locals = locals;
        let bytes = body.body.as_bytes();
        // For each open block: the part it belongs to when it closes.
        let mut open: Vec<u32> = Vec::new();
        let mut part = 0u32;
        let mut before = 0;
        while !reader.eof() {
            let at = reader.original_position() as u32;
            let operator = reader.read()?;
            self.operators += 1;
            let code = bytes.get((at - body.range.start) as usize);
            self.parts[part as usize].work += u32::from(code.is_some_and(|code| computes(*code)));
            self.catches |= matches!(operator, Operator::TryTable { .. } | Operator::Try { .. });
            match operator {
                Operator::Loop { .. } => {
                    open.push(part);
                    part = self.open(at, part);
                }
                Operator::Block { .. } | Operator::If { .. } | Operator::TryTable { .. } | Operator::Try { .. } => {
                    open.push(part)
                }
                Operator::Unreachable => self.end_with_call(before),
                Operator::End => {
                    let Some(outer) = open.pop() else { break };
                    if outer != part {
                        self.parts[part as usize].end = reader.original_position() as u32;
                        part = outer;
                    }
                }
                other => self.note(part, &other),
            }
            before = code.copied().unwrap_or(0);
            if open.len() > limits::NESTING {
                break;
            }
        }
        Ok(())
    }

    /// A trap: the call right before it, if there was one, never comes back.
    fn end_with_call(&mut self, before: u8) {
        const CALL: u8 = 0x10;
        if let Some(call) = self.calls.last_mut().filter(|_| before == CALL) {
            call.is_last = true;
        }
    }

    fn open(&mut self, at: u32, parent: u32) -> u32 {
        let depth = self.parts[parent as usize].depth + 1;
        let end = self.parts[parent as usize].end;
        self.parts.push(Part { start: at, end, parent: Some(parent), depth, ..Part::default() });
        (self.parts.len() - 1) as u32
    }

    fn note(&mut self, part: u32, operator: &Operator<'_>) {
        self.raise(part, operator);
        let changes = &mut self.parts[part as usize];
        match operator {
            Operator::I32Xor | Operator::I64Xor | Operator::V128Xor => changes.mixes += 1,
            Operator::I32Rotl | Operator::I32Rotr | Operator::I64Rotl | Operator::I64Rotr => {
                changes.mixes += 1;
                changes.rotations += 1;
            }
            Operator::I32Const { value: 0x0100_0193 } => changes.marks |= FNV_MARK,
            Operator::I32Const { value: 36_969 } => changes.marks |= KISS99_MARKS & 2,
            Operator::I32Const { value: 18_000 } => changes.marks |= KISS99_MARKS & 4,
            Operator::I64Mul => changes.products += 1,
            Operator::I32And | Operator::I64And => changes.masks += 1,
            Operator::F64Add | Operator::F64x2Add => changes.floats[0] += 1,
            Operator::F64Sub | Operator::F64x2Sub => changes.floats[1] += 1,
            Operator::F64Mul | Operator::F64x2Mul => changes.floats[2] += 1,
            Operator::F64Div | Operator::F64x2Div => changes.floats[3] += 1,
            Operator::F64Sqrt | Operator::F64x2Sqrt => changes.floats[4] += 1,
            Operator::I64ShrU | Operator::I64ShrS | Operator::I64DivU | Operator::I64DivS => changes.halves += 1,
            Operator::I64MulWideU | Operator::I64MulWideS => {
                changes.products += LEAST_PRODUCTS;
                changes.halves += LEAST_HALVES;
            }
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } if part > 0 => {
                changes.locals.push(*local_index);
            }
            Operator::GlobalSet { global_index } if part > 0 => changes.globals.push(*global_index),
            Operator::I32Store { .. } | Operator::I64Store { .. } | Operator::V128Store { .. } => changes.stores = true,
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                changes.calls = true;
                self.calls.push(Call { callee: *function_index, part, is_last: false });
            }
            Operator::CallIndirect { type_index, .. } | Operator::ReturnCallIndirect { type_index, .. } => {
                changes.calls = true;
                self.indirect.push(*type_index);
            }
            _ => {}
        }
    }

    fn raise(&mut self, part: u32, operator: &Operator<'_>) {
        self.raising = match operator {
            Operator::I32Const { value: 1 } => 1,
            Operator::I32Add if self.raising == 1 => 2,
            // A copy kept in a local, or what an instrumented build counts, may stand between.
            Operator::LocalTee { .. } | Operator::GlobalSet { .. } => self.raising,
            Operator::I32Store { .. } | Operator::I32Store8 { .. } | Operator::I32Store16 { .. } => {
                self.parts[part as usize].raised += u32::from(self.raising == 2);
                0
            }
            _ => 0,
        };
    }

    /// Hands inner loops' changes to the loops around them, and leaves every list sorted.
    fn close(&mut self) {
        for index in (0..self.parts.len()).rev() {
            let part = &mut self.parts[index];
            for list in [&mut part.locals, &mut part.globals] {
                davy_model::sort(list);
                list.dedup();
            }
            part.own_bytes = part.own_bytes.wrapping_add(part.end - part.start);
            let Some(parent) = part.parent else { continue };
            let inner = part.clone();
            let outer = &mut self.parts[parent as usize];
            // Wraps below zero until the parent adds its own length; parents come later in this order.
            outer.own_bytes = outer.own_bytes.wrapping_sub(inner.end - inner.start);
            if parent > 0 {
                outer.locals.extend(inner.locals);
                outer.globals.extend(inner.globals);
                outer.stores |= inner.stores;
                outer.calls |= inner.calls;
            }
        }
        davy_model::sort(&mut self.indirect);
        self.indirect.dedup();
    }
}

/// Whether an operator's first byte is one of comparisons, arithmetic, conversions or vectors.
fn computes(code: u8) -> bool {
    matches!(code, 0x45..=0xc4 | 0xfd)
}
