//! Putting other instructions in the place of one, everywhere in a module.

use anyhow::Result;
use walrus::ir::{BinaryOp, Binop, Call, Const, Instr, InstrLocId, InstrSeqId, LocalGet, LocalSet, LocalTee, Value};
use walrus::{FunctionBuilder, FunctionId, LocalFunction, LocalId, Module, ModuleLocals, ValType};

/// All sequences of a function that its entry reaches.
pub(crate) fn sequences(function: &LocalFunction) -> Vec<InstrSeqId> {
    let (mut open, mut all) = (vec![function.entry_block()], Vec::new());
    while let Some(id) = open.pop() {
        all.push(id);
        for (instr, _) in &function.block(id).instrs {
            match instr {
                Instr::Block(inner) => open.push(inner.seq),
                Instr::Loop(inner) => open.push(inner.seq),
                Instr::IfElse(inner) => open.extend([inner.consequent, inner.alternative]),
                _ => {}
            }
        }
    }
    all
}

/// The functions that a module has now, in a fixed order: helpers made later are not among them.
pub(crate) fn functions(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter_local().map(|(id, _)| id).collect()
}

/// Puts what `of` gives in the place of each instruction; it is handed the one that follows, and may ask for locals.
pub(crate) fn rewrite(
    module: &mut Module,
    functions: &[FunctionId],
    mut of: impl FnMut(&Instr, Option<&Instr>, &mut Temporaries<'_>) -> Option<Vec<Instr>>,
) {
    for &id in functions {
        let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
        let mut temporaries = Temporaries { locals: &mut module.locals, made: Vec::new() };
        for sequence in sequences(function) {
            let old = std::mem::take(&mut function.block_mut(sequence).instrs);
            let mut new = Vec::with_capacity(old.len());
            for (at, (instr, place)) in old.iter().enumerate() {
                match of(instr, old.get(at + 1).map(|(next, _)| next), &mut temporaries) {
                    Some(instrs) => new.extend(instrs.into_iter().map(|instr| (instr, InstrLocId::default()))),
                    None => new.push((instr.clone(), *place)),
                }
            }
            function.block_mut(sequence).instrs = new;
        }
    }
}

/// Locals of one function that hold a value for a moment.
pub(crate) struct Temporaries<'a> {
    locals: &'a mut ModuleLocals,
    made: Vec<(ValType, usize, LocalId)>,
}

impl Temporaries<'_> {
    /// The `n`th of a type.
    pub(crate) fn get(&mut self, ty: ValType, n: usize) -> LocalId {
        if let Some((.., local)) = self.made.iter().find(|(t, m, _)| (*t, *m) == (ty, n)) {
            return *local;
        }
        let local = self.locals.add(ty);
        self.made.push((ty, n, local));
        local
    }
}

/// A function made of plain instructions over its parameters.
pub(crate) fn helper(
    module: &mut Module,
    parameters: &[ValType],
    results: &[ValType],
    body: impl FnOnce(&[LocalId]) -> Vec<Instr>,
) -> FunctionId {
    let locals: Vec<LocalId> = parameters.iter().map(|ty| module.locals.add(*ty)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, parameters, results);
    let instrs = body(&locals).into_iter().map(|instr| (instr, InstrLocId::default()));
    builder.func_body().instrs_mut().extend(instrs);
    builder.finish(locals, &mut module.funcs)
}

/// The one memory of a module.
pub(crate) fn memory(module: &Module) -> Result<walrus::MemoryId> {
    module.get_memory_id()
}

pub(crate) fn i32(value: i32) -> Instr {
    Const { value: Value::I32(value) }.into()
}

pub(crate) fn i64(value: i64) -> Instr {
    Const { value: Value::I64(value) }.into()
}

/// A constant of the width that a type has.
pub(crate) fn constant(ty: ValType, value: u64) -> Instr {
    if ty == ValType::I32 { i32(value as u32 as i32) } else { i64(value as i64) }
}

pub(crate) fn op(op: BinaryOp) -> Instr {
    Binop { op }.into()
}

pub(crate) fn get(local: LocalId) -> Instr {
    LocalGet { local }.into()
}

pub(crate) fn set(local: LocalId) -> Instr {
    LocalSet { local }.into()
}

pub(crate) fn tee(local: LocalId) -> Instr {
    LocalTee { local }.into()
}

pub(crate) fn call(func: FunctionId) -> Instr {
    Call { func }.into()
}

/// A whole number's type and bits, when the instruction is one.
pub(crate) fn number(instr: &Instr) -> Option<(ValType, u64)> {
    match instr {
        Instr::Const(Const { value: Value::I32(value) }) => Some((ValType::I32, u64::from(*value as u32))),
        Instr::Const(Const { value: Value::I64(value) }) => Some((ValType::I64, *value as u64)),
        _ => None,
    }
}

/// The operation, when the instruction is one of two operands.
pub(crate) fn binary(instr: &Instr) -> Option<BinaryOp> {
    match instr {
        Instr::Binop(Binop { op }) => Some(*op),
        _ => None,
    }
}

/// Whether two operations are one.
pub(crate) fn same(a: BinaryOp, b: BinaryOp) -> bool {
    std::mem::discriminant(&a) == std::mem::discriminant(&b)
}

/// The operations of one width.
pub(crate) struct Ops {
    pub(crate) add: BinaryOp,
    pub(crate) sub: BinaryOp,
    pub(crate) mul: BinaryOp,
    pub(crate) and: BinaryOp,
    pub(crate) or: BinaryOp,
    pub(crate) xor: BinaryOp,
    pub(crate) shl: BinaryOp,
    pub(crate) shr: BinaryOp,
    pub(crate) rem: BinaryOp,
}

const OPS_32: Ops = Ops {
    add: BinaryOp::I32Add,
    sub: BinaryOp::I32Sub,
    mul: BinaryOp::I32Mul,
    and: BinaryOp::I32And,
    or: BinaryOp::I32Or,
    xor: BinaryOp::I32Xor,
    shl: BinaryOp::I32Shl,
    shr: BinaryOp::I32ShrU,
    rem: BinaryOp::I32RemU,
};
const OPS_64: Ops = Ops {
    add: BinaryOp::I64Add,
    sub: BinaryOp::I64Sub,
    mul: BinaryOp::I64Mul,
    and: BinaryOp::I64And,
    or: BinaryOp::I64Or,
    xor: BinaryOp::I64Xor,
    shl: BinaryOp::I64Shl,
    shr: BinaryOp::I64ShrU,
    rem: BinaryOp::I64RemU,
};

/// The operations of a type's width.
pub(crate) fn ops(ty: ValType) -> &'static Ops {
    if ty == ValType::I32 { &OPS_32 } else { &OPS_64 }
}
