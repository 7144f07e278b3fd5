//! Decisions for a time, for good and by policy; what the log keeps and a notification tells.

use super::event::{Choice, Found, Sender, TabEvent, UnwatchedReason};
use super::{Book, BookEdit, Preferences, SiteDecision, TabAction, Tabs, limits};
use davy_model::{Action, ArtifactKind, Decision, Evidence, Level, Location, Mode, Verdict, Weight};

const TAB: u32 = 7;
const START: u64 = 1_000_000;

fn sender(document: &str, host: &str) -> Sender {
    Sender { frame: 0, document: document.to_owned(), url: format!("https://{host}/page?user=1") }
}

fn commit(document: &str, host: &str, private: bool) -> TabEvent {
    TabEvent::Committed { sender: sender(document, host), parent: None, private, waiting: false }
}

fn judged(document: &str, host: &str, weight: Weight, action: Action) -> TabEvent {
    let evidence = Evidence {
        rule: "algorithm/cryptonight".to_owned(),
        weight,
        algorithms: vec!["cryptonight".to_owned()],
        location: Location::Whole,
        because: "because".to_owned(),
    };
    let verdict = Verdict { evidence: vec![evidence], gaps: Vec::new() };
    let found = Found { path: "m.wasm".to_owned(), kind: ArtifactKind::Wasm, bytes: 1, verdict, action };
    TabEvent::Judged { sender: sender(document, host), found }
}

fn start(preferences: Preferences) -> Tabs {
    Tabs::new(Book::default(), preferences)
}

/// A tab that shows a page of this host on which something was found.
fn shown(preferences: Preferences, host: &str, weight: Weight, action: Action) -> (Tabs, Vec<TabAction>) {
    let mut tabs = start(preferences);
    tabs.step(TAB, START, commit("A", host, false));
    let actions = tabs.step(TAB, START, judged("A", host, weight, action));
    (tabs, actions)
}

fn enacted(actions: &[TabAction]) -> Option<(Vec<String>, Vec<String>, Mode, bool)> {
    actions.iter().find_map(|action| match action {
        TabAction::Enact { hosts, blocked, mode, refuse, .. } => Some((hosts.clone(), blocked.clone(), *mode, *refuse)),
        _ => None,
    })
}

fn notified(actions: &[TabAction]) -> bool {
    actions.iter().any(|action| matches!(action, TabAction::Notify { .. }))
}

#[test]
fn an_hour_ends_by_itself_and_what_it_let_in_says_so() {
    let (mut tabs, _) = shown(Preferences::default(), "mine.example", Weight::Decisive, Action::Block);
    let actions = tabs.step(TAB, START, TabEvent::Decided { choice: Choice::Hour });
    let end = START + limits::HOUR_MS;
    assert!(actions.contains(&TabAction::WakeBook { at: end }), "{actions:?}");
    tabs.step(TAB, START + 1, commit("B", "mine.example", false));
    tabs.step(TAB, START + 2, judged("B", "mine.example", Weight::Decisive, Action::Allow));
    let view = tabs.view(TAB, START + 2);
    assert_eq!((view.decision, view.sentence.key.as_str()), (SiteDecision::Hour, "verdictAllowedNamed"));
    assert_eq!(tabs.expire(end - 1), [], "not yet");
    assert_eq!(tabs.decision(TAB, end, &sender("B", "mine.example")), Decision::Undecided, "even if nobody woke");
    let actions = tabs.expire(end);
    assert_eq!((&actions[0], enacted(&actions)), (&TabAction::SaveBook, Some((vec![], vec![], Mode::Block, true))));
    let view = tabs.view(TAB, end);
    assert_eq!((view.decision, view.sentence.key.as_str()), (SiteDecision::Over, "verdictMiningNamed"));
    assert!(view.can_block && view.can_allow_always, "it may be ended, or go on");
    assert!(tabs.book().sites.is_empty());
}

