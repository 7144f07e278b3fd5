//! One loop, run with what is constant at its start.

use super::super::arity::Arity;
use super::super::module::Module;
use super::{Piece, Placed};
use std::collections::BTreeMap;
use wasmparser::{BlockType, Operator};

/// Operators looked back over for what is constant when the loop begins.
const BEFORE: usize = 24;

/// A block that is open while the loop runs: its number and how many values lay on the stack when it was opened.
#[derive(Debug, Clone, Copy)]
struct Label {
    opened: usize,
    height: usize,
}

/// A run that came to an end.
#[derive(Debug)]
pub(super) struct Run {
    /// What ran, in order.
    pub(super) pieces: Vec<Piece>,
}

struct Machine<'p, 'b, 'a> {
    module: &'p Module<'a>,
    placed: &'p [Placed<'b>],
    locals: BTreeMap<u32, u64>,
    stack: Vec<Option<u64>>,
    labels: Vec<Label>,
    /// Which operators of the loop ran that may run once only.
    ran: Vec<bool>,
    first: usize,
    pieces: Vec<Piece>,
    /// Blocks known to be part of a piece, or not, by number from the first.
    whole: Vec<Option<bool>>,
}

/// Where a run goes on.
enum Next {
    At(usize),
    /// The loop is left.
    Out,
}

impl Run {
    /// Runs the loop with this number; nothing where a branch of it depends on more than constants, or a piece would run
    /// twice, or the steps that are left do not do.
    pub(super) fn of(module: &Module<'_>, placed: &[Placed<'_>], number: usize, fuel: &mut usize) -> Option<Self> {
        if !matches!(placed[number].operator, Operator::Loop { blockty: BlockType::Empty }) {
            return None;
        }
        let end = placed[number].closed;
        *fuel = fuel.checked_sub(end - number)?;
        if !placed[number..end].iter().any(|p| matches!(p.operator, Operator::BrTable { .. })) {
            return None;
        }
        let mut machine = Machine {
            module,
            placed,
            locals: BTreeMap::new(),
            stack: Vec::new(),
            labels: Vec::new(),
            ran: vec![false; end - number],
            first: number,
            pieces: Vec::new(),
            whole: vec![None; end - number],
        };
        machine.look_back();
        if machine.locals.is_empty() {
            return None;
        }
        machine.labels.push(Label { opened: number, height: 0 });
        machine.stack.clear();
        let mut at = number + 1;
        loop {
            *fuel = fuel.checked_sub(1)?;
            match machine.step(at, fuel)? {
                Next::At(next) => at = next,
                Next::Out => return Some(Self { pieces: machine.pieces }),
            }
        }
    }
}

