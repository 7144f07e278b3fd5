//! Which variable stands where: every variable has a slot in the frame of the function that it belongs to.
//!
//! A `let` in a loop keeps one slot for all turns: what differs is only what closures made in different turns see.

use crate::script::program::Scoping;
use oxc_syntax::reference::ReferenceId;
use oxc_syntax::scope::ScopeId;
use oxc_syntax::symbol::SymbolId;

/// A variable's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The function, in the order of their scopes; 0 is the program.
    pub(super) function: u32,
    /// Its slot there.
    pub(super) slot: u32,
}

/// Places of all variables of a program.
#[derive(Debug)]
pub(super) struct Places<'s> {
    scoping: &'s Scoping,
    /// By scope: its function.
    functions: Vec<u32>,
    /// By symbol.
    places: Vec<Place>,
    /// By function: how many slots.
    slots: Vec<u32>,
}

impl<'s> Places<'s> {
    /// Gives every variable a place.
    pub(super) fn new(scoping: &'s Scoping) -> Self {
        let mut slots = vec![0];
        let mut functions = vec![0; scoping.scopes_len()];
        for scope in scoping.scopes() {
            functions[scope] = if scoping.is_function(scope) {
                slots.push(0);
                slots.len() as u32 - 1
            } else {
                scoping.parent(scope).map_or(0, |parent| functions[parent])
            };
        }
        let places = scoping.symbols().map(|(scope, _)| {
            let function = functions[scope];
            let slot = &mut slots[function as usize];
            *slot += 1;
            Place { function, slot: *slot - 1 }
        });
        let places = places.collect();
        Self { scoping, functions, places, slots }
    }

    /// The place of a declared variable.
    pub(super) fn of_symbol(&self, symbol: Option<SymbolId>) -> Option<Place> {
        self.places.get(symbol?.index()).copied()
    }

    /// The place of the variable that is meant; `None` for a global that the program does not declare.
    pub(super) fn of_reference(&self, reference: Option<ReferenceId>) -> Option<Place> {
        self.places.get(self.scoping.symbol_of(reference?)?).copied()
    }

    /// The function whose scope this is.
    pub(super) fn function(&self, scope: Option<ScopeId>) -> u32 {
        scope.and_then(|scope| self.functions.get(scope.index()).copied()).unwrap_or(0)
    }

    /// Slots of a function.
    pub(super) fn slots(&self, function: u32) -> usize {
        self.slots.get(function as usize).map_or(0, |&slots| slots as usize)
    }

    /// Functions, the program among them.
    pub(super) fn functions(&self) -> usize {
        self.slots.len()
    }
}
