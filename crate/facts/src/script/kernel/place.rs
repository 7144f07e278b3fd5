//! Where variables are kept: in locals of their function, or where all functions that use them find them.

use super::emit::code;
use super::lower::Lower;

/// Where a variable is kept.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Local(u32),
    Global(u32),
    /// A word at this address.
    Word(u32),
}

/// Where words of shared variables and of messages stand in memory.
const WORDS: u32 = 1 << 28;

impl Lower<'_, '_> {
    /// Where a variable is kept, seen from this function.
    fn place(&mut self, symbol: usize) -> Place {
        let known = &self.scan.symbols[symbol];
        if !known.is_shared || known.writes == 0 && self.host(symbol) == self.function {
            return Place::Local(self.local(symbol));
        }
        if let Some(place) = self.shared.get(&symbol) {
            return *place;
        }
        let place = Place::Word(self.word());
        self.shared.insert(symbol, place);
        place
    }

    /// A word in memory of its own.
    pub(super) fn word(&mut self) -> u32 {
        self.words += 1;
        WORDS + 8 * self.words
    }

    fn host(&self, symbol: usize) -> u32 {
        let scope = self.scan.scoping.scope_of(symbol);
        self.scan.hosts.get(scope).copied().unwrap_or(0)
    }

    fn local(&mut self, symbol: usize) -> u32 {
        let (writing, local) = &mut self.locals[symbol];
        if *writing != self.writings {
            (*writing, *local) = (self.writings, self.code.local());
        }
        *local
    }

    /// The value of a variable.
    pub(super) fn get(&mut self, symbol: usize) {
        let place = self.place(symbol);
        self.get_place(place);
    }

    pub(super) fn get_place(&mut self, place: Place) {
        match place {
            Place::Local(local) => self.code.op_with(code::LOCAL_GET, local),
            Place::Global(global) => self.code.op_with(code::GLOBAL_GET, global),
            Place::Word(address) => {
                self.code.i32(address as i32);
                self.code.memory(code::I32_LOAD, 0);
            }
        }
    }

    /// Takes the value on top of the stack for a variable's.
    pub(super) fn set(&mut self, symbol: usize) {
        let place = self.place(symbol);
        self.set_place(place);
    }

    pub(super) fn set_place(&mut self, place: Place) {
        match place {
            Place::Local(local) => self.code.op_with(code::LOCAL_SET, local),
            Place::Global(global) => self.code.op_with(code::GLOBAL_SET, global),
            Place::Word(address) => {
                let local = self.take();
                self.code.op_with(code::LOCAL_SET, local);
                self.code.i32(address as i32);
                self.code.op_with(code::LOCAL_GET, local);
                self.code.memory(code::I32_STORE, 0);
                self.give_back(local);
            }
        }
    }
}
