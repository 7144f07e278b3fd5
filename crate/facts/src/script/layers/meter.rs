//! What an evaluation may cost: steps that are counted down, and bytes that are alive.

use crate::limits::{LAYER_LIST, LAYER_STEPS_PER_UNIT, LAYER_TEXT};
use std::cell::Cell;
use std::rc::Rc;

/// Counts steps and bytes of one evaluation. Everything that holds memory keeps one, so that freeing is counted too.
#[derive(Debug, Clone)]
pub(super) struct Meter(Rc<Counts>);

#[derive(Debug)]
struct Counts {
    steps: Cell<u64>,
    /// Steps that constants may still earn.
    reserve: Cell<u64>,
    alive: Cell<usize>,
    most: usize,
}

/// The budget is spent: everything ends where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spent;

impl Meter {
    /// A meter without steps, of which constants may earn `reserve`; `most` bytes may be alive at once.
    pub(super) fn new(most: usize, reserve: u64) -> Self {
        Self(Rc::new(Counts { steps: Cell::new(0), reserve: Cell::new(reserve), alive: Cell::new(0), most }))
    }

    /// Sets how many steps may still be taken.
    pub(super) fn allow(&self, steps: u64) {
        self.0.steps.set(steps);
    }

    /// Steps that may still be taken.
    pub(super) fn left(&self) -> u64 {
        self.0.steps.get()
    }

    /// Gives the steps that decoding a long text takes, out of the reserve. Sentences are no data.
    pub(super) fn earn_text(&self, text: &str) {
        let blanks = || text.bytes().filter(u8::is_ascii_whitespace).count();
        if text.len() >= LAYER_TEXT && blanks() < text.len() / 10 {
            self.earn(text.len());
        }
    }

    /// The same for a function that is written out: it is on its way to a worker, and copied some times before it is there.
    pub(super) fn earn_source(&self, source: &str) {
        let steps = self.take(source.len() as u64 / 2);
        self.0.steps.set(self.0.steps.get().saturating_add(steps));
    }

    /// The same for a list of so many elements.
    pub(super) fn earn_list(&self, elements: usize) {
        if elements >= LAYER_LIST {
            self.earn(elements);
        }
    }

    /// Takes as many steps as there are, up to so many, out of the reserve.
    pub(super) fn take(&self, most: u64) -> u64 {
        let steps = most.min(self.0.reserve.get());
        self.0.reserve.set(self.0.reserve.get() - steps);
        steps
    }

    fn earn(&self, units: usize) {
        let steps = self.take((units as u64).saturating_mul(LAYER_STEPS_PER_UNIT));
        self.0.steps.set(self.0.steps.get().saturating_add(steps));
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
