//! Copies of code: a compiler that puts everything in line writes the same code ten times over, and how much of a program
//! hashes, and how much else it is made of, must not depend on that.
//!
//! Code is cut where its own content says so, into pieces of some dozen operators: a copy then falls into the same pieces
//! whatever stands before it. Locals and labels are left out, since each copy has its own.

use super::module::{Body, FunctionIndex, Module};
use super::outline::Outline;
use super::skim::{Skim, Step, code};

/// Of each part's code, how much counts: all of it where nothing is copied, an n-th where all of it stands there n times.
#[derive(Debug)]
pub(super) struct Copies {
    imported: u32,
    /// For each defined function its parts' shares, of [`WHOLE`]; empty where nothing was looked at.
    shares: Vec<Vec<u16>>,
}

/// The share of a part that has no copy.
const WHOLE: u16 = 1 << 10;

/// Of a program's pieces at most one in so many is new where copies are taken off: ordinary programs repeat a fifth of
/// themselves (0.77 to 1.0 of lawful modules is new, 0.07 to 0.15 of kernels of which everything is in line), and that is
/// theirs.
const COPIES: u64 = 2;

/// Operators of a piece, at least and in the mean beyond that.
const LEAST: u32 = 4;
const MEAN: u64 = 8;

/// A piece of code: what it holds, the part it belongs to, its operators.
type Piece = (u64, u32, u32);

impl Copies {
    /// Looks through functions, each with whether its straight-line code counts too; nothing where less than half is copied.
    pub(super) fn of(module: &Module<'_>, functions: &[(FunctionIndex, bool, &Outline)]) -> Option<Self> {
        if !repeats_loops(functions) {
            return None;
        }
        let mut cutter = Cutter::default();
        let mut parts: Vec<(FunctionIndex, u32)> = Vec::new();
        for (function, looped, outline) in functions {
            let Some(body) = module.body(*function) else { continue };
            cutter.first = parts.len() as u32;
            parts.extend((0..outline.parts.len() as u32).map(|part| (*function, part)));
            cutter.body(body, *looped);
        }
        let mut pieces = cutter.pieces;
        davy_model::sort(&mut pieces);
        let all: u64 = pieces.iter().map(|piece| u64::from(piece.2)).sum();
        let mut once = vec![(0u64, 0u64); parts.len()];
        let mut new = 0;
        for same in pieces.chunk_by(|a, b| a.0 == b.0) {
            new += same.first().map_or(0, |piece| u64::from(piece.2));
            for (_, part, length) in same {
                let (counts, whole) = &mut once[*part as usize];
                *counts += (u64::from(*length) * u64::from(WHOLE)) / same.len() as u64;
                *whole += u64::from(*length);
            }
        }
        if new * COPIES >= all {
            return None;
        }
        let imported = module.imported();
        let mut shares = vec![Vec::new(); module.bodies.len()];
        for ((function, _), (counts, whole)) in parts.iter().zip(once) {
            let share = counts.checked_div(whole).map_or(WHOLE, |share| share as u16);
            shares[(function - imported) as usize].push(share);
        }
        Some(Self { imported, shares })
    }

    /// So many bytes of a part, copies taken off.
    pub(super) fn weigh(&self, function: FunctionIndex, part: u32, bytes: u32) -> u32 {
        let of = function.checked_sub(self.imported).and_then(|f| self.shares.get(f as usize));
        let share = of.and_then(|parts| parts.get(part as usize)).copied().unwrap_or(WHOLE);
        (u64::from(bytes) * u64::from(share) / u64::from(WHOLE)) as u32
    }
}

/// Whether loops look like each other so often that it is worth to read what they hold: by what their skeletons tell, of
/// lawful modules 0.65 to 1.0 is new, of RandomX with everything in line 0.33 to 0.37.
fn repeats_loops(functions: &[(FunctionIndex, bool, &Outline)]) -> bool {
    /// Operators that compute: shorter loops are alike by chance.
    const SHORT: u32 = 16;
    let loops = functions.iter().flat_map(|(_, _, outline)| outline.parts.iter().skip(1));
    let looks = loops.filter(|part| part.work >= SHORT).map(|part| (part.work, part.mixes, part.masks, part.halves));
    let mut looks: Vec<(u32, u32, u32, u32)> = looks.collect();
    let work = |looks: &[(u32, u32, u32, u32)]| looks.iter().map(|look| u64::from(look.0)).sum::<u64>();
    let all = work(&looks);
    davy_model::sort(&mut looks);
    looks.dedup();
    work(&looks) * COPIES < all
}

/// Cuts bodies into pieces.
#[derive(Default)]
struct Cutter {
    pieces: Vec<Piece>,
    /// The number of the body's first part among all parts.
    first: u32,
    /// What the piece holds so far, its operators, and what the last eight operators were.
    held: u64,
    length: u32,
    last: u64,
}

