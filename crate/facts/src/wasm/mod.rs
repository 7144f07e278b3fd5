//! WebAssembly to facts: sections, then the bodies that can matter, then who calls whom, then places where facts meet.

mod amounts;
mod arity;
mod behind;
mod buckets;
mod chain_shapes;
mod chain_tables;
mod confined;
mod constants;
mod control;
mod convert;
mod copies;
mod deal;
mod feedback;
mod fold;
mod halves;
mod helpers;
mod live;
mod mixed;
mod mixers;
mod module;
mod named;
mod nest;
mod numbers;
mod outline;
mod padding;
mod pages;
mod part;
mod place;
mod purpose;
mod reach;
mod registers;
mod scopes;
mod seek;
mod seen;
mod settled;
mod shapes;
mod skim;
mod slots;
#[cfg(test)]
mod started;
mod step;
mod tables;
mod taints;
#[cfg(test)]
mod tests;
mod triage;
mod unflatten;
mod value;
mod walk;
mod windows;

use crate::{Limits, limits};
use davy_model::{Extraction, GapReason, Location};
use helpers::Helpers;
use module::{Body, Data, FunctionIndex, Module};
use outline::Outline;
use shapes::Shapes;
#[cfg(not(feature = "script"))]
use tables::Tables;
use tables::{Known, Placed};
#[cfg(feature = "script")]
pub(crate) use tables::{Tables, keccak_round_constants};
use walk::Walker;

/// What was read of a module's bodies, by defined function.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    /// Skeletons; of bodies that cannot matter only once somebody asks who calls whom.
    pub(crate) outlines: Vec<Option<Outline>>,
    /// Facts of the bodies that were read value by value.
    pub(crate) shapes: Vec<Option<Shapes>>,
}

/// Reads a module into the extraction; `started` is its memory from address 0, where it has run already.
pub(crate) fn extract(bytes: &[u8], started: Option<&[u8]>, limits: &Limits, out: &mut Extraction) {
    if bytes.len() as u64 > limits.artifact_bytes {
        let because = format!("{} bytes; the bound is {}", bytes.len(), limits.artifact_bytes);
        let end = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        out.gaps.push(davy_model::Gap {
            reason: GapReason::OverLimit,
            location: Location::Bytes { start: 0, end },
            because,
        });
        return;
    }
    read(bytes, started, None, out);
}

/// Reads a program of another language that was written down as a module; `digest` is the imported function that stands
/// for hashes which the program leaves to others.
#[cfg(feature = "script")]
pub(crate) fn extract_program(bytes: &[u8], digest: FunctionIndex, out: &mut Extraction) {
    read(bytes, None, Some(digest), out);
}

fn read(bytes: &[u8], started: Option<&[u8]>, digest: Option<FunctionIndex>, out: &mut Extraction) {
    let mut module = Module::read(bytes);
    module.digest = digest;
    let straight = unflatten::all(&module);
    unflatten::replace(&mut module, &straight);
    settled::fold_globals(&mut module);
    module.halves = halves::Helpers::of(&module);
    if let Some(memory) = started {
        module.data = vec![Data { bytes: memory, offset: None, address: Some(0) }];
    }
    let tables = Tables::get();
    let mut placed = Vec::new();
    module.data.iter().for_each(|data| tables.search(data, &mut placed));
    let known = Known::new(tables, &placed, &module.data);
    let mut readings = read_bodies(&mut module, &known, &placed);
    named::complete(&module, &known, &placed, &mut readings);
    scopes::assemble(&module, tables, &placed, readings, out);
    out.gaps.append(&mut module.gaps);
}

