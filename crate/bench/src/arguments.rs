//! Words of the command line: flags, options that may repeat, and places.

use crate::USAGE;
use anyhow::{Context, Result, bail};

/// What was not yet asked for.
pub(crate) struct Arguments(Vec<String>);

impl Arguments {
    /// Holds the words after the bench's name.
    pub(crate) fn new(words: Vec<String>) -> Self {
        Self(words)
    }

    /// Whether a flag stands there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() != before
    }

    /// Every value of an option.
    pub(crate) fn values(&mut self, name: &str) -> Result<Vec<String>> {
        let mut values = Vec::new();
        while let Some(at) = self.0.iter().position(|word| word == name) {
            self.0.remove(at);
            if at >= self.0.len() {
                bail!("{name} needs a value\n{USAGE}");
            }
            values.push(self.0.remove(at));
        }
        Ok(values)
    }

    /// The last value of an option.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>> {
        Ok(self.values(name)?.pop())
    }

    /// The one place that is left.
    pub(crate) fn only(mut self, what: &str) -> Result<String> {
        let place = self.0.pop().with_context(|| format!("{what} is missing\n{USAGE}"))?;
        self.none()?;
        Ok(place)
    }

    /// All that is left: places.
    pub(crate) fn rest(self) -> Vec<String> {
        self.0
    }

    /// Nothing is left.
    pub(crate) fn none(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { bail!("unknown words {:?}\n{USAGE}", self.0.join(" ")) }
    }
}
