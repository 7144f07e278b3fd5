//! What workers without hooks have fetched. The browser tells of every response that no tab asked for, or one with such a
//! worker; once one is seen to compile WebAssembly, a page of its origin reads them as well, and what mines there ends it.
//! Scripts are read at once: what such a worker imports runs without compiling anything.

use super::action::TabAction;
use super::limits::{FETCHED, FETCHED_URL};
use super::machine::{Tab, Tabs};
use super::site;
use serde::{Deserialize, Serialize};

/// A response that a worker without hooks was given, or whoever else shares a tab with one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Fetched {
    /// The tab, where it belongs to one: not for shared and service workers.
    pub tab: Option<u32>,
    /// Origin of who asked.
    pub origin: String,
    /// Its address.
    pub url: String,
    /// What its server calls it; empty where it does not say.
    pub content_type: String,
    /// Whether it was asked for as a script.
    pub script: bool,
}

/// How likely a response is a module, by what its server calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It is called one.
    Module,
    /// It is called anything that programs hold as bytes.
    Bytes,
    /// It is called a text: what answers questions of a program would be asked twice.
    Text,
}

/// What is called so is read only where the worker has fetched nothing else.
const TEXTS: [&str; 7] = ["json", "html", "xml", "javascript", "text/css", "text/event-stream", "text/plain"];

impl Fetched {
    fn rank(&self) -> Rank {
        let path = self.url.split(['?', '#']).next().unwrap_or_default();
        let content_type = self.content_type.to_ascii_lowercase();
        if content_type.contains("wasm") || path.ends_with(".wasm") {
            return Rank::Module;
        }
        if TEXTS.iter().any(|text| content_type.contains(text)) { Rank::Text } else { Rank::Bytes }
    }
}

impl Tabs {
    /// A worker without hooks may have been given a response.
    pub fn fetched(&mut self, fetched: &Fetched) -> Vec<TabAction> {
        let mut actions = Vec::new();
        if fetched.url.len() > FETCHED_URL {
            return actions;
        }
        let Some(host) = site::host(&fetched.origin) else { return actions };
        let is_meant = |id: u32| fetched.tab.is_none_or(|tab| tab == id);
        for (&id, tab) in self.tabs.iter_mut().filter(|(id, tab)| is_meant(**id) && tab.may_hold(host)) {
            if fetched.script {
                tab.inspect(id, &fetched.url, true, &mut actions);
            } else if tab.keep(fetched) {
                let before = actions.len();
                tab.look_into_fetched(id, host, false, &mut actions);
                // What passes through a service worker is much; what matters only while a page loads need not be written.
                if actions.len() > before || fetched.rank() == Rank::Module {
                    actions.push(TabAction::Save { tab: id });
                }
            }
        }
        actions
    }
}

impl Tab {
    /// Whether the tab shows a page of this host, or one of its frames has started a worker without hooks.
    pub(super) fn may_hold(&self, host: &str) -> bool {
        let page = self.page.as_ref().and_then(|page| page.host.as_deref());
        page == Some(host) || self.apart_hosts.iter().any(|known| known == host)
    }

    /// Keeps a response in mind, so many of each rank. Whether it is a new one.
    fn keep(&mut self, fetched: &Fetched) -> bool {
        if self.fetched.contains(fetched) {
            return false;
        }
        let rank = fetched.rank();
        let is_alike = |other: &Fetched| other.rank() == rank;
        if self.fetched.iter().filter(|other| is_alike(other)).count() >= FETCHED
            && let Some(oldest) = self.fetched.iter().position(is_alike)
        {
            self.fetched.remove(oldest);
        }
        self.fetched.push(fetched.clone());
        true
    }

    /// Has a page of this host read what its workers have fetched, where one of them compiles: what was not read yet, and
    /// what else a page can find, where the worker compiles `now`.
    pub(super) fn look_into_fetched(&mut self, id: u32, host: &str, now: bool, actions: &mut Vec<TabAction>) {
        let by = self.compiled.iter().find(|script| site::host(script) == Some(host));
        let (Some(by), Some(page)) = (by, &self.page) else { return };
        let is_theirs = |fetched: &Fetched| site::host(&fetched.origin) == Some(host);
        let is_plain = self.fetched.iter().any(|fetched| is_theirs(fetched) && fetched.rank() != Rank::Text);
        let last = if is_plain { Rank::Bytes } else { Rank::Text };
        let mut urls = Vec::new();
        for fetched in self.fetched.iter().filter(|fetched| is_theirs(fetched) && fetched.rank() <= last) {
            if !self.read.contains(&fetched.url) {
                urls.push(fetched.url.clone());
            }
        }
        self.read.extend(urls.iter().cloned());
        let surplus = self.read.len().saturating_sub(3 * FETCHED);
        self.read.drain(..surplus);
        if now || !urls.is_empty() {
            actions.push(TabAction::InspectModules { tab: id, documents: page.documents(), by: by.clone(), urls });
        }
    }
}
