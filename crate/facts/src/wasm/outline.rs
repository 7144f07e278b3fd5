//! A function's skeleton: its loops, what each of them changes, and whom it calls. No values.

use super::module::{Body, FunctionIndex};
use super::part::{LEAST_MIXES, Part, mark};
use super::skim::{Skim, Step, code};
use crate::limits;
use wasmparser::{Operator, Result};

/// A function's loops and calls. Part 0 is the code outside every loop; part `n` is loop `n - 1`.
#[derive(Debug, Default, Clone)]
pub(crate) struct Outline {
    pub(crate) parts: Vec<Part>,
    pub(crate) calls: Vec<Call>,
    /// Type indices of indirect calls, ascending, each once.
    pub(crate) indirect: Vec<u32>,
    /// Calls through a table at an index that stands right before them: part, table, index.
    pub(crate) fixed: Vec<(u32, u32, u32)>,
    /// The constant that came last.
    last: Option<u32>,
    /// Whether it is known of every call whom it calls.
    pub(crate) is_bound: bool,
    /// Declared locals, parameters not counted.
    pub(crate) locals: u32,
    /// Operators read.
    pub(crate) operators: u32,
    /// Operators of `1 +` and a store that came last, one after the other.
    raising: u8,
    /// First byte of the operator that came last.
    before: u8,
    /// The loop that set each of the first locals last, while the body is read.
    set_in: Vec<u32>,
    /// How far the last operators have come in writing an exclusive-or without one.
    disguised: Disguise,
    /// Whether the body ends where its operators do.
    pub(crate) whole: bool,
    /// Whether it catches exceptions: then what is thrown in a call need not end anything.
    pub(crate) catches: bool,
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

/// An exclusive-or as a difference: `(x | y) - (x & y)` or `x + y - 2 (x & y)`. Only its end is looked at, an and of two
/// variables that is taken away; lawful code takes away what a constant masks.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Disguise {
    #[default]
    No,
    Constant,
    And,
    Doubling,
    Doubled,
}

impl Outline {
    /// Whether some part mixes enough to be worth following value by value.
    pub(crate) fn can_hash(&self) -> bool {
        self.parts.iter().any(|p| p.can_hash() || self.can_look_up(p)) || self.is_rolled()
    }

    /// Whether as much mixes as a hash does, however many loops it stands in: a build for size keeps each step of a permutation
    /// in a loop.
    pub(crate) fn mixes_in_all(&self) -> bool {
        self.joins() >= LEAST_MIXES as u32
    }

    /// Whether a program in JavaScript mixes at all: what it rotates by shifts is not counted here, and of sums, rotations
    /// and exclusive-ors a step may have one each.
    pub(crate) fn mixes_as_program(&self) -> bool {
        self.joins() >= LEAST_MIXES as u32 / 2
    }

    /// Exclusive-ors of two values, and rotations, wherever they stand.
    pub(crate) fn joins(&self) -> u32 {
        self.parts.iter().map(Part::joins).sum()
    }

    /// A permutation whose steps are loops of their own, none of which mixes much: Keccak built for size.
    fn is_rolled(&self) -> bool {
        const WORK_OF_A_ROLLED_MIX: u32 = 8;
        let sum = |count: fn(&Part) -> u32| self.parts.iter().skip(1).map(count).sum::<u32>();
        let mixes = sum(Part::joins);
        sum(|p| p.rotations) >= 2
            && mixes >= LEAST_MIXES as u32
            && mixes.saturating_mul(WORK_OF_A_ROLLED_MIX) >= sum(|p| p.work)
    }

    /// A product, an exclusive-or and two masks in one loop or its neighbour: a round that reads tables at masked words,
    /// kept in a loop.
    fn can_look_up(&self, part: &Part) -> bool {
        let around = part.parent.map_or(0, |parent| self.parts[parent as usize].masks);
        part.depth > 0 && part.joins() > 0 && part.true_products() > 0 && part.masks + around > 1
    }

    /// Whether a body of this length is straight code with a 64-bit product and an exclusive-or, what `can_look_up` finds
    /// in a loop: a round whose table look-ups a build for size took out of its loop.
    pub(crate) fn is_round(&self, bytes: u32) -> bool {
        bytes <= limits::INLINE_BYTES
            && self.is_leaf()
            && self.parts[0].true_products() > 0
            && self.parts[0].joins() > 0
    }

    /// Of a hundred operators that compute, how many mix, in the part where they stand thickest. A body that calls what
    /// mixes, and mixes nothing, has none.
    pub(crate) fn thickness(&self) -> u32 {
        let of_part = |part: &Part| {
            let mixes = part.joins() + 2 * part.true_products();
            if mixes >= LEAST_MIXES as u32 { mixes.saturating_mul(100) / part.work.max(1) } else { 0 }
        };
        self.parts.iter().map(of_part).max().unwrap_or(0)
    }

