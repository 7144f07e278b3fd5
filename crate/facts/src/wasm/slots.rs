//! The shadow stack: what the slots of the frames hold, as far as their addresses are the stack pointer and a constant.
//!
//! Unoptimised code keeps every variable there. An inlined callee's frame lies below its caller's in the same numbering,
//! so a pointer to a caller's variable leads to that variable in the callee too.

use super::value::{Id, Op, UNKNOWN, Width};
use super::walk::Walker;
use std::collections::BTreeMap;

/// Where a slot is: the global that holds the stack pointer, and the distance from its value at function entry.
type Place = (u64, u64);

/// Bytes that are taken to belong to a local array or structure whose address is handed on, or which is indexed.
const OBJECT: u64 = 128;

/// Longest slot in bytes: a vector.
const LONGEST: u64 = 16;

#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    variable: usize,
    bytes: u64,
    /// How many loops had been opened when it was last used.
    seen: u32,
}

/// The slots that have been written or read so far.
#[derive(Debug, Default)]
pub(super) struct Slots(BTreeMap<Place, Slot>);

impl Slots {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Walker<'_, '_> {
    /// The slot that an address names: a global at entry plus a constant.
    pub(super) fn place(&self, address: Id) -> Option<Place> {
        let node = self.graph.node(address);
        match node.op {
            Op::Global => Some((node.k, 0)),
            Op::Add => {
                let root = self.graph.node(node.a);
                (root.op == Op::Global).then(|| self.graph.constant(node.b).map(|k| (root.k, k)))?
            }
            _ => None,
        }
    }

    /// What a load from a slot gives, where that is known.
    pub(super) fn held(&mut self, place: Place, width: Width, bytes: u64) -> Option<Id> {
        if let Some(part) = self.part_of_slot(place, width, bytes) {
            return Some(part);
        }
        if width != Width::W64 || bytes != 8 {
            return None;
        }
        let low = self.part_of_slot(place, Width::W32, 4)?;
        let high = self.part_of_slot((place.0, place.1.wrapping_add(4)), Width::W32, 4)?;
        let (low, high) = (self.graph.extend(low), self.graph.extend(high));
        let amount = self.graph.constant_node(32, Width::W64);
        let high = self.graph.binary(Op::Shl, Width::W64, high, amount);
        Some(self.graph.binary(Op::Or, Width::W64, low, high))
    }

    fn part_of_slot(&mut self, place: Place, width: Width, bytes: u64) -> Option<Id> {
        let nearest = self.slots.0.range((place.0, place.1.saturating_sub(7))..=place).next_back();
        let (at, slot) = nearest.map(|(at, slot)| (at.1, *slot))?;
        self.use_slot((place.0, at), slot);
        let (held, skip) = (self.control.get(slot.variable), place.1 - at);
        if held == UNKNOWN || skip + bytes > slot.bytes {
            return None;
        }
        let has = self.graph.node(held).width;
        if skip == 0 && bytes == slot.bytes && (has == width || has == Width::Other) {
            return Some(held);
        }
        if !matches!((has, width), (Width::W32 | Width::W64, Width::W32 | Width::W64)) {
            return None;
        }
        let amount = self.graph.constant_node(skip * 8, has);
        let moved = self.graph.binary(Op::ShrU, has, held, amount);
        let mask = self.graph.constant_node(if bytes < 8 { (1 << (8 * bytes)) - 1 } else { u64::MAX }, has);
        let part = self.graph.binary(Op::And, has, moved, mask);
        Some(match (has, width) {
            (Width::W64, Width::W32) => self.graph.wrap(part),
            (Width::W32, Width::W64) => self.graph.extend(part),
            _ => part,
        })
    }

    /// In a loop that changes slots, a slot holds what it held before the loop or what an earlier turn left there.
    fn use_slot(&mut self, place: Place, slot: Slot) {
        let opened = self.control.opened();
        if slot.seen == opened {
            return;
        }
        if let Some(slot) = self.slots.0.get_mut(&place) {
            slot.seen = opened;
        }
        // A pointer into the frame, kept in a slot, would only be lost.
        let held = self.control.get(slot.variable);
        if held != UNKNOWN && self.place(held).is_none() {
            self.control.enter_slot(&mut self.graph, slot.variable, slot.seen);
        }
    }

    /// Remembers what a load found in a slot that was not known before.
    pub(super) fn found(&mut self, place: Place, value: Id, bytes: u64) {
        let control = &mut self.control;
        let seen = control.opened();
        self.slots.0.entry(place).or_insert_with(|| Slot { variable: control.add_slot(value), bytes, seen });
    }

    /// Remembers what a slot holds after a store.
    fn fill(&mut self, place: Place, value: Id, bytes: u64) {
        let control = &mut self.control;
        let seen = control.opened();
        let new = || Slot { variable: control.add_slot(UNKNOWN), bytes, seen };
        let slot = self.slots.0.entry(place).or_insert_with(new);
        (slot.bytes, slot.seen) = (bytes, seen);
        let variable = slot.variable;
        let has = self.graph.node(value).width;
        let value = match (bytes, has) {
            (4, Width::W64) => self.graph.wrap(value),
            (1 | 2, Width::W32 | Width::W64) => {
                let mask = self.graph.constant_node((1 << (8 * bytes)) - 1, has);
                self.graph.binary(Op::And, has, value, mask)
            }
            _ => value,
        };
        self.control.set(variable, value);
    }

    /// A store to a slot: slots that overlap it no longer hold what they did.
    pub(super) fn store_slot(&mut self, place: Place, value: Id, bytes: u64) {
        let from = (place.0, place.1.saturating_sub(LONGEST - 1));
        for (at, slot) in self.slots.0.range(from..(place.0, place.1.saturating_add(bytes))) {
            if *at != place && at.1 + slot.bytes > place.1 {
                self.control.set(slot.variable, UNKNOWN);
            }
        }
        self.fill(place, value, bytes);
    }

    /// Somebody else may write to the object at this address: it is handed to a callee, or indexed.
    pub(super) fn forget_object(&mut self, address: Id) {
        let node = self.graph.node(address);
        let base = self.place(address).or_else(|| match node.op {
            Op::Add => self.place(node.a).or_else(|| self.place(node.b)),
            _ => None,
        });
        let Some((global, start)) = base else { return };
        for (_, slot) in self.slots.0.range((global, start)..(global, start.saturating_add(OBJECT))) {
            self.control.set(slot.variable, UNKNOWN);
        }
    }
}
