//! Puts facts together where they meet: loops with what they call, functions with what they call, the module.

use super::Readings;
use super::copies::Copies;
use super::helpers;
use super::module::{EntryKind, FunctionIndex, Module};
use super::named;
use super::part::Part;
use super::reach::{Calls, is_inside};
use super::shapes::{PartFacts, Shapes};
use super::tables::{Placed, Tables};
use crate::limits;
use davy_model::{Extraction, Fact, FactName, Location, Scope, ScopeKind, sort_by};
use std::collections::BTreeMap;

/// Builds all scopes of a module.
pub(crate) fn assemble(
    module: &Module<'_>,
    tables: &Tables,
    placed: &[Placed],
    readings: Readings,
    out: &mut Extraction,
) {
    module_facts(module, tables, placed, &mut out.scopes[0].facts);
    let ranked = rank(module, &readings.shapes, placed);
    if ranked.is_empty() {
        return;
    }
    let Readings { outlines, shapes } = readings;
    let read = |(outline, body)| Option::unwrap_or_else(outline, || helpers::outline(module, body));
    let outlines = outlines.into_iter().zip(&module.bodies).map(read).collect();
    let calls = Calls::new(module, outlines, named::is_rich(placed));
    let mut builder = Builder { module, tables, placed, shapes: &shapes, calls, copies: None, unlike: None };
    builder.unlike = builder.reach(&mut out.scopes[0].facts);
    for function in ranked.iter().copied().filter(|f| builder.calls.is_reachable(*f)) {
        builder.loops(function, &mut out.scopes);
    }
    builder.functions(&ranked, &mut out.scopes);
}

