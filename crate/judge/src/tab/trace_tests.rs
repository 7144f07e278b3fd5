//! Load as it was recorded of lawful programs (`tests/browser/tool/record.ts`), replayed in virtual time: a load alone is
//! shown, and neither notifies anybody nor stops anything.

use super::event::{MainBusy, Sender, TabEvent, WorkerBusy};
use super::{Book, Preferences, TabAction, Tabs};
use davy_model::Level;
use serde::Deserialize;

const TAB: u32 = 1;
const START: u64 = 1_700_000_000_000;
/// Milliseconds of virtual time: programs that work for long.
const LENGTH_MS: u64 = 30 * 60 * 1000;

/// One report of a page.
#[derive(Deserialize)]
struct Report {
    /// Milliseconds since the first.
    at: u64,
    main: MainBusy,
    workers: Vec<WorkerBusy>,
}

fn sender() -> Sender {
    Sender { frame: 0, document: "A".to_owned(), url: "https://site.example/".to_owned() }
}

/// Replays a recording over and over. What was done, and the highest load that was shown, in percent of a core.
fn replay(trace: &str) -> (Tabs, Vec<TabAction>, u16) {
    let reports: Vec<Report> = serde_json::from_str(trace).unwrap_or_default();
    assert!(reports.len() > 30, "{} reports", reports.len());
    let length = reports.last().map_or(0, |last| last.at) + 1000;
    let mut tabs = Tabs::new(Book::default(), Preferences::default());
    tabs.step(TAB, START, TabEvent::Committed { sender: sender(), parent: None, private: false, waiting: false });
    let (mut actions, mut most) = (Vec::new(), 0);
    for round in 0..LENGTH_MS / length {
        for Report { at, main, workers } in &reports {
            let at = START + round * length + at;
            let event = TabEvent::Busy { sender: sender(), main: Some(main.clone()), workers: workers.clone() };
            actions.extend(tabs.step(TAB, at, event));
            most = most.max(tabs.view(TAB, at).busy.now);
        }
    }
    (tabs, actions, most)
}

#[test]
fn programs_that_work_notify_nobody_and_are_not_stopped() {
    for (name, trace) in [
        ("stockfish", include_str!("traces/stockfish.json")),
        ("esbuild", include_str!("traces/esbuild.json")),
        ("ffmpeg", include_str!("traces/ffmpeg.json")),
    ] {
        let (tabs, actions, most) = replay(trace);
        let does = |is: fn(&TabAction) -> bool| actions.iter().any(is);
        assert!(!does(|action| matches!(action, TabAction::Notify { .. })), "{name} notifies");
        assert!(
            !does(|action| matches!(action, TabAction::Hold { .. } | TabAction::Terminate { .. })),
            "{name} is stopped"
        );
        assert!(does(|action| matches!(action, TabAction::ShowBadge { .. })) && most >= 50, "{name} shows {most} %");
        assert_eq!(tabs.view(TAB, START + LENGTH_MS).level, Level::Clean, "{name}");
    }
}
