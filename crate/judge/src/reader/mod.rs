//! Reads rules, scoring and host lists from their files and compiles them. The build script runs this same source, so
//! what it accepts and what `davy rules` accepts cannot differ.

mod check;
mod condition;
mod describe;
mod files;
mod hosts;
mod order;
mod raw;
mod rule;
mod scoring;
mod template;
mod trial;

use crate::catalogue::Catalogue;
use crate::ruleset::RuleSet;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

/// Rules as they are judged by, and as they are explained.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// For judging.
    pub rules: RuleSet,
    /// For people.
    pub catalogue: Catalogue,
}

/// Something wrong with a rule file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the folder of rules, with `/` between its parts.
    pub file: String,
    /// What is wrong, for the rule's author.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.message.trim_end())
    }
}

impl std::error::Error for Problem {}

/// One file of a folder of rules, held in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFile {
    /// Path relative to the folder of rules, with `/` between its parts.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Reads and compiles a folder laid out like `crate/judge/rules`.
///
/// # Errors
/// Everything that is wrong with its files, in the order of their paths.
pub fn read(folder: &Path) -> Result<Compiled, Vec<Problem>> {
    compile(&files::read(folder)?)
}

/// Reads the files of a folder laid out like `crate/judge/rules`, for the build to carry along.
///
/// # Errors
/// Files that cannot be read.
pub fn files(folder: &Path) -> Result<Vec<RuleFile>, Vec<Problem>> {
    files::read(folder)
}

/// Rules under test, put over others.
#[derive(Debug, Clone)]
pub struct Trial {
    /// All rules, those under test among them.
    pub compiled: Compiled,
    /// Rules under test that are new, by id.
    pub added: Vec<String>,
    /// Rules under test that stand in place of another with the same id.
    pub replaced: Vec<String>,
}

/// Reads a folder of rules under test and compiles them together with others: a file replaces the one of the same path,
/// a threshold or bound the one of the same name.
///
/// # Errors
/// Everything that is wrong with its files, and with others that no longer hold together with them.
pub fn on_trial(others: Vec<RuleFile>, folder: &Path) -> Result<Trial, Vec<Problem>> {
    trial::read(others, folder)
}

/// Compiles files that are already in memory, in any order.
///
/// # Errors
/// Everything that is wrong with them, in the order of their paths.
pub fn compile(files: &[RuleFile]) -> Result<Compiled, Vec<Problem>> {
    let mut files: Vec<&RuleFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut problems = Vec::new();
    let scoring = scoring::read(&files, &mut problems);
    let hosts = hosts::read(&files, &mut problems);
    let drafts = rule::read(&files, &mut problems);
    let drafts = order::by_dependency(drafts, &mut problems);
    let rules = rule::compile(&drafts, &scoring, &mut problems);
    if !problems.is_empty() {
        problems.sort();
        problems.dedup();
        return Err(problems);
    }
    let catalogue = Catalogue { entries: describe::entries(&drafts, &rules) };
    let version = files::version(&scoring.version, &files);
    Ok(Compiled { rules: RuleSet { version, bounds: scoring.bounds, rules, hosts }, catalogue })
}

#[cfg(test)]
mod tests;
