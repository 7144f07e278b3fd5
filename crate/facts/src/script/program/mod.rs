//! JavaScript as a program: one parse for all who read it.
//!
//! Ordinary scripts hold nothing that a reader wants and are passed over by a first look at their words ([`look`]). The
//! others are measured ([`nesting`]), since parsers recurse, parsed once, classic script or module, and handed to each
//! reader of [`PASSES`] that wants them: tree, scopes and references, text. A reader adds facts, scopes, gaps and children
//! to the extraction.
//!
//! To add a reader, add a [`Pass`].

mod interner;
mod look;
mod nesting;
mod place;
mod scoping;
mod slash;
#[cfg(test)]
mod tests;

use super::installer;
use super::kernel::{self, Lowered};
use super::layers::{self, Strings};
use super::shape;
use crate::Limits;
use crate::limits::{SCRIPT_BYTES, SCRIPT_BYTES_PER_TOKEN, SCRIPT_NESTING, SCRIPT_STACK, SCRIPT_TOKENS, SCRIPT_TREE};
use davy_model::{Extraction, Gap, GapReason, Location};
pub(super) use interner::{Interner, hash};
use look::Look;
use nesting::Nesting;
use oxc_allocator::Allocator;
use oxc_ast::ast;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::{SourceType, Span};
pub(super) use place::Places;
pub(super) use scoping::{Scoping, is_function, is_measured};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

/// One reader of programs.
pub(super) struct Pass {
    /// Words that the first look counts in the text.
    pub(super) words: &'static [&'static str],
    /// Whether the reader wants the program, by how often each of its words stands in the text, in their order.
    pub(super) wants: fn(&[u32]) -> bool,
    /// Reads the program.
    pub(super) read: fn(&Program<'_, '_>, &Limits, &mut Extraction),
}

/// All readers, in the order in which they read; the first finds the strings of a program that hides them.
const PASSES: [Pass; 4] = [layers::PASS, kernel::PASS, shape::PASS, installer::PASS];

/// The number of [`shape::PASS`] among them.
const SHAPE: usize = 2;

/// A parsed program.
#[allow(dead_code, reason = "each reader takes what it needs")]
pub(super) struct Program<'p, 'a> {
    /// Path of the artifact.
    pub(super) path: &'p str,
    /// The text that was parsed; spans are offsets in it.
    pub(super) text: &'a str,
    /// The tree.
    pub(super) tree: &'p ast::Program<'a>,
    /// Scopes, symbols and references.
    pub(super) scoping: &'p Scoping,
    places: &'p Places<'a>,
    strings: OnceCell<Strings>,
    module: Cell<Option<Lowered>>,
}

#[allow(dead_code, reason = "each reader takes what it needs")]
impl Program<'_, '_> {
    /// Line and column of an offset in the text.
    pub(super) fn location(&self, offset: u32) -> Location {
        self.places.line(offset as usize)
    }

    /// The string that the expression at `span` always gives, where evaluation found it: literals are in the tree.
    pub(super) fn string(&self, span: Span) -> Option<&str> {
        self.strings.get()?.at(span)
    }

    /// Sets what evaluation found.
    pub(super) fn set_strings(&self, strings: Strings) {
        // There is one evaluation of a program.
        let _ = self.strings.set(strings);
    }

    /// Keeps a module to be read once the tree is gone: both together would be the most that a script takes.
    pub(super) fn set_module(&self, module: Lowered) {
        self.module.set(Some(module));
    }
}

/// Bytes of a tree for each word and sign of its text: 39 to 46 for nine programs of ten. Were a tree to grow by itself, half
/// of what it takes might stay free.
const TREE_BYTES_PER_TOKEN: usize = 46;

/// It takes them in three steps, each twice the one before: a larger tree takes a fourth, and no more than trees that grow by
/// themselves.
const FIRST_PART: usize = 1 + 2 + 4;

/// Reads a script, where a reader wants it and it can be parsed.
pub(super) fn read(path: &str, bytes: &[u8], limits: &Limits, out: &mut Extraction) {
    // Almost every text is UTF-8, which is told faster than mended.
    let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    let look = Look::at(&text);
    if look.wanted().is_empty() {
        return;
    }
    if let Some(tokens) = shallow(&text, out) {
        on_large_stack(out, |out| parse(path, &text, tokens, look, limits, out));
    }
}

/// Whether a reader wants a script, in UTF-8.
pub(super) fn is_wanted(bytes: &[u8]) -> bool {
    !Look::at(&String::from_utf8_lossy(bytes)).wanted().is_empty()
}

