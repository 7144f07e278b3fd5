//! Reading and judging as the command does it: a thing and all that is found inside it.

use crate::without::Rules;
use davy_facts::Limits;
use davy_judge::{Context, RuleSet};
use davy_model::{Artifact, ArtifactKind, Extraction, FactName, Verdict};
use std::borrow::Cow;

/// Artifacts inside artifacts that are followed, as in the command.
const DEPTH: usize = 4;

/// What was read from an artifact and from those inside of it.
pub(crate) struct Tree {
    extraction: Extraction,
    children: Vec<Tree>,
}

/// Reads an artifact and what is inside of it.
pub(crate) fn read(artifact: &Artifact<'_>) -> Tree {
    descend(artifact, DEPTH)
}

fn descend(artifact: &Artifact<'_>, depth: usize) -> Tree {
    let mut extraction = davy_facts::extract(artifact, &Limits::default());
    let children = std::mem::take(&mut extraction.children);
    let children = if depth == 0 { Vec::new() } else { children.iter().map(|c| descend(c, depth - 1)).collect() };
    Tree { extraction, children }
}

/// Judges what was read, with the facts taken out that the rules are not to know.
pub(crate) fn judge(tree: &Tree, rules: &Rules, context: &Context) -> Verdict {
    let own = if rules.hides_nothing() {
        davy_judge::judge(&rules.set, &tree.extraction, context)
    } else {
        davy_judge::judge(&rules.set, &hidden(&tree.extraction, rules), context)
    };
    if tree.children.is_empty() {
        return own;
    }
    let inner: Vec<Verdict> = tree.children.iter().map(|child| judge(child, rules, context)).collect();
    let paths = tree.children.iter().map(|child| child.extraction.subject.path.as_str());
    davy_judge::from_children(&rules.set, own, paths.zip(&inner))
}

fn hidden(extraction: &Extraction, rules: &Rules) -> Extraction {
    let mut extraction = extraction.clone();
    for scope in &mut extraction.scopes {
        scope.facts.retain(|fact| {
            let table = fact.name == FactName::Table
                && fact.text.as_ref().is_some_and(|text| rules.tables.iter().any(|table| table == text));
            !table && !rules.facts.contains(&fact.name)
        });
    }
    extraction
}

/// The verdict over a module's bytes, alone in its page.
#[cfg(feature = "evade")]
pub(crate) fn of_wasm(bytes: &[u8], rules: &Rules) -> Verdict {
    let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(bytes) };
    judge(&read(&artifact), rules, &Context::default())
}

/// An artifact from a file's bytes: a module by its magic number, a page, shader or script by its name.
pub(crate) fn artifact(path: String, bytes: Vec<u8>) -> Artifact<'static> {
    let kind = if bytes.starts_with(b"\0asm") || path.ends_with(".wasm") {
        ArtifactKind::Wasm
    } else if path.ends_with(".html") || path.ends_with(".htm") {
        ArtifactKind::Page
    } else if [".wgsl", ".glsl", ".frag", ".vert", ".comp"].iter().any(|ending| path.ends_with(ending)) {
        ArtifactKind::Shader
    } else {
        ArtifactKind::Script
    };
    Artifact { path, kind, bytes: Cow::Owned(bytes) }
}

/// The socket that a manifest's word for a page's context stands for: what else the judge gets to see of the page.
pub(crate) fn socket(word: &str) -> Option<Artifact<'static>> {
    let address = match word {
        // A host of the list, as a miner's loader calls it.
        "pool" | "job-channel" | "stratum" => format!("wss://{}/", RuleSet::builtin().pool_hosts().iter().next()?),
        // A host that nobody knows, under a path that only mining proxies have.
        "proxy" => "wss://example.org/proxy".to_owned(),
        _ => return None,
    };
    Some(Artifact { path: address.clone(), kind: ArtifactKind::Websocket, bytes: Cow::Owned(address.into_bytes()) })
}

/// The verdict over an artifact in a page that holds a socket as well: its own evidence, and what both mean together.
pub(crate) fn in_page(own: Verdict, path: &str, socket: Option<&Artifact<'_>>, rules: &Rules) -> Verdict {
    let Some(socket) = socket else { return own };
    let other = judge(&read(socket), rules, &Context::default());
    let joint = davy_judge::judge_page(&rules.set, [(path, &own), (socket.path.as_str(), &other)]);
    let mut verdict = own;
    verdict.evidence.extend(joint);
    verdict
}
