//! Hidden layers: what a program makes of its own constants, followed without an engine.
//!
//! Obfuscators and packers keep strings, code and modules encoded and decode them with functions that stand beside. Those
//! functions are evaluated here, by a small interpreter over the tree ([`machine`]) that knows values or does not know
//! them, has nothing of a page or a network, and counts every step. What comes out:
//!
//! - code handed to `eval`, `Function`, timers, workers and script elements, and markup that brings code along: children;
//! - modules that are decoded: children;
//! - addresses that sockets are opened with: facts;
//! - strings by the expression that gives them ([`Strings`]), for those who read the program next.
//!
//! What only exists at run time is a gap that says so.

mod builtin;
mod call;
mod early;
mod expression;
mod garbage;
mod given;
mod handed;
mod machine;
mod member;
mod meter;
mod named;
mod operator;
mod outcome;
mod pattern;
mod places;
mod property;
mod shortcut;
mod statement;
mod strings;
mod target;
#[cfg(test)]
mod tests;
mod units;
mod value;

use super::program::{Pass, Program, Scoping};
use crate::Limits;
use crate::limits::{
    EMBEDDED_TIMES_TEXT, LAYER_BYTES, LAYER_BYTES_PER_STEP, LAYER_BYTES_TIMES_TEXT, LAYER_FUNCTION_BYTES_PER_STEP,
    LAYER_FUNCTION_STEPS, LAYER_FUNCTION_STEPS_BRIEF, LAYER_FUNCTION_STEPS_LEAST, LAYER_SHORT, LAYER_STEPS,
    LAYER_STEPS_OBFUSCATED, LAYER_STEPS_ORDINARY, LAYER_STEPS_PER_BYTE,
};
use crate::script::sweep::Sweep;
use davy_model::Extraction;
use handed::Handed;
use machine::{Abrupt, Machine, Turn};
use meter::{Meter, Spent};
use oxc_ast::ast;
use oxc_span::Span;
use places::Places;
use std::sync::OnceLock;
pub(crate) use strings::Strings;

/// Programs that decode something, or hand something to the engine that they may have decoded.
pub(super) const PASS: Pass = Pass { words: &WORDS, wants: decodes, read };

/// Where one of these stands, something may be decoded, or handed to the engine.
const WORDS: [&str; 39] = [
    "eval",
    "Function(",
    "atob",
    "fromCharCode",
    "unescape",
    "Blob(",
    "Worker(",
    "importScripts",
    "WebSocket",
    "WebAssembly",
    "document.write",
    "import(",
    "ws://",
    "wss://",
    "stratum+",
    "stratum:",
    // Names that obfuscators give.
    "_0x",
    // Functions by way of what made them.
    ".constructor(\"",
    ".constructor('",
    "[\"constructor\"]",
    "['constructor']",
    "createElement(\"script",
    "createElement('script",
    // Timers that are given text.
    "setTimeout(\"",
    "setTimeout('",
    "setTimeout(`",
    "setInterval(\"",
    "setInterval('",
    "setInterval(`",
    // Members of the browser by computed names.
    "window[",
    "self[",
    "globalThis[",
    "top[",
    // Members of the browser's hashes by computed names.
    "crypto[",
    "subtle[",
    // Programs of brackets and signs alone.
    "[+[]]",
    "(![]+[])",
    "~[]",
    "ﾟωﾟ",
];

/// What hands text to the engine or opens a socket.
const SINKS: [&str; 13] = [
    "eval",
    "Function(",
    "atob",
    "Blob(",
    "Worker(",
    "importScripts",
    "WebSocket",
    "document.write",
    "import(",
    "createElement(\"script",
    "createElement('script",
    "setTimeout(\"",
    "createShaderModule",
];

/// Where one of these stands beside those of [`WORDS`] and [`SINKS`], something may be put together that is handed on
/// elsewhere: letters out of numbers, bytes, addresses, and literals that a minifier would have joined.
const MEANS: [&str; 29] = [
    "MozWebSocket",
    "\"script\"",
    "'script'",
    "fromCodePoint",
    "charCodeAt",
    "codePointAt",
    "TextDecoder",
    "decodeURI",
    "parseInt(",
    ".reverse()",
    "Uint8Array",
    "shaderSource",
    "EventSource",
    "execScript",
    "innerHTML",
    "outerHTML",
    "srcdoc",
    "stratum",
    "daemon+",
    "data:",
    "\\x",
    "AGFzb",
    "0061736",
    "H4sI",
    "KLUv",
    "\"+\"",
    "'+'",
    "\" + \"",
    "' + '",
];

fn decodes(counts: &[u32]) -> bool {
    counts.iter().any(|count| *count > 0)
}

fn read(program: &Program<'_, '_>, _: &Limits, out: &mut Extraction) {
    let dense = is_dense(program.text);
    let (mut handed, strings) = follow(program.tree, program.scoping, program.text, Budget::of(program.text, dense));
    // Elsewhere what takes so long decodes nothing.
    handed.spent &= dense;
    outcome::tell(handed, &strings, program, out);
    program.set_strings(strings);
}

/// Bytes of a text for each hexadecimal number or escape in it, at most, where an obfuscator wrote it: those measured have
/// 4 to 19, minified libraries (jQuery, d3, mqtt, ethers) 2,300 and more.
const SPARSE: usize = 64;

