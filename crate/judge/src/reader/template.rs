//! The sentence of a rule: words and placeholders.

use crate::ruleset::{Condition, Form, Part, Show};
use davy_model::FactName;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

/// Parses a sentence. A placeholder must speak of a fact that the rule's condition chooses, or it could only be empty.
pub(crate) fn parse(text: &str, when: &Condition) -> Result<Vec<Part>, String> {
    if text.trim().is_empty() {
        return Err("`because` is empty".to_owned());
    }
    let mut parts = Vec::new();
    let mut words = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.peek() == Some(&c) => {
                chars.next();
                words.push(c);
            }
            '{' => {
                let inner: String = chars.by_ref().take_while(|c| *c != '}').collect();
                if !words.is_empty() {
                    parts.push(Part::Words(std::mem::take(&mut words)));
                }
                parts.push(placeholder(&inner, when)?);
            }
            '}' => return Err("`because` has a `}` without a `{`: write `}}` for a brace".to_owned()),
            _ => words.push(c),
        }
    }
    if !words.is_empty() {
        parts.push(Part::Words(words));
    }
    Ok(parts)
}

fn placeholder(inner: &str, when: &Condition) -> Result<Part, String> {
    let wrong = |why: &str| format!("`because`: `{{{inner}}}` {why}");
    let (name, rest) = inner.split_once('.').ok_or_else(|| wrong("must be `{fact.part}`"))?;
    let (part, form) = rest.split_once(':').map_or((rest, None), |(part, form)| (part, Some(form)));
    let name: StrDeserializer<'_, Error> = name.into_deserializer();
    let fact = FactName::deserialize(name).map_err(|error| wrong(&format!("names no fact: {error}")))?;
    if !chooses(when, fact) {
        return Err(wrong("speaks of a fact that the condition does not choose"));
    }
    if let ("count", Some((one, several))) = (part, form.and_then(|form| form.split_once('/'))) {
        return Ok(Part::Counted { fact, one: one.to_owned(), several: several.to_owned() });
    }
    let show = match (part, form) {
        ("count", None) => Show::Count,
        ("most", None) => Show::Most,
        ("distinct", None) => Show::Distinct,
        ("text", None) => Show::Text,
        ("value", None) => Show::Value(Form::Decimal),
        ("value", Some("hex")) => Show::Value(Form::Hex),
        ("value", Some("region")) => Show::Value(Form::Region),
        ("value", Some("pages")) => Show::Value(Form::Pages),
        _ => return Err(wrong("has no such part or form")),
    };
    Ok(Part::Facts { fact, show })
}

/// Whether a condition has a term about a fact outside `none`.
fn chooses(condition: &Condition, fact: FactName) -> bool {
    match condition {
        Condition::All(of) | Condition::Any(of) | Condition::AtLeastOf { of, .. } => {
            of.iter().any(|c| chooses(c, fact))
        }
        Condition::Fact(term) => term.fact == fact,
        Condition::None(_) | Condition::Rule { .. } => false,
    }
}
