//! A small function, run on numbers: what it makes of 32-bit words, without memory.

use crate::limits;
use crate::wasm::module::{FunctionIndex, Module, operators};
use std::collections::BTreeMap;
use wasmparser::{BlockType, Operator};

/// An operator that the machine knows.
#[derive(Debug, Clone, Copy)]
enum Step {
    Constant(u32),
    Get(u32),
    Set(u32),
    Tee(u32),
    Unary(fn(u32) -> u32),
    Binary(fn(u32, u32) -> u32),
    Drop,
    Select,
    /// A block's results and the step of its end.
    Block(usize, usize),
    /// Results, the step behind which it goes on where the condition does not hold, and that of its end.
    If(usize, usize, usize),
    /// The step of its end.
    Else(usize),
    End,
    Branch(u32),
    BranchIf(u32),
    Return,
    Call(FunctionIndex),
    GlobalGet(u32),
    GlobalSet(u32),
    Nothing,
}

/// A function made ready to run.
#[derive(Debug)]
struct Program {
    parameters: usize,
    results: usize,
    locals: usize,
    steps: Vec<Step>,
}

/// Runs functions of a module; what cannot be run is remembered as well.
pub(super) struct Machine<'m, 'a> {
    module: &'m Module<'a>,
    programs: BTreeMap<FunctionIndex, Option<Program>>,
    /// Steps that this run may still take, and all runs.
    fuel: u32,
    all_fuel: u32,
    /// The one global that was set, and what it holds.
    global: Option<(u32, u32)>,
}

/// An open block: where a branch to it goes on, and what stays on the stack.
struct Label {
    target: usize,
    height: usize,
    results: usize,
}

impl<'m, 'a> Machine<'m, 'a> {
    pub(super) fn new(module: &'m Module<'a>) -> Self {
        Self { module, programs: BTreeMap::new(), fuel: 0, all_fuel: limits::HALVES_ALL_STEPS, global: None }
    }

    /// Runs a function of one result: that, and the one global it sets with what it puts there. Nothing where it does more
    /// than compute, or takes too long.
    pub(super) fn run(&mut self, function: FunctionIndex, arguments: &[u32]) -> Option<(u32, (u32, u32))> {
        self.global = None;
        self.fuel = limits::HALVES_STEPS.min(self.all_fuel);
        let before = self.fuel;
        let mut stack = arguments.to_vec();
        let done = self.call(function, &mut stack, 0);
        self.all_fuel -= before - self.fuel;
        done?;
        Some((*stack.first()?, self.global?))
    }

    /// Makes a function ready; whether it can be run.
    fn prepare(&mut self, function: FunctionIndex) -> bool {
        let module = self.module;
        self.programs.entry(function).or_insert_with(|| Program::of(module, function)).is_some()
    }

    fn call(&mut self, function: FunctionIndex, stack: &mut Vec<u32>, depth: usize) -> Option<()> {
        if depth > limits::INLINE_DEPTH || !self.prepare(function) {
            return None;
        }
        // Taken out while it runs: what calls itself is no helper.
        let program = self.programs.insert(function, None)??;
        let done = self.execute(&program, stack, depth);
        self.programs.insert(function, Some(program));
        done
    }

