//! Code that does something else, reachable and in loops, so that a kernel is no longer most of its module.

use super::splice::{get, i32, op, set, tee};
use crate::evade::random::Random;
use anyhow::Result;
use walrus::ir::{BinaryOp, BrIf, Instr, InstrLocId, Loop};
use walrus::{FunctionBuilder, Module, ValType};

/// Functions, and steps of each: about 130 KiB of code in loops.
const FUNCTIONS: usize = 100;
const STEPS: usize = 200;

/// Adds exported functions that reckon with small numbers in loops.
pub(crate) fn add(module: &mut Module, random: &mut Random) -> Result<()> {
    for n in 0..FUNCTIONS {
        let [at, sum] = [(); 2].map(|()| module.locals.add(ValType::I32));
        let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32; 2], &[ValType::I32]);
        let inner = builder.dangling_instr_seq(None).id();
        let mut body: Vec<Instr> = Vec::new();
        for _ in 0..STEPS {
            let step = [BinaryOp::I32Add, BinaryOp::I32Sub, BinaryOp::I32Mul, BinaryOp::I32Or][random.below(4)];
            body.extend([get(sum), i32(random.below(60) as i32), op(step), set(sum)]);
        }
        body.extend([get(at), i32(1), op(BinaryOp::I32Sub), tee(at), BrIf { block: inner }.into()]);
        let placed = |instr| (instr, InstrLocId::default());
        builder.instr_seq(inner).instrs_mut().extend(body.into_iter().map(placed));
        builder.func_body().instrs_mut().extend([placed(Loop { seq: inner }.into()), placed(get(sum))]);
        let id = builder.finish(vec![at, sum], &mut module.funcs);
        module.exports.add(&format!("reckon{n}"), id);
    }
    Ok(())
}
