//! `davy explain`: a rule, an algorithm, or a report saved from the popup, in sentences.

use crate::args::ExplainArgs;
use crate::failure::Failure;
use crate::given;
use crate::output::text;
use davy_judge::{Catalogue, Explanation};
use davy_model::{ArtifactKind, Evidence, Gap, Level};
use serde::Deserialize;
use std::io::{self, Write};
use std::path::Path;

/// Longest report that is read. The popup saves at most a tab's findings, a few hundred kilobytes.
const REPORT_BYTES: u64 = 64 << 20;

/// The name and version of a saved report.
const SCHEMA: &str = "davy.report/1";

/// A report as the popup saves it.
#[derive(Debug, Deserialize)]
struct SavedReport {
    schema: String,
    rule_set: String,
    page: String,
    findings: Vec<Finding>,
    #[serde(default)]
    opinion: Option<Opinion>,
    #[serde(default)]
    note: String,
}

/// What the person who saved it holds of the verdict.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Opinion {
    Wrong,
    Missed,
    Right,
}

#[derive(Debug, Deserialize)]
struct Finding {
    path: String,
    kind: ArtifactKind,
    level: Level,
    #[serde(default)]
    algorithms: Vec<String>,
    #[serde(default)]
    evidence: Vec<Evidence>,
    #[serde(default)]
    gaps: Vec<Gap>,
}

pub(crate) fn run(args: &ExplainArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let what = args.what.as_str();
    let rules = Catalogue::builtin().find(what);
    if !rules.is_empty() {
        return each(&rules, out);
    }
    let path = Path::new(what);
    let is_path = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    if is_path || path.is_file() {
        return report(&load(path)?, out);
    }
    Err(Failure::Refused(format!("no rule and no algorithm is called {what}; `davy rules list` names them")))
}

fn each(rules: &[&Explanation], out: &mut dyn Write) -> Result<(), Failure> {
    for (index, rule) in rules.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        explain(rule, out)?;
    }
    Ok(())
}

/// A rule in sentences.
pub(crate) fn explain(rule: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}", rule.id, rule.summary)?;
    match rule.weight.supports() {
        Level::Clean => writeln!(out, "It is weak: it adds to other evidence and supports no level alone.")?,
        level => writeln!(out, "It is {}: alone it supports {}.", text::weight(rule.weight), text::level(level))?,
    }
    list("Algorithms it names", &rule.algorithms, out)?;
    list("It looks for", &rule.looks_for, out)?;
    writeln!(out, "It says\n  {}", rule.because)?;
    list("Holds in", &rule.matches, out)?;
    list("Must not hold in", &rule.rejects, out)?;
    list("MITRE ATT&CK", &rule.attack, out)?;
    list("References", &rule.references, out)
}

fn list(heading: &str, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "{heading}")?;
    lines.iter().try_for_each(|line| writeln!(out, "  {line}"))
}

fn load(path: &Path) -> Result<SavedReport, Failure> {
    let refuse = |because: String| given::refused(path, &because);
    let is_file = std::fs::metadata(path).map_err(|error| refuse(error.to_string()))?.is_file();
    if !is_file {
        return Err(refuse("it is no file".to_owned()));
    }
    let bytes = given::bytes(path, REPORT_BYTES)?;
    let report: SavedReport =
        serde_json::from_slice(&bytes).map_err(|error| refuse(format!("it is no saved report: {error}")))?;
    if report.schema != SCHEMA {
        return Err(refuse(format!("it is {}, not {SCHEMA}", report.schema)));
    }
    Ok(report)
}

fn report(report: &SavedReport, out: &mut dyn Write) -> Result<(), Failure> {
    let findings = &report.findings;
    let worst = findings.iter().map(|finding| finding.level).max().unwrap_or_default();
    writeln!(out, "{} was found {}.", text::printable(&report.page), text::level(worst))?;
    writeln!(out, "The rules were {}; this build carries {}.", text::printable(&report.rule_set), current())?;
    match report.opinion {
        Some(Opinion::Wrong) => writeln!(out, "Who saved this holds that the page does not mine.")?,
        Some(Opinion::Missed) => writeln!(out, "Who saved this holds that the page mines and was not stopped.")?,
        Some(Opinion::Right) => writeln!(out, "Who saved this holds that the verdict is right.")?,
        None => {}
    }
    if !report.note.is_empty() {
        writeln!(out, "They wrote: {}", text::printable(&report.note))?;
    }
    for finding in findings {
        writeln!(out)?;
        explain_finding(finding, out)?;
    }
    Ok(())
}

fn current() -> &'static str {
    davy_judge::RuleSet::builtin().version()
}

fn explain_finding(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let kind = text::kind(finding.kind, 1);
    writeln!(out, "{} is a {kind} and {}.", text::printable(&finding.path), text::level(finding.level))?;
    if !finding.algorithms.is_empty() {
        writeln!(out, "  It computes {}.", text::printable(&finding.algorithms.join(", ")))?;
    }
    for evidence in &finding.evidence {
        let place = text::place(&evidence.location);
        writeln!(out, "  {}", text::printable(&evidence.because))?;
        writeln!(out, "    seen at {} by {}", text::printable(&place), text::printable(&evidence.rule))?;
        if let [rule] = Catalogue::builtin().find(&evidence.rule)[..] {
            writeln!(out, "    {}", rule.summary)?;
        }
    }
    for gap in &finding.gaps {
        writeln!(out, "  Not read, {}: {}", text::reason(gap.reason), text::printable(&gap.because))?;
    }
    Ok(())
}
