//! Who calls whom: what the entries can reach, and what belongs to a function.

use super::module::{EntryKind, FunctionIndex, Module};
use super::nest;
use super::outline::{Call, Outline};
use crate::limits;
use std::cell::RefCell;
use std::collections::VecDeque;

/// The call graph of a module's defined functions.
#[derive(Debug)]
pub(crate) struct Calls {
    imported: u32,
    /// Skeletons by defined function.
    outlines: Vec<Outline>,
    /// (type, function) of the tables' functions, sorted, of those types that few of them have: a call through a table
    /// then is a switch between them. A type that many share is a program's vtables, and says nothing.
    switched: Vec<(u32, FunctionIndex)>,
    /// Whether anything catches exceptions: then a call before a trap may come back after all.
    catches: bool,
    /// Functions that an export, the start function or a table can reach, by defined function.
    pub(crate) reachable: Vec<bool>,
    /// Scratch of [`Calls::near`]: who was met in which question, and how many were asked.
    met: RefCell<(Vec<u32>, u32)>,
}

impl Calls {
    /// The call graph; calls through tables are followed where `switches` says that it is worth it.
    pub(crate) fn new(module: &Module<'_>, outlines: Vec<Outline>, switches: bool) -> Self {
        let reachable = vec![false; outlines.len()];
        let switched = if switches { switched(module) } else { Vec::new() };
        let catches = outlines.iter().any(|outline| outline.catches);
        let met = RefCell::new((vec![0; outlines.len()], 0));
        let mut calls = Self { imported: module.imported(), switched, catches, reachable, outlines, met };
        calls.reach(module);
        calls
    }

    pub(crate) fn outline(&self, function: FunctionIndex) -> Option<&Outline> {
        self.outlines.get(function.checked_sub(self.imported)? as usize)
    }

    pub(crate) fn is_reachable(&self, function: FunctionIndex) -> bool {
        function.checked_sub(self.imported).and_then(|f| self.reachable.get(f as usize)).copied().unwrap_or(false)
    }

    /// A table's functions count as reached when anything that is reached calls through a table, or the host can.
    fn reach(&mut self, module: &Module<'_>) {
        let mut open: Vec<FunctionIndex> = module.entries.iter().map(|e| e.function).collect();
        if module.entries.iter().all(|e| e.how == EntryKind::Table) {
            // No way in but tables: a fragment, or broken off before its exports. Nothing may be called dead.
            open.extend(self.imported..self.imported + self.outlines.len() as u32);
        }
        while let Some(function) = open.pop() {
            let Some(index) = function.checked_sub(self.imported).map(|f| f as usize) else { continue };
            if self.reachable.get(index).copied().unwrap_or(true) {
                continue;
            }
            self.reachable[index] = true;
            open.extend(self.outlines[index].calls.iter().map(|c| c.callee));
        }
    }

