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
    /// The same of a script that runs where no hook reaches it, or of a module that such a script may have compiled; what
    /// was done is what is done about the next load of the script.
    JudgedApart {
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
    /// How busy the threads of a frame were since the report before.
    Busy {
        /// Where.
        sender: Sender,
        /// The main thread, where there is something to tell of it.
        #[serde(default)]
        main: Option<MainBusy>,
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

/// What is known of one worker since the report before. Raw: what follows from it is worked out by [`super::load`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default)]
pub struct WorkerBusy {
    /// Number of the worker in its frame, from 1.
    pub id: u32,
    /// Its name or address.
    pub name: String,
    /// Address of its script; empty where that is not known.
    pub script: String,
    /// Milliseconds since the report before.
    pub span: f64,
    /// Moments, chosen at random, at which it was to run a line of ours.
    pub samples: u32,
    /// Those at which it did so later than the extension's bound for an idle thread.
    pub late: u32,
    /// Those of the late ones that were later by less than the bound once more.
    pub near: u32,
    /// Whether nothing at all was heard of it since the report before.
    pub silent: bool,
    /// Whether it is paused, and waits in a call that has not begun.
    pub held: bool,
    /// Whether it has started a module that is watched.
    pub watched: bool,
    /// Milliseconds spent in calls of watched modules that have ended.
    pub called: f64,
}

/// What is known of a frame's main thread since the report before.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default)]
pub struct MainBusy {
    /// Milliseconds since the report before.
    pub span: f64,
    /// Milliseconds of tasks that the browser calls long.
    pub long: f64,
    /// Milliseconds spent in calls of watched modules.
    pub called: f64,
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
    /// A worker of any kind that was seen to compile WebAssembly, or to open a socket, without hooks.
    Apart,
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
    /// Pause what is watched on the page that is shown.
    Pause,
    /// Let what is paused go on, for the rest of the day.
    Resume,
}
