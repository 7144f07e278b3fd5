//! The state machine itself: every tab, the book of decisions, and one step for one event.

use super::action::{Badge, TabAction};
use super::apart::Refused;
use super::brake::Ledgers;
use super::event::{Choice, Sender, TabEvent, UnwatchedReason};
use super::fetched::Fetched;
use super::limits::{LOGGED, OTHER_PAGES, TOLD};
use super::load::Processor;
use super::once::{Once, OncePhase};
use super::page::Page;
use super::preferences::{Preferences, Rulings};
use super::view::{SiteDecision, TabView};
use super::{Book, Report, badge, enact, log, notice, report, site, view};
use davy_model::{ArtifactKind, Decision};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long the badge may go on showing a load that nobody reports any more, in milliseconds.
const BADGE_REFRESH_MS: u64 = 5_000;
/// Documents that the tab has left, so that a message on its way is not taken for a new page.
const LEFT_DOCUMENTS: usize = 16;

/// Everything that one tab knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Tab {
    /// The page that the tab shows.
    pub page: Option<Page>,
    /// Pages that it may show again without loading them (a step back, a prerendered page), newest last.
    pub others: Vec<Page>,
    /// Documents that were left for good, newest last.
    pub left: Vec<String>,
    /// *Allow once*, when it is under way.
    pub once: Option<Once>,
    /// What the toolbar button shows.
    pub shown: Option<Badge>,
    /// Scripts of workers without hooks that were looked into, newest last.
    #[serde(default)]
    pub inspected: Vec<String>,
    /// Those of them that are loaded no more.
    #[serde(default)]
    pub refused: Vec<Refused>,
    /// Those of them that compile WebAssembly.
    #[serde(default)]
    pub compiled: Vec<String>,
    /// Hosts whose workers without hooks frames of it have started, newest last.
    #[serde(default)]
    pub apart_hosts: Vec<String>,
    /// Responses that such workers were given, newest last.
    #[serde(default)]
    pub fetched: Vec<Fetched>,
    /// Addresses of those that were read.
    #[serde(default)]
    pub read: Vec<String>,
    /// Hosts of which a notification told, newest last.
    pub told: Vec<String>,
}

/// Every tab, and the decisions they share.
#[derive(Debug, Clone, Default)]
pub struct Tabs {
    pub(super) tabs: BTreeMap<u32, Tab>,
    pub(super) rulings: Rulings,
    pub(super) ledgers: Ledgers,
    pub(super) processor: Processor,
}

impl Tabs {
    /// Starts with what was written before.
    #[must_use]
    pub fn new(book: Book, preferences: Preferences) -> Self {
        Self { rulings: Rulings::new(book, preferences), ..Self::default() }
    }

    /// Puts back a tab as it was saved.
    pub fn restore(&mut self, id: u32, tab: Tab) {
        self.tabs.insert(id, tab);
    }

    /// What has to be written for a tab.
    #[must_use]
    pub fn saved(&self, id: u32) -> Option<&Tab> {
        self.tabs.get(&id)
    }

    /// The book of decisions.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.rulings.book
    }

    /// What was decided for the host of a document.
    #[must_use]
    pub fn decision(&self, id: u32, at: u64, sender: &Sender) -> Decision {
        let tab = self.tabs.get(&id);
        let page_host = tab.and_then(|tab| tab.page.as_ref()).and_then(|page| page.host.as_deref());
        // A frame without a host of its own (srcdoc, data:, sandboxed) goes by the page that holds it.
        let Some(host) = site::host(&sender.url).or(page_host) else { return Decision::Undecided };
        let once = tab.and_then(|tab| tab.once.as_ref()).filter(|once| once.document().is_some());
        let is_once = once.is_some_and(|once| once.hosts.iter().any(|h| h == host));
        let ruling = if is_once { SiteDecision::Once } else { self.rulings.of(host, at) };
        ruling.decision()
    }

    /// What the popup shows of a tab. Time is in milliseconds since the epoch, here and below.
    #[must_use]
    pub fn view(&self, id: u32, at: u64) -> TabView {
        view::of(self.tabs.get(&id), &self.rulings, at)
    }

    /// What a person can save of a tab.
    #[must_use]
    pub fn report(&self, id: u32, rule_set: &str) -> Report {
        report::of(self.tabs.get(&id).and_then(|tab| tab.page.as_ref()), rule_set)
    }

    /// Takes in one event; what has to be done follows.
    pub fn step(&mut self, id: u32, at: u64, event: TabEvent) -> Vec<TabAction> {
        let mut actions = Vec::new();
        if matches!(event, TabEvent::Closed) {
            if let Some(mut tab) = self.tabs.remove(&id) {
                tab.end_once(id, &mut actions);
            }
            actions.push(TabAction::Forget { tab: id });
            return actions;
        }
        self.tabs.entry(id).or_default();
        let event = self.brake(id, at, event, &mut actions);
        let tab = self.tabs.entry(id).or_default();
        if let Some(event) = event {
            tab.take(id, at, event, &mut self.rulings, &mut actions);
            tab.keep_held(id, at, &self.ledgers, &mut actions);
        }
        tab.expire(id, at, &mut actions);
        tab.refresh(id, at, &self.rulings.preferences, &mut actions);
        self.notify(id, at, &mut actions);
        actions.push(TabAction::Save { tab: id });
        actions
    }

    /// Tells the person of what runs and looks like mining: once for a host, while a tab lives in which it was told.
    fn notify(&mut self, id: u32, at: u64, actions: &mut Vec<TabAction>) {
        let preferences = &self.rulings.preferences;
        let page = self.tabs.get(&id).and_then(|tab| tab.page.as_ref());
        let Some((host, message)) = page.and_then(|page| notice::of(page, preferences, at)) else { return };
        if self.tabs.values().any(|tab| tab.told.contains(&host)) {
            return;
        }
        if let Some(tab) = self.tabs.get_mut(&id) {
            let surplus = (tab.told.len() + 1).saturating_sub(TOLD);
            tab.told.drain(..surplus);
            tab.told.push(host.clone());
            actions.push(TabAction::Notify { tab: id, host, message });
        }
    }
}

