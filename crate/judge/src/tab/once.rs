//! *Allow once*: a permit for one load of one tab, from the person's click to the end of the page it was meant for.

use super::limits::ONCE_MS;
use serde::{Deserialize, Serialize};

/// A permit that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Once {
    /// Hosts that it covers, the page's own first.
    pub hosts: Vec<String>,
    /// When it was given, milliseconds since the epoch.
    pub since: u64,
    /// How far it is.
    pub phase: OncePhase,
}

/// How far *allow once* is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum OncePhase {
    /// The page has been asked to load again and has not committed.
    Waiting,
    /// The page it was meant for loads: its frames still need the permit.
    Loading {
        /// Its document.
        document: String,
    },
    /// The page has loaded; the content script is taken back, the request permit lasts while the page does.
    Loaded {
        /// Its document.
        document: String,
    },
    /// The load never came: nothing is permitted any more.
    Expired,
}

impl Once {
    /// A permit given now.
    pub(super) fn new(hosts: Vec<String>, at: u64) -> Self {
        Self { hosts, since: at, phase: OncePhase::Waiting }
    }

    /// Whether the content script is still registered.
    pub(super) fn has_script(&self) -> bool {
        matches!(self.phase, OncePhase::Waiting | OncePhase::Loading { .. })
    }

    /// Milliseconds until the content script is taken back whatever happens; `None` when it already was.
    pub(super) fn remaining(&self, at: u64) -> Option<u64> {
        self.has_script().then(|| ONCE_MS.saturating_sub(at.saturating_sub(self.since)))
    }

    /// The document it permits, once there is one.
    pub(super) fn document(&self) -> Option<&str> {
        match &self.phase {
            OncePhase::Loading { document } | OncePhase::Loaded { document } => Some(document),
            OncePhase::Waiting | OncePhase::Expired => None,
        }
    }

    /// Takes the content script back: the load has ended, or took too long.
    pub(super) fn end_script(&mut self) {
        self.phase = match &self.phase {
            OncePhase::Loading { document } => OncePhase::Loaded { document: document.clone() },
            _ => OncePhase::Expired,
        };
    }
}
