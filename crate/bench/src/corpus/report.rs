//! What the bench says, as data: printed as tables and written as JSON.

use davy_model::Level;
use serde::Serialize;

/// What the class of a lawful script ends with.
pub(crate) const SCRIPTS: &str = " (scripts)";

/// All of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Report {
    /// Version of the rule set.
    pub(crate) rules: String,
    /// Families switched off.
    pub(crate) without: Vec<String>,
    pub(crate) files: usize,
    /// Distinct code sections.
    pub(crate) distinct: usize,
    /// Code sections that the manifest calls both mining and lawful.
    pub(crate) in_conflict: Vec<String>,
    pub(crate) families: Vec<Row>,
    pub(crate) means: Means,
    pub(crate) lawful: Vec<Row>,
    pub(crate) false_positives: Vec<Case>,
    /// Families judged without their own rules.
    pub(crate) left_out: Vec<LeftOut>,
    pub(crate) left_out_means: Option<Recall>,
    pub(crate) incomplete: Vec<Case>,
    pub(crate) slowest: Vec<Slow>,
    pub(crate) time: Time,
}

/// One family or class, by distinct code section: how many at each level.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) files: usize,
    pub(crate) distinct: usize,
    pub(crate) origins: usize,
    /// What their pages hold beside them, when it is the same for all.
    pub(crate) page: Option<String>,
    pub(crate) clean: usize,
    pub(crate) notice: usize,
    pub(crate) suspicious: usize,
    pub(crate) mining: usize,
    /// Of a family: how many have a right algorithm among those named.
    pub(crate) named: usize,
    pub(crate) recall: Recall,
    /// Of a family: what is below *mining*; of a class: what is above *notice*.
    pub(crate) wrong: Vec<Case>,
}

/// Shares from 0 to 1.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Recall {
    pub(crate) mining: f64,
    /// *Suspicious* or above.
    pub(crate) suspicious: f64,
}

/// Recall, each family with the same weight.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Means {
    pub(crate) all: Option<Recall>,
    /// Families of two origins or more.
    pub(crate) several_origins: Option<Recall>,
    /// Families of one origin, or of none that the manifest tells.
    pub(crate) one_origin: Option<Recall>,
    pub(crate) named: Option<f64>,
}

/// One file and what it was judged to be.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Case {
    pub(crate) path: String,
    /// Its family or class.
    pub(crate) family: String,
    pub(crate) level: Level,
    /// Rules that fired, or why it is listed.
    pub(crate) because: Vec<String>,
}

/// A family that the rules did not know.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct LeftOut {
    pub(crate) family: String,
    pub(crate) distinct: usize,
    pub(crate) recall: Recall,
    pub(crate) missed: Vec<Case>,
}

/// A module that took long.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Slow {
    pub(crate) path: String,
    pub(crate) megabytes: f64,
    pub(crate) ms: f64,
    pub(crate) ms_per_megabyte: f64,
    /// Against the plain pass.
    pub(crate) ratio: f64,
}

/// Time over all modules of the run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Time {
    pub(crate) megabytes: f64,
    pub(crate) ms_per_megabyte: f64,
    pub(crate) plain_ms_per_megabyte: f64,
    pub(crate) ratio: f64,
    /// The same over lawful modules alone.
    pub(crate) lawful_ms_per_megabyte: Option<f64>,
}
