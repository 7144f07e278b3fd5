//! What is done about a verdict, and what people decided beforehand.

use serde::{Deserialize, Serialize};

/// What the browser does, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Let it run.
    #[default]
    Allow,
    /// Let it run on a budget of CPU-seconds.
    Budget,
    /// Let it run and tell the person.
    Warn,
    /// Stop it until the person answers.
    Pause,
    /// Never let it reach the page.
    Block,
}

/// What a person or an administrator decided for a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Nobody decided: the default action for the level holds.
    #[default]
    Undecided,
    /// Whatever it does may run.
    Allowed,
    /// What merely looks like mining is stopped there as well.
    Blocked,
}

/// How strict the product is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Only watch and report.
    Audit,
    /// Warn, never block.
    Warn,
    /// The default actions of each level.
    #[default]
    Block,
}