/// Whether an obfuscator wrote a text, as far as its numbers and escapes tell.
pub(super) fn is_dense(text: &str) -> bool {
    let count = |sign: &str| memchr::memmem::find_iter(text.as_bytes(), sign).count();
    (count("0x") + count("\\x")) * SPARSE > text.len()
}

/// How many steps a program is followed.
#[derive(Debug, Clone, Copy)]
struct Budget {
    /// Steps that it has from the start.
    steps: u64,
    /// Steps that its long constants may earn: what decodes, decodes something.
    reserve: u64,
    /// Whether functions in which no word tells of decoding are followed briefly. What an obfuscator wrote decodes
    /// everywhere, and short programs are followed as a whole.
    is_ordinary: bool,
}

impl Budget {
    fn of(text: &str, dense: bool) -> Self {
        let length = text.len() as u64;
        if dense {
            let steps = LAYER_STEPS_OBFUSCATED.saturating_add(length * LAYER_STEPS_PER_BYTE);
            return Self { steps, reserve: 0, is_ordinary: false };
        }
        let all = LAYER_STEPS.saturating_add(length * LAYER_STEPS_PER_BYTE);
        let short = text.len() <= LAYER_SHORT;
        let steps = if short { LAYER_STEPS } else { LAYER_STEPS_ORDINARY + length / LAYER_BYTES_PER_STEP };
        Self { steps, reserve: all.saturating_sub(steps), is_ordinary: !short }
    }
}

/// Follows a program: what it hands to the engine, and which strings its expressions give.
fn follow<'p>(tree: &'p ast::Program<'p>, scoping: &Scoping, text: &'p str, budget: Budget) -> (Handed, Strings) {
    let bytes = LAYER_BYTES.max(text.len().saturating_mul(LAYER_BYTES_TIMES_TEXT));
    let mut left = budget.steps;
    let meter = Meter::new(bytes, budget.reserve);
    let mut machine = Machine::new(Places::new(scoping), text, meter.clone());
    machine.handed.room = text.len().saturating_mul(EMBEDDED_TIMES_TEXT);
    // The program itself may take most of it: decoders run when it starts.
    let first = left / 4 * 3;
    meter.allow(first);
    machine.handed.spent = run(&mut machine, tree).is_err();
    // More than was allowed may be left: constants earn steps.
    left = left - first + meter.left();
    machine.reset();
    meter.allow(0);
    let signs = Signs::of(text);
    let mut given = 0;
    let turn = |span: Span| match () {
        () if signs.hands(span) => Turn::First,
        () if budget.is_ordinary && !signs.tells(span) => Turn::Last(u64::from(span.size())),
        () => Turn::Later,
    };
    machine.call_the_rest(turn, |turn| {
        left = left.saturating_sub(given) + meter.left();
        meter.allow(0);
        given = match turn {
            Turn::First => {
                left += meter.take(LAYER_FUNCTION_STEPS);
                LAYER_FUNCTION_STEPS.max(left / 16)
            }
            Turn::Later => LAYER_FUNCTION_STEPS_LEAST.max(left / 16),
            // What it hands over earns the steps of its decoding.
            Turn::Last(bytes) => {
                (bytes / LAYER_FUNCTION_BYTES_PER_STEP).clamp(LAYER_FUNCTION_STEPS_BRIEF, LAYER_FUNCTION_STEPS_LEAST)
            }
        };
        given = given.min(left);
        given
    });
    (std::mem::take(&mut machine.handed), std::mem::take(&mut machine.strings).finish())
}

/// Places at which something is handed to the engine or decoded, as far as words tell.
struct Signs {
    /// Where what is handed on stands.
    sinks: Vec<u32>,
    /// Those, and where decoding shows.
    all: Vec<u32>,
}

impl Signs {
    fn of(text: &str) -> Self {
        static BUILT: OnceLock<Option<Sweep>> = OnceLock::new();
        let build = || Sweep::of(SINKS.iter().chain(&WORDS).chain(&MEANS).map(|word| (*word).to_owned()).collect());
        let hits = BUILT.get_or_init(build).as_ref().map_or_else(Vec::new, |sweep| {
            sweep.hits(text.as_bytes()).into_iter().map(|hit| (sweep.begin(hit) as u32, hit.word)).collect()
        });
        let sinks = hits.iter().filter(|(_, word)| usize::from(*word) < SINKS.len());
        let mut signs = Self { sinks: sinks.map(|hit| hit.0).collect(), all: hits.iter().map(|hit| hit.0).collect() };
        signs.sinks.sort_unstable();
        signs.all.sort_unstable();
        signs
    }

    /// Whether something is handed to the engine there.
    fn hands(&self, span: Span) -> bool {
        stands_in(&self.sinks, span)
    }

    /// Whether something is decoded there, or handed to the engine.
    fn tells(&self, span: Span) -> bool {
        stands_in(&self.all, span)
    }
}

fn stands_in(places: &[u32], span: Span) -> bool {
    let next = places.partition_point(|place| *place < span.start);
    places.get(next).is_some_and(|place| *place < span.end)
}

/// Follows the program from its beginning. A statement that throws does not keep the next one from being read.
fn run<'p>(machine: &mut Machine<'p, '_>, tree: &'p ast::Program<'p>) -> Result<(), Spent> {
    let hoisted = machine.hoist(&tree.body);
    let flows = tree.body.iter().map(|statement| machine.statement(statement).map(|_| ()));
    for result in std::iter::once(hoisted).chain(flows) {
        if let Err(Abrupt::Spent) = result {
            return Err(Spent);
        }
    }
    Ok(())
}
