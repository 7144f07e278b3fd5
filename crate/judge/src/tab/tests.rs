//! Stories of tabs: what a person does, what a page does, what has to follow.

use super::event::{Choice, Found, Sender, TabEvent, UnwatchedReason, WorkerBusy};
use super::{Book, Preferences, SiteDecision, TabAction, Tabs, Tone, limits};
use davy_model::{Action, ArtifactKind, Evidence, Gap, GapReason, Level, Location, Mode, Verdict, Weight};

const TAB: u32 = 7;
const START: u64 = 1_000_000;

fn sender(frame: u32, document: &str, url: &str) -> Sender {
    Sender { frame, document: document.to_owned(), url: url.to_owned() }
}

fn commit(document: &str, url: &str) -> TabEvent {
    TabEvent::Committed { sender: sender(0, document, url), parent: None, private: false, waiting: false }
}

fn verdict(weight: Weight) -> Verdict {
    let evidence = Evidence {
        rule: "algorithm/cryptonight".to_owned(),
        weight,
        algorithms: vec!["cryptonight".to_owned()],
        location: Location::Function { index: 3, start: 100, end: 900 },
        because: "12 loads and stores go to addresses masked to 2 MiB".to_owned(),
    };
    Verdict { evidence: vec![evidence], gaps: Vec::new() }
}

fn found(path: &str, weight: Weight, action: Action) -> Found {
    Found { path: path.to_owned(), kind: ArtifactKind::Wasm, bytes: 61_440, verdict: verdict(weight), action }
}

fn judged(document: &str, url: &str, found: Found) -> TabEvent {
    TabEvent::Judged { sender: sender(u32::from(document != "A"), document, url), found }
}

fn miner() -> TabEvent {
    judged("A", "https://mine.example/", found("https://mine.example/m.wasm", Weight::Decisive, Action::Block))
}

fn busy(share: f64) -> TabEvent {
    let late = (share * 100.0) as u32;
    let worker =
        WorkerBusy { id: 1, name: "worker.js".to_owned(), span: 1000.0, samples: 100, late, ..WorkerBusy::default() };
    TabEvent::Busy { sender: sender(0, "A", "https://mine.example/"), main: None, workers: vec![worker] }
}

/// A tab in which a miner was blocked.
fn mining() -> Tabs {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, commit("A", "https://mine.example/page?user=1"));
    tabs.step(TAB, START + 5, miner());
    tabs
}

fn badge(actions: &[TabAction]) -> Option<&str> {
    actions.iter().find_map(|action| match action {
        TabAction::ShowBadge { badge, .. } => Some(badge.text.as_str()),
        _ => None,
    })
}

/// What the browser is held to where these hosts are allowed and those blocked.
fn enacted(allowed: &[&str], blocked: &[&str]) -> TabAction {
    let patterns = |hosts: &[&str]| hosts.iter().map(|host| format!("*://{host}/*")).collect();
    let hosts = allowed.iter().map(|&host| host.to_owned()).collect();
    let (allowed, blocked) = (patterns(allowed), patterns(blocked));
    TabAction::Enact { allowed, hosts, blocked, mode: Mode::Block, refuse: true }
}

#[test]
fn a_blocked_miner_shows_at_once() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    assert_eq!(badge(&tabs.step(TAB, START, commit("A", "https://mine.example/"))), Some(""));
    assert_eq!(badge(&tabs.step(TAB, START, miner())), Some("1"));
    assert_eq!(badge(&tabs.step(TAB, START, miner())), Some("2"));
    let view = tabs.view(TAB, START);
    assert_eq!((view.level, view.tone, view.blocked, view.read), (Level::Mining, Tone::Stop, 2, 2));
    assert_eq!(
        (view.sentence.key.as_str(), view.sentence.args.as_slice()),
        ("verdictBlockedNamed", &["cryptonight".to_owned()][..])
    );
    assert_eq!((view.findings.len(), view.findings[0].count), (1, 2));
    assert!(view.can_allow_once && view.can_allow_always && !view.can_block);
}

#[test]
fn a_socket_that_says_more_is_still_one_finding() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, commit("A", "https://mine.example/"));
    for (path, weight, action) in [
        ("wss://a.example/", Weight::Strong, Action::Budget),
        ("wss://b.example/", Weight::Moderate, Action::Budget),
        ("wss://a.example/", Weight::Decisive, Action::Block),
        ("wss://a.example/", Weight::Decisive, Action::Block),
    ] {
        let found = Found { kind: ArtifactKind::Websocket, ..found(path, weight, action) };
        tabs.step(TAB, START, judged("A", "https://mine.example/", found));
    }
    let view = tabs.view(TAB, START);
    let shown: Vec<_> = view.findings.iter().map(|f| (f.path.as_str(), f.level, f.count)).collect();
    assert_eq!(shown, [("wss://a.example/", Level::Mining, 2), ("wss://b.example/", Level::Notice, 1)]);
}