#[test]
fn a_blocked_site_is_held_to_more_and_can_be_released() {
    let (mut tabs, _) = shown(Preferences::default(), "odd.example", Weight::Strong, Action::Budget);
    assert!(tabs.view(TAB, START).can_forbid);
    let actions = tabs.step(TAB, START, TabEvent::Decided { choice: Choice::Block });
    let blocked = vec!["*://odd.example/*".to_owned()];
    assert_eq!(enacted(&actions), Some((vec![], blocked, Mode::Block, true)));
    assert_eq!(tabs.decision(TAB, START, &sender("A", "odd.example")), Decision::Blocked);
    tabs.step(TAB, START, commit("B", "odd.example", false));
    let view = tabs.view(TAB, START);
    assert!(view.can_block && !view.can_forbid && !view.can_allow_always);
    tabs.step(TAB, START, TabEvent::Decided { choice: Choice::Again });
    assert_eq!(tabs.decision(TAB, START, &sender("B", "odd.example")), Decision::Undecided);
}

#[test]
fn a_policy_speaks_before_the_person() {
    let preferences = Preferences {
        mode: Mode::Warn,
        allowed: vec!["https://lab.example:8443".to_owned(), "both.example".to_owned(), "*.example".to_owned()],
        blocked: vec!["both.example".to_owned(), "https://".to_owned()],
        ..Preferences::default()
    };
    let (mut tabs, _) = shown(preferences, "both.example", Weight::Strong, Action::Budget);
    let (allowed, blocked) = (vec!["lab.example".to_owned()], vec!["*://both.example/*".to_owned()]);
    assert_eq!(enacted(&tabs.enact(START)), Some((allowed, blocked, Mode::Warn, false)));
    let view = tabs.view(TAB, START);
    assert_eq!(view.decision, SiteDecision::PolicyBlocked);
    assert!(!(view.can_allow_once || view.can_allow_always || view.can_block || view.can_forbid));
    for choice in [Choice::Once, Choice::Hour, Choice::Always, Choice::Again] {
        let actions = tabs.step(TAB, START, TabEvent::Decided { choice });
        assert!(!actions.contains(&TabAction::Reload { tab: TAB }), "{choice:?}");
    }
    tabs.edit(START, BookEdit::Add { site: "both.example".to_owned(), choice: Choice::Always });
    assert_eq!(tabs.decision(TAB, START, &sender("A", "both.example")), Decision::Blocked);
    let sites: Vec<_> = tabs.sites(START).into_iter().map(|s| (s.site, s.decision)).collect();
    assert_eq!(
        sites,
        [
            ("both.example".to_owned(), SiteDecision::PolicyBlocked),
            ("lab.example".to_owned(), SiteDecision::PolicyAllowed),
            ("both.example".to_owned(), SiteDecision::Always)
        ]
    );
    let free = tabs.prefer(START, Preferences::default());
    assert_eq!(enacted(&free), Some((vec!["both.example".to_owned()], vec![], Mode::Block, true)));
}

#[test]
fn a_decision_covers_its_host_and_never_a_suffix() {
    let mut tabs = start(Preferences::default());
    for site in ["co.uk", "GitHub.io.", "https://Shop.Example.co.uk:8443/cart?x=1", "[::1]"] {
        tabs.edit(START, BookEdit::Add { site: site.to_owned(), choice: Choice::Always });
    }
    let nothing =
        ["", ".", "*", "*.com", "*://*/*", "<all_urls>", "a b.example", "file:///etc", ".com", "юникод.example"];
    for site in nothing {
        let actions = tabs.edit(START, BookEdit::Add { site: site.to_owned(), choice: Choice::Always });
        assert_eq!(actions, [], "{site}");
    }
    assert_eq!(tabs.book().hosts(START), ["[::1]", "co.uk", "github.io", "shop.example.co.uk"]);
    for (host, decision) in [
        ("co.uk", Decision::Allowed),
        ("example.co.uk", Decision::Undecided),
        ("me.github.io", Decision::Undecided),
        ("a.shop.example.co.uk", Decision::Undecided),
        ("shop.example.co.uk", Decision::Allowed),
    ] {
        assert_eq!(tabs.decision(TAB, START, &sender("A", host)), decision, "{host}");
    }
    let patterns = tabs.enact(START);
    let TabAction::Enact { allowed, .. } = &patterns[0] else { panic!("{patterns:?}") };
    assert!(allowed.iter().all(|pattern| !pattern.contains("//*")), "{allowed:?}");
}

