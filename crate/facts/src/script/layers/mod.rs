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
mod expression;
mod handed;
mod machine;
mod member;
mod meter;
mod operator;
mod outcome;
mod pattern;
mod places;
mod property;
mod statement;
mod strings;
mod target;
#[cfg(test)]
mod tests;
mod units;
mod value;

use super::program::{Pass, Program};
use crate::Limits;
use crate::limits::{
    EMBEDDED_TIMES_TEXT, LAYER_BYTES, LAYER_BYTES_TIMES_TEXT, LAYER_FUNCTION_STEPS, LAYER_STEPS, LAYER_STEPS_PER_BYTE,
};
use davy_model::Extraction;
use machine::{Abrupt, Machine};
use meter::Meter;
use places::Places;
pub(crate) use strings::Strings;

/// Programs that decode something, or hand something to the engine that they may have decoded.
pub(super) const PASS: Pass = Pass { words: &WORDS, wants: decodes, read };

const WORDS: [&str; 25] = [
    "eval",
    "Function",
    "atob",
    "fromCharCode",
    "unescape",
    "decodeURIComponent",
    "charCodeAt",
    "Worker",
    "importScripts",
    "WebSocket",
    "WebAssembly",
    "_0x",
    "document.write",
    "constructor",
    "\\x",
    "createElement",
    // Members of the browser by computed names.
    "window[",
    "self[",
    "globalThis[",
    "top[",
    "frames[",
    // Programs of brackets and signs alone.
    "[+[]]",
    "(![]+[])",
    "~[]",
    "ﾟωﾟ",
];

fn decodes(counts: &[u32]) -> bool {
    counts.iter().any(|count| *count > 0)
}

fn read(program: &Program<'_, '_>, _: &Limits, out: &mut Extraction) {
    let length = program.text.len();
    let bytes = LAYER_BYTES.max(length.saturating_mul(LAYER_BYTES_TIMES_TEXT));
    let mut left = LAYER_STEPS.saturating_add(length as u64 * LAYER_STEPS_PER_BYTE);
    let meter = Meter::new(bytes);
    let places = Places::new(program.semantic.scoping());
    let mut machine = Machine::new(places, meter.clone());
    machine.handed.room = length.saturating_mul(EMBEDDED_TIMES_TEXT);
    // The program itself may take most of it: decoders run when it starts.
    let first = left / 4 * 3;
    meter.allow(first);
    run(&mut machine, program);
    left -= first - meter.left();
    machine.reset();
    meter.allow(0);
    let mut given = 0;
    machine.call_the_rest(|| {
        left = left.saturating_sub(given - meter.left());
        given = left.min(LAYER_FUNCTION_STEPS.max(left / 8));
        given
    });
    outcome::tell(machine, program, out);
}

/// Follows the program from its beginning. A statement that throws does not keep the next one from being read.
fn run<'p>(machine: &mut Machine<'p, '_>, program: &Program<'p, '_>) {
    let body = &program.tree.body;
    if machine.hoist(body).is_err() {
        return;
    }
    for statement in body {
        if let Err(Abrupt::Spent) = machine.statement(statement) {
            return;
        }
    }
}
