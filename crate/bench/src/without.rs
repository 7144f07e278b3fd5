//! Rule sets that do not know some families: what an algorithm looks like to Davy for which nobody has written a rule.

use crate::families::{Families, Family};
use crate::root::root;
use anyhow::{Context, Result, bail};
use davy_judge::RuleSet;
use davy_judge::reader::{RuleFile, compile};
use davy_model::FactName;
use std::path::Path;
use toml::{Table, Value};

/// Rules to judge by, and what they must not see.
pub(crate) struct Rules {
    /// The rules.
    pub(crate) set: RuleSet,
    /// Tables whose facts are taken out before judging.
    pub(crate) tables: Vec<String>,
    /// Facts that are taken out before judging.
    pub(crate) facts: Vec<FactName>,
}

impl Rules {
    /// Everything that the command knows.
    pub(crate) fn whole() -> Self {
        Self { set: RuleSet::builtin().clone(), tables: Vec::new(), facts: Vec::new() }
    }

    /// What is left without the rules, tables and facts of some families.
    pub(crate) fn without(names: &[String], families: &Families) -> Result<Self> {
        let gone: Vec<&Family> = names.iter().map(|name| families.get(name)).collect::<Result<_>>()?;
        let files = files(&root().join("crate/judge/rules"))?;
        let files: Vec<RuleFile> = files.into_iter().map(|file| reduced(file, &gone)).collect::<Result<_>>()?;
        let compiled = match compile(&files) {
            Ok(compiled) => compiled,
            Err(problems) => {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                bail!("rules without {} do not compile:\n{}", names.join(", "), lines.join("\n"));
            }
        };
        let tables = gone.iter().flat_map(|family| family.tables.clone()).collect();
        let facts = gone.iter().flat_map(|family| &family.facts).filter_map(|name| fact(name)).collect();
        Ok(Self { set: compiled.rules, tables, facts })
    }

    /// Whether facts may be judged as they were read.
    pub(crate) fn hides_nothing(&self) -> bool {
        self.tables.is_empty() && self.facts.is_empty()
    }
}

/// A fact by its name; nothing for one that this build does not have.
fn fact(name: &str) -> Option<FactName> {
    serde_json::from_value(serde_json::Value::from(name)).ok()
}

/// The files that the rule reader takes: scoring, rules and host lists.
fn files(folder: &Path) -> Result<Vec<RuleFile>> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.context("cannot walk the rules")?;
        let path = entry.path();
        let kind = path.extension().and_then(|extension| extension.to_str());
        if entry.file_type().is_file() && matches!(kind, Some("toml" | "txt")) {
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            let parts = path.strip_prefix(folder)?.components().map(|part| part.as_os_str().to_string_lossy());
            files.push(RuleFile { path: parts.collect::<Vec<_>>().join("/"), text });
        }
    }
    Ok(files)
}

/// A rule of a family that is gone stays as one that never matches, so that rules which wait for it still read; names of
/// its algorithms are taken from the others.
fn reduced(file: RuleFile, gone: &[&Family]) -> Result<RuleFile> {
    if !file.path.contains('/') || !file.path.ends_with(".toml") {
        return Ok(file);
    }
    let mut rule: Table = toml::from_str(&file.text).with_context(|| format!("{} does not read", file.path))?;
    let id = rule.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    if gone.iter().any(|family| belongs(&rule, &id, family)) {
        rule.insert("when".into(), Value::Table(never()));
        rule.insert("because".into(), "this family's rules are switched off".into());
        rule.remove("algorithms");
        rule.remove("algorithm");
    } else {
        forget(&mut rule, gone);
    }
    Ok(RuleFile { text: toml::to_string(&rule)?, path: file.path })
}

fn belongs(rule: &Table, id: &str, family: &Family) -> bool {
    let by_id = family.rules.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => id.starts_with(start),
        None => pattern == id,
    });
    let named = rule.get("algorithms").and_then(Value::as_array);
    let all_named = named.is_some_and(|names| {
        !names.is_empty()
            && names.iter().filter_map(Value::as_str).all(|name| family.algorithms.iter().any(|own| own == name))
    });
    by_id || all_named
}

/// Takes the names of families that are gone from a rule that stays.
fn forget(rule: &mut Table, gone: &[&Family]) {
    let is_gone = |name: &str| gone.iter().any(|family| family.algorithms.iter().any(|own| own == name));
    if let Some(Value::Array(names)) = rule.get_mut("algorithms") {
        names.retain(|name| !name.as_str().is_some_and(is_gone));
    }
    if let Some(Value::Array(named)) = rule.get_mut("algorithm") {
        named.retain(|entry| !entry.get("name").and_then(Value::as_str).is_some_and(is_gone));
    }
}

/// A condition that nothing meets: no fact about a host has this text.
fn never() -> Table {
    let mut term = Table::new();
    term.insert("fact".into(), "host".into());
    term.insert("text".into(), Value::Array(vec!["no family".into()]));
    term
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_without_any_one_family_compile() {
        let families = Families::read().unwrap();
        for name in families.names() {
            Rules::without(&[name.to_owned()], &families).unwrap();
        }
    }
}
