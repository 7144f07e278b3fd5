//! `davy rules check`: refuses what a rule must not be, and runs the examples that rules name.

use super::examples::{Outcome, Runner};
use super::trial;
use crate::args::CheckArgs;
use crate::failure::Failure;
use crate::scan::analyse::Settings;
use davy_facts::Limits;
use davy_judge::reader::{self, RuleFile, Trial};
use davy_judge::{Context, Explanation};
use std::io::Write;

/// Artifacts inside artifacts that are followed, as `davy scan` does unless it is told otherwise.
const DEPTH: u32 = 8;

pub(crate) fn run(args: &CheckArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let tried = args.folder.as_deref().map(trial::read).transpose()?;
    let (compiled, under_test) = match tried {
        Some(Trial { compiled, added, replaced }) => {
            writeln!(out, "rules under test: {} new, {} in place of others", added.len(), replaced.len())?;
            (compiled, Some([added, replaced].concat()))
        }
        None => {
            let compiled = reader::compile(&RuleFile::builtin());
            let told =
                |problems: Vec<reader::Problem>| Failure::Problems(problems.iter().map(ToString::to_string).collect());
            (compiled.map_err(told)?, None)
        }
    };
    let settings = Settings {
        limits: Limits::default(),
        max_depth: DEPTH,
        // Made once and needed until the process ends.
        rules: Box::leak(Box::new(compiled.rules)),
        context: Context::default(),
    };
    let is_meant = |rule: &&Explanation| under_test.as_ref().is_none_or(|ids| ids.contains(&rule.id));
    let rules: Vec<&Explanation> = compiled.catalogue.iter().filter(is_meant).collect();
    let mut runner = Runner::new(&settings);
    let mut outcome = Outcome::default();
    rules.iter().for_each(|rule| runner.run(rule, &mut outcome));
    writeln!(out, "{} rules are whole, version {}", rules.len(), settings.rules.version())?;
    let Outcome { addresses, cases, not_run, problems } = outcome;
    writeln!(
        out,
        "examples: {addresses} addresses and {cases} cases were judged, {not_run} cases are not here or not built"
    )?;
    if problems.is_empty() { Ok(()) } else { Err(Failure::Problems(problems)) }
}
