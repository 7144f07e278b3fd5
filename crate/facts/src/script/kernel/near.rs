//! Which of a program's functions are written down: those that mix, hash or hold lists of constants, those that lead to one
//! of them, and what these call. A bundle has thousands of others, of which nothing could be told.

use super::scan::{Member, Scan};
use super::wrapper::Wrapper;
use crate::limits::SEEKER_DISTANCE;
use crate::script::layers::is_dense;
use oxc_ast::ast::{Argument, CallExpression, Expression};
use std::collections::BTreeMap;

/// Calls from a function that leads to a hash to what it counts and compares with.
const HELPERS: usize = 3;

/// Exclusive-ors of a function that may be part of a hash, with those of what it calls: as many as the reader of modules
/// asks for before it reads a body.
const LEAST_MIXES: u32 = 3;

/// Shifts of a function that may mix without an exclusive-or: a few are flags.
const LEAST_SHIFTS: u32 = 8;

/// Functions of one name that a call may mean; more are left alone.
const CANDIDATES: usize = 4;

/// One function and another, by scope: who calls whom.
pub(super) type Edge = (u32, u32);

/// What is called, as far as names tell.
#[derive(Debug, Clone, Copy)]
pub(super) enum Callee<'p> {
    Symbol(u32),
    Property(&'p str),
}

/// A call, as far as names tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'p> {
    /// The caller's scope.
    caller: u32,
    callee: Callee<'p>,
    /// Whether that is what the call before this one is given first.
    is_handed: bool,
}

/// The few functions that a call may mean, by scope; none where they are many.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Few {
    scopes: [usize; CANDIDATES],
    count: usize,
}

impl Few {
    /// Of these, the same one given twice in a row counted once.
    pub(super) fn of(scopes: impl Iterator<Item = usize>) -> Self {
        let mut few = Self::default();
        for scope in scopes {
            if few.count > 0 && few.scopes[few.count - 1] == scope {
                continue;
            }
            match few.scopes.get_mut(few.count) {
                Some(place) => *place = scope,
                None => return Self::default(),
            }
            few.count += 1;
        }
        few
    }

    pub(super) fn as_slice(&self) -> &[usize] {
        &self.scopes[..self.count]
    }
}

