//! Rules under test: a folder's, over those that this build carries.

use super::hosts;
use crate::args::Options;
use crate::failure::Failure;
use davy_judge::reader::{self, Problem, RuleFile, Trial};
use davy_judge::{Catalogue, Context, HostList, RuleSet};
use std::path::{Path, PathBuf};

/// Reads a folder of rules over those that this build carries.
pub(crate) fn read(folder: &Path) -> Result<Trial, Failure> {
    reader::on_trial(RuleFile::builtin(), folder).map_err(|problems| Failure::Problems(told(&problems, folder)))
}

/// What is judged by, and how it is explained.
pub(crate) struct Knowledge {
    pub(crate) rules: &'static RuleSet,
    pub(crate) catalogue: &'static Catalogue,
    pub(crate) context: Context,
}

impl Knowledge {
    /// What this build carries, with a folder of rules under test over it, and the caller's lists of hosts.
    pub(crate) fn of(options: &Options) -> Result<Self, Failure> {
        let list = |path: &Option<PathBuf>| path.as_deref().map_or_else(|| Ok(HostList::default()), hosts::read);
        let context = Context { allow_hosts: list(&options.allow_hosts)?, block_hosts: list(&options.block_hosts)? };
        let Some(folder) = &options.rules else {
            return Ok(Self { rules: RuleSet::builtin(), catalogue: Catalogue::builtin(), context });
        };
        // Made once and needed until the process ends.
        let compiled = &*Box::leak(Box::new(read(folder)?.compiled));
        Ok(Self { rules: &compiled.rules, catalogue: &compiled.catalogue, context })
    }
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
