//! Where names and calls of a program meet: in the largest functions that a person could still read as one thing.
//!
//! A bundle holds hundreds of programs, and taken together they speak of everything. Its modules are functions.

use crate::limits::SHAPE_NODES;
use oxc_ast::AstKind;
use oxc_ast::ast::Program;
use oxc_ast_visit::Visit;
use oxc_span::GetSpan;

/// The chunks of a program, told while its tree is walked: whole where it is short, otherwise the outermost functions that
/// are; what is left over is a chunk for each longer function.
#[derive(Debug)]
pub(super) struct Chunks {
    /// Nodes of the program and of each function, in the order in which they begin.
    sizes: Vec<usize>,
    /// How many of them have begun.
    begun: usize,
    /// The chunks of those that are open.
    open: Vec<usize>,
    /// Where chunks begin in the text, and their nodes.
    chunks: Vec<(u32, usize)>,
}

impl Chunks {
    /// For a program that has not been walked yet.
    pub(super) fn of(program: &Program<'_>) -> Self {
        let mut sizes = Sizes { nodes: 0, sizes: Vec::new(), open: Vec::new() };
        sizes.visit_program(program);
        Self { sizes: sizes.sizes, begun: 0, open: Vec::new(), chunks: Vec::new() }
    }

    /// A node begins; whether a chunk does.
    pub(super) fn enter(&mut self, kind: AstKind<'_>) -> bool {
        if !is_measured(kind) {
            return false;
        }
        let size = self.sizes.get(self.begun).copied().unwrap_or(0);
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

/// Counts nodes.
struct Sizes {
    nodes: usize,
    sizes: Vec<usize>,
    /// Of those that are open: place among the sizes, and nodes before.
    open: Vec<(usize, usize)>,
}

impl<'a> Visit<'a> for Sizes {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        if is_measured(kind) {
            self.open.push((self.sizes.len(), self.nodes));
            self.sizes.push(0);
        }
        self.nodes += 1;
    }

    fn leave_node(&mut self, kind: AstKind<'a>) {
        if is_measured(kind)
            && let Some((place, before)) = self.open.pop()
        {
            self.sizes[place] = self.nodes - before;
        }
    }
}

fn is_measured(kind: AstKind<'_>) -> bool {
    is_function(kind) || matches!(kind, AstKind::Program(_))
}

pub(super) fn is_function(kind: AstKind<'_>) -> bool {
    matches!(kind, AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) | AstKind::Class(_))
}
