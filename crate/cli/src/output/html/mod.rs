//! One page that needs nothing else: what was found, where, why, and a picture of where the weight lies. It holds no
//! script, loads nothing, and says so to the browser.

mod picture;
mod treemap;

use super::item::{Change, Finding, Item};
use super::summary::Summary;
use super::{Form, text};
use davy_model::{ArtifactKind, Level};
use picture::Picture;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Artifacts that are told of one by one, of the heaviest level first: what a person may read in a browser.
const TOLD: usize = 2000;
/// Reasons of one artifact.
const REASONS: usize = 50;

/// What was seen so far.
#[derive(Default)]
pub(crate) struct Html {
    picture: Picture,
    told: Vec<Told>,
    /// How many were not kept.
    left_out: usize,
    /// For each algorithm, artifacts that hold it.
    algorithms: BTreeMap<String, u64>,
}

/// One artifact, as it is written.
struct Told {
    level: Level,
    /// Of what `--fail-on` judges: between releases, of what came in.
    counts: Level,
    html: String,
}

impl Html {
    fn item(&mut self, item: &Item<'_>) {
        let inherits =
            |evidence: &davy_model::Evidence| matches!(evidence.location, davy_model::Location::Artifact { .. });
        let own = item.entry.verdict.evidence.iter().filter(|evidence| !inherits(evidence));
        let mut names: Vec<&String> = own.flat_map(|evidence| &evidence.algorithms).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            *self.algorithms.entry(name.clone()).or_default() += 1;
        }
        let (findings, lost) = (item.findings(), item.lost().count());
        if findings.is_empty() && lost == 0 {
            return;
        }
        // Below what is heavier, the first are told.
        let level = item.open_level();
        if self.told.len() >= TOLD {
            let lightest = self.told.iter().enumerate().rev().min_by_key(|(_, told)| told.level);
            let Some((index, _)) = lightest.filter(|(_, told)| told.level < level) else {
                self.left_out += 1;
                return;
            };
            self.told.remove(index);
            self.left_out += 1;
        }
        self.told.push(Told { level, counts: item.counts(), html: artifact(item, &findings) });
    }
}

impl Form for Html {
    fn items(&mut self, items: &[Item<'_>], _: &mut dyn Write) -> io::Result<()> {
        for item in items {
            self.item(item);
        }
        // What is inside of a file is a part of its weight; a container's weight is that of its parts.
        if let Some(first) = items.first().filter(|item| item.entry.kind != ArtifactKind::Container) {
            let worst = items.iter().map(Item::open_level).max().unwrap_or_default();
            self.picture.add(&first.entry.path, first.entry.bytes, worst);
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
        let (title, tone) = (title(summary, &self.told), tone(summary, &self.told));
        writeln!(out, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">")?;
        writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">")?;
        writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        writeln!(out, "<title>Davy: {title}</title>\n<style>\n{}</style>", include_str!("style.css"))?;
        writeln!(out, "<header class=\"{tone}\"><h1>{title}</h1>\n<p class=\"faint\">{}</p></header>", read(summary))?;
        counts(summary, out)?;
        self.picture.write(out)?;
        self.findings(out)?;
        algorithms(&self.algorithms, out)?;
        let (version, rules) = (escaped(summary.version), escaped(&summary.rules));
        writeln!(
            out,
            "<footer>Davy {version}, rules {rules}. <code>davy explain RULE</code> says more of each.</footer>\n</html>"
        )
    }
}

impl Html {
    fn findings(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.told.is_empty() {
            return Ok(());
        }
        // A stable sort: within a level the order of the input stays.
        self.told.sort_by_key(|told| std::cmp::Reverse(told.level));
        writeln!(out, "<h2>What was found, and why</h2>")?;
        for told in &self.told {
            out.write_all(told.html.as_bytes())?;
        }
        match self.left_out {
            0 => Ok(()),
            more => {
                writeln!(out, "<p class=\"faint\">{more} more of the lighter ones are not listed; JSON has all.</p>")
            }
        }
    }
}

/// The verdict in a line.
fn title(summary: &Summary, told: &[Told]) -> String {
    if !summary.scannable() {
        return "Nothing that can be read was found".to_owned();
    }
    if summary.changes.is_some() {
        return match told.iter().map(|told| told.counts).max().unwrap_or_default() {
            Level::Mining => "Code that mines came in".to_owned(),
            Level::Suspicious => "Something that looks like mining came in".to_owned(),
            Level::Notice => "Nothing that mines came in; something worth knowing did".to_owned(),
            Level::Clean => "Nothing of note came in".to_owned(),
        };
    }
    match told.iter().map(|told| told.level).max().unwrap_or_default() {
        Level::Mining => "Code that mines was found".to_owned(),
        Level::Suspicious => "Something looks like mining".to_owned(),
        Level::Notice if summary.complete => "Nothing that mines; something worth knowing".to_owned(),
        Level::Clean if summary.complete => "Nothing of note was found".to_owned(),
        Level::Notice | Level::Clean => "Nothing that mines in what could be read".to_owned(),
    }
}

fn tone(summary: &Summary, told: &[Told]) -> &'static str {
    match told.iter().map(|told| told.counts).max().unwrap_or_default() {
        Level::Clean if !summary.complete => "incomplete",
        level => text::level(level),
    }
}

