//! Sentences for people: what was found, where, why, and what could not be read.

use super::item::{Finding, Item};
use super::summary::Summary;
use super::{Form, text};
use anstyle::{AnsiColor, Style};
use davy_model::{Gap, GapReason, Level, Location};
use std::io::{self, Write};

/// Pieces of evidence, and gaps, that are shown for one artifact; JSON has all.
const SHOWN: usize = 6;

/// How to write.
#[derive(Debug)]
pub(crate) struct Human {
    pub(crate) colored: bool,
    pub(crate) quiet: bool,
    /// Whether the last artifact was told of in one line.
    pub(crate) in_lines: bool,
}

impl Human {
    /// An artifact, unless there is nothing to say about it. What is only said because of something inside of it is
    /// said there.
    fn item(&mut self, item: &Item<'_>, out: &mut dyn Write) -> io::Result<()> {
        let findings = item.open_findings();
        // What exists only at run time is worth a line beside a finding; elsewhere the summary counts it.
        let gaps: Vec<&Gap> = item.own_gaps().filter(|gap| gap.reason.is_lost() || !findings.is_empty()).collect();
        if findings.is_empty() && gaps.is_empty() {
            return Ok(());
        }
        if item.open_level() == Level::Notice && gaps.is_empty() && findings.iter().all(|f| f.note.change.is_none()) {
            return self.noticed(item, &findings, out);
        }
        // What is said in a line each stands together, apart from what is told whole.
        if std::mem::replace(&mut self.in_lines, false) {
            writeln!(out)?;
        }
        self.heading(item, &findings, out)?;
        for finding in findings.iter().take(SHOWN) {
            self.finding(finding, out)?;
        }
        more(findings.len(), "reasons", out)?;
        for gap in gaps.iter().take(SHOWN) {
            writeln!(out, "  {}{}: {}", unread(gap.reason), at(&gap.location), text::printable(&gap.because))?;
        }
        more(gaps.len(), "parts that were not read", out)?;
        writeln!(out)
    }

