//! Control flow that was flattened is put back: a loop around a table of branches, which runs the pieces of a sequence in
//! the order that a variable holds, becomes the sequence.
//!
//! Nothing is guessed. The loop is run with what is constant at its start and nothing else; only where every branch of it
//! is decided by that, and no piece runs twice, its pieces are written down in the order in which they ran. A real loop
//! runs its pieces again, a real switch depends on data: both stay as they are.

mod run;
#[cfg(test)]
mod tests;

use super::module::{Module, operators};
use super::skim::code;
use crate::limits;
use run::Run;
use wasmparser::{BinaryReader, FunctionBody, Operator};

/// Passes over a body: what stands inside of a piece is put back after the piece.
const PASSES: usize = 8;

/// Tables of branches in one body whose variable is looked for; where there are more, the body is read, which takes as long
/// as looking for some.
const MOST_ASKED: u32 = 16;

/// A body that was put back.
#[derive(Debug)]
pub(super) struct Straight {
    /// Which of the module's bodies.
    body: usize,
    /// Its bytes, declarations of locals first.
    bytes: Vec<u8>,
    /// Where the file has what stands in them.
    moves: Moves,
}

/// Where bytes were before they were moved: (new, old) offsets in the file at which runs begin, ascending by the first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moves(Vec<(u32, u32)>);

impl Moves {
    /// The old offset of a byte.
    pub(crate) fn origin(&self, at: u32) -> u32 {
        let run = self.0.partition_point(|(new, _)| *new <= at).checked_sub(1).and_then(|run| self.0.get(run));
        run.map_or(at, |(new, old)| old + (at - new))
    }

    fn note(&mut self, new: u32, old: u32) {
        if self.origin(new) != old {
            self.0.push((new, old));
        }
    }
}

/// An operator of a body, with its offsets in the file.
#[derive(Debug)]
struct Placed<'b> {
    operator: Operator<'b>,
    start: u32,
    end: u32,
    /// For what opens a block: the number of its end, and of its `else` where it has one.
    closed: usize,
    or_else: Option<usize>,
}

/// All bodies of a module that were flattened, put back.
pub(super) fn all(module: &Module<'_>) -> Vec<Straight> {
    let may_be = |bytes: &[u8]| bytes.len() <= limits::FLATTENED_BYTES && holds_dispatcher(bytes);
    let bodies = module.bodies.iter().enumerate().filter(|(_, body)| may_be(body.body.as_bytes()));
    bodies.filter_map(|(number, _)| straight(module, number)).collect()
}

/// Puts the bodies in place of the flattened ones.
pub(super) fn replace<'a>(module: &mut Module<'a>, all: &'a [Straight]) {
    for straight in all {
        let Some(body) = module.bodies.get_mut(straight.body) else { continue };
        let reader = BinaryReader::new(&straight.bytes, u64::from(body.range.start));
        body.body = FunctionBody::new(reader);
        body.moves = Some(&straight.moves);
    }
}

/// Whether bytes can hold a loop, a table of branches by a variable, and a constant that it is set to before. Most
/// bodies are passed over by this: to read one in full takes longer than all else that is done with it.
fn holds_dispatcher(bytes: &[u8]) -> bool {
    let Some(first) = memchr::memchr(code::LOOP, bytes) else { return false };
    let rest = &bytes[first..];
    let mut asked = 0;
    memchr::memchr_iter(code::BR_TABLE, rest).any(|at| {
        // The variable's number takes one byte, or two.
        let (one, two) = (at.checked_sub(2), at.checked_sub(3));
        let number = match (one.map(|from| &rest[from..at]), two.map(|from| &rest[from..at])) {
            (Some([code::LOCAL_GET, number]), _) if *number < 0x80 => std::slice::from_ref(number),
            (_, Some([code::LOCAL_GET, number @ ..])) if number[0] >= 0x80 && number[1] < 0x80 => number,
            _ => return false,
        };
        asked += 1;
        asked > MOST_ASKED || begins(bytes, number)
    })
}

/// Whether bytes can hold a constant of up to three bytes, right behind it a variable that it goes to, and soon after that
/// a loop that gives nothing.
fn begins(bytes: &[u8], number: &[u8]) -> bool {
    const SOON: usize = 64;
    const NOTHING: u8 = 0x40;
    let loops = |after: &[u8]| memchr::memchr_iter(code::LOOP, after).any(|at| after.get(at + 1) == Some(&NOTHING));
    memchr::memchr2_iter(code::LOCAL_SET, code::LOCAL_TEE, bytes).any(|at| {
        let constant = |length: usize| at > length && bytes[at - length - 1] == code::I32_CONST;
        let after = &bytes[at + 1..];
        after.starts_with(number) && (1..=3).any(constant) && loops(&after[..after.len().min(SOON)])
    })
}