fn read(summary: &Summary) -> String {
    let kinds = summary.kinds.iter().map(|(kind, count)| format!("{count} {}", text::kind(*kind, *count)));
    let kinds: Vec<String> = kinds.collect();
    let mut line = format!("{} read in {:.2} s: {}", text::bytes(summary.bytes), summary.seconds, kinds.join(", "));
    if let Some(accepted) = summary.accepted.filter(|accepted| *accepted > 0) {
        line += &format!("; {accepted} accepted by the baseline");
    }
    if let Some(changes) = &summary.changes {
        let told: Vec<String> = changes.iter().map(|(change, n)| format!("{n} {}", text::change(*change))).collect();
        line += &format!("; reasons {}", told.join(", "));
    }
    line
}

fn counts(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<ul class=\"counts\">")?;
    for (level, count) in summary.levels.iter().rev() {
        let (count, word) = match level {
            // Nothing that was not read whole is called clean.
            Level::Clean => (count - summary.clean_incomplete, text::level(Level::Clean)),
            level => (*count, text::level(*level)),
        };
        writeln!(out, "<li class=\"{word}\"><b>{count}</b> {word}</li>")?;
    }
    writeln!(out, "<li class=\"incomplete\"><b>{}</b> incomplete</li>\n</ul>", summary.incomplete)
}

fn artifact(item: &Item<'_>, findings: &[Finding<'_>]) -> String {
    let entry = item.entry;
    let level = item.open_level();
    let tone = if level == Level::Clean && item.lost().next().is_some() { "incomplete" } else { text::level(level) };
    let accepted = findings.iter().all(|finding| finding.note.accepted.is_some()) && !findings.is_empty();
    let word = if accepted { "accepted" } else { tone };
    let algorithms = entry.verdict.algorithms();
    let named = if algorithms.is_empty() {
        String::new()
    } else {
        format!(" <small>{}</small>", escaped(&algorithms.join(", ")))
    };
    let open = if level == Level::Mining { " open" } else { "" };
    let path = escaped(&entry.path);
    let mut html = format!(
        "<details class=\"{tone}\"{open}><summary><b>{word}</b>{path}{named}</summary>\n<ul class=\"reasons\">\n"
    );
    for Finding { evidence, note, others } in findings.iter().take(REASONS) {
        let place = escaped(&text::place(&evidence.location));
        let times = if others.is_empty() { String::new() } else { format!(" and {} more places", others.len()) };
        let change = note.change.map(|change: Change| format!("{}: ", text::change(change))).unwrap_or_default();
        let because = escaped(&evidence.because);
        html += &format!("<li>{change}{because}<small>{place}{times} · <code>{}</code>", escaped(&evidence.rule));
        if let Some(accepted) = note.accepted {
            html += &format!(" · accepted until {}: {}", escaped(&accepted.expires), escaped(&accepted.reason));
        }
        html += "</small></li>\n";
    }
    if findings.len() > REASONS {
        html += &format!("<li class=\"faint\">and {} more reasons</li>\n", findings.len() - REASONS);
    }
    for gap in item.lost().take(REASONS) {
        let because = escaped(&gap.because);
        html += &format!(
            "<li>not read, {}: {because}<small>{}</small></li>\n",
            text::reason(gap.reason),
            escaped(&text::place(&gap.location))
        );
    }
    html + "</ul></details>\n"
}

fn algorithms(found: &BTreeMap<String, u64>, out: &mut dyn Write) -> io::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>What the code can compute</h2>\n<table>\n<tr><th>algorithm</th><th>artifacts</th></tr>")?;
    for (name, count) in found {
        writeln!(out, "<tr><td>{}</td><td>{count}</td></tr>", escaped(name))?;
    }
    writeln!(out, "</table>")
}

/// Text for HTML, safe in content and in quoted attributes.
fn escaped(text: &str) -> String {
    let printable = text::printable(text);
    let mut out = String::with_capacity(printable.len());
    for c in printable.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
