//! Tables that are not in the file: data is encrypted and a start function decrypts it.

use super::splice::{call, get, helper, i32, memory, op, set};
use crate::evade::random::Random;
use anyhow::Result;
use walrus::ir::{BinaryOp, BrIf, Instr, InstrLocId, LoadKind, Loop, MemArg, Store, StoreKind, Value};
use walrus::{ConstExpr, DataKind, FunctionBuilder, Module, ValType};

/// The sequence of bytes that data is joined with: the top byte of a linear congruence modulo 2^32.
const FACTOR: u32 = 1_664_525;
const STEP: u32 = 1_013_904_223;

/// Encrypts every active data segment.
pub(crate) fn encrypt(module: &mut Module, random: &mut Random) -> Result<()> {
    let memory = memory(module)?;
    let decrypt = decryptor(module, memory);
    let mut pieces = Vec::new();
    let ids: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    for id in ids {
        let data = module.data.get_mut(id);
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(offset)), .. } = data.kind else { continue };
        let seed = random.next() as u32;
        let mut state = seed;
        for byte in &mut data.value {
            state = state.wrapping_mul(FACTOR).wrapping_add(STEP);
            *byte ^= (state >> 24) as u8;
        }
        if !data.value.is_empty() {
            pieces.push((offset, data.value.len() as i32, seed as i32));
        }
    }
    let before = module.start;
    let start = helper(module, &[], &[], |_| {
        let each = pieces.iter().flat_map(|(offset, length, seed)| {
            [i32(*offset), i32(offset.wrapping_add(*length)), i32(*seed), call(decrypt)]
        });
        each.chain(before.map(call)).collect()
    });
    module.start = Some(start);
    Ok(())
}

/// `(from, to, state)`: decrypts the bytes in between.
fn decryptor(module: &mut Module, memory: walrus::MemoryId) -> walrus::FunctionId {
    let [at, end, state] = [(); 3].map(|()| module.locals.add(ValType::I32));
    let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32; 3], &[]);
    let inner = builder.dangling_instr_seq(None).id();
    let arg = MemArg { align: 1, offset: 0 };
    let load = walrus::ir::Load { memory, kind: LoadKind::I32_8 { kind: walrus::ir::ExtendedLoad::ZeroExtend }, arg };
    let body: Vec<Instr> = vec![
        get(state),
        i32(FACTOR as i32),
        op(BinaryOp::I32Mul),
        i32(STEP as i32),
        op(BinaryOp::I32Add),
        set(state),
        get(at),
        get(at),
        load.into(),
        get(state),
        i32(24),
        op(BinaryOp::I32ShrU),
        op(BinaryOp::I32Xor),
        Store { memory, kind: StoreKind::I32_8 { atomic: false }, arg }.into(),
        get(at),
        i32(1),
        op(BinaryOp::I32Add),
        set(at),
        get(at),
        get(end),
        op(BinaryOp::I32LtU),
        BrIf { block: inner }.into(),
    ];
    let placed = |instr| (instr, InstrLocId::default());
    builder.instr_seq(inner).instrs_mut().extend(body.into_iter().map(placed));
    builder.func_body().instrs_mut().push(placed(Loop { seq: inner }.into()));
    builder.finish(vec![at, end, state], &mut module.funcs)
}
