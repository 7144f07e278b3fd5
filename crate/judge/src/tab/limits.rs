//! Bounds of what a tab remembers. Pages are hostile and may report without end; `storage.session` holds 10 MiB in all.

/// Findings kept for one page; lighter ones give way to heavier ones. A page with more modules than this is told by
/// the count of those left out.
pub const FINDINGS: usize = 24;
/// Pieces of evidence, and gaps, kept for one finding: what a person can still read.
pub const EVIDENCE: usize = 8;
/// Algorithms kept for one piece of evidence.
pub const ALGORITHMS: usize = 16;
/// Characters kept of any text that came from a page (a path, a sentence, a worker's name).
pub const TEXT: usize = 300;
/// Workers whose load is shown one by one; a page with more is told by the count of the others, and their load still
/// enters the sum of those shown only when a place becomes free.
pub const WORKERS: usize = 32;
/// One sample a second: the last minute.
pub const HISTORY: usize = 60;
/// A report of load covers the time since the one before, up to this many seconds; further back nothing is known.
pub const COVERED_SECONDS: u64 = 5;
/// Documents of sub-frames that are remembered, so that a late message finds its page.
pub const FRAMES: usize = 128;
/// Pages of one tab that are kept beside the current one: a step back, a prerendered page.
pub const OTHER_PAGES: usize = 2;
/// Kinds of things that are not watched, each with an example, for one page.
pub const UNWATCHED: usize = 8;
/// Sites that a person can allow for good. One match pattern each; far beyond use, far below what Chromium accepts.
pub const SITES: usize = 1000;
/// Hosts that one decision may cover: the page's own and those of its frames in which something was found.
pub const HOSTS: usize = 8;
/// Longest time, in milliseconds, that *allow once* waits for the load it is meant for: shorter than the 30 s after
/// which an idle service worker is ended, so that its own timer still fires.
pub const ONCE_MS: u64 = 20_000;
/// How long *allow for an hour* lasts, in milliseconds.
pub const HOUR_MS: u64 = 60 * 60 * 1000;
/// Lines that one page may write to the log: it shows what kind of page it is long before.
pub const LOGGED: u8 = 12;
/// Hosts that a tab remembers having told of by a notification.
pub const TOLD: usize = 16;
/// Longest name of a host, as the domain name system has it.
pub const HOST: usize = 253;
/// Share of one core (0.5 = half a core), averaged over [`BUSY_SECONDS`], from which the badge shows the load unless a
/// person sets another. It changes no verdict: it only says what the task manager would.
pub const BUSY_SHARE: f64 = 0.5;
/// Seconds over which the load shown by the badge is averaged.
pub const BUSY_SECONDS: usize = 10;
/// Milliseconds of a day, after which budgets begin anew.
pub const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// CPU time a day for code that hashes and shows nothing more: the design's figure, far above what a proof-of-work captcha
/// or a password takes and far below what a miner needs.
pub const NOTICE_BUDGET_MS: u64 = 60_000;
/// CPU time a day for code that looks like mining: the design's figure, enough for a captcha that is built like a miner;
/// nothing is earned with it.
pub const SUSPICIOUS_BUDGET_MS: u64 = 5_000;
/// Sites with an account in the ledger: a day's browsing meets a handful that hash.
pub const ACCOUNTS: usize = 512;
/// The ledger is written at most this often, in milliseconds, unless something follows from it: what is lost when the
/// browser is killed in between is less than the smallest budget.
pub const LEDGER_MS: u64 = 4_000;
/// How long a worker may go on without a word after it was told to pause, in milliseconds, before it is ended. One that
/// can be paused at all comes to the end of a call or of a task sooner.
pub const UNYIELDING_MS: u64 = 3_000;
/// A look at the processor, or a thread's report, speaks for this long, in milliseconds.
pub const FRESH_MS: u64 = 5_000;
/// By how much the processor's own figures may lag behind or miss: a tenth, and a tenth of a core.
pub const SLACK_SHARE: f64 = 0.1;
/// See [`SLACK_SHARE`].
pub const SLACK_CORES: f64 = 0.1;
/// A load from this share of a core on counts as steady while it lasts: a miner that is to earn anything takes more, a
/// page at rest less than half of it (0.05 is the bound for one).
pub const STEADY_SHARE: f64 = 0.1;
/// After so many milliseconds a steady load is shown, however low: a page that works on something is done before, one
/// that mines is not.
pub const STEADY_MS: u64 = 90_000;
/// From this share of all cores on the processor is full at moments, and idle threads run late.
pub const FULL_SHARE: f64 = 0.4;
/// Looks over which the lateness of an idle thread is averaged: a second has some 14 moments.
pub const CHANCE_LOOKS: f64 = 5.0;
/// An idle thread's lateness counts up to this share. Pages could keep the extension's own thread busy.
pub const MOST_CHANCE: f64 = 0.5;
/// Where idle threads run late, a second's share up to this is chance.
pub const CHANCE_SHARE: f64 = 0.15;
/// Scripts of workers without hooks that a tab remembers having looked into, or having refused.
pub const APART: usize = 32;
/// Responses to workers without a tab that a tab remembers, of each rank: what they fetch before they compile is loaded in
/// a burst, and each is read once more when they do.
pub const FETCHED: usize = 16;
/// Longest address of such a response, in bytes: long enough for signed ones.
pub const FETCHED_URL: usize = 2048;
/// Where the processor is full and idle threads run late for a share of the moments, a steady load begins higher by so many
/// times that share: measured on a crowded machine, two workers at rest in a hidden tab read 0.66 core.
pub const STEADY_DOUBT: f64 = 2.0;
