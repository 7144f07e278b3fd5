//! The compiled form of the rules: what the build writes and what judging reads.

use davy_model::{FactName, ScopeKind, Weight};
use serde::{Deserialize, Serialize};

/// Rules, in an order in which each stands after those it waits for, with the lists and bounds they need.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    pub(crate) version: String,
    pub(crate) bounds: Bounds,
    pub(crate) rules: Vec<Rule>,
    pub(crate) hosts: HostList,
}

/// Bounds of a verdict, from the scoring file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bounds {
    /// Most pieces of evidence that one rule gives about one artifact.
    pub(crate) evidence_per_rule: u32,
    /// Most pieces of evidence that a container takes over from what it holds.
    pub(crate) evidence_per_container: u32,
    /// Most values or texts that a sentence lists before it says how many more there are.
    pub(crate) listed_in_sentence: u32,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) scope: ScopeKind,
    pub(crate) weight: Weight,
    pub(crate) when: Condition,
    pub(crate) algorithms: Vec<Named>,
    pub(crate) because: Vec<Part>,
}

/// An algorithm that a match names: always, or when a condition holds in the same scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) when: Option<Condition>,
}

/// A condition tree. `None` holds when not one of its members holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    None(Vec<Condition>),
    AtLeastOf {
        n: u32,
        of: Vec<Condition>,
    },
    Fact(Term),
    /// Another rule has matched; `index` is its place in the rule set.
    Rule {
        index: u32,
        anywhere: bool,
    },
}

/// Chooses facts of one name, then bounds how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Term {
    pub(crate) fact: FactName,
    /// Values that pass; empty: all.
    pub(crate) values: Vec<u64>,
    /// Range of values that pass, both ends included.
    pub(crate) min: u64,
    pub(crate) max: u64,
    /// Texts that pass; empty: all.
    pub(crate) texts: Vec<String>,
    /// Only hosts on the host list pass.
    pub(crate) listed: bool,
    /// Look in the artifact's own scope.
    pub(crate) in_artifact: bool,
    /// Bounds of the sum of `count` over the facts that passed.
    pub(crate) at_least: u64,
    pub(crate) at_most: u64,
    /// Least number of different (value, text) that passed.
    pub(crate) distinct: u32,
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Part {
    /// Words as they stand.
    Words(String),
    /// What the rule's terms about this fact chose.
    Facts { fact: FactName, show: Show },
    /// How many there are, and the word for one or for several.
    Counted { fact: FactName, one: String, several: String },
}

/// What of the chosen facts a sentence shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Show {
    Count,
    /// The largest single count.
    Most,
    Distinct,
    Text,
    Value(Form),
}

/// How a sentence writes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Form {
    Decimal,
    Hex,
    /// The bytes that an address mask spans: the next power of two.
    Region,
    /// A memory size counted in pages of 64 KiB.
    Pages,
}

/// Hosts, lower case, sorted; a host is on the list when it or a parent domain is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostList(Vec<String>);

impl HostList {
    /// A list of canonical hosts: lower case, no trailing dot, no port. Order and repetition do not matter.
    #[must_use]
    pub fn new(mut hosts: Vec<String>) -> Self {
        davy_model::sort(&mut hosts);
        hosts.dedup();
        Self(hosts)
    }

    /// The entry that covers a canonical host: the host itself or the nearest parent domain.
    #[must_use]
    pub fn entry_for(&self, host: &str) -> Option<&str> {
        let mut rest = host;
        loop {
            if let Ok(found) = self.0.binary_search_by(|entry| entry.as_str().cmp(rest)) {
                return self.0.get(found).map(String::as_str);
            }
            rest = rest.split_once('.')?.1;
        }
    }

    /// The entries in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl RuleSet {
    /// Version of the rule set: the scoring file's version and the first 8 hex digits of a SHA-256 over all its files.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many pieces of evidence, and gaps, of its parts a container keeps; at least one.
    #[must_use]
    pub fn evidence_per_container(&self) -> usize {
        (self.bounds.evidence_per_container as usize).max(1)
    }

    /// The pool hosts that rules know, for lists that browsers enforce themselves.
    #[must_use]
    pub fn pool_hosts(&self) -> &HostList {
        &self.hosts
    }
}
