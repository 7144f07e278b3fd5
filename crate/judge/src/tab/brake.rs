//! What watched code costs, and what follows when its budget is spent: it is paused, or the person is asked. All that is
//! paused can go on; only a worker that cannot be paused is ended.
//!
//! Watched is every module of which something was found and that may run. Its calls are timed, and wait or throw while
//! their document is held. Workers that hash without a module are charged as well (`plain.rs`).

use super::action::TabAction;
use super::event::{Choice, MainBusy, Sender, TabEvent, WorkerBusy};
use super::ledger::{Budget, Ledger};
use super::limits::{LEDGER_MS, UNYIELDING_MS};
use super::load::{self, Ticks};
use super::machine::{Tab, Tabs};
use super::page::Page;
use super::plain::Cost;
use super::preferences::Preferences;
use super::site;
use super::worker::Sample;
use davy_model::{Action, ArtifactKind, Level};
use serde::{Deserialize, Serialize};

/// That the watched code of a page is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Hold {
    /// Since when, milliseconds since the epoch.
    pub since: u64,
    /// Whether the person paused it.
    pub by_person: bool,
}

/// The ledgers: one that is written down, and one of private windows that lasts as long as the browser.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledgers {
    lasting: Ledger,
    private: Ledger,
    saved: u64,
}

impl Ledgers {
    fn of(&self, private: bool) -> &Ledger {
        if private { &self.private } else { &self.lasting }
    }

    fn of_mut(&mut self, private: bool) -> &mut Ledger {
        if private { &mut self.private } else { &mut self.lasting }
    }
}

/// A frame's report of load.
struct Load {
    sender: Sender,
    main: Option<MainBusy>,
    workers: Vec<WorkerBusy>,
}

/// What the processor as a whole says of a report.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// What shares that were answered for can be, and silent ones: factors from 0 to 1.
    allowed: (f64, f64),
    /// The share of moments at which even an idle thread runs late.
    idle: f64,
}

impl Limits {
    /// The share of a core that a worker can have had, 0 to 1.
    pub(super) fn share(&self, worker: &WorkerBusy) -> f64 {
        let (answered, silent) = self.allowed;
        load::share(worker, self.idle) * if worker.silent { silent } else { answered }
    }
}

impl Tabs {
    /// Puts back what was spent before.
    pub fn entrust(&mut self, lasting: Ledger, private: Ledger) {
        (self.ledgers.lasting, self.ledgers.private) = (lasting, private);
    }

    /// The ledger that is written to the profile's storage, or the one of private windows that never is.
    #[must_use]
    pub fn ledger(&self, private: bool) -> &Ledger {
        self.ledgers.of(private)
    }

    /// Takes in a look at the processor.
    pub fn processor(&mut self, at: u64, ticks: Ticks) {
        self.processor.look(ticks, at);
    }

    /// Takes in what is its business, and hands back every other event.
    pub(super) fn brake(
        &mut self,
        id: u32,
        at: u64,
        event: TabEvent,
        actions: &mut Vec<TabAction>,
    ) -> Option<TabEvent> {
        match event {
            TabEvent::Busy { sender, main, workers } => {
                self.loaded(id, at, &Load { sender, main, workers }, actions);
                None
            }
            TabEvent::Decided { choice: choice @ (Choice::Pause | Choice::Resume) } => {
                let page = self.tabs.get_mut(&id).and_then(|tab| tab.page.as_mut());
                if let Some(page) = page {
                    let ledger = self.ledgers.of_mut(page.private);
                    page.chosen(id, choice == Choice::Pause, ledger, at, actions);
                    actions.push(TabAction::SaveLedger);
                }
                None
            }
            other => Some(other),
        }
    }

    fn loaded(&mut self, id: u32, at: u64, load: &Load, actions: &mut Vec<TabAction>) {
        let (answered, silent) = self.claims(id, at, load);
        let limits = Limits { allowed: self.processor.allows(answered, silent, at), idle: self.processor.idle(at) };
        let rulings = &self.rulings;
        let Some(page) = self.tabs.get_mut(&id).and_then(|tab| tab.page_of(&load.sender, at, rulings)) else { return };
        page.loaded(load, limits, at);
        let ledger = self.ledgers.of_mut(page.private);
        if page.charge(load, limits, ledger, &rulings.preferences, at) {
            let follows = page.enforce(id, ledger, at, actions);
            if follows || at.saturating_sub(self.ledgers.saved) >= LEDGER_MS {
                self.ledgers.saved = at;
                actions.push(TabAction::SaveLedger);
            }
        }
        // What was let go on takes a moment to wake.
        if !self.ledgers.of(page.private).is_granted(&page.sites(None), at) {
            page.notice_held(load, at);
        }
        page.end_unyielding(id, load, limits, at, actions);
    }

