//! How long a local is still read. Unoptimised and inlined bodies have thousands of locals, nearly all of which are done
//! with after a few operators; where paths meet, the others need no second value.

use super::module::Body;
use super::skim::{Skim, code};
use crate::limits;

/// For each local of a body, parameters first: the byte offset after which nothing reads it; 0 for one that is never read.
///
/// A local that is read in a loop is needed to the end of the outermost loop around the read in which it was not set
/// before: what the turn before left in it may be what is read.
#[derive(Debug, Default)]
pub(crate) struct Live {
    until: Vec<u32>,
}

#[derive(Debug)]
struct Open {
    serial: u32,
    /// Locals that are read in this loop and set outside of it; `None` for a block that is no loop.
    needs: Option<Vec<u32>>,
}

#[derive(Debug, Default)]
struct Reader {
    live: Live,
    open: Vec<Open>,
    /// Depths of the open loops, ascending.
    loops: Vec<usize>,
    /// For each local the block, by depth and number, at whose level it was set and which holds all that follows.
    set: Vec<(u32, u32)>,
    serial: u32,
}

impl Live {
    /// Reads a body with so many parameters and locals. Of one that breaks off, what stands before the break counts.
    pub(crate) fn of(body: &Body<'_>, locals: usize) -> Self {
        let locals = locals.min(2 * limits::LOCALS);
        let mut reader = Reader { set: vec![(0, 0); locals], ..Reader::default() };
        reader.live.until.resize(locals, 0);
        // Whatever comes of it: what was not understood leaves its locals alive.
        if reader.fill(body).is_none() {
            reader.live.until.fill(u32::MAX);
        }
        reader.live
    }

    /// Whether a local may be read at this offset or later.
    pub(super) fn is_read_from(&self, local: usize, at: u32) -> bool {
        self.until.get(local).is_none_or(|until| *until >= at)
    }
}

impl Reader {
    fn fill(&mut self, body: &Body<'_>) -> Option<()> {
        let (_, start, bytes) = body.code().ok()?;
        let mut skim = Skim::new(bytes, start);
        self.open(false);
        while !skim.is_at_end() {
            let at = skim.position();
            let step = skim.next().ok()?;
            match step.code {
                code::LOOP => self.open(true),
                code::BLOCK | code::IF | code::TRY | code::TRY_TABLE => self.open(false),
                // The other half of an `if` does not see what this half set; handlers begin anywhere in their block.
                code::ELSE | code::CATCH | code::CATCH_ALL => self.renew(),
                code::END => self.close(skim.position()),
                code::LOCAL_GET => self.read(step.value, at),
                code::LOCAL_SET | code::LOCAL_TEE => self.write(step.value),
                _ => {}
            }
            if self.open.len() > limits::NESTING {
                return None;
            }
        }
        self.open.is_empty().then_some(())
    }

    fn open(&mut self, is_loop: bool) {
        self.serial += 1;
        if is_loop {
            self.loops.push(self.open.len());
        }
        self.open.push(Open { serial: self.serial, needs: is_loop.then(Vec::new) });
    }

    fn renew(&mut self) {
        self.serial += 1;
        if let Some(block) = self.open.last_mut() {
            block.serial = self.serial;
        }
    }

    fn close(&mut self, end: u32) {
        let Some(block) = self.open.pop() else { return };
        let Some(needs) = block.needs else { return };
        self.loops.pop();
        for local in needs {
            let until = &mut self.live.until[local as usize];
            *until = (*until).max(end);
        }
    }

    /// The depth below which the local was set and stays set; none where a path leads around every such place.
    fn set_at(&self, local: u32) -> Option<usize> {
        let (depth, serial) = *self.set.get(local as usize)?;
        self.open.get(depth as usize).is_some_and(|b| b.serial == serial).then_some(depth as usize)
    }

    fn read(&mut self, local: u32, at: u32) {
        let Some(until) = self.live.until.get_mut(local as usize) else { return };
        *until = (*until).max(at);
        let inner = self.set_at(local).map_or(0, |depth| self.loops.partition_point(|l| *l <= depth));
        let outermost = self.loops.get(inner).and_then(|depth| self.open.get_mut(*depth));
        if let Some(needs) = outermost.and_then(|b| b.needs.as_mut()).filter(|n| n.last() != Some(&local)) {
            needs.push(local);
        }
    }

    fn write(&mut self, local: u32) {
        if self.set_at(local).is_some() {
            return;
        }
        let Some(block) = self.open.last() else { return };
        let here = (self.open.len() as u32 - 1, block.serial);
        if let Some(set) = self.set.get_mut(local as usize) {
            *set = here;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::module::Module;

    /// Offsets at which locals are read for the last time, in operators of one body.
    fn lives(text: &str) -> (Vec<u32>, u32) {
        let bytes = wat::parse_str(format!("(module (func {text}))")).expect("valid text");
        let module = Module::read(&bytes);
        let body = &module.bodies[0];
        (Live::of(body, 3).until, body.range.start)
    }

    #[test]
    fn a_local_lives_to_its_last_read() {
        let (until, start) = lives("(local i32 i32 i32) i32.const 1 local.set 0 local.get 0 drop");
        assert_eq!(until[1..], [0, 0]);
        assert!(until[0] > start);
    }

    #[test]
    fn what_a_loop_left_in_a_local_may_be_read_in_its_next_turn() {
        let (until, _) = lives(
            "(local i32 i32 i32) (loop local.get 0 drop i32.const 1 local.set 0 i32.const 2 local.set 1 local.get 1 drop
               (br_if 0 (i32.const 1)))",
        );
        assert!(until[0] > until[1] + 4, "{until:?}");
    }

    #[test]
    fn what_only_one_half_sets_may_be_older() {
        let (until, _) = lives(
            "(local i32 i32 i32) (loop (if (i32.const 1) (then (local.set 0 (i32.const 1)))) local.get 0 drop
               (if (i32.const 1) (then (local.set 1 (i32.const 1))) (else local.get 1 drop)) nop nop)",
        );
        assert_eq!(until[0], until[1], "{until:?}");
    }
}
