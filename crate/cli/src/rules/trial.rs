//! Rules under test: a folder's, over those that this build carries.

use crate::failure::Failure;
use davy_judge::RuleSet;
use davy_judge::reader::{self, Problem, RuleFile, Trial};
use std::path::Path;

/// Reads a folder of rules over those that this build carries.
pub(crate) fn read(folder: &Path) -> Result<Trial, Failure> {
    reader::on_trial(RuleFile::builtin(), folder).map_err(|problems| Failure::Problems(told(&problems, folder)))
}

/// The rules to judge by.
pub(crate) fn rules(folder: &Path) -> Result<&'static RuleSet, Failure> {
    // Made once and needed until the process ends.
    read(folder).map(|trial| &*Box::leak(Box::new(trial.compiled.rules)))
}

/// Problems with the file as a person finds it: in the folder, or in what this build carries and the folder breaks.
fn told(problems: &[Problem], folder: &Path) -> Vec<String> {
    let one = |problem: &Problem| {
        let message = problem.message.trim_end();
        let path = folder.join(&problem.file);
        if problem.file == "." {
            format!("{}: {message}", folder.display())
        } else if path.exists() {
            format!("{}: {message}", path.display())
        } else {
            format!("{} of the rules that this build carries: {message}", problem.file)
        }
    };
    problems.iter().map(one).collect()
}
