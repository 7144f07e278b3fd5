//! One page of a tab: what was found in it and in its frames, until another page takes its place.

use super::brake::Hold;
use super::event::{Found, Sender, UnwatchedReason};
use super::finding::Finding;
use super::ledger::Budget;
use super::limits::{FINDINGS, FRAMES, HOSTS, UNWATCHED};
use super::site;
use super::text::clip;
use super::view::SiteDecision;
use super::worker::Workers;
use crate::{RuleSet, judge_page};
use davy_model::{Action, ArtifactKind, Level, Verdict};
use serde::{Deserialize, Serialize};

/// What is known of one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Page {
    /// The browser's identifier of its document; empty when the page is older than the extension.
    pub document: String,
    /// Origin of its address.
    pub origin: String,
    /// Host that decisions are made for; `None` where none can be made.
    pub host: Option<String>,
    /// Whether it belongs to a private window.
    pub private: bool,
    /// What held for it when it was loaded.
    pub decision: SiteDecision,
    /// Documents of its frames.
    pub frames: Vec<String>,
    /// What was found, heaviest first.
    pub findings: Vec<Finding>,
    /// Findings that gave way to heavier ones.
    pub left_out: u32,
    /// Modules read.
    pub read: u32,
    /// Modules and scripts kept from the page.
    pub blocked: u32,
    /// Requests and sockets kept from the page.
    pub blocked_requests: u32,
    /// Whether something could not be read to its end.
    pub incomplete: bool,
    /// Its workers.
    pub workers: Workers,
    /// What is not watched.
    pub unwatched: Vec<Unwatched>,
    /// Lines that it has written to the log.
    pub logged: u8,
    /// What is paused, and since when.
    #[serde(default)]
    pub hold: Option<Hold>,
    /// The budget of its watched code, when it last spent of it.
    #[serde(default)]
    pub budget: Option<Budget>,
    /// Whether that is spent, and the person is asked.
    #[serde(default)]
    pub asks: bool,
    /// Workers that were ended because they could not be paused.
    #[serde(default)]
    pub ended: u32,
}

/// Something that is not watched, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Unwatched {
    /// Why.
    pub reason: UnwatchedReason,
    /// The first example; may be empty.
    pub detail: String,
    /// How many.
    pub count: u32,
}

impl Page {
    /// A page about which nothing is known yet.
    pub(super) fn new(document: &str, url: &str, private: bool) -> Self {
        let mut page = Self {
            document: clip(document),
            origin: clip(&site::origin(url)),
            host: site::host(url).map(str::to_owned),
            private,
            decision: SiteDecision::Undecided,
            frames: Vec::new(),
            findings: Vec::new(),
            left_out: 0,
            read: 0,
            blocked: 0,
            blocked_requests: 0,
            incomplete: false,
            workers: Workers::default(),
            unwatched: Vec::new(),
            logged: 0,
            hold: None,
            budget: None,
            asks: false,
            ended: 0,
        };
        if !site::is_reachable(url) {
            page.unwatched(UnwatchedReason::Restricted, "");
        }
        page
    }

    /// The highest level found.
    pub(super) fn level(&self) -> Level {
        self.findings.iter().map(|f| f.verdict.level()).max().unwrap_or_default()
    }

    /// Hosts that a decision for this page has to cover: its own, and those of frames in which something was found.
    pub(super) fn hosts(&self) -> Vec<String> {
        let Some(host) = &self.host else { return Vec::new() };
        let mut hosts = vec![host.clone()];
        for other in self.findings.iter().filter_map(|f| f.host.as_ref()) {
            if hosts.len() < HOSTS && !hosts.contains(other) {
                hosts.push(other.clone());
            }
        }
        hosts
    }

    /// Whether the document is this page or one of its frames.
    pub(super) fn holds(&self, document: &str) -> bool {
        self.document == document || self.frames.iter().any(|f| f == document)
    }

    /// Remembers a frame's document.
    pub(super) fn add_frame(&mut self, document: &str) {
        if self.holds(document) {
            return;
        }
        if self.frames.len() == FRAMES {
            self.frames.remove(0);
        }
        self.frames.push(clip(document));
    }

