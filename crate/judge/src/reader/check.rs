//! What a rule must say beside its condition: its name, its sources, its examples.

use super::raw::RawRule;
use super::rule::is_nursery;
use davy_model::ScopeKind;

/// Everything that is wrong with a rule when it is looked at alone.
pub(crate) fn rule(file: &str, raw: &RawRule) -> Vec<String> {
    let mut wrong = Vec::new();
    if file.strip_suffix(".toml") != Some(raw.id.as_str()) {
        wrong.push(format!("`id` must be the file's folder and name, but is `{}`", raw.id));
    }
    // What a page's parts mean together is told of the page, by the folder of its rule.
    if file.starts_with("page/") != (raw.scope == ScopeKind::Page) {
        wrong.push("rules with the scope \"page\", and only they, stand in the folder page".to_owned());
    }
    if raw.summary.trim().is_empty() {
        wrong.push("`summary` is empty".to_owned());
    }
    wrong.extend(raw.attack.iter().filter(|t| !is_technique(t)).map(|t| format!("`{t}` is no ATT&CK technique")));
    let names = raw.algorithms.iter().chain(raw.algorithm.iter().map(|named| &named.name));
    wrong.extend(names.filter(|name| !is_algorithm(name)).map(|name| format!("`{name}` is no algorithm's name")));
    if raw.references.iter().any(|r| r.trim().is_empty()) {
        wrong.push("a reference is empty".to_owned());
    }
    let examples = raw.examples.matches.iter().chain(&raw.examples.reject);
    wrong.extend(
        examples.filter(|e| !is_example(e)).map(|e| format!("`{e}` is neither a case of tests/corpus nor an address")),
    );
    if !is_nursery(file) {
        wrong.extend(proof(raw));
    }
    wrong
}

/// What only rules on trial may lack.
fn proof(raw: &RawRule) -> impl Iterator<Item = String> {
    let missing = [
        (raw.references.is_empty(), "`references` is missing: where does this knowledge come from?"),
        (raw.examples.matches.is_empty(), "`examples.match` is missing: which case shows that it holds?"),
        (raw.examples.reject.is_empty(), "`examples.reject` is missing: which near miss shows where it ends?"),
    ];
    missing.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, why)| why.to_owned())
}

/// `T1496` or `T1496.001`.
fn is_technique(text: &str) -> bool {
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    let Some(number) = text.strip_prefix('T') else { return false };
    match number.split_once('.') {
        Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
        None => digits(number, 4),
    }
}

fn is_algorithm(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
}

/// A case's folder and name; or an address, which needs no folder since it is its own bytes.
fn is_example(text: &str) -> bool {
    if ["ws://", "wss://", "http://", "https://"].iter().any(|scheme| text.starts_with(scheme)) {
        return true;
    }
    let part = |p: &str| {
        !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
    };
    text.contains('/') && text.split('/').all(|p| part(p) && !p.starts_with('.'))
}
