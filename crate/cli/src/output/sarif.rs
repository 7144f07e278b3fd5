//! SARIF 2.1.0, written as it comes: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use super::item::{Change, Finding, Item, Note};
use super::{Form, text, uri};
use crate::accept::fingerprint;
use crate::explain;
use crate::output::summary::Summary;
use crate::scan::analyse::Entry;
use davy_judge::{Catalogue, Explanation};
use davy_model::{Gap, Level, Location};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Other places of a finding that are listed; the count says how many there are.
const PLACES: usize = 16;
/// Things unread that are listed one by one, so that memory does not grow with what a capture lacks.
const NOTIFICATIONS: usize = 1000;

/// Results that are written: code hosts refuse a run with more. What is suspicious leaves room for what mines, and what is
/// only worth knowing for both: <https://docs.github.com/en/code-security/reference/code-scanning/sarif-support>.
const RESULTS: usize = 25_000;
const SUSPICIOUS: usize = 20_000;
const NOTICES: usize = 15_000;

/// Folder to which addresses are relative, under the name that code hosts look for.
const BASE: &str = "%SRCROOT%";

/// The report as it grows.
pub(crate) struct Sarif {
    catalogue: &'static Catalogue,
    /// Where the command runs: paths below are reported relative to it.
    folder: PathBuf,
    has_baseline: bool,
    begun: bool,
    results: usize,
    /// Findings that were not written, by level.
    unlisted: BTreeMap<Level, u64>,
    notifications: Vec<Value>,
    left_out: usize,
    /// How often a fingerprint was met: file names that differ only in a number share it.
    prints: BTreeMap<String, u32>,
}

impl Sarif {
    pub(crate) fn new(catalogue: &'static Catalogue, has_baseline: bool) -> Self {
        let folder = std::env::current_dir().unwrap_or_default();
        Self {
            catalogue,
            folder,
            has_baseline,
            begun: false,
            results: 0,
            unlisted: BTreeMap::new(),
            notifications: Vec::new(),
            left_out: 0,
            prints: BTreeMap::new(),
        }
    }

