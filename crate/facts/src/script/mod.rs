//! JavaScript.
//!
//! A text is read twice. As a program, parsed once for all who read it ([`program`]). And as a text, to find modules that
//! are spelled out in it, which become children: whoever hides a module also decides how the text around it looks, so
//! there it is not parsed but *flattened* (escapes decoded, neighbouring literals joined; see [`flatten`]), over and over while
//! literals hold literals, and every flat view is searched for the few ways in which the first bytes of a module can be
//! spelled. Every step is linear in the text.

mod anchor;
mod base64;
mod collect;
mod escape;
mod extent;
pub(crate) mod flat {
    //! The flat form of a text, for readers of what scripts hold.
    pub(crate) use super::flatten::{View, locate};
}
pub(crate) mod flatten;
mod hex;
mod installer;
mod joint;
mod kernel;
mod layers;
mod literal;
mod number;
mod packed;
mod percent;
mod program;
mod shape;
pub(crate) mod signs;
mod sweep;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod unpack;

use crate::limits::SCRIPT_ROUNDS;
use crate::{Limits, reference, shader};
use collect::Collector;
use davy_model::{Artifact, Extraction, Gap, GapReason, Location};
use flatten::{View, flatten, locate};
use signs::Signs;

/// Reads a script: its embedded modules become children, what is only put together later becomes gaps.
pub(crate) fn extract(artifact: &Artifact<'_>, limits: &Limits, out: &mut Extraction) {
    if artifact.bytes.len() as u64 > limits.artifact_bytes {
        out.gaps.push(over_limit(artifact.bytes.len(), limits.artifact_bytes));
        return;
    }
    let source = text::as_utf8(&artifact.bytes);
    let (flat, signs) = embedded(&artifact.path, &source, out);
    let (places, found): (Vec<usize>, Vec<_>) =
        reference::in_script(&flat, &signs).into_iter().map(|(place, kind, address)| (place, (kind, address))).unzip();
    let placed = locate(&source, &places).into_iter().zip(found).map(|(place, (kind, address))| (place, kind, address));
    out.references.extend(reference::located(&source, placed.collect()));
    shader::find::children(&artifact.path, &source, &flat, &signs, out);
    drop((flat, signs));
    program::read(&artifact.path, &source, limits, out);
}

/// Whether a reader of programs wants a script.
pub(crate) fn is_read_as_program(script: &[u8]) -> bool {
    program::is_wanted(&text::as_utf8(script))
}

/// Finds the modules that are spelled out in a text, in UTF-8, whatever else it is. Gives the text's flat form, and the
/// signs that stand in it.
pub(crate) fn embedded(path: &str, source: &[u8], out: &mut Extraction) -> (View, Signs) {
    let mut collector = Collector::new(source.len());
    let mut views: Vec<View> = Vec::new();
    let mut first = Signs::default();
    let mut signs = Signs::default();
    for round in 0..SCRIPT_ROUNDS {
        let input = views.last().map_or(source, |view| &view.bytes);
        let mut view = flatten(input, round > 0);
        if round == 0 {
            first = Signs::of(&view.bytes);
        } else if view.edits.is_empty() {
            break;
        } else {
            signs = if round == 1 { first.carried(&view) } else { signs.carried(&view) };
        }
        anchor::search(&mut view, if round == 0 { &first } else { &signs }, input, round, &mut collector);
        number::search(&view, round, &mut collector);
        let more = view.nested;
        views.push(view);
        if !more {
            break;
        }
    }
    collector.settle();
    let places = collector.places();
    let offsets = to_source(source, &views, places);
    let lines = text::lines(source, &offsets);
    collector.finish(path, &offsets, &lines, out);
    (views.into_iter().next().unwrap_or_default(), first)
}

/// Follows (round, offset in that round's view) back to offsets in the source, in the given order.
fn to_source(source: &[u8], views: &[View], places: Vec<(usize, usize)>) -> Vec<usize> {
    let mut offsets: Vec<(usize, usize)> = places;
    for round in (0..views.len()).rev() {
        let input = if round == 0 { source } else { &views[round - 1].bytes };
        let mine: Vec<usize> = (0..offsets.len()).filter(|&i| offsets[i].0 == round).collect();
        let wanted: Vec<usize> = mine.iter().map(|&i| offsets[i].1).collect();
        for (index, found) in mine.into_iter().zip(locate(input, &wanted)) {
            // In round 0 the offset is now one in the source, and no further round touches it.
            offsets[index] = (round.wrapping_sub(1), found);
        }
    }
    offsets.into_iter().map(|(_, offset)| offset).collect()
}

pub(crate) fn over_limit(length: usize, limit: u64) -> Gap {
    Gap {
        reason: GapReason::OverLimit,
        location: Location::Whole,
        because: format!("the text is {length} bytes long; at most {limit} are read"),
    }
}
