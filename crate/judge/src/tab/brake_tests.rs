//! Stories of load in virtual time: what is shown, what is charged, what is paused, and what goes on.

use super::event::{Choice, Found, MainBusy, Sender, TabEvent, WorkerBusy};
use super::{Book, Preferences, TabAction, Tabs, Ticks, Tone, limits};
use davy_model::{Action, ArtifactKind, Evidence, Level, Location, Verdict, Weight};

const TAB: u32 = 3;
const NOON: u64 = 20_000 * limits::DAY_MS + limits::DAY_MS / 2;
const SITE: &str = "https://site.example/";
const FRAME: &str = "https://miner.example/";

fn sender(document: &str, url: &str) -> Sender {
    Sender { frame: u32::from(document != "A"), document: document.to_owned(), url: url.to_owned() }
}

fn open(tabs: &mut Tabs, at: u64) {
    let event = TabEvent::Committed { sender: sender("A", SITE), parent: None, private: false, waiting: false };
    tabs.step(TAB, at, event);
}

/// A tab that shows the site with a frame in it.
fn tab() -> Tabs {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    open(&mut tabs, NOON);
    let parent = Some("A".to_owned());
    tabs.step(TAB, NOON, TabEvent::Committed { sender: sender("F", FRAME), parent, private: false, waiting: false });
    tabs
}

fn found(document: &str, url: &str, kind: ArtifactKind, rule: &str, weight: Weight, action: Action) -> TabEvent {
    let evidence = Evidence {
        rule: rule.to_owned(),
        weight,
        algorithms: Vec::new(),
        location: Location::Whole,
        because: "because".to_owned(),
    };
    let verdict = Verdict { evidence: vec![evidence], gaps: Vec::new() };
    let found = Found { path: format!("{url}{rule}"), kind, bytes: 1, verdict, action };
    TabEvent::Judged { sender: sender(document, url), found }
}

fn module(document: &str, url: &str, weight: Weight) -> TabEvent {
    found(document, url, ArtifactKind::Wasm, "behaviour/hash-core", weight, Action::Budget)
}

/// A worker that has started a watched module and is busy with it for this share of the time.
fn worker(share: f64) -> WorkerBusy {
    let late = (share * 50.0).round() as u32;
    WorkerBusy {
        id: 1,
        span: 1000.0,
        samples: 50,
        late,
        watched: true,
        called: share * 1000.0,
        ..WorkerBusy::default()
    }
}

fn load(document: &str, url: &str, worker: WorkerBusy) -> TabEvent {
    TabEvent::Busy { sender: sender(document, url), main: None, workers: vec![worker] }
}

/// Reports the same once a second; the actions of each second.
fn run(tabs: &mut Tabs, from: u64, seconds: u64, event: &TabEvent) -> Vec<Vec<TabAction>> {
    (1..=seconds).map(|second| tabs.step(TAB, from + second * 1000, event.clone())).collect()
}

fn second_of(actions: &[Vec<TabAction>], is: impl Fn(&TabAction) -> bool) -> Option<usize> {
    actions.iter().position(|actions| actions.iter().any(&is)).map(|index| index + 1)
}

fn is_hold(action: &TabAction) -> bool {
    matches!(action, TabAction::Hold { .. })
}

fn is_notice(action: &TabAction) -> bool {
    matches!(action, TabAction::Notify { .. })
}

#[test]
fn code_that_hashes_is_asked_about_after_a_minute_of_cpu_and_goes_on() {
    let mut tabs = tab();
    tabs.step(TAB, NOON, module("A", SITE, Weight::Moderate));
    let busy = load("A", SITE, worker(1.0));
    run(&mut tabs, NOON, 59, &busy);
    assert_ne!(tabs.view(TAB, NOON + 59_000).sentence.key, "verdictSpent");
    let actions = run(&mut tabs, NOON + 59_000, 60, &busy);
    let at = NOON + 119_000;
    let view = tabs.view(TAB, at);
    assert_eq!((view.sentence.key.as_str(), view.tone), ("verdictSpent", Tone::Warn));
    assert!(second_of(&actions, is_hold).is_none() && !view.held && view.can_resume);
    assert_eq!(second_of(&actions, is_notice), Some(1), "told once");
    assert!(view.budget.is_some_and(|budget| budget.is_spent() && budget.limit == 60_000));
    tabs.step(TAB, at, TabEvent::Decided { choice: Choice::Resume });
    run(&mut tabs, at, 60, &busy);
    assert_eq!(tabs.view(TAB, at + 60_000).sentence.key, "verdictBusy", "not asked again today");
}