    /// The few functions that a defined function may call through a table.
    fn switched(&self, index: usize) -> impl Iterator<Item = FunctionIndex> + '_ {
        let types = self.outlines[index].indirect.iter();
        types.flat_map(|ty| {
            let start = self.switched.partition_point(|(t, _)| t < ty);
            self.switched[start..].iter().take_while(move |(t, _)| t == ty).map(|(_, function)| *function)
        })
    }

    /// The functions and everything that they call directly and that comes back, the nearest first, at most `bound`;
    /// ascending. What is called only to end everything (a panic, with the formatter behind it) runs in nobody's loop.
    pub(crate) fn closure(&self, roots: impl Iterator<Item = FunctionIndex>, bound: usize) -> Vec<FunctionIndex> {
        self.near(roots, bound, false)
    }

    /// Whether a call can be one of many.
    pub(crate) fn comes_back(&self, call: &Call) -> bool {
        self.catches || !call.is_last
    }

    /// The same with what they may call through a table of few functions.
    pub(crate) fn closure_with_switches(&self, root: FunctionIndex, bound: usize) -> Vec<FunctionIndex> {
        self.near(std::iter::once(root), bound, true)
    }

    /// The same, where it stays below `bound`. Whoever calls a function with too much behind it has too much behind it as
    /// well: those known are kept in `large`, by defined function, so that a program whose every function leads to its
    /// allocator is not walked through for each of them.
    pub(crate) fn small_closure(
        &self,
        root: FunctionIndex,
        bound: usize,
        large: &mut [bool],
    ) -> Option<Vec<FunctionIndex>> {
        let is_large = |index: usize| large.get(index).copied().unwrap_or(false);
        let found = self.search(std::iter::once(root), bound, true, is_large).filter(|found| found.len() < bound);
        if found.is_none()
            && let Some(mark) = root.checked_sub(self.imported).and_then(|index| large.get_mut(index as usize))
        {
            *mark = true;
        }
        found
    }

    fn near(&self, roots: impl Iterator<Item = FunctionIndex>, bound: usize, switches: bool) -> Vec<FunctionIndex> {
        self.search(roots, bound, switches, |_| false).unwrap_or_default()
    }

    /// Nothing where a function is met at which to stop.
    fn search(
        &self,
        roots: impl Iterator<Item = FunctionIndex>,
        bound: usize,
        switches: bool,
        stops: impl Fn(usize) -> bool,
    ) -> Option<Vec<FunctionIndex>> {
        let mut met = self.met.borrow_mut();
        met.1 += 1;
        let now = met.1;
        let seen = &mut met.0;
        let mut open: VecDeque<usize> = VecDeque::new();
        // Each function is put in line once, where it is first named.
        let mut name = |function: FunctionIndex, open: &mut VecDeque<usize>| {
            let Some(index) = function.checked_sub(self.imported).map(|f| f as usize) else { return };
            if seen.get_mut(index).is_some_and(|stamp| std::mem::replace(stamp, now) != now) {
                open.push_back(index);
            }
        };
        roots.for_each(|function| name(function, &mut open));
        let mut found = Vec::new();
        while let Some(index) = open.pop_front().filter(|_| found.len() < bound) {
            if stops(index) {
                return None;
            }
            found.push(self.imported + index as u32);
            let calls = self.outlines[index].calls.iter().filter(|call| switches || self.comes_back(call));
            calls.for_each(|call| name(call.callee, &mut open));
            if switches {
                self.switched(index).for_each(|function| name(function, &mut open));
            }
        }
        davy_model::sort(&mut found);
        Some(found)
    }

    /// The functions and everything that calls them, directly or through others; ascending.
    pub(crate) fn callers(&self, functions: &[FunctionIndex]) -> Vec<FunctionIndex> {
        let callers = self.edges();
        let mut marked = vec![false; self.outlines.len()];
        let mut seen: Vec<FunctionIndex> = functions.to_vec();
        let mut open = functions.to_vec();
        while let Some(function) = open.pop() {
            for caller in callers.of(function) {
                let mark = &mut marked[(*caller - self.imported) as usize];
                if !*mark {
                    *mark = true;
                    seen.push(*caller);
                    open.push(*caller);
                }
            }
        }
        davy_model::sort(&mut seen);
        seen.dedup();
        seen
    }

    /// Who calls each function.
    fn edges(&self) -> Callers {
        let each = |index: usize, f: &mut dyn FnMut(usize)| {
            let direct = self.outlines[index].calls.iter().map(|c| c.callee).chain(self.switched(index));
            direct.filter_map(|callee| callee.checked_sub(self.imported)).for_each(|callee| f(callee as usize));
        };
        let count = self.outlines.len();
        let mut starts = vec![0u32; count + 1];
        for index in 0..count {
            each(index, &mut |callee| starts.get_mut(callee + 1).into_iter().for_each(|n| *n += 1));
        }
        for index in 0..count {
            starts[index + 1] += starts[index];
        }
        let mut next = starts.clone();
        let mut callers = vec![0; starts[count] as usize];
        for index in 0..count {
            each(index, &mut |callee| {
                if callee < count {
                    callers[next[callee] as usize] = self.imported + index as u32;
                    next[callee] += 1;
                }
            });
        }
        Callers { imported: self.imported, starts, callers }
    }

    /// How many loops stand around each of the functions that a part of a function calls, directly or through others;
    /// they are given in ascending order. Where several calls lead to one, the deepest counts, four calls down at most.
    pub(crate) fn depths(&self, function: FunctionIndex, part: u32, called: &[FunctionIndex]) -> Vec<u32> {
        let mut depths = vec![0; called.len()];
        let raise = |depths: &mut Vec<u32>, from: &Outline, call: &Call, around: u32| {
            if let Ok(index) = called.binary_search(&call.callee) {
                let depth = around + from.parts.get(call.part as usize).map_or(0, |p| p.depth);
                depths[index] = depths[index].max(depth);
            }
        };
        let Some(root) = self.outline(function) else { return depths };
        for call in root.calls.iter().filter(|c| is_inside(root, c.part, part)) {
            raise(&mut depths, root, call, 0);
        }
        for _ in 0..limits::SEEKER_DISTANCE {
            let before = depths.clone();
            for (callee, around) in called.iter().zip(&before) {
                let Some(outline) = self.outline(*callee).filter(|_| *callee != function) else { continue };
                outline.calls.iter().for_each(|call| raise(&mut depths, outline, call, *around));
            }
            if depths == before {
                break;
            }
        }
        depths
    }

    /// What a part of a function calls, inner loops included.
    pub(crate) fn called_in(&self, function: FunctionIndex, part: u32) -> Vec<FunctionIndex> {
        let Some(outline) = self.outline(function) else { return Vec::new() };
        let inside = outline.calls.iter().filter(|c| is_inside(outline, c.part, part) && self.comes_back(c));
        inside.map(|c| c.callee).collect()
    }
}

/// Callers of all functions, one list after the other.
struct Callers {
    imported: u32,
    /// Where each defined function's list begins, and where the last ends.
    starts: Vec<u32>,
    callers: Vec<FunctionIndex>,
}

impl Callers {
    fn of(&self, function: FunctionIndex) -> &[FunctionIndex] {
        let Some(index) = function.checked_sub(self.imported).map(|f| f as usize) else { return &[] };
        match self.starts.get(index..index + 2) {
            Some([start, end]) => &self.callers[*start as usize..*end as usize],
            _ => &[],
        }
    }
}

/// See [`Calls::switched`].
fn switched(module: &Module<'_>) -> Vec<(u32, FunctionIndex)> {
    let slots = module.entries.iter().filter(|entry| entry.how == EntryKind::Table);
    let typed = slots.filter_map(|slot| Some((*module.functions.get(slot.function as usize)?, slot.function)));
    let mut all: Vec<(u32, FunctionIndex)> = typed.collect();
    davy_model::sort(&mut all);
    all.dedup();
    all.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() <= limits::SWITCHED_FUNCTIONS).flatten().copied().collect()
}

/// Whether a part is another or lies inside it.
pub(crate) fn is_inside(outline: &Outline, part: u32, outer: u32) -> bool {
    nest::is_inside(|part| outline.parts.get(part as usize).and_then(|p| p.parent), part, outer)
}
