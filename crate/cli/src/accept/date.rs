//! Days, as people write them: `2026-11-28`. They sort as text.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds of a day.
const DAY: u64 = 86_400;

/// Today, in universal time.
pub(crate) fn today() -> String {
    after(0)
}

/// So many days from today.
pub(crate) fn after(days: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / DAY);
    written(now + days)
}

/// Whether a text is a day of the calendar.
pub(crate) fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let number = |text: &str, digits: usize| {
        let plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        if plain { text.parse::<u64>().ok() } else { None }
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    (1..=12).contains(&month) && (1..=length(year, month)).contains(&day)
}

/// A day by its number since 1970-01-01.
fn written(mut days: u64) -> String {
    let mut year = 1970;
    let in_year = |year| if is_leap(year) { 366 } else { 365 };
    while days >= in_year(year) && year < 9999 {
        days -= in_year(year);
        year += 1;
    }
    let mut month = 1;
    while month < 12 && days >= length(year, month) {
        days -= length(year, month);
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", days + 1)
}

/// Days of a month in the Gregorian calendar.
fn length(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_the_calendar_has_them() {
        for (days, text) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_785, "2026-11-28"),
            (20_819, "2027-01-01"),
        ] {
            assert_eq!(written(days), text);
            assert!(is_day(text));
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["", "2026-02-29", "2026-13-01", "2026-1-1", "2026-00-10", "tomorrow", "2026-11-28T00:00:00Z"] {
            assert!(!is_day(text), "{text}");
        }
    }
}
