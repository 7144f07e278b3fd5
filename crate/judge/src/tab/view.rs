//! What the popup shows: everything decided and counted, nothing left for it to work out.

use super::event::UnwatchedReason;
use super::finding::Finding;
use super::ledger::Budget;
use super::machine::Tab;
use super::page::{Page, Unwatched};
use super::phrase::{Phrase, Tone};
use super::preferences::{Preferences, Rulings};
use super::worker::{Worker, Workers};
use super::{badge, site};
use davy_model::{Action, ArtifactKind, Decision, Evidence, Gap, Level, Mode, Weight};
use serde::{Deserialize, Serialize};

/// What holds for the site of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum SiteDecision {
    /// Nobody decided: the default action of each level holds.
    #[default]
    Undecided,
    /// Allowed for this load.
    Once,
    /// Allowed until an hour after it was decided.
    Hour,
    /// The hour is over; what the page was let run while it lasted may run still.
    Over,
    /// Allowed for good.
    Always,
    /// Blocked for good, with what merely looks like mining.
    Blocked,
    /// Allowed by a policy.
    PolicyAllowed,
    /// Blocked by a policy, with what merely looks like mining.
    PolicyBlocked,
}

impl SiteDecision {
    /// What it means for whoever judges.
    pub(super) fn decision(self) -> Decision {
        match self {
            Self::Undecided | Self::Over => Decision::Undecided,
            Self::Once | Self::Hour | Self::Always | Self::PolicyAllowed => Decision::Allowed,
            Self::Blocked | Self::PolicyBlocked => Decision::Blocked,
        }
    }

    /// Whether code may run whatever it is.
    pub(super) fn is_allowed(self) -> bool {
        self.decision() == Decision::Allowed
    }

    /// Whether the person has no say in it.
    pub(super) fn is_of_policy(self) -> bool {
        matches!(self, Self::PolicyAllowed | Self::PolicyBlocked)
    }
}

/// Everything the popup shows of a tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct TabView {
    /// Host that decisions are made for; `None` where none can be made.
    pub site: Option<String>,
    /// Other hosts that a decision would cover: frames in which something was found.
    pub also: Vec<String>,
    /// The highest level found.
    pub level: Level,
    /// The verdict in a sentence.
    pub sentence: Phrase,
    /// How grave it is.
    pub tone: Tone,
    /// What held when the page was loaded.
    pub decision: SiteDecision,
    /// Whether *allow once* is offered.
    pub can_allow_once: bool,
    /// Whether *always allow* and *allow for an hour* are offered.
    pub can_allow_always: bool,
    /// Whether taking a decision back is offered: *block again* where it allows.
    pub can_block: bool,
    /// Whether *block on this site* is offered, with what merely looks like mining.
    pub can_forbid: bool,
    /// How strict the product is.
    pub mode: Mode,
    /// Algorithms that evidence of the highest level names, sorted.
    pub algorithms: Vec<String>,
    /// Modules and scripts kept from the page.
    pub blocked: u32,
    /// Requests and sockets kept from the page.
    pub blocked_requests: u32,
    /// Modules read.
    pub read: u32,
    /// What was found, heaviest first.
    pub findings: Vec<FindingView>,
    /// Findings that are counted but not listed.
    pub left_out: u32,
    /// Load of the workers.
    pub busy: BusyView,
    /// What is not watched.
    pub unwatched: Vec<Unwatched>,
    /// Whether watched code is paused.
    pub held: bool,
    /// Whether *pause* is offered.
    pub can_pause: bool,
    /// Whether *let it go on* is offered: what is paused goes on, or a budget that is spent is asked for no more today.
    pub can_resume: bool,
    /// What watched code has spent today, and what there is.
    pub budget: Option<Budget>,
    /// Workers that were ended because they could not be paused.
    pub ended: u32,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct FindingView {
    /// The artifact's path.
    pub path: String,
    /// Its kind.
    pub kind: ArtifactKind,
    /// Its length in bytes.
    pub bytes: u64,
    /// Host of the document that brought it, where that is another one than the page's.
    pub host: Option<String>,
    /// Its level.
    pub level: Level,
    /// What was done.
    pub action: Action,
    /// How often.
    pub count: u32,
    /// Algorithms that its evidence names.
    pub algorithms: Vec<String>,
    /// Those of them that its heaviest evidence names: what it is called by.
    pub named: Vec<String>,
    /// Why, heaviest first.
    pub evidence: Vec<Evidence>,
    /// What was not read.
    pub gaps: Vec<Gap>,
}

