//! Rules in sentences, for people who ask what a rule looks for. Done at build time, so that it costs a frame nothing.

use super::rule::Draft;
use crate::catalogue::Explanation;
use crate::ruleset::{Condition, Rule, Term};
use davy_model::FactName;

/// Every rule's explanation, by id.
pub(crate) fn entries(drafts: &[Draft], rules: &[Rule]) -> Vec<Explanation> {
    let mut entries: Vec<Explanation> =
        drafts.iter().zip(rules).map(|(draft, rule)| entry(draft, rule, rules)).collect();
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    entries
}

fn entry(draft: &Draft, rule: &Rule, rules: &[Rule]) -> Explanation {
    let raw = &draft.raw;
    let mut algorithms: Vec<String> = rule.algorithms.iter().map(|named| named.name.clone()).collect();
    algorithms.sort();
    algorithms.dedup();
    let mut looks_for = Vec::new();
    lines(&rule.when, rules, 0, &mut looks_for);
    for named in &rule.algorithms {
        if let Some(when) = &named.when {
            looks_for.push(format!("and names {} when", named.name));
            lines(when, rules, 1, &mut looks_for);
        }
    }
    Explanation {
        id: raw.id.clone(),
        summary: raw.summary.clone(),
        scope: raw.scope,
        weight: rule.weight,
        attack: raw.attack.clone(),
        algorithms,
        looks_for,
        because: raw.because.clone(),
        references: raw.references.clone(),
        matches: raw.examples.matches.clone(),
        rejects: raw.examples.reject.clone(),
    }
}

fn lines(condition: &Condition, rules: &[Rule], depth: usize, out: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    let mut group = |head: String, of: &[Condition]| {
        out.push(format!("{indent}{head}"));
        of.iter().for_each(|member| lines(member, rules, depth + 1, out));
    };
    match condition {
        Condition::All(of) => group("all of:".to_owned(), of),
        Condition::Any(of) => group("any of:".to_owned(), of),
        Condition::None(of) => group("none of:".to_owned(), of),
        Condition::AtLeastOf { n, of } => group(format!("at least {n} of:"), of),
        Condition::Fact(term) => out.push(format!("{indent}{}", sentence(term))),
        Condition::Rule { index, anywhere } => {
            let id = rules.get(*index as usize).map_or("another rule", |rule| &rule.id);
            let place = if *anywhere { "anywhere in the artifact" } else { "in one of these functions" };
            out.push(format!("{indent}{id} matched {place}"));
        }
    }
}

/// For example: "at least 24 entries of a known table of constants named keccak-rc, anywhere in the artifact".
fn sentence(term: &Term) -> String {
    let mut text = match (term.at_least, term.at_most) {
        (_, 0) => "no ".to_owned(),
        (least, u64::MAX) => format!("at least {least} × "),
        (0, most) => format!("at most {most} × "),
        (least, most) => format!("{least} to {most} × "),
    };
    text.push_str(phrase(term.fact));
    let shown = if term.fact == FactName::MaskedAddress { hex } else { decimal };
    if !term.values.is_empty() {
        text.push_str(&format!(", value {}", either(term.values.iter().map(shown))));
    }
    match (term.min, term.max) {
        (0, u64::MAX) => {}
        (min, u64::MAX) => text.push_str(&format!(", value {min} or more")),
        (0, max) => text.push_str(&format!(", value {max} or less")),
        (min, max) => text.push_str(&format!(", value {min} to {max}")),
    }
    if !term.texts.is_empty() {
        text.push_str(&format!(", named {}", either(term.texts.iter().cloned())));
    }
    if term.listed {
        text.push_str(", on the host list");
    }
    if term.distinct > 1 {
        text.push_str(&format!(", {} different ones", term.distinct));
    }
    if term.in_artifact {
        text.push_str(", anywhere in the artifact");
    }
    text
}

fn hex(value: &u64) -> String {
    format!("{value:#x}")
}

fn decimal(value: &u64) -> String {
    value.to_string()
}

fn either(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(" or ")
}

/// A fact in words; facts that need more than their name have an entry.
fn phrase(fact: FactName) -> &'static str {
    use FactName as F;
    match fact {
        F::MemoryMin => "memory that starts with so many pages of 64 KiB",
        F::MemoryMax => "memory that may grow to so many pages of 64 KiB",
        F::Functions => "function",
        F::FunctionsReachable => "function that can be reached",
        F::HotCode => "byte of code inside loops that can be reached",
        F::Entry => "way in (export, start function or table element)",
        F::Import => "imported function",
        F::HashShare => "share of loop code that hashes, in percent",
        F::MaskedAddress => "load or store at a masked, data-dependent address",
        F::Mul128 => "full multiply of 64 by 64 to 128 bits",
        F::Rotation32 => "32-bit rotation to the right by a constant",
        F::Rotation64 => "64-bit rotation to the right by a constant",
        F::ByteLookup => "table look-up by one byte of a data-dependent word",
        F::Table => "entry of a known table of constants",
        F::LoopBound => "loop that counts to a constant",
        F::MultiplyAdd => "multiply-add `a + b + 2·lo32(a)·lo32(b)`",
        F::Xor => "exclusive-or of two variable words",
        F::Loops => "loop",
        F::NonceStore => "store of a loop's counter to a place that stays the same",
        F::TargetCompare => "comparison of a word with a bound that stays the same",
        F::ChainedAddress => "load at a masked address that was computed from what another such load gave",
        F::MaskedStore => "store at a masked, data-dependent address",
        F::Host => "host of an address",
        F::PoolPath => "path of an address that is shaped like a mining proxy's",
        F::PoolParameter => "part of an address that only pools use",
        #[allow(unreachable_patterns)]
        _ => "other fact",
    }
}
