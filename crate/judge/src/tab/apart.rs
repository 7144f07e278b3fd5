//! Code that no hook reaches: shared workers, service workers, workers that a page's policy lets carry nothing. Their
//! scripts are judged beside them, and a report-only policy on them tells which compile WebAssembly or open sockets. What
//! mines there is kept from being loaded again, and ends with the page that holds it.
//!
//! A socket that mines is told by its address alone, for what passes it cannot be read.

use super::action::TabAction;
use super::event::{Found, Sender, UnwatchedReason};
use super::limits::APART;
use super::machine::{Tab, Tabs};
use super::site;
use super::text::clip;
use davy_model::{Action, ArtifactKind, Mode};
use serde::{Deserialize, Serialize};

/// What the tripwire tells. Every text is the page's: it is looked into, never believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Trip {
    /// The tab, where the browser names one: not for shared and service workers.
    pub tab: Option<u32>,
    /// Address of the document or worker under the policy.
    pub document: String,
    /// Address of the script that did it.
    pub source: String,
    /// What the policy would have kept it from: `wasm-eval`, `eval`, or the address of a socket.
    pub blocked: String,
}

/// A script that is loaded no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Refused {
    /// Its address.
    pub url: String,
    /// Why.
    pub found: Found,
}

/// Source of what our own hooks compile for a page.
const HOOKED: &str = "chrome-extension";

impl Tabs {
    /// The tripwire tells. `socket`: what is found of the socket's address, where it is one.
    pub fn tripped(&mut self, at: u64, trip: &Trip, socket: Option<&Found>) -> Vec<TabAction> {
        let compiles = trip.blocked == "wasm-eval" && !trip.source.starts_with(HOOKED);
        let Some(script) = trip.script().filter(|_| compiles || socket.is_some()) else { return Vec::new() };
        let mut actions = Vec::new();
        for id in self.holders(trip) {
            let Some(tab) = self.tabs.get_mut(&id) else { continue };
            let is_free = tab.page.as_ref().is_some_and(|page| page.decision.is_allowed());
            let action =
                if is_free || self.rulings.preferences.mode != Mode::Block { Action::Allow } else { Action::Block };
            let ruled = socket.map(|found| Found { action: found.action.min(action), ..found.clone() });
            tab.trip(id, script, ruled.as_ref(), &mut actions);
            tab.refresh(id, at, &self.rulings.preferences, &mut actions);
            actions.push(TabAction::Save { tab: id });
        }
        actions
    }

    /// Why a script is loaded no more in this tab, where that was decided for it.
    #[must_use]
    pub fn refusal(&self, id: u32, script: &str) -> Option<Found> {
        let url = clip(script);
        let refused = &self.tabs.get(&id)?.refused;
        refused.iter().find(|refused| refused.url == url).map(|refused| refused.found.clone())
    }

    /// Tabs that may hold the worker: the one that the browser names, or all that show a page of its host.
    fn holders(&self, trip: &Trip) -> Vec<u32> {
        if let Some(tab) = trip.tab {
            return vec![tab];
        }
        let host = site::host(&trip.document).or(site::host(&trip.source));
        let shows = |tab: &Tab| tab.page.as_ref().is_some_and(|page| host.is_some() && page.host.as_deref() == host);
        self.tabs.iter().filter(|(_, tab)| shows(tab)).map(|(id, _)| *id).collect()
    }
}

impl Trip {
    /// The worker's script: what the policy came with.
    fn script(&self) -> Option<&str> {
        [&self.document, &self.source].into_iter().map(String::as_str).find(|url| site::host(url).is_some())
    }
}

impl Tab {
    fn trip(&mut self, id: u32, script: &str, socket: Option<&Found>, actions: &mut Vec<TabAction>) {
        let Some(page) = &mut self.page else { return };
        let documents = page.documents();
        let sender = Sender { frame: 0, document: page.document.clone(), url: page.origin.clone() };
        if let Some(found) = socket {
            page.judged(&sender, found.clone());
            self.refuse(id, script, found, actions);
        }
        if !remember(&mut self.inspected, script) {
            return;
        }
        if let Some(page) = &mut self.page {
            page.unwatched(UnwatchedReason::Apart, script);
        }
        actions.push(TabAction::Inspect { tab: id, documents, url: script.to_owned() });
    }

    /// A script that runs where no hook is was judged, or opened a socket: one that mines is not loaded again, and the page
    /// is, once.
    pub(super) fn refuse(&mut self, id: u32, script: &str, found: &Found, actions: &mut Vec<TabAction>) {
        let stops =
            matches!(found.kind, ArtifactKind::Script | ArtifactKind::Websocket) && found.action == Action::Block;
        let url = clip(script);
        if !stops || self.refused.iter().any(|refused| refused.url == url) {
            return;
        }
        if self.refused.len() >= APART {
            self.refused.remove(0);
        }
        self.refused.push(Refused { url, found: found.clone() });
        let documents = self.page.as_ref().map(super::Page::documents).unwrap_or_default();
        actions.push(TabAction::RefuseScript { tab: id, documents, url: script.to_owned() });
        actions.push(TabAction::Reload { tab: id });
    }
}

/// Adds an address to a short list. Whether it was not there.
fn remember(list: &mut Vec<String>, url: &str) -> bool {
    let url = clip(url);
    if list.contains(&url) {
        return false;
    }
    if list.len() >= APART {
        list.remove(0);
    }
    list.push(url);
    true
}