#[test]
fn code_that_looks_like_mining_is_paused_after_five_seconds_of_cpu() {
    let mut tabs = tab();
    tabs.step(TAB, NOON, module("F", FRAME, Weight::Strong));
    let actions = run(&mut tabs, NOON, 20, &load("F", FRAME, worker(0.5)));
    assert_eq!(second_of(&actions, is_hold), Some(10));
    assert!(actions[9].contains(&TabAction::Hold { tab: TAB, documents: vec!["A".to_owned(), "F".to_owned()] }));
    assert!(actions[9].contains(&TabAction::SaveLedger));
    let view = tabs.view(TAB, NOON + 20_000);
    assert_eq!((view.sentence.key.as_str(), view.held, view.can_resume), ("verdictHeld", true, true));

    // Another page that embeds the same frame has nothing left to spend, nor has the page it was on.
    let day = NOON + 30_000;
    let mut other = Tabs::new(Book::default(), Preferences::default());
    other.entrust(tabs.ledger(false).clone(), tabs.ledger(true).clone());
    let commit = TabEvent::Committed { sender: sender("A", SITE), parent: None, private: false, waiting: false };
    other.step(TAB, day, commit);
    other.step(TAB, day, module("A", SITE, Weight::Strong));
    let actions = run(&mut other, day, 1, &load("A", SITE, worker(0.1)));
    assert_eq!(second_of(&actions, is_hold), Some(1));

    let actions = tabs.step(TAB, NOON + 21_000, TabEvent::Decided { choice: Choice::Resume });
    assert!(actions.iter().any(|action| matches!(action, TabAction::Release { .. })));
    assert!(!tabs.view(TAB, NOON + 21_000).held);
    let actions = run(&mut tabs, NOON + 21_000, 30, &load("F", FRAME, worker(0.5)));
    assert!(second_of(&actions, is_hold).is_none(), "undone for the day");
}

#[test]
fn budgets_are_those_of_the_settings_in_force() {
    let mut tabs = tab();
    tabs.prefer(NOON, Preferences { suspicious_seconds: 2, notice_seconds: 1, ..Preferences::default() });
    tabs.step(TAB, NOON, module("A", SITE, Weight::Strong));
    let actions = run(&mut tabs, NOON, 5, &load("A", SITE, worker(1.0)));
    assert_eq!(second_of(&actions, is_hold), Some(2));
    let mut tabs = tab();
    tabs.prefer(NOON, Preferences { suspicious_seconds: 2, notice_seconds: 1, ..Preferences::default() });
    tabs.step(TAB, NOON, module("A", SITE, Weight::Moderate));
    run(&mut tabs, NOON, 1, &load("A", SITE, worker(1.0)));
    assert_eq!(tabs.view(TAB, NOON + 1_000).sentence.key, "verdictSpent");
}

#[test]
fn what_a_person_pauses_stays_paused_with_all_that_comes_to_run() {
    let mut tabs = tab();
    assert!(!tabs.view(TAB, NOON).can_pause);
    tabs.step(TAB, NOON, module("A", SITE, Weight::Moderate));
    assert!(tabs.view(TAB, NOON).can_pause);
    let actions = tabs.step(TAB, NOON, TabEvent::Decided { choice: Choice::Pause });
    assert!(actions.iter().any(is_hold));
    assert_eq!(tabs.view(TAB, NOON).sentence.key, "verdictHeldByPerson");
    let actions = tabs.step(TAB, NOON, module("F", FRAME, Weight::Moderate));
    assert!(actions.iter().any(is_hold), "the frame's module did not run yet when the page was paused");
}

