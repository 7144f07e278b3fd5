//! A judgement in the words of the command line's contract, so that tests can compare both byte for byte.

use crate::{Judgement, Setting};
use davy_model::{ArtifactKind, Evidence, Gap, Level, Location, Weight};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

/// The fields of the contract's line that follow from the bytes alone, in its order.
#[derive(Debug, Serialize)]
struct Line<'a> {
    path: &'a str,
    kind: ArtifactKind,
    bytes: usize,
    level: Level,
    algorithms: &'a [String],
    evidence: Vec<Reason<'a>>,
    gaps: &'a [Gap],
    complete: bool,
}

/// A piece of evidence; its algorithms stand in the line.
#[derive(Debug, Serialize)]
struct Reason<'a> {
    rule: &'a str,
    weight: Weight,
    location: &'a Location,
    because: &'a str,
}

impl<'a> From<&'a Evidence> for Reason<'a> {
    fn from(evidence: &'a Evidence) -> Self {
        let Evidence { rule, weight, location, because, .. } = evidence;
        Self { rule, weight: *weight, location, because }
    }
}

/// What `davy scan --format ndjson` says of a WebAssembly module, without schema, hash and time. Empty when it cannot
/// be written.
#[wasm_bindgen(js_name = ndjsonLine)]
#[must_use]
pub fn ndjson_line(path: &str, bytes: &[u8]) -> String {
    let judgement = Judgement::of(ArtifactKind::Wasm, path, bytes, Setting::default());
    let line = Line {
        path,
        kind: ArtifactKind::Wasm,
        bytes: bytes.len(),
        level: judgement.level,
        algorithms: &judgement.algorithms,
        evidence: judgement.verdict.evidence.iter().map(Reason::from).collect(),
        gaps: &judgement.verdict.gaps,
        complete: judgement.complete,
    };
    serde_json::to_string(&line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::ndjson_line;

    #[test]
    fn the_fields_stand_in_the_order_of_the_contract() {
        let line = ndjson_line("a.wasm", b"\0asm\x01\0\0\0");
        let expected = r#"{"path":"a.wasm","kind":"wasm","bytes":8,"level":"clean","algorithms":[],"evidence":[],"gaps":[],"complete":true}"#;
        assert_eq!(line, expected);
    }
}
