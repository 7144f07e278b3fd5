//! The scoring file: version, bounds and the thresholds that rules name.

use super::files::SCORING;
use super::raw::{RawNumber, RawScoring, RawSetting};
use super::{Problem, RuleFile};
use crate::ruleset::Bounds;
use std::collections::BTreeMap;

/// The scoring file's content.
#[derive(Debug, Default)]
pub(crate) struct Scoring {
    pub(crate) version: String,
    pub(crate) bounds: Bounds,
    thresholds: BTreeMap<String, u64>,
}

impl Scoring {
    /// A number as it is written in a rule.
    pub(crate) fn number(&self, raw: &RawNumber) -> Result<u64, String> {
        let text = match raw {
            RawNumber::Number(number) => return Ok(*number),
            RawNumber::Text(text) => text,
        };
        if let Some(name) = text.strip_prefix('$') {
            return self.thresholds.get(name).copied().ok_or_else(|| format!("{SCORING} has no threshold `{name}`"));
        }
        let parsed = match text.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16),
            None => text.parse(),
        };
        parsed.map_err(|_| format!("`{text}` is neither a number nor a `$threshold`"))
    }
}

/// Reads the scoring file; what is wrong with it is added to the problems.
pub(crate) fn read(files: &[&RuleFile], problems: &mut Vec<Problem>) -> Scoring {
    let Some(file) = files.iter().find(|f| f.path == SCORING) else {
        problems.push(Problem::new(SCORING, "is missing"));
        return Scoring::default();
    };
    let raw: RawScoring = match toml::from_str(&file.text) {
        Ok(raw) => raw,
        Err(error) => {
            problems.push(Problem::new(SCORING, error.to_string()));
            return Scoring::default();
        }
    };
    if raw.version.trim().is_empty() {
        problems.push(Problem::new(SCORING, "`version` is empty"));
    }
    for (name, setting) in raw.bound.iter().chain(&raw.threshold) {
        if setting.why.trim().is_empty() || setting.measured.trim().is_empty() {
            problems.push(Problem::new(SCORING, format!("`{name}` must say `why` and how it was `measured`")));
        }
    }
    let thresholds = raw.threshold.iter().map(|(name, setting)| (name.clone(), setting.value)).collect();
    Scoring { version: raw.version, bounds: bounds(raw.bound, problems), thresholds }
}

fn bounds(mut raw: BTreeMap<String, RawSetting>, problems: &mut Vec<Problem>) -> Bounds {
    let mut take = |name: &str| match raw.remove(name).map(|setting| u32::try_from(setting.value)) {
        Some(Ok(value)) if value > 0 => value,
        _ => {
            problems.push(Problem::new(SCORING, format!("`[bound.{name}]` must stand there with a value above 0")));
            1
        }
    };
    let bounds = Bounds {
        evidence_per_rule: take("evidence-per-rule"),
        evidence_per_container: take("evidence-per-container"),
        listed_in_sentence: take("listed-in-sentence"),
    };
    for name in raw.into_keys() {
        problems.push(Problem::new(SCORING, format!("there is no bound `{name}`")));
    }
    bounds
}