#[test]
fn a_worker_that_never_yields_is_ended_once_it_should_pause() {
    let mut tabs = tab();
    tabs.step(TAB, NOON, module("A", SITE, Weight::Strong));
    let silent = WorkerBusy { silent: true, samples: 0, late: 0, called: 0.0, ..worker(0.0) };
    let actions = run(&mut tabs, NOON, 20, &load("A", SITE, silent.clone()));
    assert_eq!(second_of(&actions, is_hold), Some(5), "silence is charged as a whole core");
    let ends = |action: &TabAction| matches!(action, TabAction::Terminate { worker: 1, .. });
    assert_eq!(second_of(&actions, ends), Some(8));
    assert_eq!(tabs.view(TAB, NOON + 20_000).ended, 1);

    let mut tabs = tab();
    tabs.step(TAB, NOON, module("A", SITE, Weight::Strong));
    run(&mut tabs, NOON, 5, &load("A", SITE, silent.clone()));
    let held = WorkerBusy { held: true, ..silent };
    let actions = run(&mut tabs, NOON + 5_000, 20, &load("A", SITE, held));
    assert!(second_of(&actions, ends).is_none(), "what waits is not ended");
    assert_eq!(tabs.view(TAB, NOON + 25_000).busy.now, 0, "and takes no time");
}

#[test]
fn a_worker_that_hashes_in_javascript_is_ended_once_its_budget_is_spent() {
    let address = format!("{SITE}behaviour/digest-search");
    let script = |weight| found("A", SITE, ArtifactKind::Script, "behaviour/digest-search", weight, Action::Budget);
    let plain = WorkerBusy { watched: false, called: 0.0, script: address, ..worker(0.5) };
    let ends = |action: &TabAction| matches!(action, TabAction::Terminate { worker: 1, .. });

    let mut tabs = tab();
    tabs.step(TAB, NOON, script(Weight::Strong));
    let actions = run(&mut tabs, NOON, 20, &load("A", SITE, plain.clone()));
    assert_eq!((second_of(&actions, is_hold), second_of(&actions, ends)), (Some(10), Some(13)));
    let view = tabs.view(TAB, NOON + 20_000);
    assert_eq!((view.ended, view.held), (1, true));

    // Another worker of the page, the same one at rest, and one whose script is no more than a notice without a hash.
    let mut tabs = tab();
    tabs.step(TAB, NOON, script(Weight::Strong));
    let other = WorkerBusy { script: format!("{SITE}other.js"), ..plain.clone() };
    let rest = WorkerBusy { late: 2, ..plain.clone() };
    for busy in [other, rest] {
        let actions = run(&mut tabs, NOON, 60, &load("A", SITE, busy));
        assert!(second_of(&actions, is_hold).is_none());
    }
    let mut tabs = tab();
    tabs.step(TAB, NOON, script(Weight::Moderate));
    run(&mut tabs, NOON, 200, &load("A", SITE, plain.clone()));
    assert!(tabs.view(TAB, NOON + 200_000).budget.is_none());

    // A script that only holds a shader which searches: that is halted by itself.
    let mut tabs = tab();
    let mut holder = script(Weight::Strong);
    if let TabEvent::Judged { found, .. } = &mut holder {
        found.verdict.evidence[0].location = Location::Artifact { path: "a.js!/shader-0.wgsl".to_owned() };
    }
    tabs.step(TAB, NOON, holder);
    let actions = run(&mut tabs, NOON, 60, &load("A", SITE, plain.clone()));
    assert!(second_of(&actions, is_hold).is_none());

    // With a pool's login the page mines: it is stopped at once.
    let mut tabs = tab();
    tabs.step(TAB, NOON, script(Weight::Strong));
    let mining = found("A", SITE, ArtifactKind::Websocket, "protocol/pool-login", Weight::Strong, Action::Budget);
    let actions = tabs.step(TAB, NOON, mining);
    assert!(actions.iter().any(is_hold), "{:?}", tabs.view(TAB, NOON).level);
}

