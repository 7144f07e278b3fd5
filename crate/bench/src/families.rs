//! `tests/corpus/families.toml`: which rules, tables and facts know which family of algorithms.

use crate::root::root;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Everything that is known for the sake of one family.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Family {
    /// Names under which manifests and cases know the family, beside its own.
    pub(crate) aliases: Vec<String>,
    /// Algorithms of the family, in the words of verdicts. A rule that names one in each match belongs to the family.
    pub(crate) algorithms: Vec<String>,
    /// Rules of the family, by id or by the beginning of an id and `*`.
    pub(crate) rules: Vec<String>,
    /// Tables of constants that are known for its sake.
    pub(crate) tables: Vec<String>,
    /// The page in which its modules stand when the manifest names none: `pool` for hashes that have lawful uses too.
    pub(crate) context: Option<String>,
    /// Facts that are read for its sake alone.
    pub(crate) facts: Vec<String>,
}

/// All families, by name.
#[derive(Debug, Deserialize)]
pub(crate) struct Families {
    family: BTreeMap<String, Family>,
}

impl Families {
    /// Reads the file.
    pub(crate) fn read() -> Result<Self> {
        let path = root().join("tests/corpus/families.toml");
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not a list of families", path.display()))
    }

    /// The name of the family that a manifest's word means.
    pub(crate) fn name_of(&self, word: &str) -> Option<&str> {
        let word = word.to_ascii_lowercase();
        // A chain may name another family's algorithm among its own: the family's own name comes first.
        let own = self.family.iter().find(|(name, _)| **name == word);
        let alias = || self.family.iter().find(|(_, family)| family.aliases.contains(&word));
        let named = || self.family.iter().find(|(_, family)| family.algorithms.contains(&word));
        own.or_else(alias).or_else(named).map(|(name, _)| name.as_str())
    }

    /// A family by one of its names.
    pub(crate) fn get(&self, word: &str) -> Result<&Family> {
        match self.name_of(word).and_then(|name| self.family.get(name)) {
            Some(family) => Ok(family),
            None => bail!(
                "no family is called {word:?}; tests/corpus/families.toml has {}",
                self.family.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
            ),
        }
    }

    /// Names of all families.
    #[cfg(test)]
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.family.keys().map(String::as_str)
    }
}
