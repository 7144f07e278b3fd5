//! Which pages a notification may tell of. What was stopped needs nobody: its badge says so. A load alone never interrupts
//! anybody either, whatever its height.

use super::badge;
use super::page::Page;
use super::phrase::{Phrase, Tone};
use super::preferences::Preferences;
use super::view::{self, SiteDecision};
use davy_model::{Action, Level, Mode};

/// The host that the notification is about, and what it says; nothing for most pages.
pub(super) fn of(page: &Page, preferences: &Preferences, at: u64) -> Option<(String, Phrase)> {
    let undecided = matches!(page.decision, SiteDecision::Undecided | SiteDecision::Over);
    if page.private || !preferences.notify || preferences.mode == Mode::Audit || !undecided {
        return None;
    }
    let host = page.host.clone()?;
    if page.asks || page.hold.is_some_and(|hold| !hold.by_person) {
        return Some((host, view::sentence(Some(page), preferences, at).0));
    }
    let runs = |f: &&super::Finding| f.action < Action::Pause && f.verdict.level() >= Level::Suspicious;
    let worst = page.findings.iter().filter(runs).map(|f| f.verdict.level()).max()?;
    let (sentence, tone) = view::sentence(Some(page), preferences, at);
    // What a page means as a whole is told of by its badge alone where a part of it was stopped.
    let told = tone == Tone::Warn && (worst == Level::Mining || badge::is_busy(Some(page), preferences, at));
    told.then_some((host, sentence))
}
