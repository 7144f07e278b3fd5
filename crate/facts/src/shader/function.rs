//! What is kept of a shader's functions: statements as values, and what stands in them.

use super::graph::{Id, Name};
use davy_model::FactName;
use std::collections::{BTreeMap, BTreeSet};

/// A function.
#[derive(Debug, Default)]
pub(super) struct Function {
    pub(super) name: Name,
    /// Its first byte, and one past its last.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The stage of which it is an entry point.
    pub(super) stage: Option<&'static str>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) statements: Vec<Statement>,
    /// Facts of its own text: count and first place.
    pub(super) facts: BTreeMap<(FactName, u64), (u32, u32)>,
    /// Entries of known tables that its text names.
    pub(super) tables: Hits,
    /// Names that it reads.
    pub(super) reads: BTreeSet<Name>,
    /// Functions that it calls, or what is called like one.
    pub(super) calls: BTreeSet<Name>,
    /// Deepest nesting of its loops, and how many there are.
    pub(super) loops: (u32, u32),
}

/// A parameter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter {
    pub(super) name: Name,
    /// Whether it is the number of the invocation.
    pub(super) invocation: bool,
}

/// Distinct entries of known tables, by table.
pub(super) type Hits = BTreeMap<u8, BTreeSet<u8>>;

/// A statement as far as values go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement {
    pub(super) kind: StatementKind,
    /// What is given away: to a place, to the caller, to a condition, to nobody.
    pub(super) value: Id,
    /// Where it stands.
    pub(super) at: u32,
    /// Operators in it.
    pub(super) operators: u32,
    /// Whether it mixes bits of whole words.
    pub(super) mixes: bool,
    pub(super) in_loop: bool,
}

/// What a statement does with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatementKind {
    /// Stores it.
    Store(Id),
    /// Asks it.
    Condition,
    /// Gives it back.
    Return,
    /// Nothing: a call.
    Call,
}

impl Function {
    /// Counts a fact.
    pub(super) fn count(&mut self, name: FactName, value: u64, at: u32) {
        let (count, _) = self.facts.entry((name, value)).or_insert((0, at));
        *count = count.saturating_add(1);
    }

    /// How often facts of a name stand in it.
    pub(super) fn counted(&self, name: FactName) -> u32 {
        self.facts.range((name, 0)..=(name, u64::MAX)).map(|(_, (count, _))| *count).sum()
    }
}

/// Globals and other names of a shader that its functions share.
#[derive(Debug, Default)]
pub(super) struct Globals {
    /// Functions that only rotate: which argument, by which argument, whether to the left.
    pub(super) rotations: BTreeMap<Name, (usize, usize, bool)>,
    /// Numbers that a name stands for.
    pub(super) values: BTreeMap<Name, u64>,
    /// Entries of known tables in a name's initial value.
    pub(super) tables: BTreeMap<Name, Hits>,
    /// Names of buffers and other things outside of functions.
    pub(super) outside: BTreeSet<Name>,
    /// What is handed from stage to stage, another value for each point.
    pub(super) inputs: BTreeSet<Name>,
    /// Members of structures that are the number of the invocation.
    pub(super) invocation_members: BTreeSet<Name>,
}

/// Inputs that number an invocation, in WGSL and GLSL.
pub(super) fn is_invocation(word: &str) -> bool {
    matches!(
        word,
        "global_invocation_id"
            | "local_invocation_id"
            | "local_invocation_index"
            | "workgroup_id"
            | "vertex_index"
            | "instance_index"
            | "gl_GlobalInvocationID"
            | "gl_LocalInvocationID"
            | "gl_LocalInvocationIndex"
            | "gl_WorkGroupID"
            | "gl_FragCoord"
            | "gl_VertexID"
            | "gl_InstanceID"
    )
}