impl<'p, 'a: 'p> Scan<'p, 'a> {
    /// Notes that the function which is read now calls something, and what it hands on first: that may be called there.
    pub(super) fn note_call(&mut self, callee: &Expression<'a>, arguments: &[Argument<'a>]) {
        if let (Some(caller), Some(callee)) = (self.here_is(), self.callee(callee)) {
            let first = arguments.first().and_then(Argument::as_expression).and_then(|first| self.callee(first));
            self.calls.push(Call { caller: caller as u32, callee, is_handed: false });
            self.calls.extend(first.map(|callee| Call { caller: caller as u32, callee, is_handed: true }));
        }
    }

    /// Notes that it hands a function over.
    pub(super) fn note_handover(&mut self, function: &Expression<'a>) {
        if let (Some(caller), Some(callee)) = (self.here_is(), self.callee(function)) {
            self.handovers.push((caller, callee));
        }
    }

    /// Notes that what a call gives is given back: `return hex(sum(text))`.
    pub(super) fn note_relay(&mut self, call: &CallExpression<'a>) {
        const CALLS: usize = 4;
        let Some(here) = self.here_is() else { return };
        let mut next = Some(call);
        for _ in 0..CALLS {
            let Some(call) = next else { return };
            self.relays.extend(self.callee(&call.callee).map(|callee| (here, callee)));
            next = match call.arguments.first().and_then(Argument::as_expression).map(Expression::get_inner_expression)
            {
                Some(Expression::CallExpression(inner)) => Some(inner),
                Some(Expression::AwaitExpression(wait)) => match wait.argument.get_inner_expression() {
                    Expression::CallExpression(inner) => Some(inner),
                    _ => None,
                },
                _ => None,
            };
        }
    }

    fn callee(&self, callee: &Expression<'a>) -> Option<Callee<'p>> {
        match callee.get_inner_expression() {
            Expression::Identifier(name) => self.symbol_of(name).map(|symbol| Callee::Symbol(symbol as u32)),
            Expression::SequenceExpression(list) => list.expressions.last().and_then(|last| self.callee(last)),
            Expression::StaticMemberExpression(member) if matches!(member.property.name.as_str(), "call" | "apply") => {
                self.callee(&member.object)
            }
            other => self.last_name(other).map(Callee::Property),
        }
    }

    /// Says of each function whether it is written down. All are where that is not worth the question, or where an obfuscator
    /// lets functions stand for operators and calls and so hides who calls whom.
    pub(super) fn choose(&mut self) {
        /// Programs of fewer functions are written down as they are.
        const MANY: u32 = 32;
        let calls = std::mem::take(&mut self.calls);
        let handovers = std::mem::take(&mut self.handovers);
        let down = self.edges(self.meant(calls));
        self.down = self.edges(handovers);
        self.down.extend(&down);
        self.down.sort_unstable();
        let mut up: Vec<Edge> = down.iter().map(|(caller, callee)| (*callee, *caller)).collect();
        let relays = std::mem::take(&mut self.relays);
        let relays = self.edges(relays);
        self.lead(&mut up, relays);
        if self.functions < MANY || self.has_wrappers && is_dense(self.program.text) {
            return;
        }
        // Where there is none, nothing but the program's own statements is written down.
        let seeds = self.seeds(&down);
        let mut chosen = vec![false; self.scoping.scopes_len()];
        spread(&up, &seeds, SEEKER_DISTANCE, &mut chosen);
        let leading: Vec<usize> = (0..chosen.len()).filter(|scope| chosen[*scope]).collect();
        let mut called = vec![false; chosen.len()];
        spread(&down, &seeds, usize::MAX, &mut called);
        let mut helpers = vec![false; chosen.len()];
        spread(&down, &leading, HELPERS, &mut helpers);
        for ((chosen, called), helper) in chosen.iter_mut().zip(called).zip(helpers) {
            *chosen |= called || helper;
        }
        // Who writes a function down comes by it in the one around it.
        for mut scope in (0..chosen.len()).filter(|scope| chosen[*scope]).collect::<Vec<_>>() {
            while let Some(outer) = self.members.get(&scope).and_then(|member| member.outer.get()) {
                if std::mem::replace(&mut chosen[outer], true) {
                    break;
                }
                scope = outer;
            }
        }
        for (scope, member) in self.members.iter_mut() {
            member.is_written = chosen[scope];
        }
    }
}