impl Tab {
    fn take(&mut self, id: u32, at: u64, event: TabEvent, rulings: &mut Rulings, actions: &mut Vec<TabAction>) {
        match event {
            TabEvent::Present { url, private } => self.present(&url, private),
            TabEvent::Committed { sender, parent, private, waiting } => match parent {
                Some(parent) => self.frame_committed(&sender, &parent),
                None if waiting => self.prerendered(&sender, private, at, rulings),
                None => self.committed(id, &sender, private, at, rulings, actions),
            },
            TabEvent::Completed { sender } => {
                if let Some(once) = &mut self.once
                    && matches!(&once.phase, OncePhase::Loading { document } if *document == sender.document)
                {
                    once.end_script();
                    actions.push(TabAction::EndOnceScript { tab: id });
                }
            }
            TabEvent::JudgedApart { sender, found } => {
                let event = TabEvent::Judged { sender: sender.clone(), found: found.clone() };
                self.take(id, at, event, rulings, actions);
                self.refuse_judged(id, &sender, &found, actions);
            }
            TabEvent::Judged { sender, found } => {
                if let Some(page) = self.page_of(&sender, at, rulings) {
                    let is_shader = found.kind == ArtifactKind::Shader;
                    let was_halted = page.is_halted();
                    let before = page.findings.clone();
                    page.judged(&sender, found);
                    write_log(page, log::of(page, &before, at), &rulings.preferences, actions);
                    if page.is_halted() && (is_shader || !was_halted) {
                        actions.push(TabAction::Halt { tab: id, documents: page.documents() });
                    }
                }
            }
            TabEvent::Refused { sender, found } => {
                if let Some(page) = self.page_of(&sender, at, rulings).filter(|page| !page.has_stopped(&found)) {
                    page.judged(&sender, found);
                }
            }
            TabEvent::Unwatched { sender, reason, detail } => {
                self.holds_apart(reason, &sender, &detail);
                if let Some(page) = self.page_of(&sender, at, rulings) {
                    page.unwatched(reason, &detail);
                }
            }
            TabEvent::Decided { choice } => self.decided(id, at, choice, rulings, actions),
            TabEvent::Busy { .. } | TabEvent::Tick | TabEvent::Closed => {}
        }
    }

    fn present(&mut self, url: &str, private: bool) {
        if self.page.is_none() {
            let mut page = Page::new("", url, private);
            if page.unwatched.is_empty() {
                page.unwatched(UnwatchedReason::OlderThanExtension, "");
            }
            self.page = Some(page);
        }
    }

    fn frame_committed(&mut self, sender: &Sender, parent: &str) {
        let known = self.page.iter_mut().chain(self.others.iter_mut()).find(|page| page.holds(parent));
        if let Some(page) = known {
            page.add_frame(&sender.document);
        }
    }

    fn prerendered(&mut self, sender: &Sender, private: bool, at: u64, rulings: &Rulings) {
        let known = self.page.iter().chain(&self.others).any(|page| page.document == sender.document);
        if !known {
            self.put_aside(new_page(sender, private, at, rulings));
        }
    }

    fn committed(
        &mut self,
        id: u32,
        sender: &Sender,
        private: bool,
        at: u64,
        rulings: &Rulings,
        actions: &mut Vec<TabAction>,
    ) {
        // Navigation clears what the browser shows for the tab.
        self.shown = None;
        self.look_anew();
        self.show(sender, private, at, rulings);
        let Some(page) = &mut self.page else { return };
        page.private = private;
        match &mut self.once {
            Some(once) if once.document() == Some(&page.document) => page.decision = SiteDecision::Once,
            Some(Once { phase: phase @ OncePhase::Waiting, hosts, .. }) if page.host.as_ref() == hosts.first() => {
                *phase = OncePhase::Loading { document: page.document.clone() };
                page.decision = SiteDecision::Once;
            }
            Some(_) => self.end_once(id, actions),
            None => {}
        }
    }

