//! Stories of workers that no hook reaches.

use super::event::{Choice, Found, Sender, TabEvent, UnwatchedReason};
use super::{Book, Preferences, Reach, TabAction, Tabs, Trip};
use davy_model::{Action, ArtifactKind, Evidence, Level, Location, Mode, Verdict, Weight};

const SCRIPT: &str = "https://site.example/shared.js";

fn tab(preferences: Preferences) -> Tabs {
    let mut tabs = Tabs::new(Book::default(), preferences);
    for (id, url) in [(1, "https://site.example/"), (2, "https://other.example/"), (3, "https://site.example/b")] {
        let sender = Sender { frame: 0, document: format!("D{id}"), url: url.to_owned() };
        tabs.step(id, 1000, TabEvent::Committed { sender, parent: None, private: false, waiting: false });
    }
    tabs
}

fn trip(blocked: &str, source: &str) -> Trip {
    Trip { tab: None, document: SCRIPT.to_owned(), source: source.to_owned(), blocked: blocked.to_owned() }
}

fn mining(kind: ArtifactKind, path: &str) -> Found {
    let evidence = Evidence {
        rule: "protocol/pool-host".to_owned(),
        weight: Weight::Decisive,
        algorithms: Vec::new(),
        location: Location::Whole,
        because: "because".to_owned(),
    };
    let verdict = Verdict { evidence: vec![evidence], gaps: Vec::new() };
    Found { path: path.to_owned(), kind, bytes: 1, verdict, action: Action::Block }
}

fn inspected(actions: &[TabAction]) -> Vec<u32> {
    let of = |action: &TabAction| match action {
        TabAction::Inspect { tab, url, .. } if url == SCRIPT => Some(*tab),
        _ => None,
    };
    actions.iter().filter_map(of).collect()
}

#[test]
fn a_worker_that_compiles_without_hooks_is_looked_into_once_by_every_page_of_its_host() {
    let mut tabs = tab(Preferences::default());
    assert_eq!(inspected(&tabs.tripped(2000, &trip("wasm-eval", SCRIPT), None)), [1, 3]);
    assert!(inspected(&tabs.tripped(2000, &trip("wasm-eval", SCRIPT), None)).is_empty());
    assert_eq!(tabs.view(1, 2000).unwatched[0].reason, UnwatchedReason::Apart);
    assert!(tabs.view(2, 2000).unwatched.is_empty());
}

#[test]
fn what_the_hooks_compile_and_what_is_only_evaluated_trips_nothing() {
    let mut tabs = tab(Preferences::default());
    for (blocked, source) in [("wasm-eval", "chrome-extension"), ("eval", SCRIPT), ("", ""), ("inline", SCRIPT)] {
        assert!(tabs.tripped(2000, &trip(blocked, source), None).is_empty(), "{blocked}");
    }
    let nowhere = Trip { document: "about".to_owned(), source: "x".to_owned(), ..trip("wasm-eval", "") };
    assert!(tabs.tripped(2000, &nowhere, None).is_empty());
}

#[test]
fn a_worker_whose_socket_leads_to_a_pool_is_loaded_no_more() {
    let mut tabs = tab(Preferences::default());
    let socket = mining(ArtifactKind::Websocket, "wss://pool.example/");
    let actions = tabs.tripped(2000, &trip("wss://pool.example/", SCRIPT), Some(&socket));
    for tab in [1, 3] {
        let documents = vec![format!("D{tab}")];
        let (url, reach) = (SCRIPT.to_owned(), Reach::Script);
        assert!(actions.contains(&TabAction::RefuseScript { tab, documents, url, reach }));
        assert!(actions.contains(&TabAction::Reload { tab }));
    }
    let again = tabs.tripped(3000, &trip("wss://pool.example/", SCRIPT), Some(&socket));
    assert!(!again.contains(&TabAction::Reload { tab: 1 }), "once is enough");
    assert_eq!(tabs.refusal(1, SCRIPT).map(|found| found.path), Some("wss://pool.example/".to_owned()));
    assert!(tabs.refusal(2, SCRIPT).is_none());
    assert_eq!((tabs.view(1, 3000).level, tabs.view(2, 3000).level), (Level::Mining, Level::Clean));
}

#[test]
fn a_script_that_mines_apart_is_refused_and_its_page_loaded_again_once() {
    let mut tabs = tab(Preferences::default());
    let sender = || Sender { frame: 0, document: "D1".to_owned(), url: "https://site.example".to_owned() };
    let event = || TabEvent::JudgedApart { sender: sender(), found: mining(ArtifactKind::Script, SCRIPT) };
    let actions = tabs.step(1, 2000, event());
    assert!(actions.contains(&TabAction::Reload { tab: 1 }));
    assert!(!tabs.step(1, 2000, event()).contains(&TabAction::Reload { tab: 1 }));
    let allowed = Found { action: Action::Allow, ..mining(ArtifactKind::Script, "https://site.example/other.js") };
    let actions = tabs.step(1, 2000, TabEvent::JudgedApart { sender: sender(), found: allowed });
    assert!(!actions.contains(&TabAction::Reload { tab: 1 }));
}

#[test]
fn a_product_that_only_watches_refuses_no_worker() {
    let mut tabs = tab(Preferences { mode: Mode::Audit, ..Preferences::default() });
    let socket = mining(ArtifactKind::Websocket, "wss://pool.example/");
    let actions = tabs.tripped(2000, &trip("wss://pool.example/", SCRIPT), Some(&socket));
    assert!(!actions.iter().any(|action| matches!(action, TabAction::RefuseScript { .. } | TabAction::Reload { .. })));
}

#[test]
fn a_host_that_keeps_coming_with_other_addresses_has_more_refused_each_time() {
    let mut tabs = tab(Preferences::default());
    let sender = || Sender { frame: 0, document: "D1".to_owned(), url: "https://site.example".to_owned() };
    let mut reaches = Vec::new();
    for i in 0..5 {
        let found = mining(ArtifactKind::Script, &format!("{SCRIPT}?{i}"));
        for action in tabs.step(1, 2000 + i, TabEvent::JudgedApart { sender: sender(), found }) {
            if let TabAction::RefuseScript { reach, .. } = action {
                reaches.push(reach);
            }
        }
    }
    assert_eq!(reaches, [Reach::Script, Reach::Path, Reach::Path, Reach::Host, Reach::Host]);
}

#[test]
fn what_a_person_allows_is_loaded_again() {
    let mut tabs = tab(Preferences::default());
    let sender = || Sender { frame: 0, document: "D1".to_owned(), url: "https://site.example".to_owned() };
    let event = || TabEvent::JudgedApart { sender: sender(), found: mining(ArtifactKind::Script, SCRIPT) };
    tabs.step(1, 2000, event());
    let readmit = TabAction::Readmit { hosts: vec!["site.example".to_owned()] };
    assert!(!tabs.step(1, 2100, TabEvent::Decided { choice: Choice::Again }).contains(&readmit));
    assert!(tabs.step(1, 2200, TabEvent::Decided { choice: Choice::Once }).contains(&readmit));
    assert!(tabs.refusal(1, SCRIPT).is_none());
    tabs.step(1, 2300, TabEvent::Decided { choice: Choice::Again });
    assert!(tabs.step(1, 2400, event()).contains(&TabAction::Reload { tab: 1 }), "refused anew");
}