/// Reads every body that can be part of a hash, and notes those that break off.
fn read_bodies(module: &mut Module<'_>, known: &Known<'_>, placed: &[Placed]) -> Readings {
    let helpers = Helpers::of(module);
    let small = is_small(module);
    let outline = |body: &Body<'_>| {
        let bytes = body.body.as_bytes();
        (small || triage::can_matter(bytes) || helpers.can_matter(bytes) || module.digest.is_some()).then(|| {
            let mut outline = helpers::outline(module, body);
            helpers.count(&mut outline);
            outline
        })
    };
    let mut outlines: Vec<Option<Outline>> = module.bodies.iter().map(outline).collect();
    let chosen = choose(module, small, &mut outlines);
    let mut walker = Walker::new(module, known);
    let mut shapes = Vec::with_capacity(outlines.len());
    for ((body, outline), chosen) in module.bodies.iter().zip(&outlines).zip(chosen) {
        let outline = outline.as_ref().filter(|_| chosen);
        shapes.push(outline.map(|outline| {
            let mut shapes = walker.function(body, outline);
            chain_shapes::name_walks(&mut shapes, outline);
            shapes
        }));
    }
    let mut readings = Readings { outlines, shapes };
    let hashing = scopes::rank(module, &readings.shapes, placed);
    if !hashing.is_empty() || module.digest.is_some() {
        seek::read(module, &mut walker, &hashing, &mut readings);
    }
    deal::read(module, &mut walker, &mut readings);
    let broken: Vec<(u32, u32)> = module
        .bodies
        .iter()
        .zip(&readings.outlines)
        .filter(|(_, outline)| outline.as_ref().is_some_and(|o| !o.whole))
        .map(|(body, _)| (body.range.start, body.range.end))
        .collect();
    for (start, end) in broken {
        module.gap(GapReason::Undecodable, start, end, "a function body that the parser cannot follow".to_owned());
    }
    readings
}

/// Bodies that mix enough themselves, and those that call a short one of these from a loop: there it is read in place.
/// The latter may hold nothing that mixes, so that they were passed over at first.
fn choose(module: &Module<'_>, small: bool, outlines: &mut [Option<Outline>]) -> Vec<bool> {
    let mixes = |outline: &Outline| outline.can_hash() || outline.mixes_in_all();
    let reads_all = small && outlines.iter().flatten().any(mixes);
    let can_hash = |(outline, body): (&Option<Outline>, &Body<'_>)| {
        outline.as_ref().is_some_and(|outline| {
            outline.can_hash()
                || module.digest.is_some() && outline.mixes_as_program()
                || small && outline.joins() >= limits::SMALL_JOINS && !outline.is_helper(body.length())
                // Helpers are read where they are called.
                || reads_all && !outline.is_helper(body.length())
        })
    };
    let own: Vec<bool> = outlines.iter().zip(&module.bodies).map(can_hash).collect();
    let imported = module.imported();
    let is_helper = |((own, outline), body): ((&bool, &Option<Outline>), &Body<'_>)| {
        let bytes = body.length();
        outline.as_ref().is_some_and(|o| *own && o.is_helper(bytes) || o.is_round(bytes))
    };
    let helpers: Vec<bool> = own.iter().zip(outlines.iter()).zip(&module.bodies).map(is_helper).collect();
    let helps = |f: u32| f.checked_sub(imported).and_then(|f| helpers.get(f as usize)).copied().unwrap_or(false);
    let calls_one = |outline: &Outline| outline.calls.iter().any(|call| call.part > 0 && helps(call.callee));
    if helpers.contains(&true) {
        for (outline, body) in outlines.iter_mut().zip(&module.bodies).filter(|(o, _)| o.is_none()) {
            if triage::can_call(body.body.as_bytes(), helps) {
                *outline = Some(helpers::outline(module, body)).filter(calls_one);
            }
        }
    }
    let mut chosen: Vec<bool> =
        outlines.iter().zip(&own).map(|(o, own)| *own || o.as_ref().is_some_and(calls_one)).collect();
    if module.digest.is_none() {
        drop_thinnest(module, outlines, &mut chosen);
    }
    chosen
}

/// Whether a module holds so little code that nothing of it need be passed over.
fn is_small(module: &Module<'_>) -> bool {
    module.bodies.iter().map(Body::length).fold(0, u32::saturating_add) <= limits::SMALL_CODE
}

/// Of the bodies in which what mixes is spread thinly, leaves out the thinnest where they are too long together.
fn drop_thinnest(module: &Module<'_>, outlines: &[Option<Outline>], chosen: &mut [bool]) {
    let mut thin: Vec<(u32, usize)> = Vec::new();
    for (index, outline) in outlines.iter().enumerate().filter(|(index, _)| chosen[*index]) {
        let thickness = outline.as_ref().map_or(0, Outline::thickness);
        if thickness < outline::THICK {
            thin.push((thickness, index));
        }
    }
    davy_model::sort_by(&mut thin, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut left = limits::THIN_BYTES;
    for (_, index) in thin {
        let range = &module.bodies[index].range;
        let length = range.end - range.start;
        chosen[index] = length <= left;
        left -= if chosen[index] { length } else { 0 };
    }
}
