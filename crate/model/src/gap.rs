//! What could not be read, and why. A gap is data: it limits what may be claimed.

use crate::Location;
use serde::{Deserialize, Serialize};

/// Something that was not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Gap {
    /// Why it was not read.
    pub reason: GapReason,
    /// Where.
    pub location: Location,
    /// A sentence a person can check.
    pub because: String,
}

/// Why something was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// The bytes end before what they announce.
    Truncated,
    /// A bound of `limits.rs` or of the command line was reached.
    OverLimit,
    /// The bytes are not what they say they are.
    Undecodable,
    /// A capture names the thing but does not hold it.
    NoBody,
    /// It is encrypted.
    Encrypted,
    /// A value that exists only when the code runs.
    RunTime,
    /// A proposal that the parser does not know.
    UnknownProposal,
    /// Native machine code.
    Native,
}

impl GapReason {
    /// A *lost* gap makes a result incomplete; an *opaque* one is only listed.
    #[must_use]
    pub fn is_lost(self) -> bool {
        match self {
            Self::Truncated | Self::OverLimit | Self::Undecodable | Self::NoBody | Self::Encrypted => true,
            Self::RunTime | Self::UnknownProposal | Self::Native => false,
        }
    }
}