#[test]
fn a_hash_core_that_runs_and_a_pools_login_pause_the_page() {
    let mut tabs = tab();
    tabs.step(TAB, NOON, module("A", SITE, Weight::Moderate));
    let socket = found("A", SITE, ArtifactKind::Websocket, "protocol/pool-login", Weight::Strong, Action::Budget);
    let actions = tabs.step(TAB, NOON, socket);
    assert!(actions.iter().any(is_hold));
    let view = tabs.view(TAB, NOON);
    assert_eq!((view.level, view.sentence.key.as_str()), (Level::Mining, "verdictHeldMining"));
}

#[test]
fn what_was_allowed_is_counted_and_never_paused() {
    let mut tabs = tab();
    tabs.step(TAB, NOON, found("A", SITE, ArtifactKind::Wasm, "algorithm/x", Weight::Decisive, Action::Allow));
    let actions = run(&mut tabs, NOON, 100, &load("A", SITE, worker(1.0)));
    assert!(second_of(&actions, is_hold).is_none());
    assert_eq!(tabs.ledger(false).accounts[0].suspicious, 100_000);
}

#[test]
fn a_private_window_is_charged_in_a_ledger_that_is_not_written() {
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(
        TAB,
        NOON,
        TabEvent::Committed { sender: sender("A", SITE), parent: None, private: true, waiting: false },
    );
    tabs.step(TAB, NOON, module("A", SITE, Weight::Strong));
    let actions = run(&mut tabs, NOON, 6, &load("A", SITE, worker(1.0)));
    assert_eq!(second_of(&actions, is_hold), Some(5));
    assert!(tabs.ledger(false).accounts.is_empty() && tabs.ledger(true).accounts.len() == 1);
}

#[test]
fn a_throttled_worker_is_shown_within_two_minutes_and_nobody_is_stopped() {
    let mut tabs = tab();
    let unknown = WorkerBusy { watched: false, called: 0.0, ..worker(0.2) };
    let actions = run(&mut tabs, NOON, 120, &load("A", SITE, unknown));
    let shows = |action: &TabAction| matches!(action, TabAction::ShowBadge { badge, .. } if badge.text == "20%");
    assert!(second_of(&actions, shows).is_some_and(|second| second <= 120), "{:?}", second_of(&actions, shows));
    let view = tabs.view(TAB, NOON + 120_000);
    assert_eq!((view.sentence.key.as_str(), view.sentence.args.as_slice()), ("verdictSteady", &["20".to_owned()][..]));
    assert!(second_of(&actions, is_hold).is_none() && second_of(&actions, is_notice).is_none());
    assert_eq!(view.level, Level::Clean);
    // It stops: the badge goes.
    let rest = WorkerBusy { watched: false, called: 0.0, ..worker(0.0) };
    run(&mut tabs, NOON + 120_000, 15, &load("A", SITE, rest));
    assert_ne!(tabs.view(TAB, NOON + 135_000).sentence.key, "verdictSteady");
}

#[test]
fn a_full_processor_makes_no_page_look_steady() {
    let mut tabs = tab();
    let late = WorkerBusy { watched: false, called: 0.0, ..worker(0.5) };
    for second in 1..=120_u32 {
        let at = NOON + u64::from(second) * 1000;
        let busy = f64::from(second) * 200.0;
        tabs.processor(at, Ticks { cores: 2, busy, total: busy, samples: 14, late: 4, near: 0 });
        tabs.step(TAB, at, load("A", SITE, late.clone()));
    }
    let view = tabs.view(TAB, NOON + 120_000);
    assert_ne!(view.sentence.key, "verdictSteady", "{:?}", view.busy.now);
}

#[test]
fn a_main_thread_counts_by_long_tasks_and_by_calls() {
    let mut tabs = tab();
    let main = MainBusy { span: 1000.0, long: 480.0, called: 0.0 };
    let event = TabEvent::Busy { sender: sender("A", SITE), main: Some(main), workers: Vec::new() };
    run(&mut tabs, NOON, 3, &event);
    let view = tabs.view(TAB, NOON + 3000);
    assert_eq!((view.busy.now, view.busy.workers.len(), view.busy.workers[0].main), (48, 1, true));
    tabs.step(TAB, NOON + 3000, module("A", SITE, Weight::Strong));
    let main = MainBusy { span: 1000.0, long: 0.0, called: 900.0 };
    let event = TabEvent::Busy { sender: sender("A", SITE), main: Some(main), workers: Vec::new() };
    let actions = run(&mut tabs, NOON + 3000, 10, &event);
    assert_eq!(second_of(&actions, is_hold), Some(6), "slices too short to be long tasks");
}