/// Words and signs of a text that is short and shallow enough to be parsed; says so where it is not.
fn shallow(text: &str, out: &mut Extraction) -> Option<u32> {
    let beyond = |because: String| Gap { reason: GapReason::OverLimit, location: Location::Whole, because };
    if text.len() > SCRIPT_BYTES {
        out.gaps.push(beyond(format!("the program is {} bytes long; at most {SCRIPT_BYTES} are parsed", text.len())));
        return None;
    }
    match nesting::measure(text, SCRIPT_NESTING as usize) {
        Nesting::Known(depth) if depth.tokens as usize > SCRIPT_TOKENS + text.len() / SCRIPT_BYTES_PER_TOKEN => {
            out.gaps.push(beyond(format!("the program has {} words and signs: it was not parsed", depth.tokens)));
            None
        }
        Nesting::Known(depth) if depth.parser <= SCRIPT_NESTING && depth.tree <= SCRIPT_TREE => Some(depth.tokens),
        Nesting::Known(_) | Nesting::Beyond => {
            out.gaps.push(beyond(format!(
                "the program nests deeper than {SCRIPT_NESTING} levels, or chains more than {SCRIPT_TREE} operators: it was not parsed"
            )));
            None
        }
        Nesting::Untold(at) => {
            not_a_program(text, at, "brackets or quotes that do not match", out);
            None
        }
    }
}

/// What no engine runs is no program: listed, not lost. Data, styles and templates are named like scripts as well.
fn not_a_program(text: &str, at: usize, what: &str, out: &mut Extraction) {
    let location = Places::new(text).line(at);
    let because = format!("the text is not a program that the parser knows: {what}");
    out.gaps.push(Gap { reason: GapReason::UnknownProposal, location, because });
}

fn parse(path: &str, text: &str, tokens: u32, look: Look, limits: &Limits, out: &mut Extraction) {
    if let Some((module, places)) = with_tree(path, text, tokens, look, limits, out) {
        module.tell(&places, out);
    }
}

/// Reads a program's tree, and lets go of it; what is left to read is what the program computes, written down.
fn with_tree<'t>(
    path: &str,
    text: &'t str,
    tokens: u32,
    look: Look,
    limits: &Limits,
    out: &mut Extraction,
) -> Option<(Lowered, Places<'t>)> {
    let allocator = Allocator::with_capacity(tokens as usize * TREE_BYTES_PER_TOKEN / FIRST_PART);
    // What stands in an event handler or in a wrapper of a loader returns at its top level.
    // Names are looked up by numbers of our own.
    let options =
        ParseOptions { allow_return_outside_function: true, enable_ident_hashes: false, ..ParseOptions::default() };
    let parsed = Parser::new(&allocator, text, SourceType::unambiguous()).with_options(options).parse();
    if parsed.panicked {
        let first = parsed.diagnostics.first();
        let at = first.and_then(|d| d.labels.as_ref().first()).map_or(0, |label| label.offset());
        not_a_program(text, at as usize, &first.map_or_else(String::new, |d| d.message.to_string()), out);
        return None;
    }
    let scoping = Scoping::of(&parsed.program);
    let places = Places::new(text);
    let program = Program {
        path,
        text,
        tree: &parsed.program,
        scoping: &scoping,
        places: &places,
        strings: OnceCell::new(),
        module: Cell::new(None),
    };
    let [first, rest @ ..] = &PASSES;
    let mut wanted = look.wanted();
    if wanted.contains(&0) {
        (first.read)(&program, limits, out);
        wanted = all_wanted(&program, look);
    }
    for (number, pass) in (1..).zip(rest) {
        if wanted.contains(&number) {
            (pass.read)(&program, limits, out);
        }
    }
    program.module.take().map(|module| (module, places))
}

/// Passes that want a program of which evaluation found the strings. One that hides its strings hides the words that the
/// first look is for.
fn all_wanted(program: &Program<'_, '_>, look: Look) -> Vec<usize> {
    match program.strings.get() {
        Some(strings) if !strings.is_empty() => {
            if layers::is_dense(program.text) {
                return (0..PASSES.len()).collect();
            }
            let mut wanted = look.with(strings.iter().map(|(_, text)| text)).wanted();
            // What a program sets up is told of every one that may decode something: pages join their parts.
            wanted.push(SHAPE);
            wanted
        }
        _ => look.wanted(),
    }
}

/// Runs on a thread whose stack bears [`SCRIPT_NESTING`] even in builds without optimisation.
#[cfg(not(target_family = "wasm"))]
fn on_large_stack(out: &mut Extraction, run: impl FnOnce(&mut Extraction) + Send) {
    let finished = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(SCRIPT_STACK);
        thread.spawn_scoped(scope, || run(out)).is_ok_and(|handle| handle.join().is_ok())
    });
    if !finished {
        let because = "the program could not be parsed: the parser failed".to_owned();
        out.gaps.push(Gap { reason: GapReason::Undecodable, location: Location::Whole, because });
    }
}

/// The browser's stack is what it is: [`SCRIPT_NESTING`] is made for it.
#[cfg(target_family = "wasm")]
fn on_large_stack(out: &mut Extraction, run: impl FnOnce(&mut Extraction)) {
    let _ = SCRIPT_STACK;
    run(out);
}
