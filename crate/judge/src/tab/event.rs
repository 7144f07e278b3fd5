//! What happens to a tab, as the browser tells it.

use davy_model::{Action, ArtifactKind, Verdict};
use serde::{Deserialize, Serialize};

/// One thing that happened to a tab.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TabEvent {
    /// The tab was there already when the extension woke. Unless it is known, nobody watches it.
    Present {
        /// Address of its page.
        url: String,
        /// Whether it belongs to a private window.
        private: bool,
    },
    /// A document took the place of another one.
    Committed {
        /// Which document, in which frame.
        sender: Sender,
        /// The document that embeds it, for a frame inside a page.
        parent: Option<String>,
        /// Whether the tab belongs to a private window.
        private: bool,
        /// Whether it is prerendered and not shown yet.
        waiting: bool,
    },
    /// The page and its frames have loaded.
    Completed {
        /// Which document, in which frame.
        sender: Sender,
    },
    /// Something was read and judged, and this was done about it.
    Judged {
        /// Where.
        sender: Sender,
        /// What.
        found: Found,
    },
    /// A network rule refused a request. A hook may have told of the same socket before.
    Refused {
        /// Where.
        sender: Sender,
        /// What.
        found: Found,
    },
    /// How busy the workers of a frame were since the report before.
    Busy {
        /// Where.
        sender: Sender,
        /// One entry for each worker that lives.
        workers: Vec<WorkerBusy>,
    },
    /// Something that could not be watched.
    Unwatched {
        /// Where.
        sender: Sender,
        /// Why.
        reason: UnwatchedReason,
        /// An address or a name that helps to find it; may be empty.
        detail: String,
    },
    /// The person decided for the site of the tab's page.
    Decided {
        /// What.
        choice: Choice,
    },
    /// Time has passed, nothing else.
    Tick,
    /// The tab is gone.
    Closed,
}

/// The document an event speaks of. Every field is the browser's word, none the page's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Sender {
    /// The frame's number in its tab; 0 is the page itself.
    pub frame: u32,
    /// The browser's identifier of the document; empty where it gives none, which means the page shown.
    pub document: String,
    /// Address of the document, or its origin where the address says nothing (`about:srcdoc`, `blob:`).
    pub url: String,
}

/// What was read, what was concluded, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Found {
    /// The artifact's path, as in the contract of the command line.
    pub path: String,
    /// Its kind.
    pub kind: ArtifactKind,
    /// Its length in bytes.
    pub bytes: u64,
    /// The verdict.
    pub verdict: Verdict,
    /// What was done.
    pub action: Action,
}

/// The load of one worker since the report before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct WorkerBusy {
    /// Number of the worker in its frame.
    pub id: u32,
    /// Its name or address.
    pub name: String,
    /// Share of one core, 0 to 1; a worker that does not answer counts as 1.
    pub share: f64,
}

/// Why something is not watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum UnwatchedReason {
    /// The browser keeps extensions out of this page.
    Restricted,
    /// The page is older than the extension, or than its update: it has to be loaded again.
    OlderThanExtension,
    /// The extension was reloaded, updated or switched off under a page that it watched.
    Disconnected,
    /// The person or a policy keeps the extension out of this site.
    NoAccess,
    /// No analyser could be had in time.
    NoAnalyser,
    /// A dedicated worker that could not carry the hooks.
    Worker,
    /// A shared worker.
    SharedWorker,
    /// A service worker.
    ServiceWorker,
    /// A worklet.
    Worklet,
}

/// What a person can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Let it run for the next load of this tab.
    Once,
    /// Let it run on this site for an hour.
    Hour,
    /// Let it run on this site from now on.
    Always,
    /// Let nothing run on this site that even looks like mining.
    Block,
    /// Take any of them back.
    Again,
}