    /// Reads the skeleton of a body. A body that breaks off gives what stands before the break.
    pub(crate) fn read(body: &Body<'_>) -> Self {
        let mut outline = Self {
            parts: vec![Part { start: body.range.start, end: body.range.end, ..Part::default() }],
            is_bound: true,
            ..Self::default()
        };
        outline.whole = outline.fill(body).is_ok();
        outline.set_in = Vec::new();
        outline.close();
        outline
    }

    /// Whether the function neither loops nor calls: a candidate for reading again at its call sites.
    pub(crate) fn is_leaf(&self) -> bool {
        self.parts.len() == 1 && self.is_bound && self.whole
    }

    /// Whether a body of this length is read again where it is called from a loop. Longer ones only where unoptimised
    /// code may hide a part of a hash.
    pub(crate) fn is_helper(&self, bytes: u32) -> bool {
        let part = &self.parts[0];
        let helps = part.work <= limits::INLINE_WORK && (part.mixes > 0 || part.products > 0);
        self.is_leaf() && (bytes <= limits::INLINE_BYTES || bytes <= limits::INLINE_UNOPTIMISED_BYTES && helps)
    }

    fn fill(&mut self, body: &Body<'_>) -> Result<()> {
        let (locals, start, bytes) = body.code()?;
        self.locals = locals;
        let mut skim = Skim::new(bytes, start);
        // For each open block: the part it belongs to when it closes.
        let mut open: Vec<u32> = Vec::new();
        let mut part = 0u32;
        // Operators that compute, not yet added to the part's, and whether the last operator was one that nothing asks for.
        let (mut work, mut passed) = (0u32, false);
        while !skim.is_at_end() {
            let at = skim.position();
            let step = match skim.next() {
                Ok(step) => step,
                Err(error) => {
                    self.parts[part as usize].work += work;
                    return Err(error);
                }
            };
            self.operators += 1;
            let class = CLASSES[usize::from(step.code)];
            work += u32::from(class & COMPUTES);
            let passes = std::mem::replace(&mut passed, class & NOTED == 0);
            if passed {
                self.before = step.code;
                continue;
            }
            self.parts[part as usize].work += std::mem::take(&mut work);
            if passes {
                self.pass_by();
            }
            match step.code {
                code::LOOP => {
                    open.push(part);
                    part = self.open(body.origin(at), part);
                }
                code::BLOCK | code::IF => open.push(part),
                code::TRY | code::TRY_TABLE => {
                    self.catches = true;
                    open.push(part);
                }
                code::UNREACHABLE => self.end_with_call(),
                code::END => {
                    let Some(outer) = open.pop() else { break };
                    if outer != part {
                        self.parts[part as usize].end = body.origin(skim.position() - 1) + 1;
                        part = outer;
                    }
                }
                _ => self.note(part, step, skim.prefixed(step)),
            }
            self.before = step.code;
            if open.len() > limits::NESTING {
                break;
            }
        }
        self.parts[part as usize].work += work;
        Ok(())
    }

    /// An operator that nothing asks for: what the last ones began is broken off.
    fn pass_by(&mut self) {
        self.raising = 0;
        self.disguised = Disguise::No;
        self.last = None;
    }

    /// A trap: the call right before it, if there was one, never comes back.
    fn end_with_call(&mut self) {
        if let Some(call) = self.calls.last_mut().filter(|_| self.before == code::CALL) {
            call.is_last = true;
        }
    }

    fn open(&mut self, at: u32, parent: u32) -> u32 {
        let depth = self.parts[parent as usize].depth + 1;
        let end = self.parts[parent as usize].end;
        self.parts.push(Part { start: at, end, parent: Some(parent), depth, ..Part::default() });
        (self.parts.len() - 1) as u32
    }

    fn note(&mut self, part: u32, step: Step, prefixed: Option<&Operator<'_>>) {
        self.raise(part, step);
        self.undisguise(part, step);
        let by_constant = matches!(self.before, code::I32_CONST | code::I64_CONST);
        let changes = &mut self.parts[part as usize];
        match step.code {
            code::I32_XOR | code::I64_XOR => changes.mix(!by_constant),
            code::I32_ROTL | code::I32_ROTR | code::I64_ROTL | code::I64_ROTR => {
                changes.mix(true);
                changes.rotations += 1;
            }
            code::I32_CONST => changes.marks |= mark(step.value),
            code::I64_MUL => changes.multiply(!by_constant),
            code::I64_SHR_S | code::I64_SHR_U | code::I64_DIV_S | code::I64_DIV_U => changes.halves += 1,
            code::I32_AND | code::I64_AND => changes.masks += 1,
            code::F64_ADD => changes.floats[0] += 1,
            code::F64_SUB => changes.floats[1] += 1,
            code::F64_MUL => changes.floats[2] += 1,
            code::F64_DIV => changes.floats[3] += 1,
            code::F64_SQRT => changes.floats[4] += 1,
            code::LOCAL_SET | code::LOCAL_TEE if part > 0 => {
                // Loops set few locals many times.
                if self.set_in.is_empty() {
                    self.set_in.resize(STAMPED_LOCALS, 0);
                }
                let known = self.set_in.get_mut(step.value as usize);
                if known.is_none_or(|last| std::mem::replace(last, part) != part) {
                    changes.locals.push(step.value);
                }
            }
            code::GLOBAL_SET if part > 0 => changes.globals.push(step.value),
            code::I32_STORE | code::I64_STORE => changes.stores = true,
            code::CALL | code::RETURN_CALL => {
                changes.calls = true;
                self.calls.push(Call { callee: step.value, part, is_last: false });
            }
            code::CALL_INDIRECT | code::RETURN_CALL_INDIRECT => {
                changes.calls = true;
                match self.last {
                    Some(index) => self.fixed.push((part, step.second, index)),
                    None => self.is_bound = false,
                }
                self.indirect.push(step.value);
            }
            _ => prefixed.into_iter().for_each(|operator| changes.note(operator)),
        }
        self.last = (step.code == code::I32_CONST).then_some(step.value);
    }

