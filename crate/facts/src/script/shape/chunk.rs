//! Where names and calls of a program meet: in the largest functions that a person could still read as one thing.
//!
//! A bundle holds hundreds of programs, and taken together they speak of everything. Its modules are functions.

use crate::limits::SHAPE_NODES;
use crate::script::program::is_measured;
use oxc_ast::AstKind;
use oxc_span::GetSpan;

/// The chunks of a program, told while its tree is walked: whole where it is short, otherwise the outermost functions that
/// are; what is left over is a chunk for each longer function.
#[derive(Debug)]
pub(super) struct Chunks<'p> {
    /// Nodes of the program and of each function, in the order in which they begin.
    sizes: &'p [u32],
    /// How many of them have begun.
    begun: usize,
    /// The chunks of those that are open.
    open: Vec<usize>,
    /// Where chunks begin in the text, and their nodes.
    chunks: Vec<(u32, usize)>,
}

impl<'p> Chunks<'p> {
    /// For a program that has not been walked yet.
    pub(super) fn of(sizes: &'p [u32]) -> Self {
        Self { sizes, begun: 0, open: Vec::new(), chunks: Vec::new() }
    }

    /// A node begins; whether a chunk does.
    #[inline(always)]
    pub(super) fn enter(&mut self, kind: AstKind<'_>) -> bool {
        if !is_measured(kind) {
            return false;
        }
        let size = self.sizes.get(self.begun).map_or(0, |size| *size as usize);
        self.begun += 1;
        let around = self.open.last().copied();
        let is_long = |chunk: usize| self.chunks.get(chunk).is_none_or(|(_, size)| *size > SHAPE_NODES);
        match around.filter(|chunk| !is_long(*chunk)) {
            Some(chunk) => self.open.push(chunk),
            None => {
                self.open.push(self.chunks.len());
                self.chunks.push((kind.span().start, size));
                return true;
            }
        }
        false
    }

    /// A node ends.
    #[inline(always)]
    pub(super) fn leave(&mut self, kind: AstKind<'_>) {
        if is_measured(kind) {
            self.open.pop();
        }
    }

    /// The chunk of what is walked now.
    pub(super) fn here(&self) -> usize {
        self.open.last().copied().unwrap_or(0)
    }

    /// Where chunks begin in the text.
    pub(super) fn starts(&self) -> impl Iterator<Item = u32> {
        self.chunks.iter().map(|(start, _)| *start)
    }
}