/// Functions that show something, those that show most first, at most as many as scopes are handed on.
pub(crate) fn rank(module: &Module<'_>, shapes: &[Option<Shapes>], placed: &[Placed]) -> Vec<FunctionIndex> {
    let own = |shapes: &Shapes| shapes.parts.iter().map(PartFacts::interest).sum::<u32>();
    let interest = |shapes: &Shapes| own(shapes) + if names_a_table(shapes, placed) { LEAST_INTEREST } else { 0 };
    let all = shapes.iter().zip(&module.bodies).filter_map(|(s, body)| Some((interest(s.as_ref()?), body.index)));
    let mut ranked: Vec<(u32, FunctionIndex)> = all.filter(|(interest, _)| *interest >= LEAST_INTEREST).collect();
    sort_by(&mut ranked, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.truncate(limits::SCOPE_SEEDS);
    ranked.into_iter().map(|(_, function)| function).collect()
}

/// Whether a function that mixes names a known table in data: a hash in loops shows little else.
fn names_a_table(shapes: &Shapes, placed: &[Placed]) -> bool {
    const LEAST_XORS: u32 = 4;
    let all = (FactName::Xor, 0)..=(FactName::Xor, u64::MAX);
    let xors = |part: &PartFacts| part.facts.range(all.clone()).map(|(_, (count, _))| *count).sum::<u32>();
    let named = |part: &PartFacts, table: &Placed| {
        let at = |start: u64| part.addresses.range(start..start + u64::from(table.length)).next();
        table.address.is_some_and(|start| at(start).is_some())
    };
    !placed.is_empty()
        && shapes.parts.iter().map(xors).sum::<u32>() >= LEAST_XORS
        && shapes.parts.iter().any(|part| placed.iter().any(|table| named(part, table)))
}

/// Below this a part is plain arithmetic: one rotation, one constant, a few masked addresses.
const LEAST_INTEREST: u32 = 4;

struct Builder<'b, 'a> {
    module: &'b Module<'a>,
    tables: &'b Tables,
    placed: &'b [Placed],
    shapes: &'b [Option<Shapes>],
    calls: Calls,
    /// What of the code are copies, where most of it is.
    copies: Option<Copies>,
    /// Reachable hot code of the module that does not hash, in bytes, once it is known.
    unlike: Option<u64>,
}

impl Builder<'_, '_> {
    fn shapes(&self, function: FunctionIndex) -> Option<&Shapes> {
        self.shapes.get(function.checked_sub(self.module.imported())? as usize)?.as_ref()
    }

    /// A scope for each loop of a function that shows something.
    fn loops(&self, function: FunctionIndex, scopes: &mut Vec<Scope>) {
        let (Some(shapes), Some(outline)) = (self.shapes(function), self.calls.outline(function)) else { return };
        for part in 1..outline.parts.len() as u32 {
            let inner = |p: &u32| is_inside(outline, *p, part);
            let own: Vec<u32> = (part..outline.parts.len() as u32).take_while(inner).collect();
            let interest: u32 = own.iter().map(|p| shapes.parts[*p as usize].interest()).sum();
            if scopes.len() >= limits::SCOPES || interest < LEAST_INTEREST {
                continue;
            }
            let called = self.calls.closure(self.calls.called_in(function, part).into_iter(), limits::LOOP_FUNCTIONS);
            let mut sum = Sum::new(self);
            own.iter().for_each(|p| sum.part(function, *p, true));
            sum.purpose = false;
            for (callee, depth) in called.iter().zip(self.calls.depths(function, part, &called)) {
                sum.around = depth;
                sum.function(*callee, true);
            }
            let range = &outline.parts[part as usize];
            let location = Location::Function { index: function, start: range.start, end: range.end };
            let mut functions = called;
            functions.push(function);
            davy_model::sort(&mut functions);
            functions.dedup();
            scopes.push(sum.finish(ScopeKind::Loop, location, functions));
        }
    }

    /// A scope for each function that shows something itself, that joins several which do, or that is an entry to one.
    fn functions(&self, ranked: &[FunctionIndex], scopes: &mut Vec<Scope>) {
        let names = self.entries();
        let mut hits = ranked.to_vec();
        davy_model::sort(&mut hits);
        let is_hit = |f: &FunctionIndex| hits.binary_search(f).is_ok();
        let leads = self.calls.callers(ranked);
        let joins = |f: &FunctionIndex| {
            let direct = self.calls.called_in(*f, 0);
            direct.iter().filter(|callee| leads.binary_search(callee).is_ok()).count() > 1
        };
        let is_entry = |f: &FunctionIndex| matches!(names.get(f), Some(EntryKind::Export(_) | EntryKind::Start));
        // Those that show most come first, then those that lead to them: a bound then cuts off the least telling.
        let own = ranked.iter().copied();
        let leading = leads.iter().copied().filter(|f| !is_hit(f) && (is_entry(f) || joins(f)));
        let mut large = vec![false; self.module.bodies.len()];
        for function in own.chain(leading) {
            if scopes.len() >= 2 * limits::SCOPES {
                break;
            }
            if self.calls.is_reachable(function) {
                let functions = if is_hit(&function) {
                    self.calls.closure_with_switches(function, limits::SCOPE_FUNCTIONS)
                } else {
                    // What only leads to hashes, and to half a program beside them, is no place where facts meet.
                    match self.calls.small_closure(function, limits::SCOPE_FUNCTIONS, &mut large) {
                        Some(functions) => functions,
                        None => continue,
                    }
                };
                scopes.push(self.function(function, functions, names.get(&function).copied()));
            }
        }
    }

    /// Ways in by function; an export's name is worth more than a table's slot.
    fn entries(&self) -> BTreeMap<FunctionIndex, &EntryKind> {
        let mut names: BTreeMap<FunctionIndex, &EntryKind> = BTreeMap::new();
        for entry in &self.module.entries {
            let best = names.entry(entry.function).or_insert(&entry.how);
            if matches!(entry.how, EntryKind::Export(_)) {
                *best = &entry.how;
            }
        }
        names
    }

    fn function(&self, function: FunctionIndex, functions: Vec<FunctionIndex>, entry: Option<&EntryKind>) -> Scope {
        // What is only called through a table, or to end everything, shows its facts, but how much of the code hashes is
        // told without it.
        let direct = self.calls.closure(std::iter::once(function), limits::SCOPE_FUNCTIONS);
        let looped = self.called_from_loops(&direct, limits::SCOPE_FUNCTIONS);
        let mut sum = Sum::new(self);
        for member in &functions {
            if direct.binary_search(member).is_ok() {
                sum.function(*member, looped.binary_search(member).is_ok());
            } else {
                sum.facts(*member);
            }
        }
        let (start, end) = self.module.body(function).map_or((0, 0), |b| (b.range.start, b.range.end));
        let location = Location::Function { index: function, start, end };
        if let Some(entry) = entry {
            let (value, text) = match entry {
                EntryKind::Export(name) => (0, Some(name.clone())),
                EntryKind::Start => (1, None),
                EntryKind::Table => (2, None),
            };
            sum.facts.push(Fact { name: FactName::Entry, value, count: 1, text, location: location.clone() });
        }
        sum.finish(ScopeKind::Function, location, functions)
    }

    /// Members of a closure that are called, directly or through others, from inside a loop of it.
    fn called_from_loops(&self, functions: &[FunctionIndex], bound: usize) -> Vec<FunctionIndex> {
        let roots = functions
            .iter()
            .filter_map(|f| self.calls.outline(*f))
            .flat_map(|o| o.calls.iter().filter(|c| c.part > 0 && self.calls.comes_back(c)).map(|c| c.callee));
        self.calls.closure(roots, bound)
    }

    /// What the module as a whole is made of, copies taken off; gives its hot code that does not hash, in bytes.
    fn reach(&mut self, facts: &mut Vec<Fact>) -> Option<u64> {
        let imported = self.module.imported();
        let reached: Vec<FunctionIndex> =
            (imported..imported + self.module.bodies.len() as u32).filter(|f| self.calls.is_reachable(*f)).collect();
        facts.push(plain(FactName::FunctionsReachable, 0, reached.len() as u32, Location::Whole));
        let looped = self.called_from_loops(&reached, usize::MAX);
        let is_looped = |function: &FunctionIndex| looped.binary_search(function).is_ok();
        let mut sum = self.hot(&reached, is_looped);
        if limits::COPIED_BYTES.contains(&(sum.hot - sum.hashing)) {
            let outline = |f: &FunctionIndex| Some((*f, is_looped(f), self.calls.outline(*f)?));
            let functions: Vec<_> = reached.iter().filter_map(outline).collect();
            let copies = Copies::of(self.module, &functions);
            if copies.is_some() {
                self.copies = copies;
                sum = self.hot(&reached, is_looped);
            }
        }
        facts.extend(sum.share(&Location::Whole));
        sort_by(facts, Fact::order);
        Some(sum.hot - sum.hashing)
    }

    /// All hot code of functions.
    fn hot(&self, functions: &[FunctionIndex], is_looped: impl Fn(&FunctionIndex) -> bool) -> Sum<'_, '_> {
        let mut sum = Sum::new(self);
        functions.iter().for_each(|function| sum.hot(*function, is_looped(function)));
        sum
    }
}

/// Adds up the facts of a scope.
struct Sum<'b, 'a> {
    builder: &'b Builder<'b, 'a>,
    /// (name, value) to (count, first place).
    counts: BTreeMap<(FactName, u64), (u32, (FunctionIndex, u32))>,
    /// (table, 1 in code, 0 in data) to (entries as bits or count, first place).
    tables: BTreeMap<(u8, u64), (u128, (FunctionIndex, u32))>,
    facts: Vec<Fact>,
    hot: u64,
    hashing: u64,
    /// The same, each loop's code weighed by how deep it stands.
    deep: u64,
    deep_hashing: u64,
    /// Loops around what is added now, in its callers.
    around: u32,
    /// Whether what is added now tells what the scope itself is for; what a loop calls has purposes of its own.
    purpose: bool,
}

impl<'b, 'a> Sum<'b, 'a> {
    fn new(builder: &'b Builder<'b, 'a>) -> Self {
        Self {
            builder,
            counts: BTreeMap::new(),
            tables: BTreeMap::new(),
            facts: Vec::new(),
            hot: 0,
            hashing: 0,
            deep: 0,
            deep_hashing: 0,
            around: 0,
            purpose: true,
        }
    }

    /// Adds a whole function; `looped` when its straight-line code runs in somebody's loop.
    fn function(&mut self, function: FunctionIndex, looped: bool) {
        let Some(outline) = self.builder.calls.outline(function) else { return };
        for part in 0..outline.parts.len() as u32 {
            self.part(function, part, looped || part > 0);
        }
    }

    /// Adds a function's facts without weighing its code.
    fn facts(&mut self, function: FunctionIndex) {
        let parts = self.builder.calls.outline(function).map_or(0, |outline| outline.parts.len() as u32);
        (0..parts).for_each(|part| self.part(function, part, false));
    }

    fn part(&mut self, function: FunctionIndex, part: u32, hot: bool) {
        let Some(outline) = self.builder.calls.outline(function) else { return };
        let range = &outline.parts[part as usize];
        let facts = self.builder.shapes(function).and_then(|s| s.parts.get(part as usize));
        if hot {
            self.weigh(function, part, range, facts);
        }
        for (kind, count) in range.floats.iter().enumerate().filter(|(_, count)| **count > 0) {
            let place = (function, range.start);
            let entry = self.counts.entry((FactName::Float64, kind as u64)).or_insert((0, place));
            entry.0 = entry.0.saturating_add(*count);
            entry.1 = entry.1.min(place);
        }
        let digests = outline.calls.iter().filter(|c| c.part == part && self.builder.module.digest == Some(c.callee));
        let digests = digests.count() as u32;
        if digests > 0 {
            let entry = self.counts.entry((FactName::DigestCall, 0)).or_insert((0, (function, range.start)));
            entry.0 = entry.0.saturating_add(digests);
        }
        let Some(facts) = facts else { return };
        let belongs = |name: FactName| self.purpose || !name.is_purpose();
        for (key, (count, at)) in facts.facts.iter().filter(|((name, _), _)| belongs(*name)) {
            let entry = self.counts.entry(*key).or_insert((0, (function, *at)));
            entry.0 = entry.0.saturating_add(*count);
            entry.1 = entry.1.min((function, *at));
        }
        for (table, (entries, at)) in &facts.constants {
            let entry = self.tables.entry((*table, 1)).or_insert((0, (function, *at)));
            entry.0 |= entries;
        }
        self.placed(function, facts);
    }

    /// Tables in data that the part names by address.
    fn placed(&mut self, function: FunctionIndex, facts: &PartFacts) {
        for placed in self.builder.placed {
            let Some(start) = placed.address else { continue };
            let named = facts.addresses.range(start..start + u64::from(placed.length)).next();
            if let Some((_, at)) = named {
                let entry = self.tables.entry((placed.table, 0)).or_insert((0, (function, *at)));
                entry.0 = entry.0.max(u128::from(placed.entries));
            }
        }
    }

    /// Loops that only move bytes weigh nothing on either side: every program has them.
    fn weigh(&mut self, function: FunctionIndex, index: u32, part: &Part, facts: Option<&PartFacts>) {
        // A loop turns eight times, as far as one can tell without running it.
        const TURNS_AS_BITS: u32 = 3;
        const DEEPEST: u32 = 8;
        const COPY_LOOP: u32 = 64;
        const LEAST_MIXED: u32 = 4;
        if part.own_bytes <= COPY_LOOP {
            return;
        }
        let bytes = part.weight();
        let bytes = self.builder.copies.as_ref().map_or(bytes, |copies| copies.weigh(function, index, bytes));
        let often = u64::from(bytes) << (TURNS_AS_BITS * (self.around + part.depth).min(DEEPEST));
        self.hot += u64::from(bytes);
        self.deep += often;
        // One value in eight mixes: measured on hash libraries (above) and codecs, engines and parsers (below).
        let hashes = facts.is_some_and(|f| f.mixed >= LEAST_MIXED && f.mixed * 8 >= f.computed);
        if hashes {
            self.hashing += u64::from(bytes);
            self.deep_hashing += often;
        }
    }

    fn finish(mut self, kind: ScopeKind, location: Location, functions: Vec<FunctionIndex>) -> Scope {
        for ((name, value), (count, at)) in &self.counts {
            let location = self.place(*at);
            self.facts.push(plain(*name, *value, *count, location));
        }
        for ((table, code), (entries, at)) in &self.tables {
            let count = if *code == 1 { entries.count_ones() } else { *entries as u32 };
            let text = Some(self.builder.tables.name(*table).to_owned());
            self.facts.push(Fact { name: FactName::Table, value: *code, count, text, location: self.place(*at) });
        }
        let share = self.share(&location);
        self.facts.extend(share);
        sort_by(&mut self.facts, Fact::order);
        self.facts.truncate(limits::SCOPE_FACTS);
        let own = match location {
            Location::Function { index, .. } => Some(index),
            _ => None,
        };
        Scope { kind, location, own, functions, facts: self.facts }
    }

    /// Share of hashing in the hot code, and how much hot code there is.
    fn share(&self, location: &Location) -> Vec<Fact> {
        if self.hot == 0 {
            return Vec::new();
        }
        let bytes = u32::try_from(self.hot).unwrap_or(u32::MAX);
        let mut facts = vec![
            plain(FactName::HashShare, self.hashing * 100 / self.hot, 1, location.clone()),
            plain(FactName::LoopShare, self.deep_hashing * 100 / self.deep.max(1), 1, location.clone()),
            plain(FactName::HotCode, 0, bytes, location.clone()),
        ];
        if let Some(unlike) = self.builder.unlike {
            let other = unlike.saturating_sub(self.hot - self.hashing);
            facts.push(plain(FactName::OtherCode, other >> 10, 1, location.clone()));
        }
        facts
    }

    /// Weighs a function without adding its facts.
    fn hot(&mut self, function: FunctionIndex, looped: bool) {
        let Some(outline) = self.builder.calls.outline(function) else { return };
        let shapes = self.builder.shapes(function);
        for (index, range) in outline.parts.iter().enumerate().skip(usize::from(!looped)) {
            self.weigh(function, index as u32, range, shapes.and_then(|s| s.parts.get(index)));
        }
    }

    fn place(&self, (index, at): (FunctionIndex, u32)) -> Location {
        let end = self.builder.module.body(index).map_or(at, |b| b.range.end);
        Location::Function { index, start: at, end }
    }
}

fn module_facts(module: &Module<'_>, tables: &Tables, placed: &[Placed], facts: &mut Vec<Fact>) {
    for memory in &module.memories {
        facts.push(plain(FactName::MemoryMin, memory.min, 1, Location::Whole));
        facts.extend(memory.max.map(|max| plain(FactName::MemoryMax, max, 1, Location::Whole)));
    }
    if !module.bodies.is_empty() {
        facts.push(plain(FactName::Functions, 0, module.bodies.len() as u32, Location::Whole));
    }
    let mut found: BTreeMap<u8, &Placed> = BTreeMap::new();
    for one in placed {
        let best = found.entry(one.table).or_insert(one);
        if one.entries > best.entries {
            *best = one;
        }
    }
    for one in found.into_values() {
        let bytes = |start| Location::Bytes { start, end: start + one.length };
        let location = one.offset.map_or(Location::Whole, bytes);
        let text = Some(tables.name(one.table).to_owned());
        facts.push(Fact { name: FactName::Table, value: 0, count: one.entries, text, location });
    }
    sort_by(facts, Fact::order);
    facts.dedup_by(|a, b| a.order(b).is_eq());
}

fn plain(name: FactName, value: u64, count: u32, location: Location) -> Fact {
    Fact { name, value, count, text: None, location }
}
