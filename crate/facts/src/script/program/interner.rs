//! Names as numbers.

use std::collections::BTreeMap;

/// Places that are looked at for a name before it is kept elsewhere: names made to meet at one place must not cost more than
/// others.
const TRIES: usize = 16;

/// A free place.
const FREE: u32 = u32::MAX;

/// Numbers of all names so far: a table at most half full, and what did not fit into it.
#[derive(Debug, Default)]
pub(in crate::script) struct Interner<'a> {
    names: Vec<&'a str>,
    table: Vec<u32>,
    others: BTreeMap<&'a str, u32>,
}

impl<'a> Interner<'a> {
    /// The number of a name.
    pub(in crate::script) fn number(&mut self, name: &'a str) -> u32 {
        if self.names.len() * 2 >= self.table.len() {
            self.grow();
        }
        let next = self.names.len() as u32;
        let number = match self.place(name) {
            Some(place) if self.table[place] == FREE => {
                self.table[place] = next;
                next
            }
            Some(place) => self.table[place],
            None => *self.others.entry(name).or_insert(next),
        };
        if number == next {
            self.names.push(name);
        }
        number
    }

    /// The number of a name that has one.
    pub(in crate::script) fn known(&self, name: &str) -> Option<u32> {
        if self.table.is_empty() {
            return None;
        }
        match self.place(name) {
            Some(place) => Some(self.table[place]).filter(|number| *number != FREE),
            None => self.others.get(name).copied(),
        }
    }

    /// Where a name stands, or will stand; none where too many others stand there.
    fn place(&self, name: &str) -> Option<usize> {
        let mask = self.table.len() - 1;
        let first = hash(name.as_bytes());
        (first..first + TRIES).map(|place| place & mask).find(|place| {
            let number = self.table[*place];
            number == FREE || self.names[number as usize] == name
        })
    }

    fn grow(&mut self) {
        let length = (self.table.len() * 2).max(1 << 10);
        self.table = vec![FREE; length];
        self.others.clear();
        for number in 0..self.names.len() {
            let name = self.names[number];
            match self.place(name) {
                Some(place) => self.table[place] = number as u32,
                None => drop(self.others.insert(name, number as u32)),
            }
        }
    }
}

/// Most names are shorter than eight bytes, and read at once.
pub(in crate::script) fn hash(name: &[u8]) -> usize {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| {
        let product = u128::from(hash ^ word) * u128::from(FACTOR);
        product as u64 ^ (product >> 64) as u64
    };
    let (words, _) = name.as_chunks();
    let hash = words.iter().fold(name.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let hash = mix(hash, rest(name));
    (hash >> 16) as usize & (usize::MAX >> 1)
}

/// The last bytes of a name, some of them twice.
fn rest(name: &[u8]) -> u64 {
    match (name.last_chunk(), name.first_chunk(), name.last_chunk()) {
        (Some(last), ..) => u64::from_le_bytes(*last),
        (None, Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
        }
        _ => name.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_one_number() {
        let names: Vec<String> = (0..5_000).map(|n| format!("{n:x}")).chain(["a".repeat(100)]).collect();
        let mut interner = Interner::default();
        for _ in 0..2 {
            for (number, name) in (0..).zip(&names) {
                assert_eq!(interner.number(name), number, "{name}");
            }
        }
    }

    #[test]
    fn names_that_meet_at_one_place_have_numbers_too() {
        let all = (0..2_000_000).map(|n| format!("{n}"));
        let names: Vec<String> = all.filter(|name| hash(name.as_bytes()) & 0xffff == 7).take(25).collect();
        assert!(names.len() > TRIES);
        let mut interner = Interner::default();
        for (number, name) in (0..).zip(&names).chain((0..).zip(&names)) {
            assert_eq!(interner.number(name), number);
        }
    }
}