/// Load of the threads of a page: its workers, and the main threads of its frames.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct BusyView {
    /// Percent of one core, all threads together, in the last second known.
    pub now: u16,
    /// The same for each second of the last minute, oldest first.
    pub history: Vec<u16>,
    /// Each worker that did anything in the last minute, busiest first.
    pub workers: Vec<WorkerView>,
    /// Workers that found no place in the list.
    pub more: u32,
}

/// Load of one worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct WorkerView {
    /// Whether it is the main thread of a frame.
    pub main: bool,
    /// Its name or address.
    pub name: String,
    /// Percent of one core in the last second known.
    pub now: u8,
    /// The same for each second of the last minute, oldest first.
    pub history: Vec<u8>,
}

/// The view of a tab, known or not.
pub(super) fn of(tab: Option<&Tab>, rulings: &Rulings, at: u64) -> TabView {
    let page = tab.and_then(|tab| tab.page.as_ref());
    let (sentence, tone) = sentence(page, &rulings.preferences, at);
    let empty = Page::new("", "", false);
    let known = page.unwrap_or(&empty);
    let now = known.host.as_ref().map_or(SiteDecision::Undecided, |host| rulings.of(host, at));
    let undecided = known.decision.decision() == Decision::Undecided && now == SiteDecision::Undecided;
    let may_decide = known.host.is_some() && !now.is_of_policy();
    let may_write = may_decide && !known.private && rulings.book.has_room();
    let has_reason = known.level() >= Level::Suspicious || known.blocked > 0 || known.blocked_requests > 0;
    let can_allow = may_decide && undecided && has_reason;
    let mut findings: Vec<FindingView> = known.findings.iter().map(|f| finding(f, known)).collect();
    findings.sort_by_key(|f| std::cmp::Reverse((f.level, f.action)));
    TabView {
        site: known.host.clone(),
        also: known.hosts().into_iter().skip(1).collect(),
        level: known.level(),
        sentence,
        tone,
        decision: known.decision,
        can_allow_once: can_allow,
        can_allow_always: can_allow && may_write,
        can_block: may_decide && (!undecided || known.decision == SiteDecision::Over),
        can_forbid: may_write && undecided && known.level() >= Level::Notice,
        mode: rulings.preferences.mode,
        algorithms: algorithms(known),
        blocked: known.blocked,
        blocked_requests: known.blocked_requests,
        read: known.read,
        findings,
        left_out: known.left_out,
        busy: busy(&known.workers, at),
        unwatched: known.unwatched.clone(),
        held: known.hold.is_some(),
        can_pause: known.hold.is_none() && known.is_watched(),
        can_resume: known.hold.is_some() || known.asks,
        budget: known.budget,
        ended: known.ended,
    }
}

/// The verdict on a page in a sentence, and how grave it is.
pub(super) fn sentence(page: Option<&Page>, preferences: &Preferences, at: u64) -> (Phrase, Tone) {
    let Some(page) = page else { return (Phrase::new("verdictUnknown"), Tone::Blind) };
    if is_restricted(page) {
        return (Phrase::new("verdictRestricted"), Tone::Blind);
    }
    found(page).or_else(|| unseen(page)).or_else(|| worth_knowing(page, preferences, at)).unwrap_or_else(|| calm(page))
}

/// Something was found or stopped.
fn found(page: &Page) -> Option<(Phrase, Tone)> {
    let names = algorithms(page).join(", ");
    let named = |plain: &str| {
        if names.is_empty() { Phrase::new(plain) } else { Phrase::new(&format!("{plain}Named")).with(names.clone()) }
    };
    let mines = page.level() == Level::Mining;
    Some(if let Some(hold) = page.hold {
        let by_davy = if mines { "verdictHeldMining" } else { "verdictHeld" };
        (Phrase::new(if hold.by_person { "verdictHeldByPerson" } else { by_davy }), Tone::Warn)
    } else if mines && page.blocked > 0 {
        (named("verdictBlocked"), Tone::Stop)
    } else if page.blocked_requests > 0 {
        (Phrase::new("verdictPoolBlocked"), Tone::Stop)
    } else if page.blocked > 0 {
        (Phrase::new("verdictRefused"), Tone::Stop)
    } else if mines && page.decision.is_allowed() {
        (named("verdictAllowed"), Tone::Warn)
    } else if mines {
        (named("verdictMining"), Tone::Warn)
    } else if page.level() == Level::Suspicious {
        (named("verdictSuspicious"), Tone::Warn)
    } else {
        return None;
    })
}

