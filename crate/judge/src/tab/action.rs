//! What the extension has to do next. Actions are carried out in order; each is idempotent, so that one that was cut
//! short by the end of a service worker can be carried out once more.

use super::{LogEntry, Phrase, Reach};
use davy_model::Mode;
use serde::{Deserialize, Serialize};

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TabAction {
    /// Show this on the toolbar button of the tab.
    ShowBadge {
        /// Which tab.
        tab: u32,
        /// What.
        badge: Badge,
    },
    /// Let pages of these patterns run whatever they want, until it is taken back: a content script for the session,
    /// and no blocked request in this tab.
    PermitOnce {
        /// Which tab asked.
        tab: u32,
        /// Match patterns.
        matches: Vec<String>,
    },
    /// Take the content script of `PermitOnce` back: the load it was meant for has happened.
    EndOnceScript {
        /// Which tab asked.
        tab: u32,
    },
    /// Take the request permit of `PermitOnce` back: the page it was meant for is gone.
    EndOnceRequests {
        /// Which tab asked.
        tab: u32,
    },
    /// Hold pages to this from now on, and to nothing else that was enacted before.
    Enact {
        /// Match patterns of pages that may run whatever they want.
        allowed: Vec<String>,
        /// The hosts of these patterns, for the request rules.
        hosts: Vec<String>,
        /// Match patterns of pages on which what looks like mining is stopped as well.
        blocked: Vec<String>,
        /// How strict the product is everywhere else.
        mode: Mode,
        /// Whether the browser refuses requests to listed hosts.
        refuse: bool,
    },
    /// The page as a whole mines: stop what looks like mining on the graphics card.
    Halt {
        /// Which tab.
        tab: u32,
        /// Documents of the page and its frames.
        documents: Vec<String>,
    },
    /// Pause the watched code of these documents: workers wait before their next call, main threads throw.
    Hold {
        /// Which tab.
        tab: u32,
        /// Documents of the page and its frames.
        documents: Vec<String>,
    },
    /// Let what `Hold` paused go on.
    Release {
        /// Which tab.
        tab: u32,
        /// Documents of the page and its frames.
        documents: Vec<String>,
    },
    /// End a worker that cannot be paused.
    Terminate {
        /// Which tab.
        tab: u32,
        /// The document that made it.
        document: String,
        /// Its number there.
        worker: u32,
    },
    /// Have a script read that runs where no hook reaches it, by whichever of these documents can have it.
    Inspect {
        /// Which tab.
        tab: u32,
        /// Documents of the page and its frames.
        documents: Vec<String>,
        /// Address of the script.
        url: String,
        /// Whether another script may have imported it.
        imported: bool,
    },
    /// Have modules read that a worker without hooks may have compiled, by whichever of these documents is of its origin:
    /// what is at these addresses, and what the origin has stored.
    InspectModules {
        /// Which tab.
        tab: u32,
        /// Documents of the page and its frames.
        documents: Vec<String>,
        /// Address of the worker's script.
        by: String,
        /// Addresses that it has fetched.
        urls: Vec<String>,
    },
    /// Load a script no more that mines where no hook reaches it, and take back what was installed of it.
    RefuseScript {
        /// Which tab.
        tab: u32,
        /// Documents of the page and its frames.
        documents: Vec<String>,
        /// Address of the script.
        url: String,
        /// How much is refused with it.
        reach: Reach,
    },
    /// Load again whatever of these hosts was refused.
    Readmit {
        /// Which hosts.
        hosts: Vec<String>,
    },
    /// Load the tab's page again.
    Reload {
        /// Which tab.
        tab: u32,
    },
    /// Write what the tab knows to the session's storage.
    Save {
        /// Which tab.
        tab: u32,
    },
    /// Forget what was written for the tab.
    Forget {
        /// Which tab.
        tab: u32,
    },
    /// Write the book of decisions to the profile's storage.
    SaveBook,
    /// Have decisions whose time is over ended at this time.
    WakeBook {
        /// Milliseconds since the epoch.
        at: u64,
    },
    /// Write a line to the log.
    Log {
        /// What it says.
        entry: LogEntry,
    },
    /// Tell the person by a notification.
    Notify {
        /// Which tab.
        tab: u32,
        /// Host of its page.
        host: String,
        /// What.
        message: Phrase,
    },
    /// Write the ledger of spent CPU time.
    SaveLedger,
    /// Come back with a `tick` for the tab after so many milliseconds.
    Wake {
        /// Which tab.
        tab: u32,
        /// Milliseconds.
        after: u32,
    },
}

/// The toolbar button of a tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Badge {
    /// At most four characters; empty for no badge.
    pub text: String,
    /// Background, `#rrggbb`.
    pub colour: String,
    /// Tooltip and accessible name.
    pub title: Phrase,
}
