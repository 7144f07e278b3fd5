//! Constants that no longer stand in the code as they are.

use super::splice::{Temporaries, call, constant, functions, helper, number, op, ops, rewrite};
use crate::evade::random::Random;
use anyhow::Result;
use walrus::ir::{BinaryOp, GlobalGet, GlobalSet, Instr};
use walrus::{ConstExpr, GlobalId, Module, ValType};

/// Globals that constants are computed from.
const GLOBALS: usize = 6;

/// Two constants that an operation joins.
pub(crate) fn split(ty: ValType, value: u64, random: &mut Random) -> Vec<Instr> {
    let (a, ops) = (random.next(), ops(ty));
    let (b, joined): (u64, BinaryOp) = match random.below(3) {
        0 => (value ^ a, ops.xor),
        1 => (value.wrapping_sub(a), ops.add),
        _ => (a.wrapping_sub(value), ops.sub),
    };
    vec![constant(ty, a), constant(ty, b), op(joined)]
}

/// Every constant as a sum, difference or exclusive-or of two.
pub(crate) fn split_all(module: &mut Module, random: &mut Random) -> Result<()> {
    let functions = functions(module);
    rewrite(module, &functions, |instr, _, _| number(instr).map(|(ty, value)| split(ty, value, random)));
    Ok(())
}

/// Every constant as the sum of a variable global and another constant.
pub(crate) fn through_globals(module: &mut Module, random: &mut Random) -> Result<()> {
    let functions = functions(module);
    let globals = globals(module, random, false);
    rewrite(module, &functions, by_global(&globals, random));
    Ok(())
}

/// The same, with globals that hold nothing until the start function has run.
pub(crate) fn through_globals_at_start(module: &mut Module, random: &mut Random) -> Result<()> {
    let functions = functions(module);
    let globals = globals(module, random, true);
    let before = module.start;
    let start = helper(module, &[], &[], |_| {
        let mut body = Vec::new();
        for &(ty, value, global) in &globals {
            body.extend(split(ty, value, random));
            body.push(GlobalSet { global }.into());
        }
        body.extend(before.map(call));
        body
    });
    module.start = Some(start);
    rewrite(module, &functions, by_global(&globals, random));
    Ok(())
}

fn globals(module: &mut Module, random: &mut Random, empty: bool) -> Vec<(ValType, u64, GlobalId)> {
    let mut make = |ty| {
        let value = random.next();
        let first = if empty { constant(ty, 0) } else { constant(ty, value) };
        let Instr::Const(first) = first else { unreachable!("a constant is one") };
        (ty, value, module.globals.add_local(ty, true, false, ConstExpr::Value(first.value)))
    };
    (0..GLOBALS).map(|n| make(if n % 2 == 0 { ValType::I32 } else { ValType::I64 })).collect()
}

fn by_global<'a>(
    globals: &'a [(ValType, u64, GlobalId)],
    random: &'a mut Random,
) -> impl FnMut(&Instr, Option<&Instr>, &mut Temporaries<'_>) -> Option<Vec<Instr>> + 'a {
    move |instr, _, _| {
        let (ty, value) = number(instr)?;
        let own: Vec<_> = globals.iter().filter(|(other, ..)| *other == ty).collect();
        let (_, held, global) = own[random.below(own.len())];
        let rest = value.wrapping_sub(*held);
        Some(vec![GlobalGet { global: *global }.into(), constant(ty, rest), op(ops(ty).add)])
    }
}
