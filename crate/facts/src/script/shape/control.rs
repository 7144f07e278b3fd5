//! What a program drives by calling it: something that is started, tells how fast it hashes, and has its threads or its
//! throttle set. Loaders differ in brand and in who wrote them; this is what the pages that use them all do.

use super::words;
use std::collections::BTreeMap;

/// Kinds of calls, a bit each.
const STARTS: u8 = 1;
const RATE: u8 = 2;
const THREADS: u8 = 4;
const THROTTLE: u8 = 8;
const EVENTS: u8 = 16;

/// Methods by which anything is set going or at rest.
const GOING: [&str; 6] = ["start", "stop", "resume", "pause", "isRunning", "startMining"];

/// Events of a miner: a share is found, or a pool took it.
const TOLD: [&str; 5] = ["found", "accepted", "job", "share", "hash"];

/// Things that are called in one chunk, by the last of their names: which kinds of calls, and where first.
#[derive(Debug, Default)]
pub(super) struct Controls<'r>(BTreeMap<&'r str, (u8, u32)>);

impl<'r> Controls<'r> {
    /// Most things kept of one chunk.
    const MOST: usize = 256;

    /// A method of `of` was called, of this kind.
    pub(super) fn called(&mut self, of: &'r str, kind: u8, at: u32) {
        if self.0.len() == Self::MOST && !self.0.contains_key(of) {
            return;
        }
        let entry = self.0.entry(of).or_insert((0, at));
        entry.0 |= kind;
    }

    /// How many kinds of calls what is driven most gets, and where; only what is asked for its rate counts.
    pub(super) fn most(&self) -> Option<(u32, u32)> {
        let hashing = self.0.values().filter(|(kinds, _)| kinds & RATE != 0);
        hashing.map(|(kinds, at)| (kinds.count_ones(), *at)).max_by_key(|(count, at)| (*count, u32::MAX - at))
    }
}

/// What kind of call `method(first)` is, where `first` is a text, with the roles of the method's name; 0 for most.
pub(super) fn kind<'t>(method: &str, roles: u32, first: impl FnOnce() -> Option<&'t str>) -> u8 {
    if GOING.contains(&method) {
        return STARTS;
    }
    if matches!(method, "on" | "addEventListener") {
        return if first().is_some_and(|event| TOLD.contains(&event)) { EVENTS } else { 0 };
    }
    let has = |role: &str| roles != 0 && words::is_among(role, roles);
    if has("hashrate") {
        RATE
    } else if has("threads") {
        THREADS
    } else if has("throttle") && method != "throttle" {
        THROTTLE
    } else {
        0
    }
}
