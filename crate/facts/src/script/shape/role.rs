//! What names speak of, remembered: programs use the same few names over and over.

use super::super::program::hash;
use super::words;

/// Most and fewest names that are remembered at once, by a number made of their letters.
const MOST_PLACES: usize = 4096;
const LEAST_PLACES: usize = 64;

/// Bytes of a text for each of them: two thirds of a text may be names, but most of them it has already.
const BYTES_PER_PLACE: usize = 16;

/// Shortest name with a role.
const SHORTEST: usize = 3;

/// Roles of names.
#[derive(Debug)]
pub(super) struct Roles<'r> {
    met: Vec<(&'r str, u32)>,
}

impl<'r> Roles<'r> {
    /// For the names of a text of so many bytes.
    pub(super) fn of_a_text(bytes: usize) -> Self {
        let places = (bytes / BYTES_PER_PLACE).next_power_of_two().clamp(LEAST_PLACES, MOST_PLACES);
        Self { met: vec![("", 0); places] }
    }

    /// The roles of a name, a bit each.
    pub(super) fn of(&mut self, name: &'r str) -> u32 {
        if !(SHORTEST..=words::LONGEST).contains(&name.len()) {
            return 0;
        }
        let place = hash(name.as_bytes()) & (self.met.len() - 1);
        let met = &mut self.met[place];
        if met.0 != name {
            *met = (name, words::roles(name));
        }
        met.1
    }
}