#[test]
fn an_unchanged_badge_is_not_shown_again() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, commit("A", "https://calm.example/"));
    assert_eq!(badge(&tabs.step(TAB, START, TabEvent::Tick)), None);
}

#[test]
fn a_clean_page_is_called_clean_only_when_all_was_read() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, commit("A", "https://calm.example/"));
    let mut clean = found("a.wasm", Weight::Weak, Action::Allow);
    clean.verdict = Verdict::default();
    tabs.step(TAB, START, judged("A", "https://calm.example/", clean.clone()));
    assert_eq!(tabs.view(TAB, START).sentence.key, "verdictClean");
    let because = "the module ends inside its code section".to_owned();
    clean.verdict.gaps.push(Gap { reason: GapReason::Truncated, location: Location::Whole, because });
    tabs.step(TAB, START, judged("A", "https://calm.example/", clean));
    let view = tabs.view(TAB, START);
    assert_eq!((view.sentence.key.as_str(), view.tone), ("verdictIncomplete", Tone::Blind));
    assert_eq!(view.findings.len(), 1, "the gap can be looked at");
}

#[test]
fn allow_once_permits_one_load_and_no_more() {
    let mut tabs = mining();
    let actions = tabs.step(TAB, START + 10, TabEvent::Decided { choice: Choice::Once });
    let matches = vec!["*://mine.example/*".to_owned()];
    let readmit = TabAction::Readmit { hosts: vec!["mine.example".to_owned()] };
    assert_eq!(actions[..3], [TabAction::PermitOnce { tab: TAB, matches }, readmit, TabAction::Reload { tab: TAB }]);
    assert!(actions.iter().any(|a| matches!(a, TabAction::Wake { .. })));

    tabs.step(TAB, START + 50, commit("B", "https://mine.example/page"));
    assert_eq!(tabs.view(TAB, START + 50).decision, SiteDecision::Once);
    let loaded = TabEvent::Completed { sender: sender(0, "B", "https://mine.example/page") };
    let actions = tabs.step(TAB, START + 90, loaded);
    assert_eq!(actions[0], TabAction::EndOnceScript { tab: TAB });
    assert!(tabs.view(TAB, START + 90).can_block);

    let actions = tabs.step(TAB, START + 200, commit("C", "https://mine.example/page"));
    assert_eq!(actions[0], TabAction::EndOnceRequests { tab: TAB });
    assert_eq!(tabs.view(TAB, START + 200).decision, SiteDecision::Undecided);
}

#[test]
fn allow_once_ends_when_the_tab_goes_elsewhere_or_closes() {
    let ended = [TabAction::EndOnceScript { tab: TAB }, TabAction::EndOnceRequests { tab: TAB }];
    for event in [commit("X", "https://other.example/"), TabEvent::Closed] {
        let mut tabs = mining();
        tabs.step(TAB, START + 10, TabEvent::Decided { choice: Choice::Once });
        assert_eq!(tabs.step(TAB, START + 20, event)[..2], ended);
    }
}

#[test]
fn allow_once_expires_when_no_load_follows() {
    let mut tabs = mining();
    tabs.step(TAB, START, TabEvent::Decided { choice: Choice::Once });
    let actions = tabs.step(TAB, START + limits::ONCE_MS, TabEvent::Tick);
    assert_eq!(actions[0], TabAction::EndOnceScript { tab: TAB });
    tabs.step(TAB, START + limits::ONCE_MS + 1, commit("B", "https://mine.example/"));
    assert_eq!(tabs.view(TAB, START + limits::ONCE_MS + 1).decision, SiteDecision::Undecided);
}

#[test]
fn a_page_that_never_ends_loading_keeps_its_permit_but_not_the_script() {
    let mut tabs = mining();
    tabs.step(TAB, START, TabEvent::Decided { choice: Choice::Once });
    tabs.step(TAB, START + 50, commit("B", "https://mine.example/"));
    let actions = tabs.step(TAB, START + limits::ONCE_MS, TabEvent::Tick);
    assert_eq!(actions[0], TabAction::EndOnceScript { tab: TAB });
    assert!(!actions.contains(&TabAction::EndOnceRequests { tab: TAB }));
}

