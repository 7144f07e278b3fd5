//! Control flow flattened: a sequence of instructions is cut into pieces, and a loop around a table of branches runs them
//! in an order that a variable holds.

use super::splice::{functions, get, i32, sequences, set};
use crate::evade::random::Random;
use anyhow::Result;
use walrus::ir::{Block, Br, BrTable, Instr, InstrLocId, InstrSeqId, InstrSeqType, Loop};
use walrus::{FunctionId, LocalId, Module, ValType};

/// Shortest sequence that is cut, and most pieces.
const SHORTEST: usize = 12;
const PIECES: usize = 9;

type Placed = (Instr, InstrLocId);

/// Flattens every sequence that is long enough.
pub(crate) fn all(module: &mut Module, random: &mut Random) -> Result<()> {
    for id in functions(module) {
        for sequence in sequences(module.funcs.get(id).kind.unwrap_local()) {
            one(module, id, sequence, random);
        }
    }
    Ok(())
}

fn one(module: &mut Module, id: FunctionId, sequence: InstrSeqId, random: &mut Random) {
    let block = module.funcs.get(id).kind.unwrap_local().block(sequence);
    if block.instrs.len() < SHORTEST || !matches!(block.ty, InstrSeqType::Simple(_)) {
        return;
    }
    let cuts = cuts(module, id, &block.instrs);
    if cuts.len() < 3 {
        return;
    }
    let pieces = random.below(PIECES.min(cuts.len()) - 1) + 2;
    let mut ends: Vec<usize> =
        (1..pieces).map(|n| cuts[cuts.len() * n / pieces - 1]).chain(cuts.last().copied()).collect();
    ends.dedup();
    let state = module.locals.add(ValType::I32);
    let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
    let mut instrs = std::mem::take(&mut function.block_mut(sequence).instrs);
    let tail = instrs.split_off(ends.last().copied().unwrap_or(0));
    let mut parts = Vec::new();
    for end in ends.iter().rev().skip(1) {
        parts.push(instrs.split_off(*end));
    }
    parts.push(instrs);
    parts.reverse();
    let (outer, first) = dispatcher(function, parts, state, random);
    let mut start: Vec<Placed> = [i32(first), set(state), Block { seq: outer }.into()].map(placed).into();
    start.extend(tail);
    function.block_mut(sequence).instrs = start;
}

/// A block that runs the parts one after the other, and the number of the first.
fn dispatcher(
    function: &mut walrus::LocalFunction,
    parts: Vec<Vec<Placed>>,
    state: LocalId,
    random: &mut Random,
) -> (InstrSeqId, i32) {
    let builder = function.builder_mut();
    let mut sequence = || builder.dangling_instr_seq(None).id();
    let (outer, turn) = (sequence(), sequence());
    let doors: Vec<InstrSeqId> = parts.iter().map(|_| sequence()).collect();
    // Where each part stands, by its turn.
    let mut places: Vec<usize> = (0..parts.len()).collect();
    random.shuffle(&mut places);
    let mut standing: Vec<Vec<Placed>> = vec![Vec::new(); parts.len()];
    for (at, mut part) in parts.into_iter().enumerate() {
        match places.get(at + 1) {
            Some(next) => part.extend([i32(*next as i32), set(state), Br { block: turn }.into()].map(placed)),
            None => part.push(placed(Br { block: outer }.into())),
        }
        standing[places[at]] = part;
    }
    let default = doors[doors.len() - 1];
    let table = BrTable { blocks: doors.clone().into_boxed_slice(), default };
    function.block_mut(doors[0]).instrs = vec![placed(get(state)), placed(table.into())];
    for (at, part) in standing.into_iter().enumerate() {
        let holder = doors.get(at + 1).copied().unwrap_or(turn);
        let mut instrs = vec![placed(Block { seq: doors[at] }.into())];
        instrs.extend(part);
        function.block_mut(holder).instrs = instrs;
    }
    function.block_mut(outer).instrs = vec![placed(Loop { seq: turn }.into())];
    (outer, places[0] as i32)
}

fn placed(instr: Instr) -> Placed {
    (instr, InstrLocId::default())
}

/// Places at which nothing lies on the stack, up to the first instruction that does not go on.
fn cuts(module: &Module, id: FunctionId, instrs: &[Placed]) -> Vec<usize> {
    let (mut height, mut cuts) = (0usize, Vec::new());
    for (at, (instr, _)) in instrs.iter().enumerate() {
        let Some((taken, given)) = effect(module, id, instr) else { break };
        let Some(left) = height.checked_sub(taken) else { break };
        height = left + given;
        if height == 0 {
            cuts.push(at + 1);
        }
    }
    cuts
}

/// How many values an instruction takes and gives; nothing for one that does not go on, or that is not known here.
fn effect(module: &Module, id: FunctionId, instr: &Instr) -> Option<(usize, usize)> {
    let block = |seq: InstrSeqId| match module.funcs.get(id).kind.unwrap_local().block(seq).ty {
        InstrSeqType::Simple(result) => Some((0, usize::from(result.is_some()))),
        InstrSeqType::MultiValue(_) => None,
    };
    let call = |ty| {
        let (parameters, results) = module.types.params_results(ty);
        (parameters.len(), results.len())
    };
    Some(match instr {
        Instr::Const(_) | Instr::LocalGet(_) | Instr::GlobalGet(_) | Instr::MemorySize(_) => (0, 1),
        Instr::LocalSet(_) | Instr::GlobalSet(_) | Instr::Drop(_) | Instr::BrIf(_) => (1, 0),
        Instr::LocalTee(_) | Instr::Unop(_) | Instr::Load(_) | Instr::MemoryGrow(_) => (1, 1),
        Instr::Binop(_) | Instr::I8x16Swizzle(_) | Instr::I8x16Shuffle(_) => (2, 1),
        Instr::TernOp(_) | Instr::Select(_) | Instr::V128Bitselect(_) => (3, 1),
        Instr::Store(_) => (2, 0),
        Instr::MemoryCopy(_) | Instr::MemoryFill(_) => (3, 0),
        Instr::Call(called) => call(module.funcs.get(called.func).ty()),
        Instr::CallIndirect(called) => {
            let (taken, given) = call(called.ty);
            (taken + 1, given)
        }
        Instr::Block(inner) => block(inner.seq)?,
        Instr::Loop(inner) => block(inner.seq)?,
        Instr::IfElse(inner) => {
            let (_, given) = block(inner.consequent)?;
            (1, given)
        }
        _ => return None,
    })
}
