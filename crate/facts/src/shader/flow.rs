//! What a shader's values are for: the number of an invocation that is hashed (a nonce), a hash that is compared with
//! something else (a target). Followed by name, through all functions, until nothing new is learnt.

use super::function::{Function, Globals, Statement, StatementKind, is_invocation};
use super::graph::{Graph, Id, Name, Node, Op, made_of};
use davy_model::FactName;
use std::collections::{BTreeMap, BTreeSet};

/// Rounds over all functions. Each carries a value one call further; kernels are four deep.
const ROUNDS: usize = 8;

/// Exclusive-ors and rotations from which on a function mixes.
const LEAST_MIXING: u32 = 4;

/// What is known of the values of all functions.
pub(super) struct Flow<'g, 'a> {
    graph: &'g Graph<'a>,
    globals: &'g Globals,
    /// Place of each function by its name; of several with one name, the last.
    by_name: BTreeMap<Name, usize>,
    /// Functions that mix, themselves or by what they call.
    mixing: Vec<bool>,
    /// By function, names that hold a value made of the invocation's number.
    numbered: Vec<BTreeSet<Name>>,
    /// By function, names that hold a value that was mixed.
    mixed: Vec<BTreeSet<Name>>,
    /// The same of what stands outside of functions.
    mixed_outside: BTreeSet<Name>,
}

impl<'g, 'a> Flow<'g, 'a> {
    pub(super) fn new(functions: &[Function], graph: &'g Graph<'a>, globals: &'g Globals) -> Self {
        let by_name = functions.iter().enumerate().map(|(index, function)| (function.name, index)).collect();
        let own =
            |f: &Function| f.counted(FactName::Xor) + f.counted(FactName::Rotation32) + f.counted(FactName::Rotation64);
        let numbered =
            functions.iter().map(|f| f.parameters.iter().filter(|p| p.invocation).map(|p| p.name).collect()).collect();
        let mut flow = Self {
            graph,
            globals,
            by_name,
            mixing: functions.iter().map(|f| own(f) >= LEAST_MIXING).collect(),
            numbered,
            mixed: vec![BTreeSet::new(); functions.len()],
            mixed_outside: BTreeSet::new(),
        };
        for _ in 0..ROUNDS {
            if !flow.round(functions) {
                break;
            }
        }
        flow
    }

    pub(super) fn index(&self, name: Name) -> Option<usize> {
        self.by_name.get(&name).copied()
    }

    /// Whether a function mixes, itself or by what it calls.
    pub(super) fn is_mixing(&self, function: usize) -> bool {
        self.mixing.get(function).copied().unwrap_or_default()
    }

    /// Whether a call of a name mixes.
    pub(super) fn calls_mixing(&self, name: Name) -> bool {
        self.globals.rotations.contains_key(&name) || self.index(name).is_some_and(|f| self.mixing[f])
    }

    /// Purposes of a function's statements, as (fact, value, place).
    pub(super) fn purposes(&self, function: usize, statements: &[Statement]) -> Vec<(FactName, u64, u32)> {
        /// The value of a nonce that is an invocation's number.
        const INVOCATION: u64 = 3;
        let mut found = Vec::new();
        for statement in statements {
            if self.tries(function, statement) {
                found.push((FactName::NonceStore, INVOCATION, statement.at));
            }
            let mut compares = Vec::new();
            collect(self.graph, statement.value, |_, node| {
                if compares.len() < MOST_COMPARES {
                    compares.extend(self.compared(node));
                }
            });
            let targets = compares.into_iter().filter(|&(_, a, b)| self.is_target(function, a, b));
            found.extend(targets.map(|(ordered, ..)| (FactName::TargetCompare, u64::from(ordered), statement.at)));
        }
        found
    }

    /// Whether a statement puts the invocation's number where it is hashed: into a list of the function's own, into what
    /// is mixed, or into a call that mixes.
    fn tries(&self, function: usize, statement: &Statement) -> bool {
        let is_numbered = |id| self.is_numbered(function, id);
        let local = |place: Id| {
            let inner = self.graph.node(place).op == Op::Index;
            inner && self.graph.base(place).is_some_and(|base| !self.globals.outside.contains(&base))
        };
        if let StatementKind::Store(place) = statement.kind
            && local(place)
            && is_numbered(statement.value)
        {
            return true;
        }
        let mut calls = Vec::new();
        collect(self.graph, statement.value, |_, node| {
            if node.op == Op::Call && self.index(node.a).is_some_and(|f| self.mixing[f]) {
                calls.push(node.b);
            }
        });
        statement.mixes && is_numbered(statement.value) || calls.into_iter().any(is_numbered)
    }

    /// What is compared, and whether it is ordered: by an operator, or by a function of the language that compares vectors,
    /// or leaves the lesser.
    fn compared(&self, node: Node) -> Option<(bool, Id, Id)> {
        if matches!(node.op, Op::Order | Op::Equal) {
            return Some((node.op == Op::Order, node.a, node.b));
        }
        if node.op != Op::Call || self.index(node.a).is_some() {
            return None;
        }
        let ordered = match self.graph.text(node.a) {
            "lessThan" | "lessThanEqual" | "greaterThan" | "greaterThanEqual" | "step" | "min" | "atomicMin" => true,
            "equal" | "notEqual" => false,
            _ => return None,
        };
        let first = self.graph.node(node.b);
        let second = self.graph.node(first.b);
        let two = first.op == Op::Argument && second.op == Op::Argument && second.b == 0;
        two.then_some((ordered, first.a, second.a))
    }

