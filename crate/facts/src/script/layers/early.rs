//! When what nobody uses any more is let go of: before it outweighs a short program.

use super::garbage::{self, Member};
use super::machine::{Evaluated, Machine};
use super::value::{Closure, Object};

/// Members and bytes that are made before the first look for unused ones that takes steps.
pub(super) const SWEEP_MEMBERS: usize = 4096;
pub(super) const SWEEP_BYTES: usize = 256 << 10;

/// Between those, a program is looked through each time that values hold so many bytes more, in percent of what was held and
/// of its text, and so many at least: they shall not take more than the program's tree.
const EARLY_PERCENT: usize = 25;
const EARLY_PERCENT_OF_TEXT: usize = 50;
const EARLY_BYTES: usize = 8 << 10;

/// Looks that take no steps.
#[derive(Debug, Default)]
pub(super) struct Early {
    /// Bytes that are alive when the next one comes.
    next: usize,
    /// Members and bytes that they let go of since the last look that took steps: those come when they would have come
    /// without, so that a program has the same steps.
    members: usize,
    bytes: usize,
}

impl Early {
    /// After a look that left so many bytes alive.
    pub(super) fn after(alive: usize, source: &str) -> Self {
        Self { next: early_bytes(alive, source), ..Self::default() }
    }
}

impl<'a> Machine<'a, '_> {
    /// Keeps a member; from time to time lets go of those that nobody uses any more.
    pub(super) fn remember(&mut self, member: Member<'a>) -> Evaluated<'a, ()> {
        self.members.push(member);
        let (members, bytes) = (self.members.len() + self.early.members, self.meter.alive() + self.early.bytes);
        if members < self.sweep.0 && bytes < self.sweep.1 {
            self.look_early();
            return Ok(());
        }
        // A look at a member costs as much as some steps.
        self.meter.step(members as u64 * 4)?;
        garbage::collect(&mut self.members);
        let bytes = self.meter.alive() + (self.meter.alive() + SWEEP_BYTES).min(self.meter.free() / 2);
        self.sweep = (self.members.len() * 2 + SWEEP_MEMBERS, bytes);
        self.early = Early::after(self.meter.alive(), self.source);
        Ok(())
    }

    fn look_early(&mut self) {
        let (members, bytes) = (self.members.len(), self.meter.alive());
        if bytes >= self.early.next {
            self.forget_called();
            // Functions that are yet to be called are called on what they are methods of, whoever else holds that.
            let homes: Vec<_> = self.made.iter().flatten().filter_map(|object| home(&*object.closure()?)).collect();
            garbage::collect(&mut self.members);
            drop(homes);
            self.early.members += members - self.members.len();
            self.early.bytes += bytes.saturating_sub(self.meter.alive());
            self.early.next = early_bytes(self.meter.alive(), self.source);
        }
    }

    /// What was called is not called again for its own sake, and need not be kept.
    fn forget_called(&mut self) {
        for place in 0..self.made.len() {
            let code = self.made[place].as_ref().and_then(|object| object.closure()).map(|closure| closure.code);
            let is_called = code.is_some_and(|code| self.called.get(self.function(code) as usize) == Some(&true));
            if is_called {
                self.made[place] = None;
            }
        }
    }
}

/// Bytes that are alive when what is no longer used is let go of early, after so many were.
fn early_bytes(alive: usize, source: &str) -> usize {
    alive + (alive / 100 * EARLY_PERCENT + source.len() / 100 * EARLY_PERCENT_OF_TEXT).max(EARLY_BYTES)
}

/// The object that a function became a method of first.
pub(super) fn home<'a>(closure: &Closure<'a>) -> Option<Object<'a>> {
    closure.home.borrow().upgrade()
}
