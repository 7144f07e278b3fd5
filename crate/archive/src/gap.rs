//! Why reading ended, and what that means for the result.

use davy_model::{Gap, GapReason, Location};
use std::error::Error;
use std::fmt;
use std::io;

/// What ends the reading of a container.
#[derive(Debug)]
pub(crate) enum End {
    /// Whoever takes the parts wants no more.
    Left,
    /// The rest cannot be read.
    Lost(Gap),
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Lost(of(&error))
    }
}

impl From<zip::result::ZipError> for End {
    fn from(error: zip::result::ZipError) -> Self {
        match error {
            zip::result::ZipError::Io(error) => error.into(),
            error => Self::Lost(lost(GapReason::Undecodable, error.to_string())),
        }
    }
}

/// A bound that was reached while reading, carried through readers that know only I/O errors.
#[derive(Debug)]
pub(crate) struct Bound(pub(crate) &'static str);

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Bound {}

/// A gap of a whole part.
pub(crate) fn lost(reason: GapReason, because: String) -> Gap {
    Gap { reason, location: Location::Whole, because }
}

/// The gap that an error of reading stands for.
pub(crate) fn of(error: &io::Error) -> Gap {
    let bound = error.get_ref().is_some_and(|inner| inner.is::<Bound>());
    let reason = match error.kind() {
        _ if bound => GapReason::OverLimit,
        io::ErrorKind::UnexpectedEof => GapReason::Truncated,
        _ => GapReason::Undecodable,
    };
    let because = match reason {
        GapReason::Truncated => "it ends before what it announces".to_owned(),
        GapReason::OverLimit => error.to_string(),
        _ => format!("reading stopped: {error}"),
    };
    lost(reason, because)
}
