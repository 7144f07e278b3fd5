//! Decoders that are recognised by what they do: a function that gave, for its first arguments, what RC4 gives, is RC4.
//!
//! Obfuscators decode every string with RC4, and turn a table of strings until a sum over decoded ones is right: some
//! hundred thousand steps for each turn. What is known need not be followed step by step.

use super::meter::Meter;
use super::units::{Text, Units};
use crate::script::base64;

/// Calls that must have given the same before a function is believed to be a decoder.
const BELIEVED: u8 = 4;

/// Steps that a call takes at least when it mixes a table of 256: anything cheaper is not worth a look.
const COSTLY: u64 = 2048;

/// The letters of base64, capitals first or last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    Standard,
    Swapped,
}

/// What is known of a function.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shortcut {
    alphabet: Option<Alphabet>,
    /// Calls that agreed.
    agreed: u8,
    refuted: bool,
}

impl Shortcut {
    /// What the function gives, where it is known to be a decoder.
    pub(super) fn take(&self, text: &Text, key: &Text, meter: &Meter) -> Option<Text> {
        let alphabet = self.alphabet.filter(|_| self.agreed >= BELIEVED && !self.refuted)?;
        decode(text, key, alphabet, meter)
    }

    /// Compares what a call gave, and what it took, with what a decoder gives.
    pub(super) fn watch(&mut self, text: &Text, key: &Text, gave: Option<&Text>, steps: u64, meter: &Meter) {
        if self.refuted || self.agreed >= BELIEVED {
            return;
        }
        if steps < COSTLY {
            return;
        }
        let agrees = |alphabet| gave.is_some() && decode(text, key, alphabet, meter).as_ref() == gave;
        let found = match self.alphabet {
            Some(alphabet) => Some(alphabet).filter(|alphabet| agrees(*alphabet)),
            None => [Alphabet::Swapped, Alphabet::Standard].into_iter().find(|alphabet| agrees(*alphabet)),
        };
        self.alphabet = found;
        self.refuted = found.is_none();
        self.agreed += 1;
    }
}

/// Base64, then UTF-8, then RC4 over the units.
fn decode(text: &Text, key: &Text, alphabet: Alphabet, meter: &Meter) -> Option<Text> {
    let mut encoded = text.as_bytes()?.to_vec();
    if alphabet == Alphabet::Swapped {
        encoded.iter_mut().filter(|c| c.is_ascii_alphabetic()).for_each(|c| *c ^= 0x20);
    }
    let plain = String::from_utf8(base64::decode(&encoded)?).ok()?;
    let mut units = Units::with_capacity(plain.len());
    let mut stream = Stream::new(key)?;
    for unit in plain.encode_utf16() {
        units.push(unit ^ u16::from(stream.next()));
    }
    Some(Text::new(units, meter))
}

/// The stream of RC4.
struct Stream {
    table: Vec<u8>,
    i: u8,
    j: u8,
}

impl Stream {
    fn new(key: &Text) -> Option<Self> {
        let mut table: Vec<u8> = (0..=255).collect();
        let mut j = 0usize;
        for i in 0..256usize {
            // Where a key's units are not bytes the sum is taken as it is.
            let unit = key.at(i.checked_rem(key.len())?)?;
            j = (j + usize::from(table[i]) + usize::from(unit)) % 256;
            table.swap(i, j);
        }
        Some(Self { table, i: 0, j: 0 })
    }

    fn next(&mut self) -> u8 {
        self.i = self.i.wrapping_add(1);
        self.j = self.j.wrapping_add(self.table[usize::from(self.i)]);
        self.table.swap(usize::from(self.i), usize::from(self.j));
        let place = self.table[usize::from(self.i)].wrapping_add(self.table[usize::from(self.j)]);
        self.table[usize::from(place)]
    }
}
