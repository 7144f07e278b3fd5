//! The benches of the detector, run by `cargo xtask corpus`, `evade` and `speed`: how much of what mines is found, how much
//! of what does not is left alone, what an attacker who rewrites modules can do about it, and what reading costs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a developer's command speaks to its terminal")]

mod arguments;
mod corpus;
#[cfg(feature = "evade")]
mod evade;
mod families;
mod json;
mod judged;
mod parallel;
mod root;
mod speed;
mod table;
mod without;

use anyhow::{Result, bail};
use std::process::ExitCode;

/// Counts what is allocated, for `speed`.
#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

const USAGE: &str = "usage: cargo xtask corpus DIR [--json FILE] [--without FAMILY].. [--leave-one-out]
       cargo xtask evade [--quick] [--seed N] [--seeds N] [--kernel NAME].. [--attack NAME].. [--json FILE]
       cargo xtask speed [DIR].. [--json FILE]";

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: Vec<String>) -> Result<()> {
    let mut words = words.into_iter();
    match words.next().as_deref() {
        Some("corpus") => corpus::run(words.collect()),
        #[cfg(feature = "evade")]
        Some("evade") => evade::run(words.collect()),
        Some("speed") => speed::run(words.collect()),
        Some(other) => bail!("unknown bench {other:?}\n{USAGE}"),
        None => bail!("{USAGE}"),
    }
}