    /// Counts exclusive-ors that are written as something else.
    fn undisguise(&mut self, part: u32, step: Step) {
        self.disguised = match (self.disguised, step.code) {
            (Disguise::And, code::I32_CONST | code::I64_CONST) if step.value == 1 => Disguise::Doubling,
            (_, code::I32_CONST | code::I64_CONST) => Disguise::Constant,
            (Disguise::Constant, _) => Disguise::No,
            (_, code::I32_AND | code::I64_AND) => Disguise::And,
            (Disguise::Doubling, code::I32_SHL | code::I64_SHL) => Disguise::Doubled,
            (Disguise::And | Disguise::Doubled, code::I32_SUB | code::I64_SUB) => {
                self.parts[part as usize].mix(true);
                Disguise::No
            }
            _ => Disguise::No,
        };
    }

    fn raise(&mut self, part: u32, step: Step) {
        self.raising = match step.code {
            code::I32_CONST if step.value == 1 => 1,
            code::I32_ADD if self.raising == 1 => 2,
            // A copy kept in a local, or what an instrumented build counts, may stand between.
            code::LOCAL_TEE | code::GLOBAL_SET => self.raising,
            code::I32_STORE | code::I32_STORE8 | code::I32_STORE16 => {
                self.parts[part as usize].raised += u32::from(self.raising == 2);
                0
            }
            _ => 0,
        };
    }

    /// Hands inner loops' changes to the loops around them, and leaves every list sorted.
    fn close(&mut self) {
        for index in (0..self.parts.len()).rev() {
            let (outer, inner) = self.parts.split_at_mut(index);
            let inner = &mut inner[0];
            for list in [&mut inner.locals, &mut inner.globals] {
                davy_model::sort(list);
                list.dedup();
            }
            inner.own_bytes = inner.own_bytes.wrapping_add(inner.end - inner.start);
            let Some(outer) = inner.parent.and_then(|parent| outer.get_mut(parent as usize)) else { continue };
            // Wraps below zero until the parent adds its own length; parents come later in this order.
            outer.own_bytes = outer.own_bytes.wrapping_sub(inner.end - inner.start);
            if outer.parent.is_some() {
                outer.locals.extend(&inner.locals);
                outer.globals.extend(&inner.globals);
                outer.stores |= inner.stores;
                outer.calls |= inner.calls;
            }
        }
        davy_model::sort(&mut self.indirect);
        self.indirect.dedup();
    }
}

/// From here on a body is read however many there are: hashes have 15 to 60, built by any compiler at any level of
/// optimisation, arithmetic of fixed-point codecs 5.
pub(super) const THICK: u32 = 12;

/// Locals of which it is kept which loop set them last: all that most functions have.
const STAMPED_LOCALS: usize = 256;

/// What is asked of an operator, by its first byte.
static CLASSES: [u8; 256] = classes();

/// Comparisons, arithmetic, conversions and vectors.
const COMPUTES: u8 = 1;

/// Everything but moves between locals, loads, branches and arithmetic that tells nothing.
const NOTED: u8 = 2;

const fn classes() -> [u8; 256] {
    const PLAIN: [u8; 11] = [0x01, 0x0c, 0x0d, 0x0f, 0x1a, 0x1b, 0x20, 0x23, 0x3f, 0x40, 0x43];
    let mut classes = [NOTED; 256];
    let mut code = 0usize;
    while code < 256 {
        if code >= 0x28 && code <= 0x35 || code >= 0x45 && code <= 0x69 || code >= 0xa4 && code <= 0xc4 {
            classes[code] = 0;
        }
        if code >= 0x45 && code <= 0xc4 || code == 0xfd {
            classes[code] |= COMPUTES;
        }
        code += 1;
    }
    let mut at = 0;
    while at < PLAIN.len() {
        classes[PLAIN[at] as usize] = 0;
        at += 1;
    }
    classes
}