#[test]
fn always_is_written_down_and_taken_back() {
    let mut tabs = mining();
    let actions = tabs.step(TAB, START, TabEvent::Decided { choice: Choice::Always });
    assert_eq!(actions[0], TabAction::SaveBook);
    assert_eq!(actions[1], enacted(&["mine.example"], &[]));
    assert_eq!(actions[2], TabAction::Reload { tab: TAB });

    let mut later = Tabs::new(tabs.book().clone(), Preferences::default());
    later.step(TAB, START, commit("B", "https://mine.example/"));
    assert_eq!(later.view(TAB, START).decision, SiteDecision::Always);
    let allowed = found("m.wasm", Weight::Decisive, Action::Allow);
    let actions =
        later.step(TAB, START, TabEvent::Judged { sender: sender(0, "B", "https://mine.example/"), found: allowed });
    assert_eq!(badge(&actions), Some("!"));
    assert_eq!(later.view(TAB, START).sentence.key, "verdictAllowedNamed");

    let actions = later.step(TAB, START, TabEvent::Decided { choice: Choice::Again });
    assert_eq!(actions[1], enacted(&[], &[]));
    assert!(later.book().sites.is_empty());
}

#[test]
fn a_decision_covers_frames_in_which_something_was_found() {
    let mut tabs = mining();
    let frame = "https://widget.example/f";
    let commit = TabEvent::Committed {
        sender: sender(4, "F", frame),
        parent: Some("A".to_owned()),
        private: false,
        waiting: false,
    };
    tabs.step(TAB, START, commit);
    tabs.step(TAB, START, judged("F", frame, found("w.wasm", Weight::Decisive, Action::Block)));
    let view = tabs.view(TAB, START);
    assert_eq!(view.also, ["widget.example"]);
    assert_eq!(view.findings.iter().filter_map(|f| f.host.as_deref()).collect::<Vec<_>>(), ["widget.example"]);
    tabs.step(TAB, START, TabEvent::Decided { choice: Choice::Always });
    assert_eq!(tabs.book().hosts(START), ["mine.example", "widget.example"]);
}

#[test]
fn a_private_window_writes_nothing_down() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    let sender = sender(0, "A", "https://mine.example/");
    tabs.step(TAB, START, TabEvent::Committed { sender, parent: None, private: true, waiting: false });
    tabs.step(TAB, START, miner());
    let view = tabs.view(TAB, START);
    assert!(view.can_allow_once && !view.can_allow_always);
    let actions = tabs.step(TAB, START, TabEvent::Decided { choice: Choice::Always });
    assert!(!actions.contains(&TabAction::SaveBook) && tabs.book().sites.is_empty());
}

#[test]
fn late_messages_of_a_left_page_are_dropped_and_early_ones_kept() {
    let mut tabs = mining();
    for document in ["B", "C", "D"] {
        tabs.step(TAB, START, commit(document, "https://calm.example/"));
    }
    tabs.step(TAB, START, miner());
    assert_eq!(tabs.view(TAB, START).level, Level::Clean);
    let early = TabEvent::Judged {
        sender: sender(0, "E", "https://mine.example/"),
        found: found("m", Weight::Decisive, Action::Block),
    };
    tabs.step(TAB, START, early);
    tabs.step(TAB, START, commit("E", "https://mine.example/"));
    assert_eq!(tabs.view(TAB, START).blocked, 1);
}

#[test]
fn going_back_shows_what_was_found_before() {
    let mut tabs = mining();
    tabs.step(TAB, START, commit("B", "https://calm.example/"));
    assert_eq!(tabs.view(TAB, START).level, Level::Clean);
    assert_eq!(badge(&tabs.step(TAB, START, commit("A", "https://mine.example/page"))), Some("1"));
}

#[test]
fn a_prerendered_page_speaks_only_when_it_is_shown() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, commit("Z", "https://calm.example/"));
    let waiting = TabEvent::Committed {
        sender: sender(9, "A", "https://mine.example/"),
        parent: None,
        private: false,
        waiting: true,
    };
    tabs.step(TAB, START, waiting);
    tabs.step(TAB, START, miner());
    assert_eq!(tabs.view(TAB, START).level, Level::Clean);
    tabs.step(TAB, START, commit("A", "https://mine.example/"));
    assert_eq!(tabs.view(TAB, START).level, Level::Mining);
}

