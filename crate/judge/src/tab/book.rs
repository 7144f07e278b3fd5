//! The book of sites that a person allowed for good. It outlives the browser; private windows never write in it.

use super::limits::SITES;
use super::site;
use serde::{Deserialize, Serialize};

/// All lasting decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Book {
    /// Ordered by site.
    pub sites: Vec<Allowed>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Allowed {
    /// Host of the page on which it was made.
    pub site: String,
    /// Hosts that it covers: the site, and frames in which something was found.
    pub hosts: Vec<String>,
    /// When it was made, milliseconds since the epoch.
    pub since: u64,
}

impl Book {
    /// Whether pages of this host are allowed.
    pub(super) fn allows(&self, host: &str) -> bool {
        self.sites.iter().any(|s| s.hosts.iter().any(|h| h == host))
    }

    /// Whether there is room for one more decision.
    pub(super) fn has_room(&self) -> bool {
        self.sites.len() < SITES
    }

    /// Writes a decision down, in place of an older one for the same site.
    pub(super) fn allow(&mut self, site: &str, hosts: Vec<String>, at: u64) {
        self.sites.retain(|s| s.site != site);
        let place = self.sites.partition_point(|s| s.site.as_str() < site);
        self.sites.insert(place, Allowed { site: site.to_owned(), hosts, since: at });
    }

    /// Takes back every decision that covers the host. Whether there was one.
    pub(super) fn revoke(&mut self, host: &str) -> bool {
        let before = self.sites.len();
        self.sites.retain(|s| !s.hosts.iter().any(|h| h == host));
        self.sites.len() < before
    }

    /// Every host that some decision covers, sorted, each once.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        let mut hosts: Vec<String> = self.sites.iter().flat_map(|s| s.hosts.iter().cloned()).collect();
        hosts.sort();
        hosts.dedup();
        hosts
    }

    /// The same as match patterns.
    #[must_use]
    pub fn matches(&self) -> Vec<String> {
        self.hosts().iter().map(|host| site::pattern(host)).collect()
    }
}