/// The page as a whole is not watched.
fn unseen(page: &Page) -> Option<(Phrase, Tone)> {
    let withheld = page.unwatched.iter().any(|u| u.reason == UnwatchedReason::NoAccess);
    let sentence = if withheld { "verdictNoAccess" } else { "verdictReload" };
    is_unseen(page).then(|| (Phrase::new(sentence), Tone::Blind))
}

/// Nothing that mines was found, but something that a person may want to know.
fn worth_knowing(page: &Page, preferences: &Preferences, at: u64) -> Option<(Phrase, Tone)> {
    if let Some(budget) = page.budget.filter(|_| page.asks) {
        return Some((Phrase::new("verdictSpent").with((budget.spent / 1000).to_string()), Tone::Warn));
    }
    let load = format!("{:.0}", page.workers.average(at) * 100.0);
    if badge::is_high(page, preferences, at) {
        return Some((Phrase::new("verdictBusy").with(load), Tone::Warn));
    }
    if page.workers.is_steady(at) {
        return Some((Phrase::new("verdictSteady").with(load), Tone::Warn));
    }
    let names = algorithms(page).join(", ");
    match page.level() {
        Level::Notice if names.is_empty() => Some((Phrase::new("verdictNotice"), Tone::Note)),
        Level::Notice => Some((Phrase::new("verdictNoticeNamed").with(names), Tone::Note)),
        _ => None,
    }
}

/// Nothing that mines. What was not read or not watched to its end is never called clean.
fn calm(page: &Page) -> (Phrase, Tone) {
    if page.incomplete {
        (Phrase::new("verdictIncomplete"), Tone::Blind)
    } else if !page.unwatched.is_empty() {
        (Phrase::new("verdictPartly"), Tone::Blind)
    } else if page.read > 0 {
        (Phrase::new("verdictClean").with(page.read.to_string()), Tone::Calm)
    } else {
        (Phrase::new("verdictNothing"), Tone::Calm)
    }
}

/// Whether nothing of the page is watched, though it could be.
pub(super) fn is_unseen(page: &Page) -> bool {
    let unseen = [UnwatchedReason::OlderThanExtension, UnwatchedReason::Disconnected, UnwatchedReason::NoAccess];
    page.unwatched.iter().any(|u| unseen.contains(&u.reason))
}

/// Whether the browser keeps extensions out of the page.
pub(super) fn is_restricted(page: &Page) -> bool {
    page.unwatched.first().is_some_and(|u| u.reason == UnwatchedReason::Restricted)
}

/// Algorithms of the highest level found: a miner's page may hash for lawful reasons beside it.
fn algorithms(page: &Page) -> Vec<String> {
    let heaviest = page.findings.iter().filter(|f| f.verdict.level() == page.level());
    let mut names: Vec<String> = heaviest.flat_map(Finding::named).collect();
    names.sort();
    names.dedup();
    names
}

fn finding(finding: &Finding, page: &Page) -> FindingView {
    FindingView {
        path: finding.path.clone(),
        kind: finding.kind,
        bytes: finding.bytes,
        host: finding.host.clone().filter(|host| Some(host.as_str()) != site::host(&page.origin)),
        level: finding.verdict.level(),
        action: finding.action,
        count: finding.count,
        algorithms: finding.verdict.algorithms(),
        named: finding.named(),
        evidence: shown(&finding.verdict.evidence),
        gaps: finding.verdict.gaps.clone(),
    }
}

/// What a person reads: where an algorithm is named, weak evidence that names none adds nothing, and a sentence that says
/// that nothing was recognised would mislead.
fn shown(evidence: &[Evidence]) -> Vec<Evidence> {
    let is_named = evidence.iter().any(|e| !e.algorithms.is_empty());
    let adds = |e: &&Evidence| !is_named || e.weight > Weight::Weak || !e.algorithms.is_empty();
    evidence.iter().filter(adds).cloned().collect()
}

fn busy(workers: &Workers, at: u64) -> BusyView {
    let history = workers.sum(at);
    let mut list: Vec<WorkerView> = workers.list.iter().map(|w| worker(w, at)).collect();
    list.sort_by_key(|w| std::cmp::Reverse(w.now));
    BusyView { now: history.last().copied().unwrap_or_default(), history, workers: list, more: workers.more }
}

fn worker(worker: &Worker, at: u64) -> WorkerView {
    let history = worker.series(at);
    WorkerView {
        main: worker.id == 0,
        name: worker.name.clone(),
        now: history.last().copied().unwrap_or_default(),
        history,
    }
}
