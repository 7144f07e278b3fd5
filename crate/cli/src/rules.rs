//! `davy rules`: the rules that this build carries, and those that somebody tries.

pub(crate) mod check;
mod examples;
mod hosts;
mod page;
mod transcript;
pub(crate) mod trial;

use crate::failure::Failure;
use crate::output::text;
use davy_judge::Catalogue;
use std::io::Write;

/// One line a rule: its name, the level it supports alone, its algorithms and what it recognises.
pub(crate) fn list(out: &mut dyn Write) -> Result<(), Failure> {
    let catalogue = Catalogue::builtin();
    let width = catalogue.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in catalogue.iter() {
        let supports = match text::level(rule.weight.supports()) {
            "clean" => "(adds)",
            level => level,
        };
        writeln!(out, "{:width$}  {supports:10}  {}", rule.id, rule.summary)?;
    }
    Ok(())
}
