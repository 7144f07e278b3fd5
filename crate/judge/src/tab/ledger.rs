//! What hashing has cost each site today, in CPU time, and what a person granted it. Private windows have a ledger of
//! their own that is never written to disk.

use super::limits::{ACCOUNTS, DAY_MS};
use davy_model::Level;
use serde::{Deserialize, Serialize};

/// All accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Ledger {
    /// Ordered by site.
    pub accounts: Vec<Account>,
}

/// What one site has spent on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Account {
    /// Its host.
    pub site: String,
    /// Days since the epoch.
    pub day: u64,
    /// Milliseconds of code that hashes, whatever else it does.
    pub spent: u64,
    /// Those of them that code spent which looks like mining.
    pub suspicious: u64,
    /// Whether a person let it go on for this day.
    pub granted: bool,
}

/// A budget that is spent, and the level it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Budget {
    /// The level of the code that spends.
    pub level: Level,
    /// Milliseconds spent today, by whoever of the charged sites spent more.
    pub spent: u64,
    /// Milliseconds that there are in a day.
    pub limit: u64,
}

impl Budget {
    /// Whether nothing is left.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.spent >= self.limit
    }
}

impl Ledger {
    /// Charges a site. Time is in milliseconds since the epoch, here and below.
    pub(super) fn charge(&mut self, site: &str, level: Level, milliseconds: u64, at: u64) {
        let account = self.account(site, at);
        account.spent = account.spent.saturating_add(milliseconds);
        if level >= Level::Suspicious {
            account.suspicious = account.suspicious.saturating_add(milliseconds);
        }
    }

    /// A person lets these sites go on for the rest of the day.
    pub(super) fn grant(&mut self, sites: &[&str], at: u64) {
        for site in sites {
            self.account(site, at).granted = true;
        }
    }

    /// Takes a grant back.
    pub(super) fn withdraw(&mut self, sites: &[&str], at: u64) {
        for site in sites {
            self.account(site, at).granted = false;
        }
    }

    /// Whether a person let one of these sites go on today.
    pub(super) fn is_granted(&self, sites: &[&str], at: u64) -> bool {
        sites.iter().filter_map(|site| self.today(site, at)).any(|account| account.granted)
    }

    /// What code of this level has left of its budget on these sites: the one of them that spent more counts.
    pub(super) fn budget(&self, sites: &[&str], level: Level, limit: u64, at: u64) -> Budget {
        let spent = |account: &Account| if level >= Level::Suspicious { account.suspicious } else { account.spent };
        let accounts = sites.iter().filter_map(|site| self.today(site, at));
        Budget { level, spent: accounts.map(spent).max().unwrap_or_default(), limit }
    }

    fn today(&self, site: &str, at: u64) -> Option<&Account> {
        self.accounts.iter().find(|account| account.site == site && account.day == at / DAY_MS)
    }

    fn account(&mut self, site: &str, at: u64) -> &mut Account {
        let day = at / DAY_MS;
        let index = match self.accounts.binary_search_by(|account| account.site.as_str().cmp(site)) {
            Ok(index) => {
                // A clock that was set back is no new day for who spent too much.
                if self.accounts[index].day < day {
                    self.accounts[index] = fresh(site, day);
                }
                index
            }
            Err(_) => {
                self.make_room(day);
                let index = self.accounts.partition_point(|account| account.site.as_str() < site);
                self.accounts.insert(index, fresh(site, day));
                index
            }
        };
        &mut self.accounts[index]
    }

    /// Days that are over go first, then whoever has spent least.
    fn make_room(&mut self, day: u64) {
        if self.accounts.len() < ACCOUNTS {
            return;
        }
        self.accounts.retain(|account| account.day >= day);
        while self.accounts.len() >= ACCOUNTS {
            let least = (0..self.accounts.len()).min_by_key(|index| self.accounts[*index].spent);
            self.accounts.remove(least.unwrap_or_default());
        }
    }
}

fn fresh(site: &str, day: u64) -> Account {
    Account { site: site.to_owned(), day, spent: 0, suspicious: 0, granted: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: u64 = 20_000 * DAY_MS + DAY_MS / 2;

    #[test]
    fn a_day_has_one_budget_and_the_next_day_a_new_one() {
        let mut ledger = Ledger::default();
        for _ in 0..59 {
            ledger.charge("a.example", Level::Notice, 1000, NOON);
        }
        let budget = |ledger: &Ledger, sites: &[&str], level| ledger.budget(sites, level, 60_000, NOON);
        assert!(!budget(&ledger, &["a.example"], Level::Notice).is_spent());
        ledger.charge("a.example", Level::Notice, 1000, NOON);
        assert!(budget(&ledger, &["other.example", "a.example"], Level::Notice).is_spent());
        assert!(!budget(&ledger, &["a.example"], Level::Suspicious).is_spent());
        ledger.grant(&["a.example"], NOON);
        assert!(ledger.is_granted(&["a.example"], NOON + 1));
        assert!(!ledger.is_granted(&["a.example"], NOON + DAY_MS));
        assert_eq!(ledger.budget(&["a.example"], Level::Notice, 60_000, NOON + DAY_MS).spent, 0);
    }

    #[test]
    fn a_ledger_has_bounds_and_keeps_who_spent_most() {
        let mut ledger = Ledger::default();
        ledger.charge("greedy.example", Level::Suspicious, 4000, NOON);
        for n in 0..2 * ACCOUNTS {
            ledger.charge(&format!("{n}.example"), Level::Notice, 1, NOON);
        }
        assert_eq!(ledger.accounts.len(), ACCOUNTS);
        assert_eq!(ledger.budget(&["greedy.example"], Level::Suspicious, 5_000, NOON).spent, 4000);
        assert!(ledger.accounts.is_sorted_by(|a, b| a.site < b.site));
    }
}
