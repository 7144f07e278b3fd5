//! How decisions and settings become what the browser holds pages to, and what a person edits on the page of settings.

use super::action::TabAction;
use super::book::{Book, Decided};
use super::event::Choice;
use super::limits::HOUR_MS;
use super::machine::Tabs;
use super::preferences::{Preferences, Rulings};
use super::site;
use super::view::SiteDecision;
use davy_model::{Decision, Mode};
use serde::{Deserialize, Serialize};

/// A change of the book that a person makes away from the page it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BookEdit {
    /// Decide for a site.
    Add {
        /// A host, or an address that has one.
        site: String,
        /// What: `hour`, `always` or `block`.
        choice: Choice,
    },
    /// Take the decision back that was made on this site.
    Remove {
        /// The site as the book has it.
        site: String,
    },
    /// Take decisions in that were saved before.
    Import {
        /// Decisions as a book has them.
        sites: Vec<Decided>,
    },
}

/// A site with what was decided for it, for the page of settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct SiteView {
    /// Its host.
    pub site: String,
    /// Other hosts that the decision covers.
    pub also: Vec<String>,
    /// What was decided, and by whom.
    pub decision: SiteDecision,
    /// When it was decided, milliseconds since the epoch; 0 where a policy decided.
    pub since: u64,
    /// When that ends, if it does.
    pub until: Option<u64>,
}

impl Tabs {
    /// What the browser has to hold pages to, whatever it remembers.
    #[must_use]
    pub fn enact(&self, at: u64) -> Vec<TabAction> {
        enact(&self.rulings, at)
    }

    /// New settings are in force: the browser has to be told, and badges may change.
    pub fn prefer(&mut self, at: u64, preferences: Preferences) -> Vec<TabAction> {
        self.rulings = Rulings::new(std::mem::take(&mut self.rulings.book), preferences);
        let mut actions = enact(&self.rulings, at);
        self.refresh_all(at, &mut actions);
        actions
    }

    /// Ends decisions whose time is over; the browser has to be told, and what runs by them says so.
    pub fn expire(&mut self, at: u64) -> Vec<TabAction> {
        let mut actions = Vec::new();
        if self.rulings.book.expire(at) {
            write_book(&self.rulings, at, &mut actions);
            self.refresh_all(at, &mut actions);
        }
        actions
    }

    /// A person changes the book; nothing follows from a change that is none.
    pub fn edit(&mut self, at: u64, edit: BookEdit) -> Vec<TabAction> {
        let book = &mut self.rulings.book;
        let changed = match edit {
            BookEdit::Add { site, choice } => match site::entered(&site).filter(|_| book.has_room()) {
                Some(host) if matches!(choice, Choice::Hour | Choice::Always | Choice::Block) => {
                    book.write(decision(choice, host.clone(), vec![host], at));
                    true
                }
                _ => false,
            },
            BookEdit::Remove { site } => book.remove(&site),
            BookEdit::Import { sites } => book.import(sites, at) > 0,
        };
        let mut actions = Vec::new();
        if changed {
            write_book(&self.rulings, at, &mut actions);
        }
        actions
    }

    /// Every site with what was decided for it: those of a policy first, then the person's, by name.
    #[must_use]
    pub fn sites(&self, at: u64) -> Vec<SiteView> {
        let rulings = &self.rulings;
        let Preferences { allowed, blocked, .. } = &rulings.preferences;
        let only_allowed = allowed.iter().filter(|host| !blocked.contains(host));
        let of_policy = blocked.iter().chain(only_allowed).map(|host| SiteView {
            site: host.clone(),
            also: Vec::new(),
            decision: rulings.of(host, at),
            since: 0,
            until: None,
        });
        let own = rulings.book.sites.iter().map(|entry| SiteView {
            site: entry.site.clone(),
            also: entry.hosts.iter().filter(|host| **host != entry.site).cloned().collect(),
            decision: own_decision(entry),
            since: entry.since,
            until: entry.until,
        });
        of_policy.chain(own).collect()
    }

    fn refresh_all(&mut self, at: u64, actions: &mut Vec<TabAction>) {
        for (id, tab) in &mut self.tabs {
            if let Some(page) = tab.page.as_mut()
                && page.decision == SiteDecision::Hour
                && page.host.as_ref().is_some_and(|host| !self.rulings.of(host, at).is_allowed())
            {
                page.decision = SiteDecision::Over;
            }
            tab.refresh(*id, at, &self.rulings.preferences, actions);
            actions.push(TabAction::Save { tab: *id });
        }
    }
}

fn own_decision(entry: &Decided) -> SiteDecision {
    match entry.decision {
        Decision::Blocked => SiteDecision::Blocked,
        _ if entry.until.is_some() => SiteDecision::Hour,
        _ => SiteDecision::Always,
    }
}

/// An entry of the book for what a person chose.
pub(super) fn decision(choice: Choice, site: String, hosts: Vec<String>, at: u64) -> Decided {
    let until = (choice == Choice::Hour).then(|| at.saturating_add(HOUR_MS));
    let decision = if choice == Choice::Block { Decision::Blocked } else { Decision::Allowed };
    Decided { site, hosts, since: at, until, decision }
}

/// The book has changed.
pub(super) fn write_book(rulings: &Rulings, at: u64, actions: &mut Vec<TabAction>) {
    actions.push(TabAction::SaveBook);
    actions.extend(enact(rulings, at));
}

fn enact(rulings: &Rulings, at: u64) -> Vec<TabAction> {
    let patterns = |hosts: &[String]| hosts.iter().map(|host| site::pattern(host)).collect();
    let (allowed, blocked) = (rulings.hosts(Decision::Allowed, at), rulings.hosts(Decision::Blocked, at));
    let Preferences { mode, hosts: list, .. } = rulings.preferences;
    let mut actions = vec![TabAction::Enact {
        allowed: patterns(&allowed),
        blocked: patterns(&blocked),
        hosts: allowed,
        mode,
        // A mode that blocks nothing must not have the browser refuse anything either.
        refuse: list && mode == Mode::Block,
    }];
    actions.extend(rulings.book.next_end().map(|at| TabAction::WakeBook { at }));
    actions
}

impl Book {
    /// The decisions that a person may save and take elsewhere: those that have no end.
    #[must_use]
    pub fn lasting(&self) -> Vec<Decided> {
        self.sites.iter().filter(|entry| entry.until.is_none()).cloned().collect()
    }
}
