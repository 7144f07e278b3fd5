//! Rotations, exclusive-ors and sums written differently, and counters between them.

use super::splice::{Temporaries, binary, constant, functions, get, number, op, ops, rewrite, same, set, tee};
use crate::evade::random::Random;
use anyhow::Result;
use walrus::ir::{BinaryOp, GlobalGet, GlobalSet, Instr, Value};
use walrus::{ConstExpr, Module, ValType};

/// A rotation's type, and whether it turns left.
fn rotation(instr: &Instr) -> Option<(ValType, bool)> {
    match binary(instr)? {
        BinaryOp::I32Rotl => Some((ValType::I32, true)),
        BinaryOp::I32Rotr => Some((ValType::I32, false)),
        BinaryOp::I64Rotl => Some((ValType::I64, true)),
        BinaryOp::I64Rotr => Some((ValType::I64, false)),
        _ => None,
    }
}

/// Rotations as two shifts that `or`, `xor` or `add` joins, where the amount is known; `or` elsewhere.
pub(crate) fn rotate_by_shifts(module: &mut Module, random: &mut Random) -> Result<()> {
    let functions = functions(module);
    rewrite_rotations(module, &functions, |ty, amount, held| {
        let ops = ops(ty);
        let join = [ops.or, ops.xor, ops.add][random.below(3)];
        let width = if ty == ValType::I32 { 32 } else { 64 };
        let mut shifts = [(amount, ops.shl), (width - amount, ops.shr)];
        random.shuffle(&mut shifts);
        let [(first, one), (second, other)] = shifts;
        vec![tee(held), constant(ty, first), op(one), get(held), constant(ty, second), op(other), op(join)]
    });
    Ok(())
}

/// Rotations by a known amount as a product and a shift.
pub(crate) fn rotate_by_product(module: &mut Module, random: &mut Random) -> Result<()> {
    let functions = functions(module);
    rewrite_rotations(module, &functions, |ty, amount, held| {
        let ops = ops(ty);
        let width = if ty == ValType::I32 { 32 } else { 64 };
        let join = [ops.or, ops.add][random.below(2)];
        let up = [constant(ty, 1 << amount), op(ops.mul)];
        let down = [constant(ty, width - amount), op(ops.shr), op(join)];
        std::iter::once(tee(held)).chain(up).chain([get(held)]).chain(down).collect()
    });
    Ok(())
}

/// Rewrites rotations by a known amount to the left by what `by` gives, those by an unknown one to shifts.
fn rewrite_rotations(
    module: &mut Module,
    functions: &[walrus::FunctionId],
    mut by: impl FnMut(ValType, u64, walrus::LocalId) -> Vec<Instr>,
) {
    let mut skip = false;
    rewrite(module, functions, |instr, next, locals| {
        if std::mem::take(&mut skip) {
            return Some(Vec::new());
        }
        if let (Some((ty, amount)), Some((_, left))) = (number(instr), next.and_then(rotation)) {
            let width = if ty == ValType::I32 { 32 } else { 64 };
            let amount = if left { amount % width } else { (width - amount % width) % width };
            if amount == 0 {
                return None;
            }
            skip = true;
            return Some(by(ty, amount, locals.get(ty, 0)));
        }
        let (ty, left) = rotation(instr)?;
        Some(unknown(ty, left, locals))
    });
}

/// `x << n | x >> -n`: shifts take their amount modulo the width.
fn unknown(ty: ValType, left: bool, locals: &mut Temporaries<'_>) -> Vec<Instr> {
    let (ops, x, n) = (ops(ty), locals.get(ty, 0), locals.get(ty, 1));
    let (there, back) = if left { (ops.shl, ops.shr) } else { (ops.shr, ops.shl) };
    let first = [set(n), tee(x), get(n), op(there)];
    let second = [get(x), constant(ty, 0), get(n), op(ops.sub), op(back), op(ops.or)];
    first.into_iter().chain(second).collect()
}

/// A counter of its own for each kind of operation, raised before each of them: SEISMIC's instrumentation.
pub(crate) fn count(module: &mut Module, _: &mut Random) -> Result<()> {
    let functions = functions(module);
    let counted = |instr: &Instr| {
        let op = binary(instr)?;
        let kinds: [&[BinaryOp]; 5] = [
            &[BinaryOp::I32Xor, BinaryOp::I64Xor],
            &[BinaryOp::I32Add, BinaryOp::I64Add],
            &[BinaryOp::I32And, BinaryOp::I64And],
            &[BinaryOp::I32Shl, BinaryOp::I64Shl],
            &[BinaryOp::I32ShrU, BinaryOp::I64ShrU],
        ];
        kinds.iter().position(|kind| kind.iter().any(|other| same(*other, op)))
    };
    let zero = || ConstExpr::Value(Value::I64(0));
    let counters: Vec<_> = (0..5).map(|_| module.globals.add_local(ValType::I64, true, false, zero())).collect();
    for (n, counter) in counters.iter().enumerate() {
        module.exports.add(&format!("counter{n}"), *counter);
    }
    rewrite(module, &functions, |instr, _, _| {
        let global = counters[counted(instr)?];
        let raise = [constant(ValType::I64, 1), op(BinaryOp::I64Add), GlobalSet { global }.into(), instr.clone()];
        Some(std::iter::once(GlobalGet { global }.into()).chain(raise).collect())
    });
    Ok(())
}

/// Exclusive-ors, and half of the sums, as other operations that give the same (mixed boolean arithmetic).
pub(crate) fn mix(module: &mut Module, random: &mut Random) -> Result<()> {
    let functions = functions(module);
    rewrite(module, &functions, |instr, _, locals| {
        let kind = binary(instr)?;
        let ty = match kind {
            BinaryOp::I32Xor | BinaryOp::I32Add => ValType::I32,
            BinaryOp::I64Xor | BinaryOp::I64Add => ValType::I64,
            _ => return None,
        };
        let is_sum = matches!(kind, BinaryOp::I32Add | BinaryOp::I64Add);
        let (ops, a, b) = (ops(ty), locals.get(ty, 0), locals.get(ty, 1));
        let start = [set(b), tee(a), get(b)];
        let rest: Vec<Instr> = match (is_sum, random.below(2)) {
            // (a | b) - (a & b)
            (false, 0) => vec![op(ops.or), get(a), get(b), op(ops.and), op(ops.sub)],
            // (a + b) - 2 (a & b)
            (false, _) => {
                vec![op(ops.add), get(a), get(b), op(ops.and), constant(ty, 1), op(ops.shl), op(ops.sub)]
            }
            // (a | b) + (a & b)
            (true, 0) => vec![op(ops.or), get(a), get(b), op(ops.and), op(ops.add)],
            (true, _) => return None,
        };
        Some(start.into_iter().chain(rest).collect())
    });
    Ok(())
}
