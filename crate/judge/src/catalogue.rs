//! What a person may ask about the rules: kept apart from the rules, so that builds that never explain never carry it.

use davy_model::{ScopeKind, Weight};
use serde::{Deserialize, Serialize};

/// Every rule's explanation, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    pub(crate) entries: Vec<Explanation>,
}

/// One rule as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The rule's stable name, for example `algorithm/keccak`.
    pub id: String,
    /// One line: what it recognises.
    pub summary: String,
    /// The place in which its facts must meet.
    pub scope: ScopeKind,
    /// How much it proves alone.
    pub weight: Weight,
    /// MITRE ATT&CK techniques.
    pub attack: Vec<String>,
    /// Algorithms that it can name, sorted.
    pub algorithms: Vec<String>,
    /// Its condition in sentences, one a line; indentation shows what belongs together.
    pub looks_for: Vec<String>,
    /// The sentence it gives, with its placeholders.
    pub because: String,
    /// Where the knowledge comes from.
    pub references: Vec<String>,
    /// Folders of `tests/corpus` in which it must match.
    pub matches: Vec<String>,
    /// Folders of `tests/corpus` that come near and in which it must not match.
    pub rejects: Vec<String>,
}

impl Catalogue {
    /// The rules that a name means: the rule of that id, else all that can name that algorithm.
    #[must_use]
    pub fn find(&self, name: &str) -> Vec<&Explanation> {
        if let Some(entry) = self.entries.iter().find(|e| e.id == name) {
            return vec![entry];
        }
        self.entries.iter().filter(|e| e.algorithms.iter().any(|a| a == name)).collect()
    }

    /// All rules, by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Explanation> {
        self.entries.iter()
    }
}
