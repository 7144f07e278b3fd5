//! Which variables were met before, without clearing or sorting.

use super::control::SLOTS;

/// Which variables were met since the last question: a stamp for each, so that nothing needs clearing or sorting.
#[derive(Debug, Default)]
pub(super) struct Seen {
    locals: Vec<u32>,
    slots: Vec<u32>,
    now: u32,
}

impl Seen {
    /// Begins a question: nothing was met yet.
    pub(super) fn start(&mut self) {
        self.now = self.now.wrapping_add(1);
        if self.now == 0 {
            self.locals.clear();
            self.slots.clear();
            self.now = 1;
        }
    }

    fn stamp(&mut self, variable: usize) -> &mut u32 {
        let (stamps, index) = match variable.checked_sub(SLOTS) {
            Some(slot) => (&mut self.slots, slot),
            None => (&mut self.locals, variable),
        };
        if stamps.len() <= index {
            stamps.resize(index + 1, 0);
        }
        &mut stamps[index]
    }

    /// Notes a variable; whether it is the first time.
    pub(super) fn is_new(&mut self, variable: usize) -> bool {
        let now = self.now;
        std::mem::replace(self.stamp(variable), now) != now
    }
}