    /// Everything before the first result, written by hand because it is closed long after it is opened.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let driver = json!({
            "name": "davy",
            "fullName": "Davy: finds code that mines cryptocurrency",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": self.catalogue.iter().map(rule).collect::<Vec<_>>(),
            "notifications": reasons(),
        });
        let base = json!({ BASE: { "description": { "text": "The folder in which davy ran." } } });
        write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},")?;
        write!(out, "\"columnKind\":\"utf16CodeUnits\",\"originalUriBaseIds\":{base},\"results\":[")
    }

    fn result(&mut self, batch: &[Item<'_>], item: &Item<'_>, finding: &Finding<'_>) -> Value {
        let entry = item.entry;
        let Finding { evidence, note, others } = finding;
        let level = evidence.weight.supports();
        let print =
            fingerprint::of(&evidence.rule, &evidence.algorithms, &fingerprint::placed(&entry.path, &self.folder));
        let number = *self.prints.entry(print.clone()).and_modify(|count| *count += 1).or_insert(1);
        let place = |location: &Location| self.location(batch, entry, location);
        let mut result = json!({
            "ruleId": evidence.rule,
            "level": severity(level),
            "message": { "text": evidence.because },
            "locations": [place(&evidence.location)],
            // GitHub tells alerts apart by the second name.
            "partialFingerprints": { "davyFinding/v1": print, "primaryLocationLineHash": format!("{print}:{number}") },
            "occurrenceCount": others.len() + 1,
            "properties": {
                "davyLevel": text::level(level),
                "weight": text::weight(evidence.weight),
                "algorithms": evidence.algorithms,
                "artifact": entry.path,
                "kind": entry.kind,
                "sha256": entry.sha256,
            },
        });
        if let Some(accepted) = note.accepted {
            let justification = format!("{} (accepted until {})", accepted.reason, accepted.expires);
            result["suppressions"] =
                json!([{ "kind": "external", "status": "accepted", "justification": justification }]);
        }
        if let Some(state) = self.state(note) {
            result["baselineState"] = json!(state);
        }
        if !others.is_empty() {
            result["relatedLocations"] = others.iter().take(PLACES).map(|location| place(location)).collect();
        }
        result
    }

    /// What SARIF calls it beside a baseline or an earlier release.
    fn state(&self, note: &Note<'_>) -> Option<&'static str> {
        match (note.change, note.accepted) {
            (Some(Change::New), _) => Some("new"),
            (Some(Change::Changed), _) => Some("updated"),
            (Some(Change::Gone), _) => Some("absent"),
            (Some(Change::Same), _) | (None, Some(_)) => Some("unchanged"),
            (None, None) => self.has_baseline.then_some("new"),
        }
    }

    /// A place: the file, where in the file if that is known, and the whole path of what is inside of it.
    fn location(&self, batch: &[Item<'_>], entry: &Entry, location: &Location) -> Value {
        let (file, inside) = uri::outer(&entry.path);
        let region = match inside {
            None => region(location),
            Some(_) => begins(batch, &entry.path).and_then(region),
        };
        let mut physical = json!({ "artifactLocation": self.artifact(file) });
        if let Some(region) = region {
            physical["region"] = region;
        }
        let mut logical = Vec::new();
        if inside.is_some() {
            logical.push(json!({ "fullyQualifiedName": entry.path, "kind": "resource" }));
        }
        match location {
            Location::Function { index, .. } => logical.push(json!({
                "name": format!("function {index}"),
                "fullyQualifiedName": format!("{}#function-{index}", entry.path),
                "kind": "function",
            })),
            Location::Url { url } => logical.push(json!({ "fullyQualifiedName": url, "kind": "resource" })),
            Location::Artifact { path } => logical.push(json!({ "fullyQualifiedName": path, "kind": "resource" })),
            Location::Whole | Location::Bytes { .. } | Location::Line { .. } => {}
        }
        let mut value = json!({ "physicalLocation": physical, "properties": { "place": location } });
        if !logical.is_empty() {
            value["logicalLocations"] = Value::Array(logical);
        }
        value
    }

    fn artifact(&self, file: &str) -> Value {
        match uri::relative(file, &self.folder) {
            Some(uri) => json!({ "uri": uri, "uriBaseId": BASE }),
            None => json!({ "uri": uri::absolute(file, &self.folder) }),
        }
    }

    /// Whether one more result of this level is written; counts it otherwise.
    fn has_room(&mut self, level: Level) -> bool {
        let most = match level {
            Level::Mining => RESULTS,
            Level::Suspicious => SUSPICIOUS,
            Level::Notice | Level::Clean => NOTICES,
        };
        if self.results >= most {
            *self.unlisted.entry(level).or_default() += 1;
        }
        self.results < most
    }

    fn notify(&mut self, entry: &Entry, gap: &Gap) {
        if self.notifications.len() >= NOTIFICATIONS {
            self.left_out += 1;
            return;
        }
        let (file, _) = uri::outer(&entry.path);
        let at = match &gap.location {
            Location::Whole => String::new(),
            location => format!(", {}", text::place(location)),
        };
        self.notifications.push(json!({
            "descriptor": { "id": reason_id(gap) },
            "level": "warning",
            "message": { "text": format!("{}{at}: not read, {}: {}", entry.path, text::reason(gap.reason), gap.because) },
            "locations": [{ "physicalLocation": { "artifactLocation": self.artifact(file) } }],
        }));
    }
}

impl Form for Sarif {
    fn items(&mut self, items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        for item in items {
            for finding in item.findings() {
                if !self.has_room(finding.evidence.weight.supports()) {
                    continue;
                }
                out.write_all(if self.results > 0 { b",\n" } else { b"\n" })?;
                self.results += 1;
                let result = self.result(items, item, &finding);
                serde_json::to_writer(&mut *out, &result)?;
            }
            for gap in item.lost() {
                self.notify(item.entry, gap);
            }
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        if !self.unlisted.is_empty() {
            let counts: Vec<String> =
                self.unlisted.iter().rev().map(|(level, count)| format!("{count} {}", text::level(*level))).collect();
            let text = format!(
                "code hosts take no more than {RESULTS} results; findings beyond are not listed: {}",
                counts.join(", ")
            );
            self.notifications.push(json!({ "level": "warning", "message": { "text": text } }));
        }
        if self.left_out > 0 {
            let text = format!("{} more things that were not read are not listed", self.left_out);
            self.notifications.push(json!({ "level": "warning", "message": { "text": text } }));
        }
        let invocation = json!({
            // A PATH of the command line that could not be read: the scan did not do what it was asked to.
            "executionSuccessful": summary.errors == 0,
            "toolExecutionNotifications": self.notifications,
        });
        let properties = json!({ "summary": summary });
        writeln!(out, "\n],\"invocations\":[{invocation}],\"properties\":{properties}}}]}}")
    }
}

/// The identifier of a kind of gap.
fn reason_id(gap: &Gap) -> String {
    let name = serde_json::to_value(gap.reason).ok().and_then(|value| value.as_str().map(str::to_owned));
    format!("gap/{}", name.unwrap_or_default())
}

/// The kinds of gaps that make a result incomplete.
fn reasons() -> Vec<Value> {
    use davy_model::GapReason::{Encrypted, NoBody, OverLimit, Truncated, Undecodable};
    let all = [Truncated, OverLimit, Undecodable, NoBody, Encrypted];
    let describe = |reason| {
        let gap = Gap { reason, location: Location::Whole, because: String::new() };
        json!({ "id": reason_id(&gap), "shortDescription": { "text": format!("Not read: {}", text::reason(reason)) } })
    };
    all.into_iter().map(describe).collect()
}

/// A rule as code hosts show it, with what `davy explain` says of it as help.
fn rule(rule: &Explanation) -> Value {
    let level = rule.weight.supports();
    let mut help = Vec::new();
    // Writing to memory cannot fail.
    let _ = explain::explain(rule, &mut help);
    let help = String::from_utf8_lossy(&help).into_owned();
    let mut tags = vec!["security".to_owned(), "cryptojacking".to_owned()];
    tags.extend(rule.attack.iter().map(|technique| format!("external/mitre-attack/{technique}")));
    json!({
        "id": rule.id,
        "name": name(&rule.id),
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": format!("{}. {}", rule.summary, rule.looks_for.join(" ").trim()) },
        "help": { "text": help, "markdown": markdown(rule) },
        "defaultConfiguration": { "level": severity(level) },
        "properties": {
            "tags": tags,
            "precision": if level == Level::Mining { "very-high" } else { "high" },
            "security-severity": security_severity(level),
            "algorithms": rule.algorithms,
        },
    })
}

/// `algorithm/hash-chain` as the Pascal case that viewers expect of a rule's name.
fn name(id: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    id.split(['/', '-']).map(capital).collect()
}

fn markdown(rule: &Explanation) -> String {
    let mut text = format!("**{}**\n\n{}\n", rule.id, rule.summary);
    let mut list = |heading: &str, lines: &[String]| {
        if !lines.is_empty() {
            text += &format!("\n{heading}\n\n");
            lines.iter().for_each(|line| text += &format!("- {}\n", line.trim()));
        }
    };
    list("Algorithms it names:", &rule.algorithms);
    list("It looks for:", &rule.looks_for);
    list("References:", &rule.references);
    text
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Mining => "error",
        Level::Suspicious => "warning",
        Level::Notice => "note",
        Level::Clean => "none",
    }
}

/// The number by which GitHub sorts alerts of security: from 9.0 *critical*, from 7.0 *high*, from 4.0 *medium*, below *low*.
fn security_severity(level: Level) -> &'static str {
    match level {
        Level::Mining => "9.0",
        Level::Suspicious => "7.0",
        Level::Notice => "3.0",
        Level::Clean => "0.0",
    }
}

/// Where in the file the artifact begins that lies in it directly and holds the one of this path.
fn begins<'a>(batch: &[Item<'a>], path: &str) -> Option<&'a Location> {
    let end = path.match_indices("!/").nth(1).map_or(path.len(), |(at, _)| at);
    batch.iter().find(|item| item.entry.path == path[..end]).and_then(|item| item.entry.at.as_ref())
}

fn region(location: &Location) -> Option<Value> {
    match location {
        Location::Bytes { start, end } | Location::Function { start, end, .. } => {
            Some(json!({ "byteOffset": start, "byteLength": end.saturating_sub(*start) }))
        }
        Location::Line { line, column } => Some(json!({ "startLine": line, "startColumn": column })),
        Location::Whole | Location::Url { .. } | Location::Artifact { .. } => None,
    }
}

#[cfg(test)]
mod tests;
