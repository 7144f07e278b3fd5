//! Where a shader's facts meet: functions with what they call, and entry points, each of which is the body of a loop
//! that the graphics card runs over all invocations.

use super::flow::Flow;
use super::function::{Function, Globals, Hits};
use super::graph::{self, Graph};
use crate::limits;
use crate::wasm::Tables;
use davy_model::{Extraction, Fact, FactName, Location, Scope, ScopeKind};
use std::collections::{BTreeMap, BTreeSet};

/// Rotations and exclusive-ors below which a function is plain arithmetic, as in modules.
const LEAST_INTEREST: u32 = 4;

/// Operators in loops count so often when time is weighed, as in modules.
const LOOP_WEIGHT: u64 = 8;

/// Values of facts that have several meanings.
const ENTRY_OF_SHADER: u64 = 3;
const IN_DATA: u64 = 0;
const IN_CODE: u64 = 1;

/// Facts of one scope: by name, value and text, how often and where first.
type Sums = BTreeMap<(FactName, Option<&'static str>, u64), (u32, Location)>;

/// Builds all scopes of a shader.
pub(super) struct Builder<'s, 'a> {
    functions: &'s [Function],
    globals: &'s Globals,
    flow: &'s Flow<'s, 'a>,
    /// What the statements of each function come to.
    sums: Vec<Statements>,
}

/// What a function's statements come to.
struct Statements {
    /// Operators; those in statements that mix; both again with loops weighed.
    operators: [u64; 4],
    /// What they are for.
    purposes: Vec<(FactName, u64, u32)>,
}

impl<'s, 'a> Builder<'s, 'a> {
    pub(super) fn new(
        functions: &'s [Function],
        globals: &'s Globals,
        graph: &'s Graph<'a>,
        flow: &'s Flow<'s, 'a>,
    ) -> Self {
        let calls = |_, node: graph::Node| node.op == graph::Op::Call && flow.calls_mixing(node.a);
        let sum = |(index, function): (usize, &Function)| {
            let mut operators = [0; 4];
            for statement in &function.statements {
                let weight = if statement.in_loop { LOOP_WEIGHT } else { 1 };
                let mixes = statement.mixes || graph.any(statement.value, calls, graph::made_of);
                let own = u64::from(statement.operators);
                let parts = [own, own * u64::from(mixes), own * weight, own * weight * u64::from(mixes)];
                operators.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
            }
            Statements { operators, purposes: flow.purposes(index, &function.statements) }
        };
        Self { functions, globals, flow, sums: functions.iter().enumerate().map(sum).collect() }
    }

    pub(super) fn build(&self, out: &mut Extraction) {
        let entries: Vec<usize> = (0..self.functions.len()).filter(|&f| self.functions[f].stage.is_some()).collect();
        // A part of a shader has no entry point: whoever puts it together may call all of it.
        let roots = if entries.is_empty() { (0..self.functions.len()).collect() } else { entries.clone() };
        let mut reachable: BTreeSet<usize> = BTreeSet::new();
        roots.iter().for_each(|&root| self.close(root, &mut reachable));
        self.whole(&reachable, &entries, out);
        for &function in &reachable {
            if out.scopes.len() + 2 > limits::SCOPES {
                break;
            }
            let mut called = BTreeSet::new();
            self.close(function, &mut called);
            if self.interest(&called) < LEAST_INTEREST {
                continue;
            }
            let is_entry = self.functions[function].stage.is_some();
            out.scopes.push(self.scope(ScopeKind::Function, function, &called, &reachable, is_entry));
            if is_entry {
                out.scopes.push(self.scope(ScopeKind::Loop, function, &called, &reachable, true));
            }
        }
    }

    /// A function and all that it calls.
    fn close(&self, root: usize, into: &mut BTreeSet<usize>) {
        let mut open = vec![root];
        while let Some(function) = open.pop() {
            if into.len() < limits::SCOPE_FUNCTIONS && into.insert(function) {
                open.extend(self.functions[function].calls.iter().filter_map(|&name| self.flow.index(name)));
            }
        }
    }

    fn interest(&self, functions: &BTreeSet<usize>) -> u32 {
        let one = |f: &Function| {
            let mixes = f.counted(FactName::Xor) + f.counted(FactName::Rotation32) + f.counted(FactName::Rotation64);
            mixes + f.counted(FactName::MaskedAddress)
        };
        functions.iter().map(|&f| one(&self.functions[f])).sum()
    }

    /// Facts of the shader as a whole.
    fn whole(&self, reachable: &BTreeSet<usize>, entries: &[usize], out: &mut Extraction) {
        let mut sums = Sums::new();
        let mut hits: BTreeMap<(u8, u64), BTreeSet<u8>> = BTreeMap::new();
        self.globals.tables.values().for_each(|tables| join(tables, IN_DATA, &mut hits));
        self.functions.iter().for_each(|function| join(&function.tables, IN_CODE, &mut hits));
        named(&hits, &Location::Whole, &mut sums);
        for &entry in entries {
            let stage = self.functions[entry].stage;
            sums.insert((FactName::Entry, stage, ENTRY_OF_SHADER), (1, self.place(entry)));
        }
        let count = |name| (name, None, 0);
        sums.insert(count(FactName::Functions), (number(self.functions.len()), Location::Whole));
        sums.insert(count(FactName::FunctionsReachable), (number(reachable.len()), Location::Whole));
        out.scopes[0].facts = facts(sums);
    }

    fn scope(
        &self,
        kind: ScopeKind,
        root: usize,
        called: &BTreeSet<usize>,
        reachable: &BTreeSet<usize>,
        purpose: bool,
    ) -> Scope {
        let mut sums = Sums::new();
        let mut hits: BTreeMap<(u8, u64), BTreeSet<u8>> = BTreeMap::new();
        for &index in called {
            let function = &self.functions[index];
            for (&(name, value), &(count, at)) in &function.facts {
                add(&mut sums, (name, None, value), count, self.point(index, at));
            }
            if purpose {
                for &(name, value, at) in &self.sums[index].purposes {
                    add(&mut sums, (name, None, value), 1, self.point(index, at));
                }
            }
            join(&function.tables, IN_CODE, &mut hits);
            let read = function.reads.iter().filter_map(|name| self.globals.tables.get(name));
            read.for_each(|tables| join(tables, IN_DATA, &mut hits));
            let (nesting, loops) = function.loops;
            if loops > 0 {
                add(&mut sums, (FactName::Loops, None, u64::from(nesting)), loops, self.place(index));
            }
        }
        named(&hits, &self.place(root), &mut sums);
        let (share, weighed) = self.shares(called);
        let location = self.place(root);
        let mut tell = |name, value| drop(sums.insert((name, None, value), (1, location.clone())));
        tell(FactName::HashShare, share);
        tell(FactName::LoopShare, weighed);
        tell(FactName::OtherCode, self.other_code(called, reachable));
        let functions = called.iter().map(|&index| index as u32).collect();
        Scope { kind, location, own: Some(root as u32), functions, facts: facts(sums) }
    }

    /// Percent of operators that stand in statements which mix; and the same with loops weighed.
    fn shares(&self, called: &BTreeSet<usize>) -> (u64, u64) {
        let mut sums = [0; 4];
        for &index in called {
            sums.iter_mut().zip(self.sums[index].operators).for_each(|(sum, part)| *sum += part);
        }
        let percent = |part: u64, of: u64| (part * 100).checked_div(of).unwrap_or(0);
        let [all, mixing, weighed, weighed_mixing] = sums;
        (percent(mixing, all), percent(weighed_mixing, weighed))
    }

    /// KiB of text of functions that neither mix nor belong to a scope.
    fn other_code(&self, called: &BTreeSet<usize>, reachable: &BTreeSet<usize>) -> u64 {
        let others = reachable.iter().filter(|&&f| !called.contains(&f) && !self.flow.is_mixing(f));
        let bytes = |function: &Function| u64::from(function.end.saturating_sub(function.start));
        others.map(|&f| bytes(&self.functions[f])).sum::<u64>() >> 10
    }

    fn place(&self, function: usize) -> Location {
        let Function { start, end, .. } = self.functions[function];
        Location::Function { index: function as u32, start, end }
    }

    fn point(&self, function: usize, at: u32) -> Location {
        Location::Function { index: function as u32, start: at, end: at + 1 }
    }
}

fn add(sums: &mut Sums, key: (FactName, Option<&'static str>, u64), count: u32, place: Location) {
    let (sum, _) = sums.entry(key).or_insert((0, place));
    *sum = sum.saturating_add(count);
}

fn join(tables: &Hits, place: u64, into: &mut BTreeMap<(u8, u64), BTreeSet<u8>>) {
    for (&table, entries) in tables {
        into.entry((table, place)).or_default().extend(entries);
    }
}

fn named(hits: &BTreeMap<(u8, u64), BTreeSet<u8>>, place: &Location, sums: &mut Sums) {
    let tables = Tables::get();
    for (&(table, kind), entries) in hits {
        sums.insert((FactName::Table, Some(tables.name(table)), kind), (number(entries.len()), place.clone()));
    }
}

fn facts(sums: Sums) -> Vec<Fact> {
    let one = |((name, text, value), (count, location)): ((FactName, Option<&str>, u64), (u32, Location))| Fact {
        name,
        value,
        count,
        text: text.map(str::to_owned),
        location,
    };
    let mut facts: Vec<Fact> = sums.into_iter().map(one).collect();
    facts.truncate(limits::SCOPE_FACTS);
    davy_model::sort_by(&mut facts, |a, b| a.order(b));
    facts
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
