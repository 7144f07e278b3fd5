//! Functions that hand known tables on without mixing anything: the copy of an initial value, the bounds of an iterator.
//! They are not read value by value, but where a module holds many tables it matters who names which.

use super::Readings;
use super::helpers;
use super::module::{Body, Module, operators};
use super::shapes::{PartFacts, Shapes};
use super::tables::{Known, Placed};
use wasmparser::{MemArg, Operator};

/// Fewest different tables in a module's data for which its other functions are looked through as well, and calls through
/// tables are followed. A program that
/// can encrypt and hash has three or four (AES both ways, SHA-2); a chain of hash functions has ten.
const LEAST_TABLES: usize = 6;

/// Whether a module holds so many tables that it is read more closely.
pub(super) fn is_rich(placed: &[Placed]) -> bool {
    let mut found: Vec<u8> = placed.iter().map(|one| one.table).collect();
    davy_model::sort(&mut found);
    found.dedup();
    found.len() >= LEAST_TABLES
}

/// Adds the constants of the functions that were not read.
pub(super) fn complete(module: &Module<'_>, known: &Known<'_>, placed: &[Placed], readings: &mut Readings) {
    if !is_rich(placed) {
        return;
    }
    let unread = module.bodies.iter().zip(&mut readings.outlines).zip(&mut readings.shapes);
    for ((body, outline), shapes) in unread.filter(|(_, shapes)| shapes.is_none()) {
        let outline = outline.get_or_insert_with(|| helpers::outline(module, body));
        let mut all = Shapes::with_parts(&outline.parts);
        if let Some(part) = all.parts.first_mut() {
            note(body, known, part);
        }
        *shapes = Some(all);
    }
}

/// Every constant, and every address that a constant and an offset make.
fn note(body: &Body<'_>, known: &Known<'_>, part: &mut PartFacts) {
    let Ok((_, mut reader)) = operators(&body.body) else { return };
    let mut before = 0u64;
    while !reader.eof() {
        let at = reader.original_position() as u32;
        let Ok(operator) = reader.read() else { return };
        let value = match &operator {
            Operator::I32Const { value } => u64::from(*value as u32),
            Operator::I64Const { value } => *value as u64,
            other => {
                if let Some(memory) = address(other) {
                    part.address(memory.offset, at, known);
                    part.address(before.wrapping_add(memory.offset), at, known);
                }
                before = 0;
                continue;
            }
        };
        part.constant(value, at, known);
        before = value & 0xffff_ffff;
    }
}

fn address<'m>(operator: &'m Operator<'_>) -> Option<&'m MemArg> {
    match operator {
        Operator::I32Load { memarg } | Operator::I64Load { memarg } | Operator::V128Load { memarg } => Some(memarg),
        _ => None,
    }
}