#[test]
fn load_is_summed_second_by_second_and_fades() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, commit("A", "https://mine.example/"));
    for second in 1..=20 {
        tabs.step(TAB, START + second * 1000, busy(0.9));
    }
    let at = START + 20_000;
    let view = tabs.view(TAB, at);
    assert_eq!((view.busy.now, view.busy.history.len()), (90, limits::HISTORY));
    assert_eq!((view.busy.history[limits::HISTORY - 20], view.busy.history[limits::HISTORY - 21]), (90, 0));
    assert_eq!((view.sentence.key.as_str(), view.sentence.args.as_slice()), ("verdictBusy", &["90".to_owned()][..]));
    assert_eq!(badge(&tabs.step(TAB, at + 30_000, TabEvent::Tick)), Some(""));
    assert_eq!(tabs.view(TAB, at + 30_000).busy.now, 0);
    assert_eq!(tabs.view(TAB, at + 30_000).busy.history.iter().filter(|p| **p == 90).count(), 20);
}

#[test]
fn absurd_loads_and_clocks_do_no_harm() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, commit("A", "https://mine.example/"));
    for (at, share) in [(u64::MAX, f64::NAN), (0, f64::INFINITY), (START, -1.0), (u64::MAX / 2, 1e300)] {
        tabs.step(TAB, at, busy(share));
        assert!(tabs.view(TAB, at).busy.now <= 100);
    }
}

#[test]
fn a_flood_stays_within_bounds_and_hides_nothing() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, commit("A", "https://mine.example/"));
    for n in 0..500 {
        let noise = found(&format!("{n}{}", "x".repeat(5000)), Weight::Moderate, Action::Allow);
        tabs.step(TAB, START, judged("A", "https://mine.example/", noise));
        let unwatched = TabEvent::Unwatched {
            sender: sender(n + 1, &format!("D{n}"), "https://f.example/"),
            reason: UnwatchedReason::Worker,
            detail: "y".repeat(5000),
        };
        tabs.step(TAB, START, unwatched);
    }
    tabs.step(TAB, START, miner());
    let view = tabs.view(TAB, START);
    assert_eq!((view.level, view.findings.len()), (Level::Mining, limits::FINDINGS));
    assert_eq!(view.findings[0].level, Level::Mining);
    assert_eq!(view.unwatched[0].count, 500);
    let saved = tabs.saved(TAB).and_then(|tab| postcard::to_allocvec(tab).ok()).map(|bytes| bytes.len());
    assert!(saved.is_some_and(|bytes| bytes < 64 * 1024), "{saved:?}");
}

#[test]
fn tabs_older_than_the_extension_say_so_until_they_load() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    let present = TabEvent::Present { url: "https://old.example/".to_owned(), private: false };
    tabs.step(TAB, START, present.clone());
    assert_eq!(tabs.view(TAB, START).sentence.key, "verdictReload");
    tabs.step(TAB, START, commit("A", "https://old.example/"));
    tabs.step(TAB, START, present);
    assert_eq!(tabs.view(TAB, START).sentence.key, "verdictNothing");
    tabs.step(TAB, START, commit("B", "chrome://settings/"));
    assert_eq!(tabs.view(TAB, START).sentence.key, "verdictRestricted");
    assert!(!tabs.view(TAB, START).can_allow_once);
}

#[test]
fn a_pool_request_counts_apart_from_code() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, commit("A", "https://mine.example/"));
    let mut request = found("wss://pool.example/proxy", Weight::Strong, Action::Block);
    request.kind = ArtifactKind::Websocket;
    let sender = sender(0, "A", "https://mine.example/");
    tabs.step(TAB, START, TabEvent::Judged { sender: sender.clone(), found: request.clone() });
    tabs.step(TAB, START, TabEvent::Refused { sender, found: request });
    let view = tabs.view(TAB, START);
    assert_eq!((view.blocked, view.blocked_requests, view.read), (0, 1, 0));
    assert_eq!((view.sentence.key.as_str(), view.tone), ("verdictPoolBlocked", Tone::Stop));
}

#[test]
fn a_report_names_the_origin_and_nothing_more_of_the_address() {
    let report = mining().report(TAB, "2026-11-23.abcd");
    assert_eq!(report.page, "https://mine.example");
    assert_eq!((report.schema.as_str(), report.findings[0].level), ("davy.report/1", Level::Mining));
    assert_eq!(Tabs::new(Book::default(), Preferences::default()).report(TAB, "v").findings, []);
}

