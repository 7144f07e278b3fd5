//! What names speak of, remembered: programs use the same few names over and over.

use super::words;

/// Names that are remembered at once, by a number made of their letters.
const PLACES: usize = 4096;

/// Shortest name with a role.
const SHORTEST: usize = 3;

/// Roles of names.
#[derive(Debug)]
pub(super) struct Roles<'r> {
    met: Vec<(&'r str, u32)>,
}

impl Default for Roles<'_> {
    fn default() -> Self {
        Self { met: vec![("", 0); PLACES] }
    }
}

impl<'r> Roles<'r> {
    /// The roles of a name, a bit each.
    pub(super) fn of(&mut self, name: &'r str) -> u32 {
        if !(SHORTEST..=words::LONGEST).contains(&name.len()) {
            return 0;
        }
        let place = name.bytes().fold(0u32, |sum, letter| (sum ^ u32::from(letter)).wrapping_mul(0x0100_0193));
        let met = &mut self.met[(place ^ place >> 16) as usize % PLACES];
        if met.0 != name {
            *met = (name, words::roles(name));
        }
        met.1
    }
}
