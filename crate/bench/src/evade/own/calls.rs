//! Calls where there were none, and calls that no longer say whom they call.

use super::splice::{binary, call, functions, get, helper, i32, op, rewrite, same};
use crate::evade::random::Random;
use anyhow::Result;
use walrus::ir::{BinaryOp, CallIndirect, Instr, Value};
use walrus::{ConstExpr, ElementItems, ElementKind, FunctionId, Module, RefType, ValType};

/// Operations that are worth hiding in a function.
const OUTLINED: [BinaryOp; 10] = [
    BinaryOp::I32Xor,
    BinaryOp::I64Xor,
    BinaryOp::I64Mul,
    BinaryOp::I32Rotl,
    BinaryOp::I64Rotl,
    BinaryOp::I32And,
    BinaryOp::I64And,
    BinaryOp::I32ShrU,
    BinaryOp::I64ShrU,
    BinaryOp::I32Rotr,
];

/// Each operation that mixes is a call of a function that does it.
pub(crate) fn outline(module: &mut Module, _: &mut Random) -> Result<()> {
    outlined(module, 1);
    Ok(())
}

/// The same through two functions.
pub(crate) fn outline_twice(module: &mut Module, _: &mut Random) -> Result<()> {
    outlined(module, 2);
    Ok(())
}

fn outlined(module: &mut Module, depth: usize) {
    let functions = functions(module);
    let mut helpers: Vec<FunctionId> = Vec::new();
    for kind in OUTLINED {
        let ty = ty(kind);
        let mut inner = helper(module, &[ty, ty], &[ty], |args| vec![get(args[0]), get(args[1]), op(kind)]);
        for _ in 1..depth {
            inner = helper(module, &[ty, ty], &[ty], |args| vec![get(args[0]), get(args[1]), call(inner)]);
        }
        helpers.push(inner);
    }
    rewrite(module, &functions, |instr, _, _| {
        let kind = binary(instr)?;
        let at = OUTLINED.iter().position(|outlined| same(*outlined, kind))?;
        Some(vec![call(helpers[at])])
    });
}

fn ty(op: BinaryOp) -> ValType {
    let is_32 =
        matches!(op, BinaryOp::I32Xor | BinaryOp::I32Rotl | BinaryOp::I32Rotr | BinaryOp::I32And | BinaryOp::I32ShrU);
    if is_32 { ValType::I32 } else { ValType::I64 }
}

/// Direct calls as calls through a table, in mixed order.
pub(crate) fn indirect(module: &mut Module, random: &mut Random) -> Result<()> {
    let functions = functions(module);
    let mut places = functions.clone();
    random.shuffle(&mut places);
    let size = places.len() as u64;
    let table = module.tables.add_local(false, size, Some(size), RefType::FUNCREF);
    let kind = ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(0)) };
    module.elements.add(kind, ElementItems::Functions(places.clone()));
    let types: Vec<_> = places.iter().map(|id| module.funcs.get(*id).ty()).collect();
    rewrite(module, &functions, |instr, _, _| {
        let Instr::Call(called) = instr else { return None };
        let at = places.iter().position(|id| *id == called.func)?;
        Some(vec![i32(at as i32), CallIndirect { ty: types[at], table }.into()])
    });
    Ok(())
}
