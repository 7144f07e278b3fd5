//! Containers as they are reported: their parts in order, each joined with what stands around it in the same container,
//! then the container itself with the highest level inside.
//!
//! A page waits until all of its container is known, or until more is held than [`MOST`]: then it is judged with what was
//! found within so much before and after it.

use super::analyse::{Entry, Settings};
use super::join;
use super::part::Member;
use super::site::Site;
use super::store::weight;
use davy_archive::Closed;
use davy_judge::from_children;
use davy_model::{ArtifactKind, Gap, GapReason, Level, Location, Verdict};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// Bytes of findings that wait for what comes after them, and the same of findings that are kept for what comes before.
pub(crate) const MOST: usize = 16 << 20;

/// Parts of a container whose verdicts are held until the heaviest are chosen; see [`Open::shed`].
const PARTS: usize = 1024;

/// The containers of one file that are being read.
#[derive(Default)]
pub(crate) struct Containers {
    /// Containers whose end was not reported yet, outermost first.
    open: Vec<Open>,
    /// How many of the containers that were handed over have not ended.
    depth: usize,
    waiting: VecDeque<Waiting>,
    /// Bytes of findings in [`Self::waiting`].
    weight: usize,
    sites: BTreeMap<u32, Site>,
}

/// What waits to be reported.
enum Waiting {
    Opened { path: String },
    Member { member: Arc<Member>, place: usize },
    Closed(Closed),
}

/// A container: what its parts add up to.
struct Open {
    path: String,
    parts: Vec<(String, Verdict)>,
}

impl Containers {
    /// Whether a container has begun and not ended.
    pub(crate) fn is_open(&self) -> bool {
        self.depth > 0
    }

    pub(crate) fn opened(&mut self, path: String, site: u32) {
        self.depth += 1;
        self.sites.entry(site).or_default().open += 1;
        self.waiting.push_back(Waiting::Opened { path });
    }

    pub(crate) fn member(&mut self, member: Member) {
        let member = Arc::new(member);
        let place = self.sites.entry(member.site).or_default().add(&member);
        self.weight += weight(&member.found);
        self.waiting.push_back(Waiting::Member { member, place });
    }

    pub(crate) fn closed(&mut self, closed: Closed) {
        self.depth = self.depth.saturating_sub(1);
        if let Some(site) = self.sites.get_mut(&closed.site) {
            site.open = site.open.saturating_sub(1);
        }
        self.waiting.push_back(Waiting::Closed(closed));
    }

    /// Ends the containers whose ends will not come: their reader failed, or was told to stop.
    pub(crate) fn broken(&mut self, reason: GapReason, because: &str) {
        let mut paths: Vec<String> = self.open.iter().map(|open| open.path.clone()).collect();
        for waiting in &self.waiting {
            match waiting {
                Waiting::Opened { path } => paths.push(path.clone()),
                Waiting::Closed(_) => drop(paths.pop()),
                Waiting::Member { .. } => {}
            }
        }
        self.sites.values_mut().for_each(|site| site.open = 0);
        self.depth = 0;
        for path in paths.into_iter().rev() {
            let gaps = vec![Gap { reason, location: Location::Whole, because: because.to_owned() }];
            self.waiting.push_back(Waiting::Closed(Closed {
                path,
                site: u32::MAX,
                bytes: 0,
                sha256: None,
                gaps,
                offset: None,
            }));
        }
    }

    /// The next lines that can be written: those of one part, or of a container's end; and whether that is the end of a file.
    pub(crate) fn next(&mut self, settings: &Settings) -> Option<(Vec<Entry>, bool)> {
        loop {
            let is_ready = match self.waiting.front()? {
                Waiting::Member { member, .. } => {
                    let open = self.sites.get(&member.site).is_some_and(|site| site.open > 0);
                    !open || self.weight > MOST || !join::is_joined(&member.found)
                }
                _ => true,
            };
            if !is_ready {
                return None;
            }
            match self.waiting.pop_front()? {
                Waiting::Opened { path } => self.open.push(Open { path, parts: Vec::new() }),
                Waiting::Closed(closed) => {
                    let entry = self.end(closed, settings);
                    return Some((vec![entry], self.open.is_empty()));
                }
                Waiting::Member { member, place } => {
                    self.weight = self.weight.saturating_sub(weight(&member.found));
                    let entries = self.entries(&member, place, settings);
                    if let Some(site) = self.sites.get_mut(&member.site) {
                        site.forget(place);
                    }
                    if !entries.is_empty() {
                        return Some((entries, false));
                    }
                }
            }
        }
    }

    /// The lines of a part, the first of them with what it means together with others.
    fn entries(&mut self, member: &Member, place: usize, settings: &Settings) -> Vec<Entry> {
        let mut entries = member.found.entries.clone();
        let site = self.sites.get(&member.site);
        let joint = site.and_then(|site| join::joined(&member.found, &place, settings, site));
        if let Some(first) = entries.first_mut() {
            if let Some(verdict) = joint {
                first.verdict = verdict;
            }
            if let Some(open) = self.open.last_mut() {
                open.add(first, settings);
            }
        }
        entries
    }

    /// The line of a container.
    fn end(&mut self, closed: Closed, settings: &Settings) -> Entry {
        let Closed { path, site, bytes, sha256, gaps, offset } = closed;
        if self.sites.get(&site).is_some_and(|site| site.open == 0) {
            self.sites.remove(&site);
        }
        let own = Verdict { evidence: Vec::new(), gaps };
        let parts = self.open.pop().map(|open| open.parts).unwrap_or_default();
        let verdict = from_children(settings.rules, own, parts.iter().map(|(path, verdict)| (path.as_str(), verdict)));
        let kind = ArtifactKind::Container;
        let entry = Entry { path, offset, at: None, kind, sha256, bytes, verdict, elapsed: Duration::ZERO };
        match self.open.last_mut() {
            Some(around) => around.add(&entry, settings),
            None => self.sites.clear(),
        }
        entry
    }
}

impl Open {
    /// Adds a part, as far as it says anything about its container.
    fn add(&mut self, entry: &Entry, settings: &Settings) {
        if entry.verdict.level() > Level::Clean || !entry.verdict.is_complete() {
            self.parts.push((entry.path.clone(), entry.verdict.clone()));
        }
        if self.parts.len() >= PARTS {
            self.shed(settings.rules.evidence_per_container());
        }
    }

    /// Keeps those parts that a container's line could name: the heaviest, and the first that are incomplete.
    fn shed(&mut self, most: usize) {
        let mut order: Vec<usize> = (0..self.parts.len()).collect();
        order.sort_by_key(|&index| std::cmp::Reverse(self.parts[index].1.level()));
        order.truncate(most);
        let lost = (0..self.parts.len()).filter(|&index| !self.parts[index].1.is_complete()).take(most);
        order.extend(lost);
        order.sort_unstable();
        order.dedup();
        let mut kept = order.into_iter().peekable();
        let mut index = 0;
        self.parts.retain(|_| {
            let keep = kept.next_if_eq(&index).is_some();
            index += 1;
            keep
        });
    }
}