    /// What is lawful and worth knowing, in a line: a package of hashes has hundreds.
    fn noticed(&mut self, item: &Item<'_>, findings: &[Finding<'_>], out: &mut dyn Write) -> io::Result<()> {
        self.in_lines = true;
        let (style, faint) =
            if self.colored { (style(Level::Notice), Style::new().dimmed()) } else { Default::default() };
        let algorithms = item.entry.verdict.algorithms();
        let named = if algorithms.is_empty() { String::new() } else { format!(" ({})", algorithms.join(", ")) };
        let mut rules: Vec<&str> = findings.iter().map(|finding| finding.evidence.rule.as_str()).collect();
        rules.dedup();
        let path = text::printable(&item.entry.path);
        writeln!(out, "{style}notice{style:#}  {path}{named}{faint} · {}{faint:#}", rules.join(", "))
    }

    fn heading(&self, item: &Item<'_>, findings: &[Finding<'_>], out: &mut dyn Write) -> io::Result<()> {
        let entry = item.entry;
        let level = item.open_level();
        let only_gaps = findings.is_empty();
        let (word, style) = match level {
            _ if only_gaps => ("incomplete", INCOMPLETE),
            Level::Clean if entry.verdict.algorithms().is_empty() => ("hides code", style(level)),
            Level::Clean => ("can hash", style(level)),
            level => (text::level(level), style(level)),
        };
        let style = if self.colored { style } else { Style::new() };
        let algorithms = entry.verdict.algorithms();
        let named =
            if only_gaps || algorithms.is_empty() { String::new() } else { format!(" ({})", algorithms.join(", ")) };
        let from = entry.at.as_ref().map(|at| format!(", from {}", text::place(at))).unwrap_or_default();
        let change = findings.iter().filter_map(|finding| finding.note.change).min().map(text::change);
        let change = change.map(|change| format!("{change}: ")).unwrap_or_default();
        writeln!(out, "{style}{change}{word}{style:#}  {}{named}{from}", text::printable(&entry.path))
    }

    fn finding(&self, finding: &Finding<'_>, out: &mut dyn Write) -> io::Result<()> {
        let faint = if self.colored { Style::new().dimmed() } else { Style::new() };
        let Finding { evidence, note, others } = finding;
        let because = text::printable(&evidence.because);
        let place = text::place(&evidence.location);
        let (rule, weight) = (&evidence.rule, text::weight(evidence.weight));
        let times = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
        let change = note.change.map(|change| format!("{}: ", text::change(change))).unwrap_or_default();
        writeln!(out, "  {change}{because}")?;
        writeln!(out, "  {faint}{}{times} · {rule}, {weight}{faint:#}", text::printable(&place))
    }

    /// The counts.
    fn summary(&self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        let bold = if self.colored { Style::new().bold() } else { Style::new() };
        let kinds = summary.kinds.iter().map(|(kind, count)| format!("{count} {}", text::kind(*kind, *count)));
        // Nothing that was not read whole is called clean.
        let levels = summary.levels.iter().rev().map(|(level, count)| match level {
            Level::Clean => (count - summary.clean_incomplete, text::level(Level::Clean)),
            level => (*count, text::level(*level)),
        });
        let counts = levels.chain([(summary.incomplete, "incomplete")]).filter(|(count, _)| *count > 0);
        let counts = joined(counts.map(|(count, word)| format!("{count} {word}")));
        if summary.artifacts == 0 {
            write!(out, "{bold}nothing that can be read{bold:#}")?;
        } else {
            write!(out, "{bold}{counts}{bold:#} in {}", joined(kinds))?;
        }
        if summary.opaque > 0 {
            write!(out, "; {} with parts known only at run time", summary.opaque)?;
        }
        if summary.passed_over > 0 {
            let files = if summary.passed_over == 1 { "file" } else { "files" };
            write!(out, "; {} other {files} passed over", summary.passed_over)?;
        }
        if let Some(accepted) = summary.accepted.filter(|&accepted| accepted > 0) {
            write!(out, "; {accepted} {} accepted by the baseline", if accepted == 1 { "reason" } else { "reasons" })?;
        }
        if let Some(changes) = &summary.changes {
            let told = changes.iter().map(|(change, count)| format!("{count} {}", text::change(*change)));
            write!(out, "\n{bold}reasons: {}{bold:#}", joined(told))?;
        }
        let read = text::bytes(summary.bytes);
        writeln!(out, "\n{read} in {:.2} s, rules {}", summary.seconds, summary.rules)
    }
}

impl Form for Human {
    fn items(&mut self, items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
        items.iter().try_for_each(|item| self.item(item, out))
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if self.in_lines && !self.quiet {
            writeln!(out)?;
        }
        self.summary(summary, out)
    }
}

const INCOMPLETE: Style = AnsiColor::Magenta.on_default().bold();

fn style(level: Level) -> Style {
    match level {
        Level::Clean => AnsiColor::Green.on_default(),
        Level::Notice => AnsiColor::Blue.on_default().bold(),
        Level::Suspicious => AnsiColor::Yellow.on_default().bold(),
        Level::Mining => AnsiColor::Red.on_default().bold(),
    }
}

/// How a line about something unread begins.
fn unread(reason: GapReason) -> String {
    match reason {
        GapReason::NoBody => "not read".to_owned(),
        reason => format!("not read, {}", text::reason(reason)),
    }
}

fn at(location: &Location) -> String {
    match location {
        Location::Whole => String::new(),
        other => format!(" at {}", text::printable(&text::place(other))),
    }
}

fn more(count: usize, what: &str, out: &mut dyn Write) -> io::Result<()> {
    match count.checked_sub(SHOWN) {
        Some(more @ 1..) => writeln!(out, "  and {more} more {what}"),
        _ => Ok(()),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
