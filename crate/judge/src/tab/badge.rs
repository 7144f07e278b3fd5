//! What the toolbar button says: four characters, a colour, a sentence.

use super::action::Badge;
use super::page::Page;
use super::phrase::Tone;
use super::preferences::Preferences;
use super::view;
use davy_model::Level;

/// The badge of a page. White text stands on every colour with a contrast of at least 4.5 to 1.
pub(super) fn of(page: Option<&Page>, preferences: &Preferences, at: u64) -> Badge {
    let (sentence, tone) = view::sentence(page, preferences, at);
    Badge { text: text(page, preferences, tone, at), colour: colour(tone).to_owned(), title: sentence }
}

/// Whether the badge shows a load, which may fall without any event.
pub(super) fn is_busy(page: Option<&Page>, preferences: &Preferences, at: u64) -> bool {
    page.is_some_and(|page| is_high(page, preferences, at) || page.workers.is_steady(at))
}

/// Whether the load is as high as the person wants to be told of.
pub(super) fn is_high(page: &Page, preferences: &Preferences, at: u64) -> bool {
    page.workers.average(at) * 100.0 >= f64::from(preferences.busy_percent)
}

fn text(page: Option<&Page>, preferences: &Preferences, tone: Tone, at: u64) -> String {
    let Some(page) = page else { return String::new() };
    let blocked = page.blocked.saturating_add(page.blocked_requests);
    match tone {
        Tone::Stop if blocked > 99 => "99+".to_owned(),
        Tone::Stop => blocked.to_string(),
        Tone::Warn if page.hold.is_some() => "II".to_owned(),
        Tone::Warn if page.level() == Level::Suspicious || page.asks => "?".to_owned(),
        Tone::Warn if is_busy(Some(page), preferences, at) => format!("{:.0}%", page.workers.average(at) * 100.0),
        Tone::Warn => "!".to_owned(),
        Tone::Note => "i".to_owned(),
        Tone::Blind if view::is_unseen(page) || page.incomplete => "–".to_owned(),
        // A page that no extension may look into, or one that merely registers a service worker, is everyday.
        Tone::Blind | Tone::Calm => String::new(),
    }
}

fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Stop => "#b3261e",
        Tone::Warn => "#8a5000",
        Tone::Note => "#2b5f9e",
        Tone::Calm | Tone::Blind => "#5f6368",
    }
}
