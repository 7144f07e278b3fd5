//! Functions that compute on a 64-bit word handed over in two halves, known by what they compute: they are run on numbers.
//! Lowered modules call one for each rotation, product or shift, and it is larger than what is read in place.

use super::run::Machine;
use crate::limits;
use crate::wasm::module::{Body, FunctionIndex, Module};
use crate::wasm::skim::code;
use wasmparser::{CompositeInnerType, ValType};

/// What a helper computes of its first word and of its second, or of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::wasm) enum Helper {
    Add,
    Sub,
    Mul,
    Shl,
    ShrU,
    ShrS,
    RotL,
    RotR,
}

const ALL: [Helper; 8] =
    [Helper::Add, Helper::Sub, Helper::Mul, Helper::Shl, Helper::ShrU, Helper::ShrS, Helper::RotL, Helper::RotR];

/// Words that helpers are tried on: both halves differ, and carries run across them.
const WORDS: [u64; 4] = [0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210, 0x8000_0001_ffff_ffff, 0x0000_0000_ffff_0001];

/// Amounts to shift by: below, at and beyond half a word.
const AMOUNTS: [u64; 8] = [1, 13, 24, 31, 32, 33, 40, 63];

impl Helper {
    fn of(self, a: u64, b: u64) -> u64 {
        let amount = b as u32 % 64;
        match self {
            Self::Add => a.wrapping_add(b),
            Self::Sub => a.wrapping_sub(b),
            Self::Mul => a.wrapping_mul(b),
            Self::Shl => a << amount,
            Self::ShrU => a >> amount,
            Self::ShrS => (a.cast_signed() >> amount).cast_unsigned(),
            Self::RotL => a.rotate_left(amount),
            Self::RotR => a.rotate_right(amount),
        }
    }

    /// Whether the second operand is a whole word, too.
    pub(in crate::wasm) fn takes_words(self) -> bool {
        matches!(self, Self::Add | Self::Sub | Self::Mul)
    }
}

/// The helpers of a module, ascending by function, each with the global in which it leaves the upper half.
#[derive(Debug, Default)]
pub(in crate::wasm) struct Helpers(Vec<(FunctionIndex, Helper, u32)>);

impl Helpers {
    /// Looks for helpers where the module has a global that can hold an upper half: mutable, not a stack's pointer.
    pub(in crate::wasm) fn of(module: &Module<'_>) -> Self {
        let holds = module.globals.iter().any(|g| g.constant.is_none() && g.initial.is_some() && !g.is_aligned);
        let mut helpers = Self::default();
        if !holds {
            return helpers;
        }
        let mut machine = Machine::new(module);
        for body in &module.bodies {
            if let Some(parameters) = parameters(module, body)
                && let Some((helper, global)) = try_out(&mut machine, body.index, parameters)
            {
                helpers.0.push((body.index, helper, global));
            }
        }
        helpers
    }

    /// What a function computes, and the global in which it leaves the upper half.
    pub(in crate::wasm) fn get(&self, function: FunctionIndex) -> Option<(Helper, u32)> {
        let at = self.0.binary_search_by_key(&function, |(helper, ..)| *helper).ok()?;
        Some((self.0[at].1, self.0[at].2))
    }
}

/// How many words of 32 bits a function takes, where it can be a helper: three or four, for one, and it sets a global or
/// calls what does.
fn parameters(module: &Module<'_>, body: &Body<'_>) -> Option<usize> {
    let bytes = body.body.as_bytes();
    if body.length() > limits::HALVES_BYTES || memchr::memchr2(code::GLOBAL_SET, code::CALL, bytes).is_none() {
        return None;
    }
    let ty = module.types.get(*module.functions.get(body.index as usize)? as usize)?;
    let CompositeInnerType::Func(ty) = &ty.composite_type.inner else { return None };
    let words = |types: &[ValType]| types.iter().all(|ty| *ty == ValType::I32);
    let fits = ty.results() == [ValType::I32] && words(ty.params()) && matches!(ty.params().len(), 3 | 4);
    fits.then_some(ty.params().len())
}

/// Runs a function on the samples: what it computes on all of them, and the global that it sets.
fn try_out(machine: &mut Machine<'_, '_>, function: FunctionIndex, parameters: usize) -> Option<(Helper, u32)> {
    let mut left: Vec<Helper> = ALL.into_iter().filter(|helper| parameters == 4 || !helper.takes_words()).collect();
    let mut set = None;
    let mut narrow = |left: &mut Vec<Helper>, a: u64, b: u64| {
        let (low, high) = (|word: u64| word as u32, |word: u64| (word >> 32) as u32);
        let arguments = [low(a), high(a), low(b), high(b)];
        let (result, (global, upper)) = machine.run(function, &arguments[..parameters])?;
        let is_same = *set.get_or_insert(global) == global;
        let made = u64::from(upper) << 32 | u64::from(result);
        left.retain(|helper| is_same && helper.of(a, b) == made);
        (!left.is_empty()).then_some(global)
    };
    let mut global = None;
    for (index, amount) in AMOUNTS.into_iter().enumerate() {
        global = Some(narrow(&mut left, WORDS[index % WORDS.len()], amount)?);
    }
    if left.iter().any(|helper| helper.takes_words()) {
        for (a, b) in WORDS.into_iter().zip(WORDS.into_iter().rev()) {
            global = Some(narrow(&mut left, a, b)?);
        }
    }
    Some((*left.first()?, global?))
}
