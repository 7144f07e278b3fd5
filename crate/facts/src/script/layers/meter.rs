//! What an evaluation may cost: steps that are counted down, and bytes that are alive.

use std::cell::Cell;
use std::rc::Rc;

/// Counts steps and bytes of one evaluation. Everything that holds memory keeps one, so that freeing is counted too.
#[derive(Debug, Clone)]
pub(super) struct Meter(Rc<Counts>);

#[derive(Debug)]
struct Counts {
    steps: Cell<u64>,
    alive: Cell<usize>,
    most: usize,
}

/// The budget is spent: everything ends where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spent;

impl Meter {
    /// A meter without steps; `most` bytes may be alive at once.
    pub(super) fn new(most: usize) -> Self {
        Self(Rc::new(Counts { steps: Cell::new(0), alive: Cell::new(0), most }))
    }

    /// Sets how many steps may still be taken.
    pub(super) fn allow(&self, steps: u64) {
        self.0.steps.set(steps);
    }

    /// Steps that may still be taken.
    pub(super) fn left(&self) -> u64 {
        self.0.steps.get()
    }

    /// Takes steps.
    pub(super) fn step(&self, steps: u64) -> Result<(), Spent> {
        let left = self.0.steps.get().checked_sub(steps);
        self.0.steps.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(Spent)
    }

    /// Takes the steps that handling so many bytes at once is worth, and asks whether as many more may come alive.
    pub(super) fn room(&self, bytes: usize) -> Result<(), Spent> {
        self.step(bytes as u64 / 16)?;
        (bytes <= self.0.most.saturating_sub(self.0.alive.get())).then_some(()).ok_or(Spent)
    }

    /// Bytes that are alive.
    pub(super) fn alive(&self) -> usize {
        self.0.alive.get()
    }

    /// Bytes that may come alive.
    pub(super) fn free(&self) -> usize {
        self.0.most.saturating_sub(self.0.alive.get())
    }

    /// Notes bytes that came alive.
    pub(super) fn grow(&self, bytes: usize) {
        self.0.alive.set(self.0.alive.get().saturating_add(bytes));
    }

    /// Notes bytes that were freed.
    pub(super) fn shrink(&self, bytes: usize) {
        self.0.alive.set(self.0.alive.get().saturating_sub(bytes));
    }
}

/// Bytes that somebody holds: counted while it lives.
#[derive(Debug)]
pub(super) struct Held {
    meter: Meter,
    bytes: Cell<usize>,
}

impl Held {
    /// Holds so many bytes.
    pub(super) fn new(meter: &Meter, bytes: usize) -> Self {
        meter.grow(bytes);
        Self { meter: meter.clone(), bytes: Cell::new(bytes) }
    }

    /// Holds another number of bytes from now on.
    pub(super) fn set(&self, bytes: usize) {
        self.meter.shrink(self.bytes.get());
        self.meter.grow(bytes);
        self.bytes.set(bytes);
    }

    /// The meter that counts them.
    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.meter.shrink(self.bytes.get());
    }
}