#[test]
fn decisions_are_taken_elsewhere_and_only_sound_ones_taken_in() {
    let mut tabs = start(Preferences::default());
    tabs.edit(START, BookEdit::Add { site: "a.example".to_owned(), choice: Choice::Block });
    tabs.edit(START, BookEdit::Add { site: "b.example".to_owned(), choice: Choice::Hour });
    let saved = tabs.book().lasting();
    assert_eq!(saved.iter().map(|s| s.site.as_str()).collect::<Vec<_>>(), ["a.example"]);
    let mut sites = saved.clone();
    sites.extend(["*.com", "c.example"].map(|site| super::Decided {
        site: site.to_owned(),
        hosts: vec!["*".to_owned(), "frame.example".to_owned()],
        ..saved[0].clone()
    }));
    let mut other = start(Preferences::default());
    assert!(other.edit(START, BookEdit::Import { sites }).contains(&TabAction::SaveBook));
    assert_eq!(other.book().hosts(START), ["a.example", "c.example", "frame.example"]);
    assert_eq!(other.edit(START, BookEdit::Remove { site: "nowhere.example".to_owned() }), []);
    other.edit(START, BookEdit::Remove { site: "c.example".to_owned() });
    assert_eq!(other.book().hosts(START), ["a.example"]);
}

#[test]
fn the_log_holds_origins_within_bounds_and_nothing_private() {
    let (mut tabs, actions) = shown(Preferences::default(), "mine.example", Weight::Decisive, Action::Block);
    let entries = |actions: &[TabAction]| {
        let lines = actions.iter().filter_map(|action| match action {
            TabAction::Log { entry } => Some(entry.clone()),
            _ => None,
        });
        lines.collect::<Vec<_>>()
    };
    let lines = entries(&actions);
    let [line] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!((line.origin.as_str(), line.level), ("https://mine.example", Level::Mining));
    let again = tabs.step(TAB, START, judged("A", "mine.example", Weight::Decisive, Action::Block));
    assert_eq!(entries(&again), [], "the same once more says nothing new");
    let mut written = 0;
    for n in 0..100 {
        let mut event = judged("A", "mine.example", Weight::Moderate, Action::Budget);
        if let TabEvent::Judged { found, .. } = &mut event {
            found.path = format!("{n}.wasm");
        }
        written += entries(&tabs.step(TAB, START, event)).len();
    }
    assert_eq!(written, usize::from(limits::LOGGED) - 1);
    tabs.step(TAB, START, commit("P", "mine.example", true));
    let private = tabs.step(TAB, START, judged("P", "mine.example", Weight::Decisive, Action::Block));
    assert_eq!(entries(&private), []);
    let silent = Preferences { log: false, ..Preferences::default() };
    assert_eq!(entries(&shown(silent, "mine.example", Weight::Decisive, Action::Block).1), []);
}

#[test]
fn only_what_runs_is_told_of_and_only_once() {
    let of = |weight, action| shown(Preferences::default(), "a.example", weight, action);
    assert!(!notified(&of(Weight::Decisive, Action::Block).1), "what was stopped needs nobody");
    assert!(
        !notified(&of(Weight::Strong, Action::Budget).1),
        "and what merely looks like mining has to cost something"
    );
    let (mut tabs, _) = of(Weight::Decisive, Action::Block);
    let beside = tabs.step(TAB, START, judged("A", "a.example", Weight::Decisive, Action::Warn));
    assert!(!notified(&beside), "a page of which a part was stopped speaks by its badge");
    let (mut tabs, actions) = of(Weight::Decisive, Action::Warn);
    assert!(notified(&actions));
    tabs.step(TAB + 1, START, commit("B", "a.example", false));
    assert!(!notified(&tabs.step(TAB + 1, START, judged("B", "a.example", Weight::Decisive, Action::Warn))));
    for silent in [
        Preferences { notify: false, ..Preferences::default() },
        Preferences { mode: Mode::Audit, ..Preferences::default() },
    ] {
        assert!(!notified(&shown(silent, "a.example", Weight::Decisive, Action::Allow).1));
    }
}

#[test]
fn a_page_that_nobody_may_look_into_is_not_called_clean() {
    let mut tabs = start(Preferences::default());
    tabs.step(TAB, START, commit("A", "a.example", false));
    let reason = UnwatchedReason::NoAccess;
    tabs.step(TAB, START, TabEvent::Unwatched { sender: sender("A", "a.example"), reason, detail: String::new() });
    assert_eq!(tabs.view(TAB, START).sentence.key, "verdictNoAccess");
}
