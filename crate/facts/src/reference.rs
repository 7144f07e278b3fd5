//! Addresses that one artifact brings others in by: how they join with a base, and which of them stand in a script.

mod join;
mod script;

pub(crate) use join::{Base, join};
pub(crate) use script::{in_script, words};

use crate::limits;
use crate::script::text;
use davy_model::{Reference, ReferenceKind};

pub(crate) use join::scheme;

/// References from their offsets in a text, each (kind, address) once.
pub(crate) fn located(source: &[u8], found: Vec<(usize, ReferenceKind, String)>) -> Vec<Reference> {
    let mut known: Vec<(ReferenceKind, String)> = Vec::new();
    let mut kept = Vec::new();
    for (place, kind, address) in found {
        let key = (kind, address);
        if let Err(index) = known.binary_search(&key)
            && kept.len() < limits::REFERENCES
        {
            kept.push((place, key.clone()));
            known.insert(index, key);
        }
    }
    let places: Vec<usize> = kept.iter().map(|(place, _)| *place).collect();
    let lines = text::lines(source, &places);
    kept.into_iter().zip(lines).map(|((_, (kind, address)), location)| Reference { kind, address, location }).collect()
}