    /// Cores that all tabs claim, with this report in the place of its frame's last one.
    fn claims(&self, id: u32, at: u64, load: &Load) -> (f64, f64) {
        let (mut answered, mut silent) = (0.0, 0.0);
        for (other, tab) in &self.tabs {
            let but = (*other == id).then_some(load.sender.document.as_str());
            let (heard, unheard) = tab.page.as_ref().map(|page| page.workers.claims(but, at)).unwrap_or_default();
            answered += heard;
            silent += unheard;
        }
        let idle = self.processor.idle(at);
        for worker in &load.workers {
            let sum = if worker.silent { &mut silent } else { &mut answered };
            *sum += load::share(worker, idle);
        }
        (answered + load.main.as_ref().map(load::main_share).unwrap_or_default(), silent)
    }
}

impl Tab {
    /// What has come to run on a page since it was paused is paused as well, and what mines together is paused at once.
    pub(super) fn keep_held(&mut self, id: u32, at: u64, ledgers: &Ledgers, actions: &mut Vec<TabAction>) {
        let Some(page) = &mut self.page else { return };
        let is_news = actions.iter().all(|action| !matches!(action, TabAction::Hold { .. }));
        let granted = ledgers.of(page.private).is_granted(&page.sites(None), at);
        if page.hold.is_none() && page.mines() && !granted {
            page.put_on_hold(id, false, at, actions);
        } else if page.hold.is_some() && is_news {
            actions.push(TabAction::Hold { tab: id, documents: page.documents() });
        }
    }
}

impl Page {
    /// Hosts that are charged for what a frame does: its own, and that of the page.
    fn sites<'a>(&'a self, frame: Option<&'a str>) -> Vec<&'a str> {
        let mut sites: Vec<&str> = self.host.as_deref().into_iter().collect();
        sites.extend(frame.filter(|host| Some(*host) != self.host.as_deref()));
        sites
    }

    fn loaded(&mut self, load: &Load, limits: Limits, at: u64) {
        let (answered, silent) = limits.allowed;
        let main = load.main.as_ref().map(|main| Sample {
            id: 0,
            name: "",
            share: load::main_share(main),
            allowed: answered,
            silent: false,
            span: main.span,
        });
        let workers = load.workers.iter().map(|worker| Sample {
            id: worker.id.max(1),
            name: &worker.name,
            share: load::share(worker, limits.idle),
            allowed: if worker.silent { silent } else { answered },
            silent: worker.silent,
            span: worker.span,
        });
        let samples: Vec<Sample<'_>> = main.into_iter().chain(workers).collect();
        self.workers.report(&load.sender.document, &samples, limits.idle, at);
    }

    /// Charges what code on a budget has cost. Whether there was anything.
    fn charge(&mut self, load: &Load, limits: Limits, ledger: &mut Ledger, preferences: &Preferences, at: u64) -> bool {
        let by_worker = |worker: &WorkerBusy| {
            let all = load::charged(worker);
            if worker.silent { load::milliseconds(all as f64 * limits.allowed.1) } else { all }
        };
        let workers: u64 = load.workers.iter().map(by_worker).sum();
        let watched = workers.saturating_add(load.main.as_ref().map_or(0, |main| load::milliseconds(main.called)));
        let plain: Vec<Cost> = load.workers.iter().filter_map(|worker| self.plain_cost(worker, limits)).collect();
        let spent = plain.iter().fold(watched, |sum, cost| sum.saturating_add(cost.spent));
        if spent == 0 {
            return false;
        }
        let frame = site::host(&load.sender.url);
        let level = plain.iter().map(|cost| cost.level).max().unwrap_or_default().max(self.spending_level(frame));
        let sites = self.sites(frame);
        for site in &sites {
            ledger.charge(site, level, spent, at);
        }
        self.budget = Some(ledger.budget(&sites, level, preferences.budget(level), at));
        true
    }

