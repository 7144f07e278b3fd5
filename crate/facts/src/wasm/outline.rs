//! A function's skeleton: its loops, what each of them changes, and whom it calls. No values.

use super::module::{Body, FunctionIndex, operators};
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
    /// After how many operators that compute the last ones that mix stood, and the last products.
    last_mixes: Last<LEAST_MIXES>,
    last_products: Last<LEAST_PRODUCTS>,
    /// What mixes, and products, of helpers that the part calls.
    lent_mixes: u32,
    lent_products: u32,
    /// Whether something is stored, or called, inside, inner loops included.
    pub(crate) stores: bool,
    pub(crate) calls: bool,
}

/// Where the last operators of a kind stood, and whether so many ever stood together.
#[derive(Debug, Clone, Copy)]
struct Last<const COUNT: usize> {
    at: [u32; COUNT],
    count: usize,
    together: bool,
}

impl<const COUNT: usize> Default for Last<COUNT> {
    fn default() -> Self {
        Self { at: [0; COUNT], count: 0, together: false }
    }
}

impl<const COUNT: usize> Last<COUNT> {
    /// Notes one that comes after `work` operators that compute.
    fn note(&mut self, work: u32) {
        self.at[self.count % COUNT] = work;
        self.count += 1;
        self.together |= self.count >= COUNT && work.wrapping_sub(self.at[self.count % COUNT]) <= TOGETHER;
    }
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

/// Fewest mixing operators in one part of a function that hashes: a round of any hash known has more.
const LEAST_MIXES: usize = 6;

/// Fewest 64-bit products that make a full multiply (Karatsuba's three).
const LEAST_PRODUCTS: usize = 3;

/// Fewest times that upper halves are taken in such a multiply: of its three carries.
const LEAST_HALVES: u32 = 3;

/// Operators that compute among which the fewest mixing ones, or products, stand: rounds have 2 to 8 for each that mixes at
/// any level of optimisation, obfuscated multiplies some hundred. Where they are further apart they are plain arithmetic.
const TOGETHER: u32 = 128;

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

    /// Notes an operator of more than one byte.
    fn note(&mut self, operator: &Operator<'_>) {
        match operator {
            Operator::V128Xor => self.mix(true),
            Operator::F64x2Add => self.floats[0] += 1,
            Operator::F64x2Sub => self.floats[1] += 1,
            Operator::F64x2Mul => self.floats[2] += 1,
            Operator::F64x2Div => self.floats[3] += 1,
            Operator::F64x2Sqrt => self.floats[4] += 1,
            Operator::I64MulWideU | Operator::I64MulWideS => {
                (0..LEAST_PRODUCTS).for_each(|_| self.multiply(true));
                self.halves += LEAST_HALVES;
            }
            Operator::V128Store { .. } => self.stores = true,
            _ => {}
        }
    }

    /// Counts what a helper does as the part's own, where it is called.
    pub(super) fn lend(&mut self, mixes: u32, products: u32, work: u32) {
        (self.mixes, self.products, self.work) = (self.mixes + mixes, self.products + products, self.work + work);
        self.lent_mixes += mixes;
        self.lent_products += products;
        // Where each call stands is not kept: so many in the whole part must do.
        let dense = |count: u32, least: usize| {
            count as usize >= least && u64::from(count) * u64::from(TOGETHER) >= u64::from(self.work) * least as u64
        };
        self.last_mixes.together |= dense(self.lent_mixes, LEAST_MIXES);
        self.last_products.together |= dense(self.lent_products, LEAST_PRODUCTS);
    }

    fn can_hash(&self) -> bool {
        let marked = self.marks & FNV_MARK != 0 && self.mixes > 0
            || self.marks & KISS99_MARKS == KISS99_MARKS && self.mixes as usize >= LEAST_MIXES / 2;
        let halved = self.halves >= LEAST_HALVES || self.mixes >= 2;
        marked || self.last_mixes.together || self.last_products.together && halved
    }

    /// Exclusive-ors of two values, and rotations.
    fn joins(&self) -> u32 {
        self.last_mixes.count as u32 + self.lent_mixes
    }

    /// Products of two values, neither of them a constant.
    fn true_products(&self) -> u32 {
        self.last_products.count as u32 + self.lent_products
    }

    /// Notes an operator that mixes: `truly` when it joins two values, not one and a constant, as every negation does.
    fn mix(&mut self, truly: bool) {
        self.mixes += 1;
        if truly {
            self.last_mixes.note(self.work);
        }
    }

    /// Notes a product: `truly` when it is of two values, not of an index and the size of what is indexed.
    fn multiply(&mut self, truly: bool) {
        self.products += 1;
        if truly {
            self.last_products.note(self.work);
        }
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
        let (locals, reader) = operators(&body.body)?;
        self.locals = locals;
        let start = reader.original_position();
        let bytes = body.body.as_bytes().get((start - u64::from(body.range.start)) as usize..).unwrap_or(&[]);
        let mut skim = Skim::new(bytes, start);
        // For each open block: the part it belongs to when it closes.
        let mut open: Vec<u32> = Vec::new();
        let mut part = 0u32;
        while !skim.is_at_end() {
            let at = skim.position();
            let step = skim.next()?;
            self.operators += 1;
            let class = CLASSES[usize::from(step.code)];
            self.parts[part as usize].work += u32::from(class & COMPUTES);
            match step.code {
                _ if class & NOTED == 0 => self.pass_by(),
                code::LOOP => {
                    open.push(part);
                    part = self.open(at, part);
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
                        self.parts[part as usize].end = skim.position();
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

/// The mark of a constant, if it has one.
fn mark(value: u32) -> u8 {
    match value {
        0x0100_0193 => FNV_MARK,
        36_969 => KISS99_MARKS & 2,
        18_000 => KISS99_MARKS & 4,
        _ => 0,
    }
}

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