    /// Whether what was mixed is compared with what was not.
    fn is_target(&self, function: usize, a: Id, b: Id) -> bool {
        self.is_mixed(function, a) != self.is_mixed(function, b)
    }

    fn round(&mut self, functions: &[Function]) -> bool {
        let mut learnt = false;
        for (index, function) in functions.iter().enumerate() {
            if !self.mixing[index]
                && function.calls.iter().any(|&name| self.index(name).is_some_and(|f| self.mixing[f]))
            {
                self.mixing[index] = true;
                learnt = true;
            }
            for statement in &function.statements {
                learnt |= self.statement(functions, index, statement);
            }
        }
        learnt
    }

    fn statement(&mut self, functions: &[Function], function: usize, statement: &Statement) -> bool {
        let mut learnt = false;
        if let StatementKind::Store(place) = statement.kind
            && let Some(base) = self.graph.base(place)
        {
            if self.is_numbered(function, statement.value) {
                learnt |= self.numbered[function].insert(base);
            }
            if self.is_mixed(function, statement.value) {
                learnt |= self.mixed[function].insert(base);
                // Whoever reads what stands outside of functions reads it too.
                learnt |= self.globals.outside.contains(&base) && self.mixed_outside.insert(base);
            }
        }
        let mut calls = Vec::new();
        collect(self.graph, statement.value, |id, node| {
            if node.op == Op::Call {
                calls.push(id);
            }
        });
        for call in calls {
            learnt |= self.call(functions, function, call, statement.kind == StatementKind::Call);
        }
        learnt
    }

    /// What a call hands on: to parameters, and through pointers back. A call whose value nobody takes works by those.
    fn call(&mut self, functions: &[Function], caller: usize, call: Id, alone: bool) -> bool {
        let Some(callee) = self.index(self.graph.node(call).a) else { return false };
        let arguments = self.graph.arguments(call);
        let numbered: Vec<bool> = arguments.iter().map(|&id| self.is_numbered(caller, id)).collect();
        let mixed: Vec<bool> = arguments.iter().map(|&id| self.is_mixed(caller, id)).collect();
        let mut learnt = false;
        for (index, parameter) in functions[callee].parameters.iter().enumerate() {
            if numbered.get(index) == Some(&true) {
                learnt |= self.numbered[callee].insert(parameter.name);
            }
            if mixed.get(index) == Some(&true) {
                learnt |= self.mixed[callee].insert(parameter.name);
            }
        }
        if alone {
            for (parameter, argument) in functions[callee].parameters.iter().zip(&arguments) {
                if self.mixed[callee].contains(&parameter.name)
                    && let Some(base) = self.graph.base(*argument)
                {
                    learnt |= self.mixed[caller].insert(base);
                }
            }
            let bases: Vec<Name> = arguments.iter().filter_map(|&id| self.graph.base(id)).collect();
            for base in bases {
                if numbered.contains(&true) {
                    learnt |= self.numbered[caller].insert(base);
                }
                if self.mixing[callee] {
                    learnt |= self.mixed[caller].insert(base);
                }
            }
        }
        learnt
    }

    fn is_numbered(&self, function: usize, value: Id) -> bool {
        let is = |_: Id, node: Node| match node.op {
            Op::Name => {
                self.numbered[function].contains(&node.a)
                    || self.globals.inputs.contains(&node.a)
                    || is_invocation(self.graph.text(node.a))
            }
            Op::Call => self.draws_a_number(node),
            Op::Member => self.globals.invocation_members.contains(&node.b),
            _ => false,
        };
        self.graph.any(value, is, |node| match node.op {
            // What stands at a numbered place is no number; nor is what a comparison or a texture gives.
            Op::Index => [node.a, 0],
            Op::Order | Op::Equal => [0, 0],
            Op::Call if self.reads_memory(node.a) => [0, 0],
            _ => made_of(node),
        })
    }

    /// `atomicAdd(&next, 1u)`: the number that an invocation takes of those that are left.
    fn draws_a_number(&self, node: Node) -> bool {
        let second = self.graph.node(self.graph.node(node.b).b);
        self.graph.text(node.a) == "atomicAdd" && second.op == Op::Argument && self.graph.value(second.a) == Some(1)
    }

    fn is_mixed(&self, function: usize, value: Id) -> bool {
        let is = |_: Id, node: Node| match node.op {
            Op::Xor | Op::Rotate | Op::RotateLeft | Op::RotateRight => true,
            Op::Name => self.mixed[function].contains(&node.a) || self.mixed_outside.contains(&node.a),
            Op::Call => self.calls_mixing(node.a),
            _ => false,
        };
        self.graph.any(value, is, |node| match node.op {
            Op::Index => [node.a, 0],
            Op::Order | Op::Equal => [0, 0],
            _ => made_of(node),
        })
    }

    fn reads_memory(&self, name: Name) -> bool {
        let text = self.graph.text(name);
        self.index(name).is_none()
            && ["texture", "texel", "image", "atomic"].iter().any(|start| text.starts_with(start))
    }
}

/// Comparisons of one statement that are told apart: a hash has eight words.
const MOST_COMPARES: usize = 16;

/// Looks at every value that one is made of.
fn collect(graph: &Graph<'_>, value: Id, mut look: impl FnMut(Id, Node)) {
    let mut open = vec![value];
    while let Some(id) = open.pop() {
        let node = graph.node(id);
        look(id, node);
        open.extend(made_of(node).into_iter().filter(|&id| id != 0));
    }
}
