//! The book of sites for which a person decided for longer than one load. It outlives the browser; private windows never
//! write in it.

use super::limits::{HOSTS, SITES};
use super::site;
use davy_model::Decision;
use serde::{Deserialize, Serialize};

/// All lasting decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Book {
    /// Ordered by site.
    pub sites: Vec<Decided>,
}

/// One decision. It holds for its hosts and no others: a host covers neither those above nor those below it, so that a
/// decision never spreads over a whole public suffix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Decided {
    /// Host of the page on which it was made.
    pub site: String,
    /// Hosts that it covers: the site, and frames in which something was found.
    pub hosts: Vec<String>,
    /// When it was made, milliseconds since the epoch.
    pub since: u64,
    /// When it ends, milliseconds since the epoch; for good where there is no end.
    #[serde(default)]
    pub until: Option<u64>,
    /// What was decided.
    #[serde(default = "allowed")]
    pub decision: Decision,
}

/// The only decision that a book of the first versions could hold.
fn allowed() -> Decision {
    Decision::Allowed
}

impl Decided {
    fn holds(&self, at: u64) -> bool {
        self.until.is_none_or(|until| at < until)
    }
}

impl Book {
    /// The decision that holds for pages of this host; where several cover it, its own site's before a frame's, and what
    /// blocks before what allows.
    pub(super) fn find(&self, host: &str, at: u64) -> Option<&Decided> {
        let covers = |s: &&Decided| s.holds(at) && s.hosts.iter().any(|h| h == host);
        self.sites.iter().filter(covers).max_by_key(|s| (s.site == host, s.decision))
    }

    /// Whether there is room for one more decision.
    pub(super) fn has_room(&self) -> bool {
        self.sites.len() < SITES
    }

    /// Writes a decision down, in place of an older one for the same site.
    pub(super) fn write(&mut self, entry: Decided) {
        self.sites.retain(|s| s.site != entry.site);
        let place = self.sites.partition_point(|s| s.site < entry.site);
        self.sites.insert(place, entry);
    }

    /// Takes back every decision that covers the host. Whether there was one.
    pub(super) fn revoke(&mut self, host: &str) -> bool {
        let before = self.sites.len();
        self.sites.retain(|s| !s.hosts.iter().any(|h| h == host));
        self.sites.len() < before
    }

    /// Takes back the decision that was made on this site. Whether there was one.
    pub(super) fn remove(&mut self, site: &str) -> bool {
        let before = self.sites.len();
        self.sites.retain(|s| s.site != site);
        self.sites.len() < before
    }

    /// Drops what is over. Whether there was any.
    pub(super) fn expire(&mut self, at: u64) -> bool {
        let before = self.sites.len();
        self.sites.retain(|s| s.holds(at));
        self.sites.len() < before
    }

    /// When the next decision ends.
    pub(super) fn next_end(&self) -> Option<u64> {
        self.sites.iter().filter_map(|s| s.until).min()
    }

    /// Every host that some decision covers at this time, sorted, each once.
    #[must_use]
    pub fn hosts(&self, at: u64) -> Vec<String> {
        let mut hosts: Vec<String> =
            self.sites.iter().filter(|s| s.holds(at)).flat_map(|s| s.hosts.iter().cloned()).collect();
        hosts.sort();
        hosts.dedup();
        hosts
    }

    /// Takes in decisions that a person saved elsewhere, as far as they are sound, still hold and find room. How many.
    pub(super) fn import(&mut self, sites: Vec<Decided>, at: u64) -> usize {
        let sound = sites.into_iter().filter_map(|entry| sound(entry, at));
        let mut taken = 0;
        for entry in sound {
            if self.has_room() || self.sites.iter().any(|s| s.site == entry.site) {
                self.write(entry);
                taken += 1;
            }
        }
        taken
    }
}

/// An entry whose hosts are hosts.
fn sound(entry: Decided, at: u64) -> Option<Decided> {
    let site = site::entered(&entry.site)?;
    let mut hosts = vec![site.clone()];
    for host in entry.hosts.iter().filter_map(|host| site::entered(host)) {
        if hosts.len() < HOSTS && !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    let decided = entry.decision != Decision::Undecided && entry.holds(at);
    decided.then_some(Decided { site, hosts, ..entry })
}
