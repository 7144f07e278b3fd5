//! What evaluation found, as children, facts and gaps of the extraction.

use super::handed::{Handed, Layer, Purpose};
use super::{Strings, named};
use crate::script::program::Program;
use crate::{request, shader};
use davy_model::{Artifact, ArtifactKind, Extraction, Fact, FactName, Gap, GapReason, Location};
use oxc_span::Span;
use std::borrow::Cow;

/// Hands everything over.
pub(super) fn tell(handed: Handed, strings: &Strings, program: &Program<'_, '_>, out: &mut Extraction) {
    let embedded = out.children.iter().filter(|child| child.kind == ArtifactKind::Wasm).count();
    let mut modules = 0;
    for bytes in handed.modules {
        if !out.children.iter().any(|child| child.bytes.as_ref() == bytes.as_slice()) {
            let path = format!("{}!/embedded-{}.wasm", program.path, embedded + modules);
            out.children.push(Artifact { path, kind: ArtifactKind::Wasm, bytes: Cow::Owned(bytes) });
            modules += 1;
        }
    }
    let known = |text: &str, out: &Extraction| {
        let same = |child: &Artifact<'_>| child.kind == ArtifactKind::Shader && child.bytes.as_ref() == text.as_bytes();
        out.children.iter().any(same)
    };
    let shaders = out.children.iter().filter(|child| child.kind == ArtifactKind::Shader).count();
    let mut counts = [0, 0, shaders];
    let hidden = hidden(&handed.layers, program);
    for layer in handed.layers {
        // A shader that stands in the text as a whole has been found there.
        if layer.purpose != Purpose::Shader || !known(&layer.text, out) {
            out.children.push(child(program.path, layer, &mut counts));
        }
    }
    for (purpose, span) in handed.unknown {
        let what = match purpose {
            Purpose::Code => "code",
            Purpose::Worker => "a worker's source",
            Purpose::Markup => "markup",
            Purpose::Shader | Purpose::Data => continue,
        };
        let because = format!("{what} is run that only exists when the script runs");
        out.gaps.push(Gap { reason: GapReason::RunTime, location: program.location(span.start), because });
    }
    if handed.spent {
        let because =
            "the script decodes itself in more steps than are followed: what it decodes was not read".to_owned();
        out.gaps.push(Gap { reason: GapReason::RunTime, location: Location::Whole, because });
    }
    if handed.full {
        let because = "more code is put together than is read".to_owned();
        out.gaps.push(Gap { reason: GapReason::OverLimit, location: Location::Whole, because });
    }
    for address in &handed.addresses {
        request::opened(&address.url, &program.location(address.span.start), out);
    }
    let mut facts = named::facts(program, strings);
    facts.extend(opened(&handed.sockets, program));
    facts.extend(hidden);
    if let Some(scope) = out.scopes.first_mut() {
        scope.facts.append(&mut facts);
        davy_model::sort_by(&mut scope.facts, Fact::order);
    }
    out.gaps.sort();
}

/// Sockets whose address is known, and those whose address is not.
fn opened(sockets: &[(Span, bool)], program: &Program<'_, '_>) -> Vec<Fact> {
    let fact = |known| {
        let mut places = sockets.iter().filter(|(_, address)| *address == known).map(|(span, _)| span.start);
        let first = places.next()?;
        let count = u32::try_from(places.count() + 1).unwrap_or(u32::MAX);
        let location = program.location(first);
        Some(Fact { name: FactName::SocketOpened, value: u64::from(known), count, text: None, location })
    };
    [false, true].into_iter().filter_map(fact).collect()
}

/// Longest stretch of a layer that is looked for in its script.
const PROBE: usize = 64;

/// Layers that do not stand in the script as they are: a worker's source in a literal hides nothing.
fn hidden(layers: &[Layer], program: &Program<'_, '_>) -> Option<Fact> {
    let runs = |layer: &&Layer| matches!(layer.purpose, Purpose::Code | Purpose::Worker | Purpose::Markup);
    let source = program.text.as_bytes();
    let stands = |layer: &Layer| memchr::memmem::find(source, probe(&layer.text)).is_some();
    let count = layers.iter().filter(runs).filter(|layer| !stands(layer)).count();
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let location = program.location(0);
    (count > 0).then_some(Fact { name: FactName::HiddenCode, value: 0, count, text: None, location })
}

/// The longest stretch without what a literal writes in another way: line ends, quotes, whatever has to be escaped.
fn probe(text: &str) -> &[u8] {
    let is_plain =
        |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b'$' | b'<' | b'/');
    let runs = text.as_bytes().split(|byte| !is_plain(byte));
    let longest = runs.max_by_key(|run| run.len()).unwrap_or_default();
    &longest[..longest.len().min(PROBE)]
}

fn child(path: &str, layer: Layer, counts: &mut [usize; 3]) -> Artifact<'static> {
    let (name, kind, count) = match layer.purpose {
        Purpose::Worker => ("worker", "js", &mut counts[1]),
        Purpose::Markup => ("layer", "html", &mut counts[0]),
        Purpose::Shader => {
            ("shader", shader::dialect(layer.text.as_bytes()).map_or("glsl", shader::Dialect::ending), &mut counts[2])
        }
        Purpose::Code | Purpose::Data => ("layer", "js", &mut counts[0]),
    };
    let path = format!("{path}!/{name}-{count}.{kind}");
    *count += 1;
    let kind = match layer.purpose {
        Purpose::Markup => ArtifactKind::Page,
        Purpose::Shader => ArtifactKind::Shader,
        _ => ArtifactKind::Script,
    };
    Artifact { path, kind, bytes: Cow::Owned(layer.text.into_bytes()) }
}
