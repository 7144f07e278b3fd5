//! The judgement of one artifact: nothing but its evidence.

use crate::{Evidence, Gap, Weight};
use serde::{Deserialize, Serialize};

/// What was concluded about one artifact. The level is derived, never stored, so it cannot disagree with its evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Verdict {
    /// The reasons, heaviest first, then by rule and place.
    pub evidence: Vec<Evidence>,
    /// What was not read.
    pub gaps: Vec<Gap>,
}

/// How sure Davy is, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing of note in what was read.
    #[default]
    Clean,
    /// A lawful thing worth knowing: a hash core, a captcha, a wallet.
    Notice,
    /// Looks like mining, and a lawful reading remains.
    Suspicious,
    /// Its purpose is to find shares.
    Mining,
}

impl Verdict {
    /// The highest level that any single piece of evidence supports.
    #[must_use]
    pub fn level(&self) -> Level {
        self.evidence.iter().map(|e| e.weight.supports()).max().unwrap_or_default()
    }

    /// Whether everything was read: no lost gap.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.gaps.iter().any(|g| g.reason.is_lost())
    }

    /// The proof-of-work algorithms that the evidence names, sorted, each once.
    #[must_use]
    pub fn algorithms(&self) -> Vec<String> {
        let mut all: Vec<String> = self.evidence.iter().flat_map(|e| e.algorithms.iter().cloned()).collect();
        crate::sort(&mut all);
        all.dedup();
        all
    }
}

impl Weight {
    /// The level that evidence of this weight supports alone.
    #[must_use]
    pub fn supports(self) -> Level {
        match self {
            Self::Weak => Level::Clean,
            Self::Moderate => Level::Notice,
            Self::Strong => Level::Suspicious,
            Self::Decisive => Level::Mining,
        }
    }
}
