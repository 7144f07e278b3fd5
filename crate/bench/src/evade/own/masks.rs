//! Masks of addresses that are no longer a constant beside an `and`.

use super::constants::split;
use super::splice::{binary, call, constant, functions, get, helper, i32, memory, number, op, ops, rewrite, set, tee};
use crate::evade::random::Random;
use anyhow::Result;
use std::collections::BTreeMap;
use walrus::ir::{BinaryOp, Instr, MemorySize, UnaryOp, Unop};
use walrus::{FunctionId, Module, ValType};

/// A mask: a constant that an `and` follows.
fn mask(instr: &Instr, next: Option<&Instr>) -> Option<(ValType, u64)> {
    let (ty, value) = number(instr)?;
    let and = next.and_then(binary)?;
    matches!(and, BinaryOp::I32And | BinaryOp::I64And).then_some((ty, value))
}

/// Every mask that the module has.
fn masks(module: &mut Module, functions: &[FunctionId]) -> Vec<(ValType, u64)> {
    let mut found = Vec::new();
    rewrite(module, functions, |instr, next, _| {
        found.extend(mask(instr, next));
        None
    });
    found.sort_by_key(|(ty, value)| (*ty == ValType::I64, *value));
    found.dedup();
    found
}

fn key(ty: ValType, value: u64) -> (bool, u64) {
    (ty == ValType::I64, value)
}

/// Each mask is what a function of its own gives, from two constants.
pub(crate) fn by_helper(module: &mut Module, random: &mut Random) -> Result<()> {
    let functions = functions(module);
    let mut helpers = BTreeMap::new();
    for (ty, value) in masks(module, &functions) {
        helpers.insert(key(ty, value), helper(module, &[], &[ty], |_| split(ty, value, random)));
    }
    rewrite(module, &functions, |instr, next, _| {
        let (ty, value) = mask(instr, next)?;
        helpers.get(&key(ty, value)).map(|helper| vec![call(*helper)])
    });
    Ok(())
}

/// Each mask is computed from the size of the memory, which only running tells.
pub(crate) fn by_memory_size(module: &mut Module, random: &mut Random) -> Result<()> {
    let (functions, memory) = (functions(module), memory(module)?);
    let size = || Instr::from(MemorySize { memory });
    let widen = |ty| (ty == ValType::I64).then(|| Instr::from(Unop { op: UnaryOp::I64ExtendUI32 }));
    rewrite(module, &functions, |instr, next, _| {
        let (ty, value) = mask(instr, next)?;
        // A memory of a kernel has pages, so this is 1.
        let mut one = match random.below(3) {
            0 => vec![size(), i32(0), op(BinaryOp::I32Ne)],
            1 => vec![size(), size(), op(BinaryOp::I32DivU)],
            _ => vec![size(), i32(0), op(BinaryOp::I32GtU)],
        };
        one.extend(widen(ty));
        one.extend([constant(ty, value), op(ops(ty).mul)]);
        Some(one)
    });
    Ok(())
}

/// A mask of one run of bits as three shifts.
pub(crate) fn by_shifts(module: &mut Module, _: &mut Random) -> Result<()> {
    let functions = functions(module);
    replace(module, &functions, |ty, low, high, width| {
        let ops = ops(ty);
        let (up, down) = (width - 1 - high, width - 1 - high + low);
        vec![
            constant(ty, u64::from(up)),
            op(ops.shl),
            constant(ty, u64::from(down)),
            op(ops.shr),
            constant(ty, u64::from(low)),
            op(ops.shl),
        ]
    });
    Ok(())
}

/// A mask of one run of bits as a difference of two remainders.
pub(crate) fn by_remainder(module: &mut Module, _: &mut Random) -> Result<()> {
    let functions = functions(module);
    let mut helpers = BTreeMap::new();
    for (ty, value) in masks(module, &functions) {
        let Some((low, high)) = run(value) else { continue };
        if high + 1 >= width(ty) {
            continue;
        }
        let ops = ops(ty);
        helpers.insert(key(ty, value), (low, high, ops));
    }
    let mut skip = false;
    rewrite(module, &functions, |instr, next, locals| {
        if std::mem::take(&mut skip) {
            return Some(Vec::new());
        }
        let (ty, value) = mask(instr, next)?;
        let (low, high, ops) = helpers.get(&key(ty, value))?;
        skip = true;
        let held = locals.get(ty, 0);
        Some(vec![
            constant(ty, 1 << (high + 1)),
            op(ops.rem),
            tee(held),
            get(held),
            constant(ty, 1 << low),
            op(ops.rem),
            op(ops.sub),
        ])
    });
    Ok(())
}

/// A mask as two that overlap.
pub(crate) fn by_two(module: &mut Module, random: &mut Random) -> Result<()> {
    let functions = functions(module);
    rewrite(module, &functions, |instr, next, _| {
        let (ty, value) = mask(instr, next)?;
        let more = random.next();
        Some(vec![constant(ty, value | more), op(ops(ty).and), constant(ty, value | !more)])
    });
    Ok(())
}

/// Each mask is handed over locked, and the function that masks holds the key.
pub(crate) fn by_argument(module: &mut Module, random: &mut Random) -> Result<()> {
    let functions = functions(module);
    let mut helpers = BTreeMap::new();
    for (ty, value) in masks(module, &functions) {
        let (key_part, ops) = (random.next(), ops(ty));
        let unlock = helper(module, &[ty, ty], &[ty], |args| {
            vec![get(args[0]), get(args[1]), constant(ty, key_part), op(ops.xor), op(ops.and)]
        });
        helpers.insert(key(ty, value), (unlock, key_part));
    }
    let mut skip = false;
    rewrite(module, &functions, |instr, next, locals| {
        if std::mem::take(&mut skip) {
            return Some(Vec::new());
        }
        let (ty, value) = mask(instr, next)?;
        let (unlock, key_part) = helpers.get(&key(ty, value))?;
        skip = true;
        let held = locals.get(ty, 1);
        Some(vec![set(held), get(held), constant(ty, value ^ key_part), call(*unlock)])
    });
    Ok(())
}

/// Puts instructions in the place of each mask of one run of bits and its `and`.
fn replace(module: &mut Module, functions: &[FunctionId], mut by: impl FnMut(ValType, u32, u32, u32) -> Vec<Instr>) {
    let mut skip = false;
    rewrite(module, functions, |instr, next, _| {
        if std::mem::take(&mut skip) {
            return Some(Vec::new());
        }
        let (ty, value) = mask(instr, next)?;
        let (low, high) = run(value)?;
        skip = true;
        Some(by(ty, low, high, width(ty)))
    });
}

fn width(ty: ValType) -> u32 {
    if ty == ValType::I32 { 32 } else { 64 }
}

/// Lowest and highest bit of a value whose ones stand together.
fn run(value: u64) -> Option<(u32, u32)> {
    let low = value.trailing_zeros();
    let ones = value.checked_shr(low)?;
    (value != 0 && ones & ones.wrapping_add(1) == 0).then(|| (low, 63 - value.leading_zeros()))
}