    /// Takes in what was read.
    pub(super) fn judged(&mut self, sender: &Sender, found: Found) {
        let is_request = matches!(found.kind, ArtifactKind::Request | ArtifactKind::Websocket);
        let counter = if is_request { &mut self.blocked_requests } else { &mut self.blocked };
        *counter = counter.saturating_add(u32::from(found.action == Action::Block));
        self.read = self.read.saturating_add(u32::from(found.kind == ArtifactKind::Wasm));
        self.incomplete |= !found.verdict.is_complete();
        // A frame without a host of its own (srcdoc, data:, sandboxed) belongs to the page that holds it.
        let host = site::host(&sender.url).or(self.host.as_deref());
        if let Some(finding) = Finding::new(found, host) {
            self.keep(finding);
            self.join();
        }
    }

    /// What the findings mean together is a finding of its own, about the page. The code already runs then: the person
    /// is told, the sockets' own verdicts have stopped what they could, and the graphics card can be halted.
    fn join(&mut self) {
        let was_halted = self.is_halted();
        self.findings.retain(|f| f.kind != ArtifactKind::Page);
        let parts = self.findings.iter().map(|f| (f.path.as_str(), &f.verdict));
        let evidence = judge_page(RuleSet::builtin(), parts);
        let verdict = Verdict { evidence, gaps: Vec::new() };
        let action = if self.halts(&verdict) { Action::Block } else { Action::Warn };
        self.blocked = self.blocked.saturating_add(u32::from(action == Action::Block && !was_halted));
        let found = Found { path: self.origin.clone(), kind: ArtifactKind::Page, bytes: 0, verdict, action };
        if let Some(finding) = Finding::new(found, self.host.as_deref()) {
            self.keep(finding);
        }
    }

    /// Whether a verdict on the whole page stops what it has on the graphics card: something there looks like mining.
    fn halts(&self, verdict: &Verdict) -> bool {
        let searches = |f: &Finding| f.kind == ArtifactKind::Shader && f.verdict.level() >= Level::Suspicious;
        !self.decision.is_allowed() && verdict.level() == Level::Mining && self.findings.iter().any(searches)
    }

    /// Whether the page was found to mine on the graphics card, and is halted there.
    pub(super) fn is_halted(&self) -> bool {
        self.findings.iter().any(|f| f.kind == ArtifactKind::Page && f.action == Action::Block)
    }

    /// Its own document and those of its frames.
    pub(super) fn documents(&self) -> Vec<String> {
        std::iter::once(&self.document).chain(&self.frames).filter(|document| !document.is_empty()).cloned().collect()
    }

    /// Whether a socket to this address was stopped before: by a hook, which counts every attempt.
    pub(super) fn has_stopped(&self, found: &Found) -> bool {
        let path = clip(&found.path);
        let is_same = |f: &Finding| f.kind == found.kind && f.action == Action::Block && f.path == path;
        found.kind == ArtifactKind::Websocket && self.findings.iter().any(is_same)
    }

    fn keep(&mut self, finding: Finding) {
        self.findings.retain(|f| !finding.supersedes(f));
        if let Some(same) = self.findings.iter_mut().find(|f| f.is_same(&finding)) {
            same.count = same.count.saturating_add(1);
            return;
        }
        let place = self.findings.partition_point(|f| f.rank() >= finding.rank());
        self.findings.insert(place, finding);
        if self.findings.len() > FINDINGS {
            self.findings.truncate(FINDINGS);
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// Takes in that something is not watched.
    pub(super) fn unwatched(&mut self, reason: UnwatchedReason, detail: &str) {
        if let Some(same) = self.unwatched.iter_mut().find(|u| u.reason == reason) {
            same.count = same.count.saturating_add(1);
        } else if self.unwatched.len() < UNWATCHED {
            self.unwatched.push(Unwatched { reason, detail: clip(detail), count: 1 });
        }
    }
}