    /// Makes the sender's document the page that is shown: a new one, or one that was put aside.
    fn show(&mut self, sender: &Sender, private: bool, at: u64, rulings: &Rulings) {
        if self.page.as_ref().is_some_and(|page| page.document == sender.document) {
            return;
        }
        let next = match self.others.iter().position(|page| page.document == sender.document) {
            Some(index) => self.others.remove(index),
            None => new_page(sender, private, at, rulings),
        };
        self.left.retain(|document| *document != sender.document);
        if let Some(before) = self.page.replace(next) {
            self.put_aside(before);
        }
    }

    fn put_aside(&mut self, page: Page) {
        self.others.push(page);
        while self.others.len() > OTHER_PAGES {
            self.left.push(self.others.remove(0).document);
        }
        let surplus = self.left.len().saturating_sub(LEFT_DOCUMENTS);
        self.left.drain(..surplus);
    }

    /// The page that a message belongs to. A page's own message may overtake the news of its navigation.
    pub(super) fn page_of(&mut self, sender: &Sender, at: u64, rulings: &Rulings) -> Option<&mut Page> {
        if self.left.contains(&sender.document) {
            return None;
        }
        if sender.document.is_empty() {
            return self.page.as_mut();
        }
        let known = self.page.iter().chain(&self.others).any(|page| page.holds(&sender.document));
        if !known && sender.frame == 0 {
            let private = self.page.as_ref().is_some_and(|page| page.private);
            self.show(sender, private, at, rulings);
        } else if !known && let Some(page) = &mut self.page {
            page.add_frame(&sender.document);
        }
        self.page.iter_mut().chain(self.others.iter_mut()).find(|page| page.holds(&sender.document))
    }

    fn decided(&mut self, id: u32, at: u64, choice: Choice, rulings: &mut Rulings, actions: &mut Vec<TabAction>) {
        if matches!(choice, Choice::Pause | Choice::Resume) {
            return;
        }
        let Some(page) = &self.page else { return };
        let (Some(host), hosts, private) = (page.host.clone(), page.hosts(), page.private) else { return };
        if rulings.of(&host, at).is_of_policy() {
            return;
        }
        self.end_once(id, actions);
        let readmitted = hosts.clone();
        match choice {
            Choice::Once => {
                let matches = hosts.iter().map(|host| site::pattern(host)).collect();
                self.once = Some(Once::new(hosts, at));
                actions.push(TabAction::PermitOnce { tab: id, matches });
            }
            Choice::Hour | Choice::Always | Choice::Block if private || !rulings.book.has_room() => return,
            Choice::Hour | Choice::Always | Choice::Block => {
                rulings.book.write(enact::decision(choice, host, hosts, at));
                enact::write_book(rulings, at, actions);
            }
            Choice::Again => {
                if rulings.book.revoke(&host) {
                    enact::write_book(rulings, at, actions);
                }
            }
            Choice::Pause | Choice::Resume => {}
        }
        self.readmit(choice, &readmitted, actions);
        actions.push(TabAction::Reload { tab: id });
    }

    /// Takes back whatever *allow once* still permits.
    fn end_once(&mut self, id: u32, actions: &mut Vec<TabAction>) {
        let Some(once) = self.once.take() else { return };
        if once.has_script() {
            actions.push(TabAction::EndOnceScript { tab: id });
        }
        actions.push(TabAction::EndOnceRequests { tab: id });
    }

    /// Ends a permit whose load did not come or does not end.
    fn expire(&mut self, id: u32, at: u64, actions: &mut Vec<TabAction>) {
        let Some(once) = &mut self.once else { return };
        if once.remaining(at) != Some(0) {
            return;
        }
        if once.document().is_none() {
            self.end_once(id, actions);
        } else {
            once.end_script();
            actions.push(TabAction::EndOnceScript { tab: id });
        }
    }

    /// Shows what has changed, and asks to be woken when it may change by itself.
    pub(super) fn refresh(&mut self, id: u32, at: u64, preferences: &Preferences, actions: &mut Vec<TabAction>) {
        let badge = badge::of(self.page.as_ref(), preferences, at);
        let busy = badge::is_busy(self.page.as_ref(), preferences, at);
        if self.shown.as_ref() != Some(&badge) {
            actions.push(TabAction::ShowBadge { tab: id, badge: badge.clone() });
            self.shown = Some(badge);
        }
        let once = self.once.as_ref().and_then(|once| once.remaining(at));
        if let Some(after) = once.into_iter().chain(busy.then_some(BADGE_REFRESH_MS)).min() {
            actions.push(TabAction::Wake { tab: id, after: u32::try_from(after).unwrap_or(u32::MAX) });
        }
    }
}

fn new_page(sender: &Sender, private: bool, at: u64, rulings: &Rulings) -> Page {
    let mut page = Page::new(&sender.document, &sender.url, private);
    if let Some(host) = &page.host {
        page.decision = rulings.of(host, at);
    }
    page
}

/// A page that goes on and on does not push everything else out of the log.
fn write_log(page: &mut Page, entries: Vec<log::LogEntry>, preferences: &Preferences, actions: &mut Vec<TabAction>) {
    for entry in entries {
        if preferences.log && page.logged < LOGGED {
            page.logged += 1;
            actions.push(TabAction::Log { entry });
        }
    }
}
