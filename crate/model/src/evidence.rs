//! Why: one rule that held, where, and a sentence a person can check.

use crate::Location;
use serde::{Deserialize, Serialize};

/// One reason for a verdict. It cannot be made without a location and a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Evidence {
    /// The rule's stable name, for example `algorithm/cryptonight`.
    pub rule: String,
    /// How much it proves alone.
    pub weight: Weight,
    /// Proof-of-work algorithms that it names, lower case, in the field's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub algorithms: Vec<String>,
    /// Where it was seen.
    pub location: Location,
    /// The sentence, with the numbers that were read.
    pub because: String,
}

/// How much a piece of evidence proves alone. Combinations are rules of their own, so that a verdict needs no sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Adds to other evidence, supports nothing alone.
    Weak,
    /// A lawful thing worth knowing: supports *notice*.
    Moderate,
    /// Hard to explain otherwise: supports *suspicious*.
    Strong,
    /// Nothing but mining: supports *mining*.
    Decisive,
}