    fn execute(&mut self, program: &Program, stack: &mut Vec<u32>, depth: usize) -> Option<()> {
        let base = stack.len().checked_sub(program.parameters)?;
        let mut locals = stack.split_off(base);
        locals.resize(program.locals, 0);
        let mut labels = vec![Label { target: program.steps.len(), height: base, results: program.results }];
        let mut at = 0;
        while let Some(step) = program.steps.get(at) {
            self.fuel = self.fuel.checked_sub(1)?;
            at += 1;
            match *step {
                Step::Constant(value) => stack.push(value),
                Step::Get(local) => stack.push(*locals.get(local as usize)?),
                Step::Set(local) => *locals.get_mut(local as usize)? = stack.pop()?,
                Step::Tee(local) => *locals.get_mut(local as usize)? = *stack.last()?,
                Step::Unary(f) => {
                    let a = stack.pop()?;
                    stack.push(f(a));
                }
                Step::Binary(f) => {
                    let (b, a) = (stack.pop()?, stack.pop()?);
                    stack.push(f(a, b));
                }
                Step::Drop => {
                    stack.pop()?;
                }
                Step::Select => {
                    let (condition, b, a) = (stack.pop()?, stack.pop()?, stack.pop()?);
                    stack.push(if condition == 0 { b } else { a });
                }
                Step::Block(results, end) => {
                    labels.push(Label { target: end + 1, height: stack.len(), results });
                }
                Step::If(results, otherwise, end) => {
                    if stack.pop()? == 0 {
                        at = otherwise + 1;
                    }
                    // Where there is no second half, it goes on behind the end.
                    if at <= end {
                        labels.push(Label { target: end + 1, height: stack.len(), results });
                    }
                }
                Step::Else(end) => at = end,
                Step::End => {
                    labels.pop()?;
                }
                Step::Branch(out) => at = branch(&mut labels, stack, out)?,
                Step::BranchIf(out) => {
                    if stack.pop()? != 0 {
                        at = branch(&mut labels, stack, out)?;
                    }
                }
                Step::Return => {
                    let out = labels.len().checked_sub(1)? as u32;
                    at = branch(&mut labels, stack, out)?;
                }
                Step::Call(callee) => self.call(callee, stack, depth + 1)?,
                Step::GlobalGet(global) => stack.push(self.global.filter(|(set, _)| *set == global)?.1),
                Step::GlobalSet(global) => {
                    if self.global.is_some_and(|(set, _)| set != global) {
                        return None;
                    }
                    self.global = Some((global, stack.pop()?));
                }
                Step::Nothing => {}
            }
        }
        (stack.len() == base + program.results).then_some(())
    }
}

/// Leaves so many blocks, with their results on the stack; where it goes on.
fn branch(labels: &mut Vec<Label>, stack: &mut Vec<u32>, out: u32) -> Option<usize> {
    let index = labels.len().checked_sub(1 + out as usize)?;
    let label = &labels[index];
    let from = stack.len().checked_sub(label.results).filter(|from| *from >= label.height)?;
    let target = label.target;
    stack.drain(label.height..from);
    labels.truncate(index);
    Some(target)
}

impl Program {
    fn of(module: &Module<'_>, function: FunctionIndex) -> Option<Self> {
        let body = module.body(function).filter(|body| body.length() <= limits::HALVES_BYTES)?;
        let (parameters, results) = module.arity(*module.functions.get(function as usize)?)?;
        let (declared, mut reader) = operators(&body.body).ok()?;
        let locals = parameters.checked_add(declared as usize).filter(|all| *all <= limits::HALVES_BYTES as usize)?;
        let mut steps = Vec::new();
        // Blocks that are open: where they began.
        let mut open: Vec<usize> = Vec::new();
        while !reader.eof() {
            let step = step(&reader.read().ok()?)?;
            match step {
                Step::Block(..) | Step::If(..) => open.push(steps.len()),
                Step::Else(_) => {
                    let now = steps.len();
                    let Step::If(_, otherwise, _) = steps.get_mut(*open.last()?)? else { return None };
                    *otherwise = now;
                }
                Step::End => {
                    if let Some(begun) = open.pop() {
                        close(&mut steps, begun)?;
                    }
                }
                _ => {}
            }
            steps.push(step);
        }
        open.is_empty().then_some(Self { parameters, results, locals, steps })
    }
}