    /// The level of what runs in frames of this host and is watched.
    fn spending_level(&self, frame: Option<&str>) -> Level {
        let host = frame.or(self.host.as_deref());
        let counts = |kind| matches!(kind, ArtifactKind::Wasm | ArtifactKind::Page);
        let findings = self.findings.iter().filter(|f| counts(f.kind) && f.action < Action::Pause);
        let here = findings.filter(|f| f.kind == ArtifactKind::Page || f.host.as_deref() == host);
        here.map(|f| f.verdict.level()).max().unwrap_or_default().max(Level::Notice)
    }

    /// What follows from a budget that is spent. Whether anything did.
    fn enforce(&mut self, id: u32, ledger: &Ledger, at: u64, actions: &mut Vec<TabAction>) -> bool {
        let Some(budget) = self.budget.filter(Budget::is_spent) else { return false };
        let asked = self.asks || self.hold.is_some();
        if asked || !self.has_budget() || ledger.is_granted(&self.sites(None), at) {
            return false;
        }
        self.asks = true;
        if budget.level >= Level::Suspicious {
            self.put_on_hold(id, false, at, actions);
        }
        true
    }

    /// Whether code runs here on a budget: nobody allowed it, and nobody asked for nothing to be stopped.
    fn has_budget(&self) -> bool {
        let is_module = |f: &super::Finding| f.kind == ArtifactKind::Wasm && f.action == Action::Budget;
        self.findings.iter().any(|f| is_module(f) || f.is_plain_hashing())
    }

    /// Whether what runs here on a budget turns out to mine, with all else on the page.
    fn mines(&self) -> bool {
        let together = |f: &super::Finding| f.kind == ArtifactKind::Page && f.verdict.level() == Level::Mining;
        self.has_budget() && self.findings.iter().any(together)
    }

    /// Whether something here is watched, so that it can be paused.
    pub(super) fn is_watched(&self) -> bool {
        let runs = |f: &super::Finding| f.action < Action::Pause && f.verdict.level() >= Level::Notice;
        self.findings.iter().any(|f| f.kind == ArtifactKind::Wasm && runs(f) || f.is_plain_hashing())
    }

    fn chosen(&mut self, id: u32, pause: bool, ledger: &mut Ledger, at: u64, actions: &mut Vec<TabAction>) {
        let hosts = self.hosts();
        let sites: Vec<&str> = hosts.iter().map(String::as_str).collect();
        self.asks = false;
        if pause {
            ledger.withdraw(&sites, at);
            self.put_on_hold(id, true, at, actions);
        } else {
            ledger.grant(&sites, at);
            self.hold = None;
            actions.push(TabAction::Release { tab: id, documents: self.documents() });
        }
    }

    fn put_on_hold(&mut self, id: u32, by_person: bool, at: u64, actions: &mut Vec<TabAction>) {
        self.hold = Some(Hold { since: at, by_person });
        actions.push(TabAction::Hold { tab: id, documents: self.documents() });
    }

    /// What waits is on hold, also where the background was ended before it could write that down: a person must be able to
    /// let it go on.
    fn notice_held(&mut self, load: &Load, at: u64) {
        if self.hold.is_none() && load.workers.iter().any(|worker| worker.held && worker.silent) {
            self.hold = Some(Hold { since: at, by_person: false });
        }
    }

    /// A worker that was to pause is ended when nothing has been heard of it since, or when it hashes without a module.
    fn end_unyielding(&mut self, id: u32, load: &Load, limits: Limits, at: u64, actions: &mut Vec<TabAction>) {
        if self.hold.is_none_or(|hold| at.saturating_sub(hold.since) < UNYIELDING_MS) {
            return;
        }
        for worker in &load.workers {
            let document = &load.sender.document;
            let is_deaf = worker.silent && worker.watched && !worker.held;
            let is_unheard = is_deaf && self.workers.silence(document, worker.id, at) >= UNYIELDING_MS;
            if !is_unheard && self.plain_cost(worker, limits).is_none() {
                continue;
            }
            self.ended = self.ended.saturating_add(u32::from(self.workers.end(document, worker.id)));
            actions.push(TabAction::Terminate { tab: id, document: document.clone(), worker: worker.id });
        }
    }
}