impl Machine<'_, '_, '_> {
    /// Learns what is constant before the loop, since the last place to which anything may jump.
    fn look_back(&mut self) {
        let joins = |p: &Placed<'_>| {
            matches!(p.operator, Operator::Loop { .. } | Operator::If { .. } | Operator::Else | Operator::End)
        };
        let before = &self.placed[self.first.saturating_sub(BEFORE)..self.first];
        let from = before.iter().rposition(joins).map_or(0, |place| place + 1);
        for placed in &before[from..] {
            if self.plain(&placed.operator).is_none() {
                self.stack.clear();
            }
        }
    }

    /// Takes the step at `at`; nothing where it is not decided.
    fn step(&mut self, at: usize, fuel: &mut usize) -> Option<Next> {
        let placed = self.placed.get(at)?;
        let next = Some(Next::At(at + 1));
        match &placed.operator {
            Operator::Block { blockty } | Operator::Loop { blockty } => {
                if self.is_whole(at, fuel)? {
                    return self.take_whole(at, *blockty);
                }
                if !matches!((&placed.operator, blockty), (Operator::Block { .. }, BlockType::Empty)) {
                    return None;
                }
                self.labels.push(Label { opened: at, height: self.stack.len() });
                next
            }
            Operator::If { blockty } => {
                let condition = self.stack.pop()?;
                if self.is_whole(at, fuel)? {
                    return self.take_whole(at, *blockty);
                }
                let holds = condition? as u32 != 0;
                if !matches!(blockty, BlockType::Empty) {
                    return None;
                }
                self.pieces.push(Piece::Drop(at));
                self.labels.push(Label { opened: at, height: self.stack.len() });
                let otherwise = placed.or_else.map_or(placed.closed, |or_else| or_else + 1);
                Some(Next::At(if holds { at + 1 } else { otherwise }))
            }
            Operator::Else => Some(Next::At(self.placed.get(self.labels.last()?.opened)?.closed)),
            Operator::End => {
                let label = self.labels.pop()?;
                if self.stack.len() != label.height {
                    return None;
                }
                if self.labels.is_empty() { Some(Next::Out) } else { next }
            }
            Operator::Br { relative_depth } => self.branch(at, *relative_depth),
            Operator::BrIf { relative_depth } => match (self.stack.pop()?, self.outside(*relative_depth)) {
                (Some(0), _) => {
                    self.pieces.push(Piece::Drop(at));
                    next
                }
                (Some(_), _) => {
                    self.pieces.push(Piece::Drop(at));
                    self.branch(at, *relative_depth)
                }
                (None, Some(depth)) => {
                    self.once(at)?;
                    self.pieces.push(Piece::BranchIf(at, depth));
                    next
                }
                (None, None) => None,
            },
            Operator::BrTable { targets } => {
                let index = self.stack.pop()?? as u32;
                let target = targets.targets().nth(index as usize).map_or(Some(targets.default()), Result::ok)?;
                self.pieces.push(Piece::Drop(at));
                self.branch(at, target)
            }
            Operator::Return | Operator::Unreachable => {
                self.pieces.push(Piece::Whole(at));
                Some(Next::Out)
            }
            operator => {
                if !is_glue(operator) {
                    self.once(at)?;
                }
                self.plain(operator)?;
                self.pieces.push(Piece::Whole(at));
                next
            }
        }
    }

    /// Notes that an operator runs; nothing where it ran before.
    fn once(&mut self, at: usize) -> Option<()> {
        let ran = self.ran.get_mut(at.checked_sub(self.first)?)?;
        (!std::mem::replace(ran, true)).then_some(())
    }

    /// How many blocks a branch leaves outside the loop; nothing where it stays inside.
    fn outside(&self, depth: u32) -> Option<u32> {
        depth.checked_sub(self.labels.len() as u32)
    }

    fn branch(&mut self, at: usize, depth: u32) -> Option<Next> {
        if let Some(depth) = self.outside(depth) {
            self.pieces.push(Piece::Branch(at, depth));
            return Some(Next::Out);
        }
        let place = self.labels.len() - 1 - depth as usize;
        let label = *self.labels.get(place)?;
        if self.stack.len() != label.height {
            return None;
        }
        if place == 0 {
            self.labels.truncate(1);
            return Some(Next::At(self.first + 1));
        }
        self.labels.truncate(place);
        Some(Next::At(self.placed.get(label.opened)?.closed + 1))
    }

    /// Whether no branch inside of a block goes to the loop or to a block around it inside the loop, nor is a door: then
    /// it is part of a piece, whatever it does. Nothing where the steps that are left do not do.
    fn is_whole(&mut self, at: usize, fuel: &mut usize) -> Option<bool> {
        let number = at.checked_sub(self.first)?;
        if let Some(known) = *self.whole.get(number)? {
            return Some(known);
        }
        *fuel = fuel.checked_sub(self.placed.get(at)?.closed - at)?;
        let whole = self.stays_inside(at);
        self.whole[number] = Some(whole);
        Some(whole)
    }

    fn stays_inside(&self, at: usize) -> bool {
        let mut inside = 0u32;
        let mut before: Option<&Operator<'_>> = None;
        self.placed[at..self.placed[at].closed].iter().all(|placed| {
            let stays = |depth: u32| depth < inside || depth - inside >= self.labels.len() as u32;
            let before = before.replace(&placed.operator);
            match &placed.operator {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                    inside += 1;
                    true
                }
                Operator::End => {
                    inside = inside.saturating_sub(1);
                    true
                }
                Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => stays(*relative_depth),
                Operator::BrTable { .. } if before.is_some_and(|before| self.is_known(before)) => false,
                Operator::BrTable { targets } => {
                    stays(targets.default()) && targets.targets().all(|target| target.is_ok_and(stays))
                }
                Operator::BrOnNull { .. }
                | Operator::BrOnNonNull { .. }
                | Operator::BrOnCast { .. }
                | Operator::BrOnCastFail { .. } => false,
                _ => true,
            }
        })
    }

    /// Whether an operator gives a local whose value is known.
    fn is_known(&self, operator: &Operator<'_>) -> bool {
        matches!(operator, Operator::LocalGet { local_index } if self.locals.contains_key(local_index))
    }

    /// Takes a block as part of a piece: branches out of the loop leave fewer blocks now.
    fn take_whole(&mut self, at: usize, blockty: BlockType) -> Option<Next> {
        let closed = self.placed.get(at)?.closed;
        let open = self.labels.len() as u32;
        let mut inside = 0u32;
        for number in at..=closed {
            self.once(number)?;
            let leaves = |depth: u32| if depth >= inside + open { depth - open } else { depth };
            let piece = match &self.placed.get(number)?.operator {
                Operator::Br { relative_depth } => Piece::Branch(number, leaves(*relative_depth)),
                Operator::BrIf { relative_depth } => Piece::BranchIf(number, leaves(*relative_depth)),
                Operator::BrTable { targets } => {
                    let mut depths: Vec<u32> = targets.targets().flatten().map(leaves).collect();
                    depths.push(leaves(targets.default()));
                    Piece::Table(number, depths)
                }
                operator => {
                    match operator {
                        Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => inside += 1,
                        Operator::End => inside = inside.saturating_sub(1),
                        Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                            self.locals.remove(local_index);
                        }
                        _ => {}
                    }
                    Piece::Whole(number)
                }
            };
            self.pieces.push(piece);
        }
        match blockty {
            BlockType::Empty => {}
            BlockType::Type(_) => self.stack.push(None),
            BlockType::FuncType(_) => return None,
        }
        Some(Next::At(closed + 1))
    }

    /// Runs an operator that does not branch; nothing where how many values it takes is not known, or more than there are.
    fn plain(&mut self, operator: &Operator<'_>) -> Option<()> {
        match operator {
            Operator::I32Const { value } => self.stack.push(Some(u64::from(*value as u32))),
            Operator::I64Const { value } => self.stack.push(Some(*value as u64)),
            Operator::LocalGet { local_index } => self.stack.push(self.locals.get(local_index).copied()),
            Operator::LocalSet { local_index } => {
                let value = self.stack.pop()?;
                self.set(*local_index, value);
            }
            Operator::LocalTee { local_index } => {
                let value = *self.stack.last()?;
                self.set(*local_index, value);
            }
            _ => return self.other(operator),
        }
        Some(())
    }

    fn set(&mut self, local: u32, value: Option<u64>) {
        match value {
            Some(value) => self.locals.insert(local, value),
            None => self.locals.remove(&local),
        };
    }

    fn other(&mut self, operator: &Operator<'_>) -> Option<()> {
        let (taken, given) = operator.operator_arity(&Arity(self.module, self.labels.len() as u32))?;
        let rest = self.stack.len().checked_sub(taken as usize)?;
        let value = match self.stack.get(rest..)? {
            [Some(a)] => one(operator, *a as u32),
            [Some(a), Some(b)] => two(operator, *a as u32, *b as u32),
            _ => None,
        };
        self.stack.truncate(rest);
        for _ in 0..given {
            self.stack.push(value.map(u64::from));
        }
        Some(())
    }
}

