//! Code that no hook reaches: shared workers, service workers, workers that a page's policy lets carry nothing. Their
//! scripts are judged beside them, and a report-only policy on them tells which compile WebAssembly or open sockets. What
//! mines there is kept from being loaded again, and ends with the page that holds it.
//!
//! A socket that mines is told by its address alone, for what passes it cannot be read.

use super::action::TabAction;
use super::event::{Choice, Found, Sender, UnwatchedReason};
use super::limits::{APART, FETCHED_URL};
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

/// How much is refused of what mines where no hook reaches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// The script at exactly this address.
    Script,
    /// The script whatever the query of its address.
    Path,
    /// The module at this address, where no tab asks for it: a script that comes from a Blob is never loaded.
    Fetch,
    /// WebAssembly and sockets in every worker without hooks whose script is on this host.
    Host,
}

/// So many scripts of a host are refused one by one.
const PATIENCE: usize = 3;

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
            if let Some(host) = site::host(script).filter(|_| compiles) {
                tab.compiles(script);
                tab.look_into_fetched(id, host, true, &mut actions);
            }
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

    /// Tabs that may hold the worker: the one that the browser names, or all that show a page of its host, or have a frame
    /// of it that has started such a worker.
    fn holders(&self, trip: &Trip) -> Vec<u32> {
        if let Some(tab) = trip.tab {
            return vec![tab];
        }
        let host = site::host(&trip.document).or(site::host(&trip.source));
        let Some(host) = host else { return Vec::new() };
        self.tabs.iter().filter(|(_, tab)| tab.may_hold(host)).map(|(id, _)| *id).collect()
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
        let sender = Sender { frame: 0, document: page.document.clone(), url: page.origin.clone() };
        if let Some(found) = socket {
            page.judged(&sender, found.clone());
            self.refuse(id, script, found, actions);
        }
        if self.inspect(id, script, false, actions)
            && let Some(page) = &mut self.page
        {
            page.unwatched(UnwatchedReason::Apart, script);
        }
    }

    /// Has a script read that runs where no hook is, once. Whether it was not before.
    pub(super) fn inspect(&mut self, id: u32, script: &str, imported: bool, actions: &mut Vec<TabAction>) -> bool {
        let Some(page) = &self.page else { return false };
        let documents = page.documents();
        let is_new = remember(&mut self.inspected, script);
        if is_new {
            actions.push(TabAction::Inspect { tab: id, documents, url: script.to_owned(), imported });
        }
        is_new
    }

    /// A frame has started a worker without hooks: its host is known by the frame's. The tripwire does not stand on
    /// one that comes from a Blob: that it compiles is taken for granted.
    pub(super) fn holds_apart(&mut self, reason: UnwatchedReason, sender: &Sender, script: &str) {
        let is_apart =
            matches!(reason, UnwatchedReason::SharedWorker | UnwatchedReason::ServiceWorker | UnwatchedReason::Worker);
        if let Some(host) = site::host(&sender.url).filter(|_| is_apart) {
            remember(&mut self.apart_hosts, host);
            if is_blob(script) && reason == UnwatchedReason::SharedWorker {
                self.compiles(script);
            }
        }
    }

    /// A script that runs where no hook is compiles WebAssembly. Longer addresses are no script's.
    fn compiles(&mut self, script: &str) {
        if script.len() <= FETCHED_URL && !self.compiled.iter().any(|known| known == script) {
            let surplus = (self.compiled.len() + 1).saturating_sub(APART);
            self.compiled.drain(..surplus);
            self.compiled.push(script.to_owned());
        }
    }

    /// What runs where no hook is was judged: a script, or a module. A module does not tell who has compiled it: all
    /// scripts of its origin that compile are meant.
    pub(super) fn refuse_judged(&mut self, id: u32, sender: &Sender, found: &Found, actions: &mut Vec<TabAction>) {
        if found.kind != ArtifactKind::Wasm {
            return self.refuse(id, &found.path, found, actions);
        }
        let host = site::host(&sender.url);
        let reach = host.map_or(Reach::Script, |host| self.reach(host));
        for script in self.compiled.clone() {
            if site::host(&script) != host {
                continue;
            }
            if is_blob(&script) {
                self.refuse_within(Reach::Fetch, id, &found.path, found, actions);
            } else {
                self.refuse_within(reach, id, &script, found, actions);
            }
        }
    }

    /// What a person allows is loaded again, and looked into again whatever was decided.
    pub(super) fn readmit(&mut self, choice: Choice, hosts: &[String], actions: &mut Vec<TabAction>) {
        self.look_anew();
        if matches!(choice, Choice::Once | Choice::Hour | Choice::Always) {
            let is_meant = |refused: &Refused| hosts.iter().any(|host| site::host(&refused.url) == Some(host));
            self.refused.retain(|refused| !is_meant(refused));
        }
        // What the book allows is loaded again when that is enacted.
        if choice == Choice::Once {
            actions.push(TabAction::Readmit { hosts: hosts.to_vec() });
        }
    }

    /// Another page: what its workers run may be something else by now.
    pub(super) fn look_anew(&mut self) {
        self.inspected.clear();
        self.read.clear();
    }

    /// How much is refused: more each time that the same host comes with another address for what mines.
    fn reach(&self, host: &str) -> Reach {
        match self.refused.iter().filter(|refused| site::host(&refused.url) == Some(host)).count() {
            0 => Reach::Script,
            1..PATIENCE => Reach::Path,
            _ => Reach::Host,
        }
    }

    /// A script that runs where no hook is was judged, or opened a socket: one that mines is not loaded again, and the page
    /// is, once.
    pub(super) fn refuse(&mut self, id: u32, script: &str, found: &Found, actions: &mut Vec<TabAction>) {
        let reach = site::host(script).map_or(Reach::Script, |host| self.reach(host));
        self.refuse_within(reach, id, script, found, actions);
    }

    fn refuse_within(&mut self, reach: Reach, id: u32, script: &str, found: &Found, actions: &mut Vec<TabAction>) {
        let is_told_apart = matches!(found.kind, ArtifactKind::Script | ArtifactKind::Websocket | ArtifactKind::Wasm);
        let stops = is_told_apart && found.action == Action::Block;
        let url = clip(script);
        if !stops || self.refused.iter().any(|refused| refused.url == url) {
            return;
        }
        if self.refused.len() >= APART {
            self.refused.remove(0);
        }
        self.refused.push(Refused { url, found: found.clone() });
        let documents = self.page.as_ref().map(super::Page::documents).unwrap_or_default();
        actions.retain(|action| *action != TabAction::Reload { tab: id });
        actions.push(TabAction::RefuseScript { tab: id, documents, url: script.to_owned(), reach });
        actions.push(TabAction::Reload { tab: id });
    }
}

fn is_blob(script: &str) -> bool {
    script.starts_with("blob:")
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