#[test]
fn hosts_are_read_as_the_browser_writes_them() {
    let cases = [
        ("https://a.example:8443/x?y#z", Some("a.example")),
        ("http://user:pw@a.example/", Some("a.example")),
        ("http://[::1]:8080/", Some("[::1]")),
        ("wss://pool.example", Some("pool.example")),
        ("blob:https://a.example/uuid", Some("a.example")),
        ("chrome://settings/", None),
        ("about:srcdoc", None),
        ("null", None),
        ("https://*/", None),
        ("", None),
    ];
    for (url, host) in cases {
        assert_eq!(super::site::host(url), host, "{url}");
    }
}

#[test]
fn a_part_that_is_not_watched_hides_neither_load_nor_findings() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    let sender = sender(0, "A", "https://mine.example/");
    tabs.step(TAB, START, commit("A", "https://mine.example/"));
    let unwatched = TabEvent::Unwatched { sender, reason: UnwatchedReason::ServiceWorker, detail: "sw.js".to_owned() };
    tabs.step(TAB, START, unwatched);
    assert_eq!(tabs.view(TAB, START).sentence.key, "verdictPartly");
    for second in 1..=10 {
        tabs.step(TAB, START + second * 1000, busy(1.0));
    }
    assert_eq!(tabs.view(TAB, START + 10_000).sentence.key, "verdictBusy");
    assert_eq!(badge(&tabs.step(TAB, START + 10_000, miner())), Some("1"));
}

#[test]
fn a_hash_core_and_a_pools_socket_are_mining_together() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, commit("A", "https://dual.example/"));
    let mut core = found("https://dual.example/sha.wasm", Weight::Moderate, Action::Budget);
    core.verdict.evidence[0].rule = "behaviour/hash-core".to_owned();
    core.verdict.evidence[0].algorithms = vec!["sha256".to_owned()];
    tabs.step(TAB, START + 1, judged("A", "https://dual.example/", core));
    assert_eq!(tabs.view(TAB, START + 1).level, Level::Notice);
    let mut socket = found("wss://relay.example/?pool=x", Weight::Strong, Action::Budget);
    socket.kind = ArtifactKind::Websocket;
    socket.verdict.evidence[0].rule = "protocol/pool-login".to_owned();
    socket.verdict.evidence[0].algorithms.clear();
    tabs.step(TAB, START + 2, judged("A", "https://dual.example/", socket.clone()));
    tabs.step(TAB, START + 3, judged("A", "https://dual.example/", socket));
    let view = tabs.view(TAB, START + 3);
    assert_eq!((view.level, view.tone, view.sentence.key.as_str()), (Level::Mining, Tone::Warn, "verdictHeldMining"));
    assert_eq!((view.findings.len(), view.findings[0].kind), (3, ArtifactKind::Page));
    assert_eq!(view.findings[0].evidence[0].rule, "page/pool-and-hash");
}

/// A page with a search on the graphics card and a pool's socket: what follows from each step.
fn graphics(tabs: &mut Tabs) -> Vec<Vec<String>> {
    let of = |kind, path: &str, rule: &str| {
        let mut found = Found { kind, ..found(path, Weight::Strong, Action::Budget) };
        found.verdict.evidence[0].rule = rule.to_owned();
        found
    };
    let shader = || of(ArtifactKind::Shader, "https://mine.example/", "behaviour/shader-search");
    let socket = of(ArtifactKind::Websocket, "wss://relay.example/", "protocol/pool-login");
    let halted = |actions: Vec<TabAction>| {
        let documents = actions.into_iter().find_map(|action| match action {
            TabAction::Halt { documents, .. } => Some(documents),
            _ => None,
        });
        documents.unwrap_or_default()
    };
    let url = "https://mine.example/";
    let events = [shader(), socket.clone(), socket, shader()].map(|found| judged("A", url, found));
    events.into_iter().map(|event| halted(tabs.step(TAB, START, event))).collect()
}

#[test]
fn a_search_on_the_graphics_card_is_halted_once_the_page_mines() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, commit("A", "https://mine.example/"));
    let a = || vec!["A".to_owned()];
    assert_eq!(graphics(&mut tabs), [vec![], a(), vec![], a()], "and again with each shader");
    let view = tabs.view(TAB, START);
    assert_eq!((view.blocked, view.sentence.key.as_str()), (1, "verdictBlockedNamed"));
}

#[test]
fn what_a_person_allowed_is_not_halted() {
    let mut tabs = mining();
    tabs.step(TAB, START, TabEvent::Decided { choice: Choice::Always });
    let mut tabs = Tabs::new(tabs.book().clone(), Preferences::default());
    tabs.step(TAB, START, commit("A", "https://mine.example/"));
    assert!(graphics(&mut tabs).iter().all(Vec::is_empty));
}
