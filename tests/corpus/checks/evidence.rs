//! Evidence says where: every place in a function that a verdict or a scope names is held against a plain reading of the
//! module, which knows nothing of the detector's, and against `wasm-objdump` where that is on the path.

use crate::judged::all;
use crate::manifest::{Module, modules};
use davy_facts::{Limits, extract};
use davy_judge::{Context, RuleSet, judge};
use davy_model::{Artifact, ArtifactKind, Location, Scope};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use wasmparser::{Operator, Parser, Payload, TypeRef};

/// What a plain reading says about a function.
#[derive(Default)]
struct Body {
    start: u32,
    end: u32,
    /// Where instructions begin, and where the last ends.
    instructions: BTreeSet<u32>,
    /// From a loop's first byte to one past its `end`.
    loops: BTreeSet<(u32, u32)>,
}

/// Longest module that `wasm-objdump` is asked about: its text is thirty times as long.
const LONGEST: usize = 200_000;

#[test]
fn every_place_in_a_function_is_where_other_readers_find_it() {
    let modules = modules();
    // The plain reading must always hold; a second opinion is heard where it can be had.
    let has_objdump = Command::new("wasm-objdump").arg("--version").output().is_ok();
    let checked = all(&modules, |module| check(module, has_objdump));
    let faults: Vec<&String> = checked.iter().flat_map(|checked| &checked.faults).collect();
    assert!(faults.is_empty(), "{} places are wrong:\n{faults:#?}", faults.len());
    let evidence: usize = checked.iter().map(|checked| checked.evidence).sum();
    assert!(evidence > modules.len() / 2, "only {evidence} pieces of evidence in {} modules", modules.len());
    let asked = checked.iter().filter(|checked| checked.asked).count();
    assert!(!has_objdump || asked > modules.len() / 3, "wasm-objdump understood only {asked} modules");
}

#[derive(Default)]
struct Checked {
    evidence: usize,
    /// Whether `wasm-objdump` was asked and understood the module.
    asked: bool,
    faults: Vec<String>,
}

/// Evidence and scopes against the plain reading, evidence against `wasm-objdump` too.
fn check(module: &Module, has_objdump: bool) -> Checked {
    let bytes = module.bytes();
    let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(&bytes) };
    let extraction = extract(&artifact, &Limits::default());
    let verdict = judge(RuleSet::builtin(), &extraction, &Context::default());
    let evidence: Vec<Place> = verdict.evidence.iter().filter_map(|e| place(&e.rule, &e.location)).collect();
    let scopes: Vec<Place> = extraction.scopes.iter().flat_map(of_scope).collect();
    let bodies = read(&bytes);
    let mut faults: Vec<String> =
        evidence.iter().chain(&scopes).filter_map(|place| wrong(place, &bodies, true)).collect();
    let dumped = if has_objdump && bytes.len() <= LONGEST { objdump(module) } else { None };
    if let Some(bodies) = &dumped {
        let of = |place| wrong(place, bodies, false).map(|why| format!("wasm-objdump: {why}"));
        faults.extend(evidence.iter().filter_map(of));
    }
    let faults = faults.into_iter().map(|why| format!("{}: {why}", module.path)).collect();
    Checked { evidence: evidence.len(), asked: dumped.is_some(), faults }
}

/// A place in a function, and what named it.
struct Place {
    by: String,
    index: u32,
    start: u32,
    end: u32,
}

fn place(by: &str, location: &Location) -> Option<Place> {
    match *location {
        Location::Function { index, start, end } => Some(Place { by: by.to_owned(), index, start, end }),
        _ => None,
    }
}

/// A scope's own place and those of its facts.
fn of_scope(scope: &Scope) -> Vec<Place> {
    let facts = scope.facts.iter().filter_map(|fact| place(&format!("{:?}", fact.name), &fact.location));
    place(&format!("{:?}", scope.kind), &scope.location).into_iter().chain(facts).collect()
}

fn wrong(place: &Place, bodies: &BTreeMap<u32, Body>, knows_loops: bool) -> Option<String> {
    let Place { by, index, start, end } = place;
    let Some(body) = bodies.get(index) else { return Some(format!("{by}: there is no function {index}")) };
    let whole = (*start, *end) == (body.start, body.end);
    let bounds = body.instructions.contains(start) && body.instructions.contains(end);
    let fits = start < end && (whole || bounds);
    let is_loop = !knows_loops || by != "Loop" || body.loops.contains(&(*start, *end));
    (!fits || !is_loop).then(|| {
        format!("{by}: bytes {start} to {end} are no part of function {index} (bytes {} to {})", body.start, body.end)
    })
}

/// Functions by their index, imports counted first.
fn read(bytes: &[u8]) -> BTreeMap<u32, Body> {
    let (mut bodies, mut next) = (BTreeMap::new(), 0);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.expect("the corpus is well formed") {
            Payload::ImportSection(imports) => {
                let functions = imports.into_imports().map(|import| import.expect("an import").ty);
                next += functions.filter(|ty| matches!(ty, TypeRef::Func(_) | TypeRef::FuncExact(_))).count() as u32;
            }
            Payload::CodeSectionEntry(body) => {
                bodies.insert(next, of_body(&body));
                next += 1;
            }
            _ => {}
        }
    }
    bodies
}

fn of_body(body: &wasmparser::FunctionBody<'_>) -> Body {
    let range = body.range();
    let mut found = Body { start: range.start as u32, end: range.end as u32, ..Body::default() };
    let (mut open, mut ended) = (Vec::new(), None);
    let mut reader = body.get_operators_reader().expect("the corpus is well formed");
    while !reader.eof() {
        let at = reader.original_position() as u32;
        let operator = reader.read().expect("the corpus is well formed");
        found.instructions.insert(at);
        found.loops.extend(ended.take().map(|start| (start, at)));
        match operator {
            Operator::Loop { .. } => open.push(Some(at)),
            Operator::Block { .. } | Operator::If { .. } | Operator::Try { .. } | Operator::TryTable { .. } => {
                open.push(None);
            }
            Operator::End => ended = open.pop().flatten(),
            _ => {}
        }
    }
    found.instructions.insert(found.end);
    found.loops.extend(ended.map(|start| (start, found.end)));
    found
}

/// The same as `wasm-objdump -d` tells it; nothing for a module that it does not understand.
fn objdump(module: &Module) -> Option<BTreeMap<u32, Body>> {
    let path = crate::manifest::root().join("target/corpus").join(&module.path);
    let output = Command::new("wasm-objdump").arg("-d").arg(path).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut bodies: BTreeMap<u32, Body> = BTreeMap::new();
    let mut now: Option<u32> = None;
    for line in text.lines() {
        let Some(at) = line.trim_start().get(..6).and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            continue;
        };
        if let Some((_, rest)) = line.split_once(" func[") {
            // What one function's last instruction ends with is where the size of the next begins.
            close(&mut bodies, now);
            now = rest.split_once(']').and_then(|(index, _)| index.parse().ok());
            bodies.insert(now?, Body { start: at, ..Body::default() });
        } else if let (Some(body), Some((_, bytes))) = (now.and_then(|now| bodies.get_mut(&now)), line.split_once(": "))
        {
            let length = bytes.split('|').next().unwrap_or_default().split_whitespace().count() as u32;
            body.instructions.insert(at);
            body.end = at + length;
        }
    }
    close(&mut bodies, now);
    Some(bodies)
}

fn close(bodies: &mut BTreeMap<u32, Body>, index: Option<u32>) {
    if let Some(body) = index.and_then(|index| bodies.get_mut(&index)) {
        body.instructions.insert(body.end);
    }
}