impl Cutter {
    /// All parts of a body, or all but the straight-line code.
    fn body(&mut self, body: &Body<'_>, straight: bool) {
        let Ok((_, start, bytes)) = body.code() else { return };
        let mut skim = Skim::new(bytes, start);
        let (mut open, mut part, mut parts) = (Vec::new(), 0u32, 0u32);
        let mut from = 0;
        while let Ok(step) = skim.next() {
            let to = (u64::from(skim.position()) - start) as usize;
            match step.code {
                code::LOOP => {
                    self.cut(part, straight);
                    open.push(part);
                    parts += 1;
                    part = parts;
                }
                code::BLOCK | code::IF | code::TRY | code::TRY_TABLE => open.push(part),
                code::END => {
                    let Some(outer) = open.pop() else { break };
                    if outer != part {
                        self.cut(part, straight);
                        part = outer;
                    }
                }
                code::LOCAL_GET | code::LOCAL_SET | code::LOCAL_TEE => {}
                _ => {
                    self.take(step, bytes.get(from..to).unwrap_or(&[]));
                    if self.length >= LEAST && (self.last >> 56).is_multiple_of(MEAN) {
                        self.cut(part, straight);
                    }
                }
            }
            from = to;
        }
        self.cut(part, straight);
    }

    fn take(&mut self, step: Step, bytes: &[u8]) {
        // Labels tell where a copy stands, not what it is.
        let is_branch = matches!(step.code, code::BR | code::BR_IF | code::BR_TABLE | code::ELSE);
        let bytes = if is_branch { bytes.get(..1).unwrap_or(&[]) } else { bytes };
        let key = bytes.chunks(8).fold(0, |key: u64, some| {
            let word = some.iter().rev().fold(0, |word: u64, byte| word << 8 | u64::from(*byte));
            spread(key ^ word)
        });
        self.held = spread(self.held.rotate_left(5) ^ key);
        self.last = (self.last << 8).wrapping_add(key >> 3);
        self.length += 1;
    }

    /// Ends a piece.
    fn cut(&mut self, part: u32, straight: bool) {
        if self.length > 0 && (part > 0 || straight) {
            self.pieces.push((self.held, self.first + part, self.length));
        }
        (self.held, self.length, self.last) = (0, 0, 0);
    }
}

/// Spreads bits; the constant is 2^64 divided by the golden ratio.
fn spread(word: u64) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let word = word.wrapping_add(1).wrapping_mul(K);
    word ^ word >> 32
}

#[cfg(test)]
mod tests {
    use crate::{Limits, extract};
    use davy_model::{Artifact, ArtifactKind, FactName, ScopeKind};
    use std::borrow::Cow;
    use std::fmt::Write;

    /// Loops of plain arithmetic by numbers that chance gives, 2,000 statements each; the seeds say which are the same.
    fn loops(seeds: &[u32]) -> String {
        let mut text = String::new();
        for (local, seed) in seeds.iter().enumerate() {
            // Copies have locals of their own, and something else stands before each.
            let _ = write!(text, "(drop (i32.const {})) (loop", local * 77_777);
            let mut number = *seed;
            for _ in 0..2000 {
                number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let operator = ["add", "sub", "mul", "and", "or"][(number >> 16) as usize % 5];
                let constant = number >> 4;
                let _ = write!(text, "(local.set {local} (i32.{operator} (local.get {local}) (i32.const {constant})))");
            }
            let _ = write!(text, "(br_if 0 (local.get {local})))");
        }
        text
    }

    /// Bytes of hot code of a module that hashes a little and holds such loops.
    fn hot(seeds: &[u32]) -> u32 {
        let mix =
            "(local.set 0 (i32.xor (i32.rotl (local.get 0) (i32.const 7)) (i32.load (i32.const 512))))".repeat(24);
        let text = format!(
            r#"(module (memory 1)
              (func (export "hash") (param i32) (loop {mix} (br_if 0 (local.get 0))))
              (func (export "other") (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) {}))"#,
            loops(seeds)
        );
        let bytes = wat::parse_str(text).unwrap();
        let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(&bytes) };
        let extraction = extract(&artifact, &Limits::default());
        let whole = extraction.scopes.iter().filter(|scope| scope.kind == ScopeKind::Artifact);
        whole.flat_map(|scope| &scope.facts).filter(|fact| fact.name == FactName::HotCode).map(|fact| fact.count).sum()
    }

    #[test]
    fn code_that_stands_there_eight_times_weighs_as_much_as_once() {
        let once = hot(&[1]);
        let copied = hot(&[1; 8]);
        assert!(once > 10_000, "{once}");
        assert!(copied < once + once / 10, "{copied} for eight copies of {once}");
    }

    #[test]
    fn different_code_and_what_ordinary_programs_repeat_keep_their_weight() {
        let once = hot(&[1]);
        let different = hot(&[1, 2, 3, 4, 5, 6, 7, 8]);
        assert!(different > 7 * once, "{different} for eight of {once}");
        let some = hot(&[1, 2, 3, 4, 5, 6, 1, 2]);
        assert!(some > 7 * once, "{some} for eight of {once}, two of which are copies");
    }
}
