//! Losses that are known: `tests/corpus/evasion-losses.toml`. A run with the first seed says what is lost and not listed,
//! and what is listed and lost no longer, so that the list stays true.

use super::report::Row;
use crate::root::root;
use anyhow::{Context, Result};
use serde::Deserialize;

/// The seed that the list was made with; others lose other mutants.
pub(super) const SEED: u64 = 1;

/// The list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    #[serde(default)]
    loss: Vec<Loss>,
}

/// An attack that hides a kernel.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Loss {
    attack: String,
    kernel: String,
    /// Why it is lost today; read by people.
    #[serde(rename = "why")]
    _why: String,
}

impl Known {
    /// Reads the list.
    pub(super) fn read() -> Result<Self> {
        let path = root().join("tests/corpus/evasion-losses.toml");
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not a list of losses", path.display()))
    }

    /// What differs from the list, a line each: losses that it lacks, and those that it has and that are none any more.
    pub(super) fn differences(&self, rows: &[Row]) -> Vec<String> {
        let mut lines = Vec::new();
        for row in rows.iter().filter(|row| row.valid > 0) {
            let listed = self.loss.iter().any(|loss| loss.attack == row.attack && loss.kernel == row.kernel);
            match (row.lost > 0, listed) {
                (true, false) => lines.push(format!("lost, and not listed: {} × {}", row.attack, row.kernel)),
                (false, true) => lines.push(format!("listed, and found again: {} × {}", row.attack, row.kernel)),
                _ => {}
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_the_list_is_told() {
        let list = r#"loss = [{ attack = "a", kernel = "one", why = "" }, { attack = "a", kernel = "two", why = "" }]"#;
        let known: Known = toml::from_str(list).unwrap();
        let row =
            |kernel: &str, lost| Row { attack: "a".into(), kernel: kernel.into(), valid: 1, lost, ..Row::default() };
        let rows = [row("one", 1), row("two", 0), row("three", 1), row("four", 0)];
        assert_eq!(known.differences(&rows), ["listed, and found again: a × two", "lost, and not listed: a × three"]);
    }

    #[test]
    fn the_list_reads() {
        Known::read().unwrap();
    }
}
