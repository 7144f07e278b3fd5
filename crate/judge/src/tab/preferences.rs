//! What people and administrators set for the product as a whole, and how that and the book rule a page.

use super::book::Book;
use super::limits::{BUSY_SHARE, NOTICE_BUDGET_MS, SUSPICIOUS_BUDGET_MS};
use super::site;
use super::view::SiteDecision;
use davy_model::{Decision, Level, Mode};
use serde::{Deserialize, Serialize};

/// Settings of the product. Who set each of them (nobody, the person, a policy) is the extension's business, which hands
/// over what is in force; a name it leaves out has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(default)]
pub struct Preferences {
    /// How strict the product is.
    pub mode: Mode,
    /// Percent of one core from which the badge shows a page's load.
    pub busy_percent: u16,
    /// CPU-seconds that code which hashes may spend on a site in a day before the person is asked.
    pub notice_seconds: u32,
    /// The same for code that looks like mining, before it is paused.
    pub suspicious_seconds: u32,
    /// Whether requests to listed pool hosts are refused by the browser itself.
    pub hosts: bool,
    /// Whether a notification may tell of code that runs and looks like mining.
    pub notify: bool,
    /// Whether what was found is written to the log.
    pub log: bool,
    /// Sites that a policy allows: hosts or origins. Never a pattern.
    pub allowed: Vec<String>,
    /// Sites that a policy blocks, in the same form. They win over those allowed.
    pub blocked: Vec<String>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            mode: Mode::Block,
            busy_percent: (BUSY_SHARE * 100.0) as u16,
            notice_seconds: (NOTICE_BUDGET_MS / 1000) as u32,
            suspicious_seconds: (SUSPICIOUS_BUDGET_MS / 1000) as u32,
            hosts: true,
            notify: true,
            log: true,
            allowed: Vec::new(),
            blocked: Vec::new(),
        }
    }
}

impl Preferences {
    /// Milliseconds of CPU time that code of this level may spend on a site in a day.
    pub(super) fn budget(&self, level: Level) -> u64 {
        let seconds = if level >= Level::Suspicious { self.suspicious_seconds } else { self.notice_seconds };
        u64::from(seconds) * 1000
    }
}

/// The book of decisions under the settings in force.
#[derive(Debug, Clone, Default)]
pub(super) struct Rulings {
    pub(super) book: Book,
    pub(super) preferences: Preferences,
}

impl Rulings {
    /// A ruling by this book and these settings; entries of the policy are brought to hosts, what is none is left out.
    pub(super) fn new(book: Book, preferences: Preferences) -> Self {
        let hosts = |list: &[String]| list.iter().filter_map(|entry| site::entered(entry)).collect();
        let (allowed, blocked) = (hosts(&preferences.allowed), hosts(&preferences.blocked));
        Self { book, preferences: Preferences { allowed, blocked, ..preferences } }
    }

    /// What holds for pages of this host. A policy speaks before the person.
    pub(super) fn of(&self, host: &str, at: u64) -> SiteDecision {
        let lists = |list: &[String]| list.iter().any(|h| h == host);
        if lists(&self.preferences.blocked) {
            return SiteDecision::PolicyBlocked;
        }
        if lists(&self.preferences.allowed) {
            return SiteDecision::PolicyAllowed;
        }
        match self.book.find(host, at) {
            None => SiteDecision::Undecided,
            Some(entry) if entry.decision == Decision::Blocked => SiteDecision::Blocked,
            Some(entry) if entry.until.is_some() => SiteDecision::Hour,
            Some(_) => SiteDecision::Always,
        }
    }

    /// Every host whose pages are decided this way at this time, sorted, each once.
    pub(super) fn hosts(&self, decision: Decision, at: u64) -> Vec<String> {
        let of_policy = match decision {
            Decision::Allowed => &self.preferences.allowed,
            Decision::Blocked => &self.preferences.blocked,
            Decision::Undecided => return Vec::new(),
        };
        let mut hosts: Vec<String> = self.book.hosts(at).into_iter().chain(of_policy.iter().cloned()).collect();
        hosts.retain(|host| self.of(host, at).decision() == decision);
        hosts.sort();
        hosts.dedup();
        hosts
    }
}
