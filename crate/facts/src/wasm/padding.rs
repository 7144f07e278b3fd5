//! SHA-256's padding where it is part of the code: the marker 0x80 behind a message and its length in bits, stored as
//! constants at the right distance, or folded into the round constants (see `tables/dual.rs`).

use super::tables::Tables;
use super::value::{Graph, Id, Op};
use std::collections::BTreeMap;

/// Lengths in bits that are looked for: a hash, and a header of 80 bytes of which 16 stand in the last block.
const LENGTHS: [(u64, u64); 2] = [(256, 32), (640, 16)];

/// Constants stored, as far as they can be part of a padding: by the part of the address that varies.
#[derive(Debug, Default)]
pub(crate) struct Padding {
    stored: BTreeMap<Id, BTreeMap<u64, (u8, u32)>>,
}

/// Bytes remembered of one function: a padding is 12 of them.
const MOST: usize = 64;

impl Padding {
    pub(crate) fn clear(&mut self) {
        self.stored.clear();
    }

    /// Notes a constant that is stored.
    pub(crate) fn note(&mut self, graph: &Graph, address: Id, value: Id, bytes: u64) {
        let Some(value) = graph.constant(value).filter(|value| is_part(*value)) else { return };
        let node = graph.node(address);
        let (root, offset) = match (node.op, graph.constant(node.b)) {
            (Op::Const, _) => (0, node.k),
            (Op::Add, Some(offset)) => (node.a, offset),
            _ => (address, 0),
        };
        let at = graph.here.at;
        let place = self.stored.entry(root).or_default();
        for index in 0..bytes.min(8) {
            let byte = (value >> (8 * index)) as u8;
            if byte != 0 && place.len() < MOST {
                place.insert(offset.wrapping_add(index) & 0xffff_ffff, (byte, at));
            }
        }
    }

    /// Lengths of messages whose padding is stored, with the place of the marker.
    pub(crate) fn found(&self) -> Vec<(u64, u32)> {
        let mut found = Vec::new();
        for place in self.stored.values() {
            for (offset, (_, at)) in place.iter().filter(|(_, (byte, _))| *byte == 0x80) {
                let lengths = LENGTHS.into_iter().filter(|(bits, behind)| {
                    let is = |at: u64, byte: u8| place.get(&at).map_or(0, |(byte, _)| *byte) == byte;
                    let (low, high) = (*bits as u8, (*bits >> 8) as u8);
                    // As bytes: the length's last byte ends the block. As words: the marker is the highest byte of its
                    // word, and the length the lowest of the last word.
                    let as_bytes =
                        offset.checked_sub(*behind).is_some_and(|start| is(start + 63, low) && is(start + 62, high));
                    let as_words =
                        offset.checked_sub(behind + 3).is_some_and(|start| is(start + 60, low) && is(start + 61, high));
                    as_bytes || as_words
                });
                found.extend(lengths.map(|(bits, _)| (bits, *at)));
            }
        }
        found
    }
}

/// The lengths that a constant of the table `sha256-padded` stands for, by entry: `tables/dual.rs` has them in order.
pub(crate) fn folded(tables: &Tables, value: u64) -> Option<u64> {
    let mut entries = tables.constant(value).filter(|(table, _)| tables.name(*table) == "sha256-padded");
    entries.next().map(|(_, entry)| if entry % 2 == 0 { 640 } else { 256 })
}

/// Whether a constant can be the marker or the length, in either order, alone or beside zeros.
fn is_part(value: u64) -> bool {
    let halves = [value & 0xffff_ffff, value >> 32];
    let known = [0, 0x80, 0x8000_0000, 0x100, 0x280, 0x0001_0000, 0x8002_0000];
    value != 0 && halves.iter().all(|half| known.contains(half))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::value::Width;

    fn lengths(stores: &[(u64, u64, u64)]) -> Vec<u64> {
        let mut graph = Graph::new();
        let mut padding = Padding::default();
        let root = graph.fresh(Op::Param, Width::W32, 0, 0, 0);
        for (offset, value, bytes) in stores {
            let offset = graph.constant_node(*offset, Width::W32);
            let address = graph.binary(Op::Add, Width::W32, root, offset);
            let value = graph.constant_node(*value, Width::W64);
            padding.note(&graph, address, value, *bytes);
        }
        padding.found().into_iter().map(|(bits, _)| bits).collect()
    }

    #[test]
    fn a_padding_is_seen_as_words_and_as_bytes() {
        assert_eq!(lengths(&[(132, 0x8000_0000, 4), (160, 0x100, 4)]), [256]);
        assert_eq!(lengths(&[(132, 0x8000_0000, 8), (156, 0x100 << 32, 8)]), [256]);
        assert_eq!(lengths(&[(116, 0x8000_0000, 4), (160, 0x280, 4)]), [640]);
        assert_eq!(lengths(&[(32, 0x80, 1), (60, 0x0001_0000, 4)]), [256]);
        assert_eq!(lengths(&[(16, 0x80, 8), (56, 0x8002_0000 << 32, 8)]), [640]);
    }

    #[test]
    fn other_constants_are_no_padding() {
        assert!(lengths(&[(132, 0x8000_0000, 4), (136, 0x100, 4)]).is_empty());
        assert!(lengths(&[(0, 0x80, 1), (60, 0x0001_0000, 4)]).is_empty());
    }
}
