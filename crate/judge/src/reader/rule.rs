//! Rule files to rules.

use super::condition::{Compiler, RuleIndex};
use super::files::NAMESPACES;
use super::raw::RawRule;
use super::scoring::Scoring;
use super::{Problem, RuleFile, check, template};
use crate::ruleset::{Named, Rule};
use davy_model::Weight;

/// A rule that has been read and checked alone, but not against others.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) file: String,
    pub(crate) raw: RawRule,
}

impl Draft {
    /// Rules on trial weigh *weak* at most, whatever they ask for.
    pub(crate) fn weight(&self) -> Weight {
        if is_nursery(&self.file) { Weight::Weak } else { self.raw.weight }
    }
}

/// Whether a file holds a rule on trial.
pub(crate) fn is_nursery(file: &str) -> bool {
    file.starts_with("nursery/")
}

/// Reads every rule file; what is wrong with one is added to the problems.
pub(crate) fn read(files: &[&RuleFile], problems: &mut Vec<Problem>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for file in files {
        let Some((namespace, _)) = file.path.split_once('/') else { continue };
        if !NAMESPACES.contains(&namespace) {
            continue;
        }
        match toml::from_str::<RawRule>(&file.text) {
            Ok(raw) => {
                problems.extend(check::rule(&file.path, &raw).into_iter().map(|why| Problem::new(&file.path, why)));
                drafts.push(Draft { file: file.path.clone(), raw });
            }
            Err(error) => problems.push(Problem::new(&file.path, error.to_string())),
        }
    }
    drafts
}

/// Compiles drafts that stand in dependency order.
pub(crate) fn compile(drafts: &[Draft], scoring: &Scoring, problems: &mut Vec<Problem>) -> Vec<Rule> {
    let index: RuleIndex =
        drafts.iter().enumerate().map(|(i, d)| (d.raw.id.clone(), (i as u32, d.raw.scope))).collect();
    let mut rules = Vec::new();
    for draft in drafts {
        match one(draft, &Compiler { scoring, index: &index, scope: draft.raw.scope }) {
            Ok(rule) => rules.push(rule),
            Err(why) => problems.push(Problem::new(&draft.file, why)),
        }
    }
    rules
}

fn one(draft: &Draft, compiler: &Compiler<'_>) -> Result<Rule, String> {
    let raw = &draft.raw;
    let when = compiler.condition(&raw.when)?;
    let because = template::parse(&raw.because, &when)?;
    let mut algorithms: Vec<Named> =
        raw.algorithms.iter().map(|name| Named { name: name.clone(), when: None }).collect();
    for named in &raw.algorithm {
        algorithms.push(Named { name: named.name.clone(), when: Some(compiler.condition(&named.when)?) });
    }
    Ok(Rule { id: raw.id.clone(), scope: raw.scope, weight: draft.weight(), when, algorithms, because })
}
