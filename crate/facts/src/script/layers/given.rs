//! What functions were called with.

use super::value::Value;

/// What a function was called with.
#[derive(Debug)]
pub(super) enum Given<'a> {
    /// So many values of which nothing is known: most functions are only called so.
    Unknown(usize),
    /// Values, known or not.
    Values(Vec<Value<'a>>),
}

impl<'a> Given<'a> {
    /// These.
    pub(super) fn of(values: &[Value<'a>]) -> Self {
        if values.iter().all(Value::is_unknown) { Self::Unknown(values.len()) } else { Self::Values(values.to_vec()) }
    }

    /// All of them.
    pub(super) fn values(&self) -> Vec<Value<'a>> {
        match self {
            Self::Unknown(count) => vec![Value::Unknown; *count],
            Self::Values(values) => values.clone(),
        }
    }

    /// Those of which something is known, and maybe others.
    pub(super) fn known(&self) -> &[Value<'a>] {
        match self {
            Self::Unknown(_) => &[],
            Self::Values(values) => values,
        }
    }
}
