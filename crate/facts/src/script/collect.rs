//! Gathers what was found in all views of a text: each module once, in the order of the text.

use super::extent;
use crate::limits::{EMBEDDED_MODULES, EMBEDDED_TIMES_TEXT, GAPS};
use davy_model::{Artifact, ArtifactKind, Extraction, Gap, GapReason, Location};
use std::borrow::Cow;

/// Beginnings of modules that are shorter than this are templates: no engine takes them as they are, they hold no code,
/// and scripts complete them at run time. Emscripten's `addFunction` has one of 9 bytes in every program.
const FRAGMENT: usize = 64;

/// Bytes that were spelled out at one place and may be a module.
#[derive(Debug, Default)]
pub(super) struct Spelled {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// Lengths at which the bytes may also end, ascending: seams between literals, blanks.
    pub(super) seams: Vec<usize>,
    /// Whether the place is inside of something larger, so that the module ends where its sections end.
    pub(super) inside: bool,
    /// Whether more follows that only exists at run time.
    pub(super) goes_on: bool,
}

/// What became of spelled bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A module made of whole sections; so many bytes of the spelled ones belong to it.
    Whole(usize),
    /// Not a module, or not a whole one: what is inside may be looked at again.
    Partial,
}

#[derive(Debug)]
struct Module {
    place: (usize, usize),
    bytes: Vec<u8>,
    whole: bool,
}

/// All that was found so far.
#[derive(Debug)]
pub(super) struct Collector {
    modules: Vec<Module>,
    /// Place and sentence of what only exists at run time.
    run_time: Vec<((usize, usize), String)>,
    /// Bytes that may still be decoded.
    budget: usize,
    /// Modules that were seen and not kept, or a budget that ended.
    over_limit: Option<String>,
}

impl Collector {
    /// For a text of so many bytes.
    pub(super) fn new(text: usize) -> Self {
        let budget = text.saturating_mul(EMBEDDED_TIMES_TEXT);
        Self { modules: Vec::new(), run_time: Vec::new(), budget, over_limit: None }
    }

    /// Whether more may be decoded.
    pub(super) fn has_budget(&self) -> bool {
        self.budget > 0
    }

    /// Bytes that may still be decoded.
    pub(super) fn room(&self) -> usize {
        self.budget
    }

    /// Notes that something was not looked at because the budget was spent.
    pub(super) fn out_of_budget(&mut self) {
        self.over_limit = Some(format!(
            "more is spelled out or packed than is decoded: decoding stopped at {EMBEDDED_TIMES_TEXT} times the text's length"
        ));
    }

    /// Takes bytes that were spelled out at (round, offset).
    pub(super) fn take(&mut self, place: (usize, usize), mut spelled: Spelled) -> Outcome {
        self.budget = self.budget.saturating_sub(spelled.bytes.len().max(1));
        if spelled.goes_on && spelled.bytes.starts_with(b"\0asm") {
            self.unfinished(place, spelled.bytes.len());
        }
        if !extent::is_module(&spelled.bytes) {
            return Outcome::Partial;
        }
        let end = extent::whole_sections(&spelled.bytes);
        let ends_here = (spelled.inside && end > extent::HEADER.len()) || spelled.seams.binary_search(&end).is_ok();
        if ends_here {
            spelled.bytes.truncate(end);
        }
        let whole = end == spelled.bytes.len();
        self.keep(Module { place, bytes: spelled.bytes, whole });
        if whole { Outcome::Whole(end) } else { Outcome::Partial }
    }

    /// Notes the beginning of a module whose rest is not in the text.
    fn unfinished(&mut self, place: (usize, usize), length: usize) {
        let because =
            format!("a module starts here with {length} bytes and goes on with what only exists when the script runs");
        self.at_run_time(place, because);
    }

    /// Notes something that only exists when the script runs.
    pub(super) fn at_run_time(&mut self, place: (usize, usize), because: String) {
        if self.run_time.len() < GAPS && !self.run_time.iter().any(|(_, b)| *b == because) {
            self.run_time.push((place, because));
        }
    }

    /// Keeps a module unless it is known. Another view may have shown only the beginning of the same module.
    fn keep(&mut self, module: Module) {
        for known in &mut self.modules {
            if known.bytes.starts_with(&module.bytes) && (!module.whole || known.bytes.len() == module.bytes.len()) {
                return;
            }
            if !known.whole && module.bytes.starts_with(&known.bytes) {
                *known = module;
                return;
            }
        }
        if self.modules.len() < EMBEDDED_MODULES {
            self.modules.push(module);
        } else {
            self.over_limit =
                Some(format!("more than {EMBEDDED_MODULES} modules are spelled out; the others were not read"));
        }
    }

    /// Turns the beginnings that no view completed into what they are. Comes before the places are asked for.
    pub(super) fn settle(&mut self) {
        let (fragments, modules) =
            std::mem::take(&mut self.modules).into_iter().partition(|m| !m.whole && m.bytes.len() < FRAGMENT);
        self.modules = modules;
        let fragments: Vec<Module> = fragments;
        for fragment in fragments {
            self.unfinished(fragment.place, fragment.bytes.len());
        }
    }

    /// (Round, offset) of everything that was found, modules first.
    pub(super) fn places(&self) -> Vec<(usize, usize)> {
        self.modules.iter().map(|m| m.place).chain(self.run_time.iter().map(|(place, _)| *place)).collect()
    }

    /// Hands everything over. `offsets` and `lines` say where in the text each of [`Self::places`] is.
    pub(super) fn finish(self, path: &str, offsets: &[usize], lines: &[Location], out: &mut Extraction) {
        let first_gap = self.modules.len();
        let mut modules: Vec<(usize, &Location, Vec<u8>)> =
            offsets.iter().zip(lines).zip(self.modules).map(|((at, line), m)| (*at, line, m.bytes)).collect();
        modules.sort_by_key(|(offset, ..)| *offset);
        for (index, (_, line, bytes)) in modules.into_iter().enumerate() {
            let path = format!("{path}!/embedded-{index}.wasm");
            out.children.push(Artifact { path, kind: ArtifactKind::Wasm, bytes: Cow::Owned(bytes) });
            out.places.push(line.clone());
        }
        let opaque = self.run_time.into_iter().zip(lines.iter().skip(first_gap)).map(|((_, because), line)| Gap {
            reason: GapReason::RunTime,
            location: line.clone(),
            because,
        });
        out.gaps.extend(opaque);
        out.gaps.extend(self.over_limit.map(|because| Gap {
            reason: GapReason::OverLimit,
            location: Location::Whole,
            because,
        }));
        out.gaps.sort();
    }
}
