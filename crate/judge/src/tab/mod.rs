//! What a tab knows and does next: events in, actions out. No browser, no clock: time is passed in as milliseconds.
//!
//! The extension's TypeScript turns browser events into [`TabEvent`]s, hands them to [`Tabs::step`] and carries the
//! [`TabAction`]s out in their order. A service worker may be ended at any moment, so everything a tab knows is one
//! serialisable [`Tab`], written to the session's storage whenever [`TabAction::Save`] asks for it.

mod action;
mod apart;
#[cfg(test)]
mod apart_tests;
mod badge;
mod book;
mod brake;
#[cfg(test)]
mod brake_tests;
#[cfg(test)]
mod decision_tests;
mod enact;
mod event;
mod fetched;
#[cfg(test)]
mod fetched_tests;
mod finding;
mod ledger;
pub mod limits;
mod load;
mod log;
mod machine;
mod notice;
mod once;
mod page;
mod phrase;
mod plain;
mod preferences;
mod report;
mod site;
#[cfg(test)]
mod tests;
mod text;
#[cfg(test)]
mod trace_tests;
mod view;
mod worker;

pub use action::{Badge, TabAction};
pub use apart::{Reach, Refused, Trip};
pub use book::{Book, Decided};
pub use brake::Hold;
pub use enact::{BookEdit, SiteView};
pub use event::{Choice, Found, MainBusy, Sender, TabEvent, UnwatchedReason, WorkerBusy};
pub use fetched::Fetched;
pub use finding::Finding;
pub use ledger::{Account, Budget, Ledger};
pub use load::Ticks;
pub use log::LogEntry;
pub use machine::{Tab, Tabs};
pub use once::{Once, OncePhase};
pub use page::{Page, Unwatched};
pub use phrase::{Phrase, Tone};
pub use preferences::Preferences;
pub use report::{Opinion, Report, ReportFinding};
pub use view::{BusyView, FindingView, SiteDecision, TabView, WorkerView};
pub use worker::{Worker, Workers};
