//! `corpus DIR`: scores a folder against its manifest. Copies count once: what is counted is distinct code sections.

mod count;
mod manifest;
mod print;
mod report;
mod score;

use crate::arguments::Arguments;
use crate::families::Families;
use crate::parallel;
use crate::without::Rules;
use anyhow::Result;
pub(crate) use score::operators;
use std::path::Path;

/// Runs the bench.
pub(crate) fn run(words: Vec<String>) -> Result<()> {
    let mut arguments = Arguments::new(words);
    let json = arguments.value("--json")?;
    let without = arguments.values("--without")?;
    let leave_one_out = arguments.flag("--leave-one-out");
    let folder = arguments.only("a folder")?;
    let report = report(Path::new(&folder), &without, leave_one_out)?;
    print::all(&report);
    if let Some(path) = json {
        crate::json::write(Path::new(&path), &report)?;
    }
    Ok(())
}

fn report(folder: &Path, without: &[String], leave_one_out: bool) -> Result<report::Report> {
    let families = Families::read()?;
    let mut items = manifest::read(folder, &families)?;
    let rules = if without.is_empty() { Rules::whole() } else { Rules::without(without, &families)? };
    let left_out = if leave_one_out { score::left_out(&items, without, &families)? } else { Vec::new() };
    let scored = parallel::all(&items, |item| score::one(folder, item, &rules, &left_out));
    let scored: Vec<score::Scored> = scored.into_iter().collect::<Result<_>>()?;
    // False positives are counted per 1,000 modules: many lawful scripts must not thin them out.
    for (item, scored) in items.iter_mut().zip(&scored) {
        if !item.mines && !scored.is_wasm {
            item.family.push_str(report::SCRIPTS);
        }
    }
    Ok(count::report(&rules, without, &items, &scored, &families))
}

#[cfg(test)]
mod tests;