/// What only says which piece comes next may run as often as there are pieces.
fn is_glue(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::I32Const { .. }
            | Operator::LocalGet { .. }
            | Operator::LocalSet { .. }
            | Operator::LocalTee { .. }
            | Operator::Drop
            | Operator::Nop
            | Operator::I32Eq
            | Operator::I32Ne
            | Operator::I32Eqz
    )
}

/// 32-bit operators by which the next piece is chosen.
fn one(operator: &Operator<'_>, a: u32) -> Option<u32> {
    matches!(operator, Operator::I32Eqz).then_some(u32::from(a == 0))
}

/// See [`one`].
fn two(operator: &Operator<'_>, a: u32, b: u32) -> Option<u32> {
    Some(match operator {
        Operator::I32Add => a.wrapping_add(b),
        Operator::I32Sub => a.wrapping_sub(b),
        Operator::I32Mul => a.wrapping_mul(b),
        Operator::I32Xor => a ^ b,
        Operator::I32And => a & b,
        Operator::I32Or => a | b,
        Operator::I32Shl => a.wrapping_shl(b),
        Operator::I32ShrU => a.wrapping_shr(b),
        Operator::I32Eq => u32::from(a == b),
        Operator::I32Ne => u32::from(a != b),
        Operator::I32LtU => u32::from(a < b),
        Operator::I32GtU => u32::from(a > b),
        _ => return None,
    })
}
