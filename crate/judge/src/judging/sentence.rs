//! Fills a rule's sentence with what was read. Written without `format!`: this is carried by every frame.

use super::condition::View;
use crate::ruleset::{Form, Part, Rule, Show};
use davy_model::Fact;

const HEX: &[u8; 16] = b"0123456789abcdef";
const PAGE: u64 = 64 * 1024;

/// The rule's sentence for the scope that matched.
pub(crate) fn write(rule: &Rule, view: &View<'_>) -> String {
    let mut out = String::new();
    for part in &rule.because {
        match part {
            Part::Words(words) => out.push_str(words),
            Part::Facts { fact, show } => {
                let facts = view.chosen(&rule.when, Some(*fact));
                put(&mut out, &facts, *show, view.rules.bounds.listed_in_sentence as usize);
            }
            Part::Counted { fact, one, several } => {
                let count = counted(&view.chosen(&rule.when, Some(*fact)));
                decimal(&mut out, count);
                out.push(' ');
                out.push_str(if count == 1 { one } else { several });
            }
        }
    }
    out
}

fn put(out: &mut String, facts: &[&Fact], show: Show, most: usize) {
    match show {
        Show::Count => decimal(out, counted(facts)),
        Show::Most => decimal(out, facts.iter().map(|fact| u64::from(fact.count)).max().unwrap_or(0)),
        Show::Distinct => decimal(out, facts.len() as u64),
        Show::Value(form) => {
            let mut values: Vec<u64> = facts.iter().map(|fact| fact.value).collect();
            davy_model::sort(&mut values);
            values.dedup();
            list(out, &values, most, |out, value| number(out, *value, form));
        }
        Show::Text => {
            let mut texts: Vec<&str> = facts.iter().filter_map(|fact| fact.text.as_deref()).collect();
            davy_model::sort(&mut texts);
            texts.dedup();
            list(out, &texts, most, |out, text| visible(out, text));
        }
    }
}

fn counted(facts: &[&Fact]) -> u64 {
    facts.iter().fold(0, |sum, fact| sum + u64::from(fact.count))
}

fn list<T>(out: &mut String, items: &[T], most: usize, mut put: impl FnMut(&mut String, &T)) {
    if items.is_empty() {
        out.push_str("none");
    }
    for (i, item) in items.iter().take(most).enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        put(out, item);
    }
    if items.len() > most {
        out.push_str(" and ");
        decimal(out, (items.len() - most) as u64);
        out.push_str(" more");
    }
}

/// Longest text that a sentence quotes, in characters: an address may be megabytes long.
const QUOTED: usize = 120;

/// Texts come from hostile input: what could move a terminal's cursor or reverse a line is shown as a question mark.
fn visible(out: &mut String, text: &str) {
    let mut chars = text.chars();
    for c in chars.by_ref().take(QUOTED) {
        let bidi =
            matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        out.push(if c.is_control() || bidi { '?' } else { c });
    }
    if chars.next().is_some() {
        out.push('…');
    }
}

fn number(out: &mut String, value: u64, form: Form) {
    match form {
        Form::Decimal => decimal(out, value),
        Form::Hex => hex(out, value),
        Form::Region => size(out, value.checked_next_power_of_two().unwrap_or(value)),
        Form::Pages => size(out, value.saturating_mul(PAGE)),
    }
}

/// A size in the largest binary unit that divides it.
fn size(out: &mut String, bytes: u64) {
    let (shift, unit) = match bytes.trailing_zeros() {
        0..10 => (0, " bytes"),
        10..20 => (10, " KiB"),
        20..30 => (20, " MiB"),
        _ if bytes == 0 => (0, " bytes"),
        _ => (30, " GiB"),
    };
    decimal(out, bytes >> shift);
    out.push_str(unit);
}

fn decimal(out: &mut String, value: u64) {
    if value >= 10 {
        decimal(out, value / 10);
    }
    out.push(char::from(b'0' + (value % 10) as u8));
}

fn hex(out: &mut String, value: u64) {
    out.push_str("0x");
    let digits = (u64::BITS - value.leading_zeros()).div_ceil(4).max(1);
    for i in (0..digits).rev() {
        out.push(char::from(HEX[(value >> (4 * i) & 15) as usize]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: u64, form: Form) -> String {
        let mut out = String::new();
        number(&mut out, value, form);
        out
    }

    #[test]
    fn numbers_have_their_forms() {
        assert_eq!(written(0, Form::Decimal), "0");
        assert_eq!(written(u64::MAX, Form::Decimal), "18446744073709551615");
        assert_eq!(written(0, Form::Hex), "0x0");
        assert_eq!(written(0x1f_fff0, Form::Hex), "0x1ffff0");
        assert_eq!(written(u64::MAX, Form::Hex), "0xffffffffffffffff");
        assert_eq!(written(0x1f_fff0, Form::Region), "2 MiB");
        assert_eq!(written(0x3_fff0, Form::Region), "256 KiB");
        assert_eq!(written(32, Form::Pages), "2 MiB");
        assert_eq!(written(0, Form::Pages), "0 bytes");
        assert_eq!(written(u64::MAX, Form::Region), "18446744073709551615 bytes");
    }

    #[test]
    fn hostile_text_is_made_harmless() {
        let mut out = String::new();
        visible(&mut out, "a\u{1b}[2J\u{202e}b");
        assert_eq!(out, "a?[2J?b");
        out.clear();
        visible(&mut out, &"x".repeat(500));
        assert_eq!(out.chars().count(), QUOTED + 1);
    }
}
