//! What is decoded, and how; what is not; and what hostile programs cost.

mod decoders;
mod hostile;
mod outcome;

use super::{Handed, Strings, follow};
use crate::script::program::Scoping;
use crate::{Limits, extract};
use davy_model::{Artifact, ArtifactKind, Extraction, FactName};
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::{SourceType, Span};

fn read(text: &str) -> Extraction {
    let artifact = Artifact { path: "a.js".into(), kind: ArtifactKind::Script, bytes: text.as_bytes().into() };
    extract(&artifact, &Limits::default())
}

/// Texts of the children that are no modules.
fn layers(text: &str) -> Vec<String> {
    let children = read(text).children.into_iter().filter(|child| child.kind != ArtifactKind::Wasm);
    children.map(|child| String::from_utf8_lossy(&child.bytes).into_owned()).collect()
}

/// Hosts of the sockets that the program opens.
fn hosts(text: &str) -> Vec<String> {
    let facts = read(text).scopes.into_iter().flat_map(|scope| scope.facts);
    facts.filter(|fact| fact.name == FactName::Host).filter_map(|fact| fact.text).collect()
}

/// Follows a program for so many steps.
fn within(text: &str, steps: u64) -> (Handed, Strings) {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::unambiguous()).parse();
    let scoping = Scoping::of(&parsed.program);
    follow(&parsed.program, &scoping, text, super::Budget { steps, reserve: 0, is_ordinary: false })
}

/// What evaluation says of the last expression that is written like this.
fn string_at(text: &str, expression: &str) -> Option<String> {
    let (_, strings) = within(text, 1_000_000);
    let start = text.rfind(expression).expect("the expression stands in the text") as u32;
    strings.at(Span::new(start, start + expression.len() as u32)).map(str::to_owned)
}
