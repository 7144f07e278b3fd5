//! JUnit XML as Jenkins defines it and other servers read it: a suite for each file, a case for each artifact in it.
//! What `--fail-on` judges is a failure, what was not read an error, what somebody accepted is skipped.

use super::item::{Finding, Item};
use super::summary::Summary;
use super::{Form, text, uri};
use crate::args::FailOn;
use crate::args::Options;
use std::io::{self, Write};

/// The report as it grows.
pub(crate) struct Junit {
    fail_on: FailOn,
    allow_gaps: bool,
    begun: bool,
}

/// What a case amounts to.
enum Outcome<'a> {
    Passed,
    Failed(Vec<Finding<'a>>),
    /// Something was not read.
    Unread(String),
    Accepted(Vec<Finding<'a>>),
}

impl Junit {
    pub(crate) fn new(options: &Options) -> Self {
        Self { fail_on: options.fail_on, allow_gaps: options.allow_gaps, begun: false }
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"davy\">\n")
    }

    fn outcome<'a>(&self, item: &Item<'a>) -> Outcome<'a> {
        if self.fail_on.is_met_by(item.counts()) {
            return Outcome::Failed(item.open_findings());
        }
        let lost: Vec<String> =
            item.lost().map(|gap| format!("{}: {}", text::reason(gap.reason), gap.because)).collect();
        if !lost.is_empty() && !self.allow_gaps {
            return Outcome::Unread(lost.join("\n"));
        }
        let mut accepted = item.findings();
        accepted.retain(|finding| finding.note.accepted.is_some());
        let hides = |f: &Finding<'_>| self.fail_on.is_met_by(f.evidence.weight.supports());
        if accepted.iter().any(hides) { Outcome::Accepted(accepted) } else { Outcome::Passed }
    }
}

impl Form for Junit {
    fn items(&mut self, items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        let Some(first) = items.first() else { return Ok(()) };
        let outcomes: Vec<Outcome<'_>> = items.iter().map(|item| self.outcome(item)).collect();
        let count = |is: fn(&Outcome<'_>) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
        writeln!(
            out,
            "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\">",
            escaped(&first.entry.path),
            items.len(),
            count(|outcome| matches!(outcome, Outcome::Failed(_))),
            count(|outcome| matches!(outcome, Outcome::Unread(_))),
            count(|outcome| matches!(outcome, Outcome::Accepted(_))),
            seconds(items.iter().map(|item| item.entry.elapsed).sum()),
        )?;
        for (item, outcome) in items.iter().zip(&outcomes) {
            case(item, outcome, out)?;
        }
        out.write_all(b"</testsuite>\n")
    }

    fn finish(&mut self, _: &Summary, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        out.write_all(b"</testsuites>\n")
    }
}

fn case(item: &Item<'_>, outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let entry = item.entry;
    let (file, inside) = uri::outer(&entry.path);
    let name = inside.unwrap_or_else(|| text::kind(entry.kind, 1));
    let time = seconds(entry.elapsed);
    write!(out, "<testcase classname=\"{}\" name=\"{}\" time=\"{time}\">", escaped(file), escaped(name))?;
    match outcome {
        Outcome::Passed => {}
        Outcome::Failed(findings) => {
            let level = text::level(item.open_level());
            let message = findings.first().map(|f| f.evidence.because.as_str()).unwrap_or_default();
            write!(out, "<failure type=\"{level}\" message=\"{}\">{}</failure>", escaped(message), told(findings))?;
        }
        Outcome::Unread(why) => {
            write!(out, "<error type=\"incomplete\" message=\"it was not read whole\">{}</error>", escaped(why))?
        }
        Outcome::Accepted(findings) => write!(out, "<skipped>{}</skipped>", told(findings))?,
    }
    out.write_all(b"</testcase>\n")
}

/// Findings in sentences.
fn told(findings: &[Finding<'_>]) -> String {
    let mut all = String::new();
    for Finding { evidence, note, .. } in findings {
        let place = text::place(&evidence.location);
        let accepted =
            note.accepted.map(|accepted| format!(" (accepted until {}: {})", accepted.expires, accepted.reason));
        let line = format!("{} ({place}) {}{}\n", evidence.because, evidence.rule, accepted.unwrap_or_default());
        all += &escaped(&line);
    }
    all
}

fn seconds(time: std::time::Duration) -> String {
    format!("{:.6}", time.as_secs_f64())
}

/// Text for XML 1.0: its five special characters are escaped, and U+FFFD stands for what it cannot hold.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