/// Writes where a block ends to the steps that ask.
fn close(steps: &mut [Step], begun: usize) -> Option<()> {
    let now = steps.len();
    let otherwise = match steps.get_mut(begun)? {
        Step::Block(_, end) => {
            *end = now;
            return Some(());
        }
        Step::If(_, otherwise, end) => {
            *end = now;
            if *otherwise == 0 {
                *otherwise = now;
            }
            *otherwise
        }
        _ => return Some(()),
    };
    if let Some(Step::Else(end)) = steps.get_mut(otherwise) {
        *end = now;
    }
    Some(())
}

fn step(operator: &Operator<'_>) -> Option<Step> {
    use Operator as O;
    let results = |ty: &BlockType| match ty {
        BlockType::Empty => Some(0),
        BlockType::Type(_) => Some(1),
        BlockType::FuncType(_) => None,
    };
    Some(match operator {
        O::Nop => Step::Nothing,
        O::I32Const { value } => Step::Constant(*value as u32),
        // Of other types only what is dropped again, as rewritten modules have it: no operator here computes with it.
        O::I64Const { .. } | O::F32Const { .. } | O::F64Const { .. } => Step::Constant(0),
        O::LocalGet { local_index } => Step::Get(*local_index),
        O::LocalSet { local_index } => Step::Set(*local_index),
        O::LocalTee { local_index } => Step::Tee(*local_index),
        O::GlobalGet { global_index } => Step::GlobalGet(*global_index),
        O::GlobalSet { global_index } => Step::GlobalSet(*global_index),
        O::Drop => Step::Drop,
        O::Select => Step::Select,
        O::Block { blockty } => Step::Block(results(blockty)?, 0),
        O::If { blockty } => Step::If(results(blockty)?, 0, 0),
        O::Else => Step::Else(0),
        O::End => Step::End,
        O::Br { relative_depth } => Step::Branch(*relative_depth),
        O::BrIf { relative_depth } => Step::BranchIf(*relative_depth),
        O::Return => Step::Return,
        O::Call { function_index } => Step::Call(*function_index),
        other => return unary(other).map(Step::Unary).or_else(|| binary(other).map(Step::Binary)),
    })
}

fn unary(operator: &Operator<'_>) -> Option<fn(u32) -> u32> {
    use Operator as O;
    Some(match operator {
        O::I32Eqz => |a| u32::from(a == 0),
        O::I32Clz => u32::leading_zeros,
        O::I32Ctz => u32::trailing_zeros,
        O::I32Popcnt => u32::count_ones,
        _ => return None,
    })
}

fn binary(operator: &Operator<'_>) -> Option<fn(u32, u32) -> u32> {
    use Operator as O;
    Some(match operator {
        O::I32Add => u32::wrapping_add,
        O::I32Sub => u32::wrapping_sub,
        O::I32Mul => u32::wrapping_mul,
        O::I32And => |a, b| a & b,
        O::I32Or => |a, b| a | b,
        O::I32Xor => |a, b| a ^ b,
        O::I32Shl => u32::wrapping_shl,
        O::I32ShrU => u32::wrapping_shr,
        O::I32ShrS => |a, b| (a as i32).wrapping_shr(b) as u32,
        O::I32Rotl => |a, b| a.rotate_left(b % 32),
        O::I32Rotr => |a, b| a.rotate_right(b % 32),
        O::I32Eq => |a, b| u32::from(a == b),
        O::I32Ne => |a, b| u32::from(a != b),
        O::I32LtU => |a, b| u32::from(a < b),
        O::I32GtU => |a, b| u32::from(a > b),
        O::I32LeU => |a, b| u32::from(a <= b),
        O::I32GeU => |a, b| u32::from(a >= b),
        O::I32LtS => |a, b| u32::from((a as i32) < b as i32),
        O::I32GtS => |a, b| u32::from(a as i32 > b as i32),
        O::I32LeS => |a, b| u32::from(a as i32 <= b as i32),
        O::I32GeS => |a, b| u32::from(a as i32 >= b as i32),
        _ => return None,
    })
}