fn straight(module: &Module<'_>, number: usize) -> Option<Straight> {
    let body = module.bodies.get(number)?;
    let start = body.range.start;
    let mut bytes = body.body.as_bytes().to_vec();
    let mut moves = Moves::default();
    let mut changed = false;
    let mut fuel = bytes.len().saturating_mul(limits::FLATTENED_STEPS_PER_BYTE);
    for _ in 0..PASSES {
        let Some(next) = pass(module, &bytes, start, &moves, &mut fuel) else { break };
        (bytes, moves) = next;
        changed = true;
    }
    changed.then_some(Straight { body: number, bytes, moves })
}

/// One pass: puts back every loop that can be, the outermost first; nothing where there is none.
fn pass(module: &Module<'_>, bytes: &[u8], offset: u32, before: &Moves, fuel: &mut usize) -> Option<(Vec<u8>, Moves)> {
    let placed = read(bytes, offset)?;
    let mut runs: Vec<(usize, Run)> = Vec::new();
    let mut next = 0;
    while next < placed.len() {
        let run = match placed[next].operator {
            Operator::Loop { .. } => Run::of(module, &placed, next, fuel),
            _ => None,
        };
        let after = if run.is_some() { placed[next].closed + 1 } else { next + 1 };
        runs.extend(run.map(|run| (next, run)));
        next = after;
    }
    if runs.is_empty() {
        return None;
    }
    let mut out = Writer::new(bytes, offset, before);
    let mut from = 0;
    for (number, run) in runs {
        placed[from..number].iter().for_each(|placed| out.copy(placed));
        run.pieces.iter().for_each(|piece| out.piece(piece, &placed));
        from = placed[number].closed + 1;
    }
    placed[from..].iter().for_each(|placed| out.copy(placed));
    Some((out.bytes, out.moves))
}

/// A body's operators; nothing where they cannot be read, or blocks are not closed.
fn read(bytes: &[u8], offset: u32) -> Option<Vec<Placed<'_>>> {
    let body = FunctionBody::new(BinaryReader::new(bytes, u64::from(offset)));
    let (_, mut reader) = operators(&body).ok()?;
    let mut placed: Vec<Placed<'_>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    while !reader.eof() {
        let start = reader.original_position() as u32;
        let operator = reader.read().ok()?;
        let number = placed.len();
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => open.push(number),
            Operator::Else => placed.get_mut(*open.last()?)?.or_else = Some(number),
            // Exceptions go where no branch says.
            Operator::Try { .. } | Operator::TryTable { .. } => return None,
            Operator::End => {
                if let Some(opened) = open.pop() {
                    placed[opened].closed = number;
                }
            }
            _ => {}
        }
        let end = reader.original_position() as u32;
        placed.push(Placed { operator, start, end, closed: 0, or_else: None });
    }
    open.is_empty().then_some(placed)
}

/// What a run leaves of an operator.
#[derive(Debug)]
enum Piece {
    /// It stands as it is.
    Whole(usize),
    /// A branch that leaves what is open now by so many blocks, or its condition that is not asked any more.
    Branch(usize, u32),
    BranchIf(usize, u32),
    Table(usize, Vec<u32>),
    Drop(usize),
}

/// Writes a body anew.
struct Writer<'b> {
    old: &'b [u8],
    offset: u32,
    /// Where the old bytes stand in the file.
    before: &'b Moves,
    bytes: Vec<u8>,
    moves: Moves,
}

impl<'b> Writer<'b> {
    fn new(old: &'b [u8], offset: u32, before: &'b Moves) -> Self {
        let body = FunctionBody::new(BinaryReader::new(old, u64::from(offset)));
        let declared = operators(&body).map_or(0, |(_, reader)| reader.original_position() - u64::from(offset));
        let bytes = old.get(..declared as usize).unwrap_or_default().to_vec();
        Self { old, offset, before, bytes, moves: Moves(vec![(offset, offset)]) }
    }

    fn at(&mut self, old: u32) {
        self.moves.note(self.offset + self.bytes.len() as u32, self.before.origin(old));
    }

    fn copy(&mut self, placed: &Placed<'_>) {
        self.at(placed.start);
        let range = (placed.start - self.offset) as usize..(placed.end - self.offset) as usize;
        self.bytes.extend_from_slice(self.old.get(range).unwrap_or_default());
    }

    fn piece(&mut self, piece: &Piece, placed: &[Placed<'_>]) {
        const BR: u8 = 0x0c;
        const BR_IF: u8 = 0x0d;
        const BR_TABLE: u8 = 0x0e;
        const DROP: u8 = 0x1a;
        let (number, code, depths) = match piece {
            Piece::Whole(number) => return self.copy(&placed[*number]),
            Piece::Branch(number, depth) => (number, BR, std::slice::from_ref(depth)),
            Piece::BranchIf(number, depth) => (number, BR_IF, std::slice::from_ref(depth)),
            Piece::Table(number, depths) => (number, BR_TABLE, depths.as_slice()),
            Piece::Drop(number) => (number, DROP, &[][..]),
        };
        self.at(placed[*number].start);
        self.bytes.push(code);
        if code == BR_TABLE {
            // The last is the default, which the count leaves out.
            self.leb(depths.len().saturating_sub(1) as u32);
        }
        depths.iter().for_each(|depth| self.leb(*depth));
    }

    fn leb(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }
}
