//! Stories of what workers without hooks fetch.

use super::event::{Found, Sender, TabEvent, UnwatchedReason};
use super::limits::{FETCHED, FETCHED_URL};
use super::{Book, Fetched, Preferences, Reach, TabAction, Tabs, Trip};
use davy_model::{Action, ArtifactKind, Verdict};

const SCRIPT: &str = "https://site.example/shared.js";
const MODULE: &str = "https://cdn.example/code.wasm";

fn sender(id: u32, url: &str) -> Sender {
    Sender { frame: 0, document: format!("D{id}"), url: url.to_owned() }
}

fn tabs() -> Tabs {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    for (id, url) in [(1, "https://site.example/"), (2, "https://other.example/")] {
        let sender = sender(id, url);
        tabs.step(id, 1000, TabEvent::Committed { sender, parent: None, private: false, waiting: false });
    }
    tabs
}

fn fetched(url: &str, content_type: &str) -> Fetched {
    Fetched {
        tab: None,
        origin: "https://site.example".to_owned(),
        url: url.to_owned(),
        content_type: content_type.to_owned(),
        script: false,
    }
}

fn trip() -> Trip {
    Trip { tab: None, document: SCRIPT.to_owned(), source: SCRIPT.to_owned(), blocked: "wasm-eval".to_owned() }
}

/// Addresses that a tab is told to read.
fn read(actions: &[TabAction]) -> Vec<(u32, Vec<&str>)> {
    let of = |action| match action {
        &TabAction::InspectModules { tab, ref urls, .. } => Some((tab, urls.iter().map(String::as_str).collect())),
        _ => None,
    };
    actions.iter().filter_map(of).collect()
}

fn judged(action: Action) -> TabEvent {
    let verdict = Verdict { evidence: Vec::new(), gaps: Vec::new() };
    let found = Found { path: MODULE.to_owned(), kind: ArtifactKind::Wasm, bytes: 9, verdict, action };
    TabEvent::JudgedApart { sender: sender(1, "https://site.example"), found }
}

#[test]
fn what_was_fetched_before_and_after_a_worker_compiles_is_read_once() {
    let mut tabs = tabs();
    assert!(read(&tabs.fetched(&fetched(MODULE, "application/wasm"))).is_empty(), "nobody compiles");
    assert_eq!(read(&tabs.tripped(2000, &trip(), None)), [(1, vec![MODULE])]);
    let later = tabs.fetched(&fetched("https://site.example/late.wasm?1", ""));
    assert_eq!(read(&later), [(1, vec!["https://site.example/late.wasm?1"])]);
    assert!(read(&tabs.fetched(&fetched(MODULE, "application/wasm"))).is_empty(), "known");
    // What the origin has stored is looked through again each time.
    assert_eq!(read(&tabs.tripped(3000, &trip(), None)), [(1, vec![])]);
}

#[test]
fn scripts_that_workers_import_are_read_once_and_at_once() {
    let mut tabs = tabs();
    let script = Fetched { script: true, ..fetched("https://cdn.example/part.js", "text/javascript") };
    let actions = tabs.fetched(&script);
    let is_meant = |action: &TabAction| matches!(action, TabAction::Inspect { tab: 1, url, imported: true, .. } if *url == script.url);
    assert!(actions.len() == 1 && actions.iter().all(is_meant), "{actions:?}");
    assert!(tabs.fetched(&script).is_empty());
}

#[test]
fn texts_are_read_only_where_nothing_else_was_fetched() {
    let mut tabs = tabs();
    tabs.fetched(&fetched("https://site.example/a", "application/json; charset=utf-8"));
    assert_eq!(read(&tabs.tripped(2000, &trip(), None)), [(1, vec!["https://site.example/a"])]);
    assert_eq!(read(&tabs.fetched(&fetched("https://site.example/b", "image/png"))).len(), 1);
    assert!(read(&tabs.fetched(&fetched("https://site.example/c", "text/html"))).is_empty());
}

#[test]
fn a_flood_of_responses_hides_no_module() {
    let mut tabs = tabs();
    tabs.fetched(&fetched(MODULE, "application/wasm"));
    for i in 0..1000 {
        tabs.fetched(&fetched(&format!("https://site.example/{i}"), "image/png"));
    }
    let actions = tabs.tripped(2000, &trip(), None);
    let read = read(&actions);
    assert_eq!((read[0].1[0], read[0].1.len()), (MODULE, 1 + FETCHED));
    let long = format!("https://site.example/{}", "x".repeat(FETCHED_URL));
    assert!(tabs.fetched(&fetched(&long, "application/wasm")).is_empty());
}

#[test]
fn a_frame_that_has_started_such_a_worker_makes_its_tab_hold_it() {
    let mut tabs = tabs();
    let reason = UnwatchedReason::SharedWorker;
    let event = TabEvent::Unwatched { sender: sender(9, "https://site.example"), reason, detail: String::new() };
    tabs.step(2, 1500, event);
    tabs.fetched(&fetched(MODULE, "application/wasm"));
    assert_eq!(read(&tabs.tripped(2000, &trip(), None)), [(1, vec![MODULE]), (2, vec![MODULE])]);
}

#[test]
fn a_module_that_mines_has_the_scripts_refused_that_compile_at_its_origin() {
    let mut tabs = tabs();
    let refused = |actions: &[TabAction]| {
        actions.iter().filter(|action| matches!(action, TabAction::RefuseScript { url, .. } if url == SCRIPT)).count()
    };
    assert_eq!(refused(&tabs.step(1, 1500, judged(Action::Block))), 0, "nobody compiles");
    tabs.tripped(2000, &trip(), None);
    assert_eq!(refused(&tabs.step(1, 2500, judged(Action::Allow))), 0, "decided so");
    let actions = tabs.step(1, 3000, judged(Action::Block));
    assert_eq!(refused(&actions), 1);
    assert!(actions.contains(&TabAction::Reload { tab: 1 }));
    assert_eq!(tabs.refusal(1, SCRIPT).map(|found| found.path), Some(MODULE.to_owned()));
    assert_eq!(refused(&tabs.step(1, 3500, judged(Action::Block))), 0, "once");
}

#[test]
fn a_shared_worker_from_a_blob_is_taken_to_compile_and_its_module_is_refused() {
    let mut tabs = tabs();
    let (reason, detail) = (UnwatchedReason::SharedWorker, "blob:https://site.example/1-2".to_owned());
    tabs.step(1, 1500, TabEvent::Unwatched { sender: sender(1, "https://site.example"), reason, detail });
    assert_eq!(read(&tabs.fetched(&fetched(MODULE, "application/wasm"))), [(1, vec![MODULE])]);
    let actions = tabs.step(1, 3000, judged(Action::Block));
    let refused = actions.iter().find_map(|action| match action {
        TabAction::RefuseScript { url, reach, .. } => Some((url.as_str(), *reach)),
        _ => None,
    });
    assert_eq!(refused, Some((MODULE, Reach::Fetch)));
}

#[test]
fn what_a_tab_fetches_is_meant_for_no_other() {
    let mut tabs = tabs();
    let of_tab = |tab| Fetched { tab: Some(tab), ..fetched(MODULE, "application/wasm") };
    tabs.fetched(&of_tab(2));
    assert_eq!(read(&tabs.tripped(2000, &trip(), None)), [(1, vec![])]);
    assert_eq!(read(&tabs.fetched(&of_tab(1))), [(1, vec![MODULE])]);
}
