//! Figures that are known to miss what is asked: `tests/corpus/not-reached.toml`. A run says what misses it by far and is not
//! listed, and what is listed and reached, so that the list stays true.

use super::figure::Figure;
use super::files::{File, Kind};
use crate::root::root;
use anyhow::{Context, Result};
use serde::Deserialize;

/// So many times worse than asked is a fault on any machine; less may be the machine.
const MARGIN: f64 = 1.5;

/// The list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ledger {
    #[serde(default)]
    figure: Vec<Entry>,
    /// Modules that are slower than any may be.
    #[serde(default)]
    module: Vec<Entry>,
}

/// A figure that misses what is asked, or a module by the end of its path.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    /// What was measured last, and why it is not better; read by people.
    #[serde(rename = "why")]
    _why: String,
}

impl Ledger {
    /// Reads the list.
    pub(super) fn read() -> Result<Self> {
        let path = root().join("tests/corpus/not-reached.toml");
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not a list of figures", path.display()))
    }

    /// Whether a module is known to be slow.
    pub(super) fn is_slow(&self, file: &File) -> bool {
        file.kind == Kind::Module && self.module.iter().any(|entry| file.path.ends_with(&entry.name))
    }

    /// What differs from the list, a line each.
    pub(super) fn differences(&self, figures: &[Figure]) -> Vec<String> {
        let listed = |figure: &Figure| self.figure.iter().any(|entry| entry.name == figure.name);
        let told = |figure: &Figure| match (listed(figure), figure.is_met(1.0), figure.is_met(MARGIN)) {
            (true, true, _) => Some(format!("listed, and reached: {}", figure.name)),
            (false, _, false) => Some(format!("missed by far, and not listed: {}", figure.name)),
            _ => None,
        };
        figures.iter().filter_map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_the_list_is_told() {
        let ledger: Ledger =
            toml::from_str(r#"figure = [{ name = "a", why = "" }, { name = "b", why = "" }]"#).unwrap();
        let of = |name, measured| Figure {
            name,
            unit: "ms/MB",
            measured,
            asked: 10.0,
            at_most: true,
            ratio: 1.0,
            files: 1,
            megabytes: 1.0,
            slowest: None,
        };
        let figures = [of("a", 9.0), of("b", 11.0), of("c", 14.0), of("d", 16.0)];
        assert_eq!(ledger.differences(&figures), ["listed, and reached: a", "missed by far, and not listed: d"]);
    }

    #[test]
    fn the_list_reads() {
        Ledger::read().unwrap();
    }
}
