//! Rules as their files write them. Unknown fields are errors: a misspelt bound must not become no bound.

use davy_model::{FactName, ScopeKind, Weight};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawRule {
    pub(crate) id: String,
    pub(crate) summary: String,
    pub(crate) scope: ScopeKind,
    pub(crate) weight: Weight,
    #[serde(default)]
    pub(crate) attack: Vec<String>,
    #[serde(default)]
    pub(crate) references: Vec<String>,
    pub(crate) because: String,
    #[serde(default)]
    pub(crate) algorithms: Vec<String>,
    #[serde(default)]
    pub(crate) algorithm: Vec<RawNamed>,
    pub(crate) when: RawCondition,
    #[serde(default)]
    pub(crate) examples: RawExamples,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawNamed {
    pub(crate) name: String,
    pub(crate) when: RawCondition,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawExamples {
    #[serde(default, rename = "match")]
    pub(crate) matches: Vec<String>,
    #[serde(default)]
    pub(crate) reject: Vec<String>,
}

/// Groups and the fields of a term in one table; [`super::condition`] tells which go together.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawCondition {
    pub(crate) all: Option<Vec<RawCondition>>,
    pub(crate) any: Option<Vec<RawCondition>>,
    pub(crate) none: Option<Vec<RawCondition>>,
    pub(crate) at_least_of: Option<RawAtLeastOf>,
    pub(crate) rule: Option<String>,
    pub(crate) fact: Option<FactName>,
    pub(crate) value: Option<Vec<RawNumber>>,
    pub(crate) min: Option<RawNumber>,
    pub(crate) max: Option<RawNumber>,
    pub(crate) text: Option<Vec<String>>,
    pub(crate) listed: Option<bool>,
    pub(crate) at_least: Option<RawNumber>,
    pub(crate) at_most: Option<RawNumber>,
    pub(crate) distinct: Option<RawNumber>,
    #[serde(rename = "in")]
    pub(crate) place: Option<ScopeKind>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawAtLeastOf {
    pub(crate) n: RawNumber,
    pub(crate) of: Vec<RawCondition>,
}

/// A number, a number in quotes, or `"$name"`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum RawNumber {
    Number(u64),
    Text(String),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawScoring {
    pub(crate) version: String,
    pub(crate) bound: BTreeMap<String, RawSetting>,
    #[serde(default)]
    pub(crate) threshold: BTreeMap<String, RawSetting>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSetting {
    pub(crate) value: u64,
    pub(crate) why: String,
    pub(crate) measured: String,
}