#[test]
fn threads_that_sleep_unheard_are_told_from_busy_ones_by_the_processor() {
    let mut tabs = tab();
    let asleep = WorkerBusy { silent: true, samples: 0, late: 0, watched: false, ..worker(0.0) };
    let pool: Vec<WorkerBusy> = (1..=4).map(|id| WorkerBusy { id, ..asleep.clone() }).collect();
    let event = TabEvent::Busy { sender: sender("A", SITE), main: None, workers: pool };
    for second in 1..=20_u32 {
        let at = NOON + u64::from(second) * 1000;
        let busy = f64::from(second.min(10)) * 0.2 + f64::from(second.saturating_sub(10)) * 3.5;
        tabs.processor(
            at,
            Ticks { cores: 4, busy: busy * 100.0, total: f64::from(second) * 400.0, ..Ticks::default() },
        );
        tabs.step(TAB, at, event.clone());
        if second == 10 {
            assert!(tabs.view(TAB, at).busy.now < 50, "{}", tabs.view(TAB, at).busy.now);
        }
    }
    assert!(tabs.view(TAB, NOON + 20_000).busy.now > 300, "{}", tabs.view(TAB, NOON + 20_000).busy.now);
}

#[test]
fn what_waits_is_on_hold_whatever_was_forgotten() {
    let mut tabs = tab();
    tabs.step(TAB, NOON, module("A", SITE, Weight::Strong));
    let held = WorkerBusy { silent: true, held: true, samples: 0, late: 0, called: 0.0, ..worker(0.0) };
    tabs.step(TAB, NOON + 1000, load("A", SITE, held));
    let view = tabs.view(TAB, NOON + 1000);
    assert!(view.held && view.can_resume);
    tabs.step(TAB, NOON + 2000, TabEvent::Decided { choice: Choice::Resume });
    let held = WorkerBusy { silent: true, held: true, samples: 0, late: 0, called: 0.0, ..worker(0.0) };
    tabs.step(TAB, NOON + 2100, load("A", SITE, held));
    assert!(!tabs.view(TAB, NOON + 2100).held, "it has not woken yet");
}

#[test]
fn absurd_reports_of_load_do_no_harm() {
    let mut tabs = tab();
    tabs.step(TAB, NOON, module("A", SITE, Weight::Strong));
    for (at, value) in [(NOON, f64::NAN), (0, f64::INFINITY), (u64::MAX, -1.0), (NOON, 1e300)] {
        let worker = WorkerBusy { span: value, called: value, samples: 1, late: u32::MAX, ..worker(1.0) };
        let main = MainBusy { span: value, long: value, called: value };
        let event = TabEvent::Busy { sender: sender("A", SITE), main: Some(main), workers: vec![worker] };
        tabs.processor(at, Ticks { cores: u32::MAX, busy: value, total: value, ..Ticks::default() });
        tabs.step(TAB, at, event);
        assert!(tabs.view(TAB, at).busy.now <= 200);
    }
}

#[test]
fn what_was_paused_is_paused_still_when_the_background_wakes_anew() {
    let mut tabs = tab();
    tabs.step(TAB, NOON, module("A", SITE, Weight::Strong));
    run(&mut tabs, NOON, 5, &load("A", SITE, worker(1.0)));
    let mut anew = Tabs::new(Book::default(), Preferences::default());
    anew.entrust(tabs.ledger(false).clone(), tabs.ledger(true).clone());
    let saved = tabs.saved(TAB).cloned();
    anew.restore(TAB, saved.unwrap_or_default());
    assert!(anew.view(TAB, NOON + 6000).held);
    let actions = anew.step(TAB, NOON + 6000, TabEvent::Tick);
    assert!(actions.iter().any(is_hold), "whoever had not heard of it");
}
