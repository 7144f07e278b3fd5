//! One part of a function's skeleton, straight-line code or a loop, and whether it mixes as a hash does.

use wasmparser::Operator;

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
    pub(super) last_mixes: Last<LEAST_MIXES>,
    pub(super) last_products: Last<LEAST_PRODUCTS>,
    /// What mixes, and products, of helpers that the part calls.
    pub(super) lent_mixes: u32,
    pub(super) lent_products: u32,
    /// Whether something is stored, or called, inside, inner loops included.
    pub(crate) stores: bool,
    pub(crate) calls: bool,
}

/// Where the last operators of a kind stood, and whether so many ever stood together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Last<const COUNT: usize> {
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

/// Fewest mixing operators in one part of a function that hashes: a round of any hash known has more.
pub(super) const LEAST_MIXES: usize = 6;

/// Fewest 64-bit products that make a full multiply (Karatsuba's three).
const LEAST_PRODUCTS: usize = 3;

/// Fewest times that upper halves are taken in such a multiply: of its three carries.
const LEAST_HALVES: u32 = 3;

/// Operators that compute among which the fewest mixing ones, or products, stand: rounds have 2 to 8 for each that mixes at
/// any level of optimisation, obfuscated multiplies some hundred. Where they are further apart they are plain arithmetic.
const TOGETHER: u32 = 128;

/// Operators that compute for each one that mixes, beyond which a part as a whole is no hash, and how many that mix are a
/// hash's however much else stands there (a hash read into a long function, a flattened one).
const WORK_OF_A_MIX: u32 = 32;
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

    /// Notes an operator of more than one byte.
    pub(super) fn note(&mut self, operator: &Operator<'_>) {
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

    pub(super) fn can_hash(&self) -> bool {
        let marked = self.marks & FNV_MARK != 0 && self.mixes > 0
            || self.marks & KISS99_MARKS == KISS99_MARKS && self.mixes as usize >= LEAST_MIXES / 2;
        let halved = self.halves >= LEAST_HALVES || self.mixes >= 2;
        let thick = self.mixes >= MANY_MIXES || self.mixes.saturating_mul(WORK_OF_A_MIX) >= self.work;
        marked || self.last_mixes.together && thick || self.last_products.together && halved
    }

    /// Exclusive-ors of two values, and rotations.
    pub(super) fn joins(&self) -> u32 {
        self.last_mixes.count as u32 + self.lent_mixes
    }

    /// Products of two values, neither of them a constant.
    pub(super) fn true_products(&self) -> u32 {
        self.last_products.count as u32 + self.lent_products
    }

    /// Notes an operator that mixes: `truly` when it joins two values, not one and a constant, as every negation does.
    pub(super) fn mix(&mut self, truly: bool) {
        self.mixes += 1;
        if truly {
            self.last_mixes.note(self.work);
        }
    }

    /// Notes a product: `truly` when it is of two values, not of an index and the size of what is indexed.
    pub(super) fn multiply(&mut self, truly: bool) {
        self.products += 1;
        if truly {
            self.last_products.note(self.work);
        }
    }
}

/// The mark of a constant, if it has one.
pub(super) fn mark(value: u32) -> u8 {
    match value {
        0x0100_0193 => FNV_MARK,
        36_969 => KISS99_MARKS & 2,
        18_000 => KISS99_MARKS & 4,
        _ => 0,
    }
}
