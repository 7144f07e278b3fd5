//! Sentences for people, as keys of `_locales`: the words live there, the choice is made here.

use serde::{Deserialize, Serialize};

/// A message of `extension/_locales` with what stands in its `$1`, `$2` ….
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Phrase {
    /// Key of the message.
    pub key: String,
    /// Substitutions, in order.
    pub args: Vec<String>,
}

impl Phrase {
    /// A message without substitutions.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), args: Vec::new() }
    }

    /// The same message with one more substitution.
    #[must_use]
    pub fn with(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }
}

/// How grave a sentence is; the popup and the badge colour by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Nothing to report.
    Calm,
    /// Worth knowing, lawful.
    Note,
    /// Needs an eye: suspicious, busy, allowed to mine.
    Warn,
    /// Mining was stopped.
    Stop,
    /// Not watched, or not all of it could be read.
    Blind,
}
