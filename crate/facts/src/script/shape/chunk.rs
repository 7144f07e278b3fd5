//! Where names and calls of a program meet: in the largest functions that a person could still read as one thing.
//!
//! A bundle holds hundreds of programs, and taken together they speak of everything. Its modules are functions.

use crate::limits::SHAPE_NODES;
use oxc_ast::AstKind;
use oxc_semantic::{AstNodes, NodeId};

/// Which chunk each node belongs to.
#[derive(Debug)]
pub(super) struct Chunks {
    /// By node: the chunk's number.
    of: Vec<u32>,
    /// By chunk: the node it begins with.
    roots: Vec<NodeId>,
}

impl Chunks {
    /// Cuts a program: whole where it is short, otherwise at the outermost functions that are; what is left over is a
    /// chunk for each longer function.
    pub(super) fn of(nodes: &AstNodes<'_>) -> Self {
        let mut sizes = vec![1usize; nodes.len()];
        // Nodes stand in the order of the program: what is inside comes later.
        for index in (1..nodes.len()).rev() {
            let parent = nodes.parent_id(NodeId::from_usize(index)).index();
            if parent < index {
                sizes[parent] += sizes[index];
            }
        }
        let mut chunks = Self { of: vec![0; nodes.len()], roots: Vec::new() };
        for node in nodes.iter() {
            let index = node.id().index();
            let parent = nodes.parent_id(node.id()).index();
            let around = chunks.of[parent.min(index)];
            let is_long = |chunk: u32| chunks.roots.get(chunk as usize).is_none_or(|r| sizes[r.index()] > SHAPE_NODES);
            let begins = index == 0 || is_function(node.kind()) && is_long(around);
            chunks.of[index] = if begins { chunks.roots.len() as u32 } else { around };
            if begins {
                chunks.roots.push(node.id());
            }
        }
        chunks
    }

    /// The chunk of a node.
    pub(super) fn at(&self, node: NodeId) -> usize {
        self.of.get(node.index()).copied().unwrap_or(0) as usize
    }

    /// The nodes that chunks begin with.
    pub(super) fn roots(&self) -> &[NodeId] {
        &self.roots
    }
}

pub(super) fn is_function(kind: AstKind<'_>) -> bool {
    matches!(kind, AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) | AstKind::Class(_))
}