impl Scan<'_, '_> {
    /// Who calls what: also what is given to a function that only calls what it is given.
    fn meant<'n>(&self, calls: Vec<Call<'n>>) -> impl Iterator<Item = (usize, Callee<'n>)> {
        let mut is_passed_on = false;
        calls.into_iter().filter_map(move |Call { caller, callee, is_handed }| {
            if is_handed && !is_passed_on {
                return None;
            }
            is_passed_on = self.has_wrappers && self.few(callee).as_slice().iter().any(|scope| self.only_calls(*scope));
            Some((caller as usize, callee))
        })
    }

    fn only_calls(&self, scope: usize) -> bool {
        self.members.get(&scope).is_some_and(|member| member.wrapper == Some(Wrapper::Call))
    }

    fn few(&self, callee: Callee<'_>) -> Few {
        match callee {
            Callee::Symbol(symbol) => self.functions_of(symbol as usize),
            Callee::Property(name) => self.called(name),
        }
    }

    /// Who calls whom, by scope, sorted.
    fn edges<'n>(&self, calls: impl IntoIterator<Item = (usize, Callee<'n>)>) -> Vec<Edge> {
        let mut down: Vec<Edge> = Vec::new();
        for (caller, callee) in calls {
            down.extend(self.few(callee).as_slice().iter().map(|scope| (caller as u32, *scope as u32)));
        }
        down.sort_unstable();
        down.dedup();
        down
    }

    /// Notes which functions lead to a hash: a text is turned into bytes, and these are hashed block by block.
    fn lead(&mut self, up: &mut [Edge], relays: Vec<Edge>) {
        const CALLS: usize = 2;
        up.sort_unstable();
        let mut back: Vec<Edge> = relays.into_iter().map(|(from, to)| (to, from)).collect();
        back.sort_unstable();
        let hashes: Vec<usize> = self.members.iter().filter(|(_, m)| m.hashes()).map(|(scope, _)| scope).collect();
        let mut leads = vec![false; self.scoping.scopes_len()];
        spread(up, &hashes, CALLS, &mut leads);
        // Who has blocks hashed gives back the state that it had them hashed into.
        let mixing = self.members.iter().filter(|(_, m)| m.mixes_much()).map(|(scope, _)| scope);
        let mut drives = vec![false; leads.len()];
        spread(up, &mixing.collect::<Vec<_>>(), 1, &mut drives);
        let mut gives = vec![false; leads.len()];
        spread(&back, &hashes, CALLS, &mut gives);
        for (scope, member) in self.members.iter_mut() {
            member.leads = leads[scope];
            let answers = member.gives && !member.gives_other;
            member.gives_hash = !answers && (gives[scope] || member.gives && drives[scope]);
        }
    }

    /// Functions that hash, or mix with what they call; `down` says who calls whom. Lists of constants are read wherever
    /// they stand, and rotations belong to who calls them.
    fn seeds(&self, down: &[Edge]) -> Vec<usize> {
        let mut called: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for (caller, callee) in down.iter().filter(|(caller, callee)| caller != callee) {
            let Some(callee) = self.members.get(&(*callee as usize)).filter(|m| m.mixes > 0 || m.shifts > 0) else {
                continue;
            };
            let sum = called.entry(*caller).or_default();
            // What stands for an operator is called for each.
            let times = if callee.wrapper.is_some() { LEAST_SHIFTS } else { 1 };
            *sum = (sum.0 + times * callee.mixes, sum.1 + times * callee.shifts);
        }
        let mixes = |scope: &usize, member: &Member| {
            let (mixes, shifts) = called.get(&(*scope as u32)).copied().unwrap_or_default();
            let (mixes, shifts) = (mixes + member.mixes, shifts + member.shifts);
            // With 64 bits one step of a round may be one exclusive-or and one product.
            mixes >= LEAST_MIXES || mixes > 0 && (shifts > 0 || self.has_bigs) || member.shifts >= LEAST_SHIFTS
        };
        let matters = |(scope, m): &(usize, &Member)| m.digests > 0 || m.calls_hasher || mixes(scope, m);
        self.members.iter().filter(matters).map(|(scope, _)| scope).collect()
    }
}

/// Marks what is reached from some by edges, which are sorted, in so many steps.
fn spread(edges: &[Edge], from: &[usize], steps: usize, reached: &mut [bool]) {
    let mut front: Vec<usize> = from.to_vec();
    front.iter().for_each(|scope| reached[*scope] = true);
    for _ in 0..steps {
        let mut next = Vec::new();
        for scope in front {
            let first = edges.partition_point(|(from, _)| (*from as usize) < scope);
            for (_, to) in edges[first..].iter().take_while(|(from, _)| *from as usize == scope) {
                if !std::mem::replace(&mut reached[*to as usize], true) {
                    next.push(*to as usize);
                }
            }
        }
        if next.is_empty() {
            return;
        }
        front = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reached_is_so_many_steps_away() {
        let edges = [(0, 1), (1, 2), (2, 3), (2, 0)];
        let marks = |steps| {
            let mut reached = [false; 5];
            spread(&edges, &[0], steps, &mut reached);
            reached
        };
        assert_eq!(marks(2), [true, true, true, false, false]);
        assert_eq!(marks(usize::MAX), [true, true, true, true, false]);
    }

    #[test]
    fn many_functions_of_one_name_are_none() {
        assert_eq!(Few::of([3, 3, 4].into_iter()).as_slice(), [3, 4]);
        assert!(Few::of(0..9).as_slice().is_empty());
    }
}
