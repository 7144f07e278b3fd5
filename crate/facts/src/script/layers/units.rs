//! Strings as JavaScript has them: UTF-16 units, one byte each while none needs more.

use super::meter::{Held, Meter};
use crate::script::program::hash;
use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

/// Bytes that a string weighs beside its units.
const OVERHEAD: usize = 64;

/// An immutable string, shared.
#[derive(Debug, Clone)]
pub(super) struct Text(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    units: Units,
    held: Held,
}

/// The units of a string.
#[derive(Debug, Clone)]
pub(super) enum Units {
    /// All below 256.
    Narrow(Vec<u8>),
    /// Any.
    Wide(Vec<u16>),
}

impl Units {
    /// No units, with room for some.
    pub(super) fn with_capacity(units: usize) -> Self {
        Self::Narrow(Vec::with_capacity(units))
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Narrow(units) => units.len(),
            Self::Wide(units) => units.len(),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Narrow(units) => units.capacity(),
            Self::Wide(units) => units.capacity() * 2,
        }
    }

    /// Adds one.
    pub(super) fn push(&mut self, unit: u16) {
        match (&mut *self, u8::try_from(unit)) {
            (Self::Narrow(units), Ok(byte)) => units.push(byte),
            (Self::Wide(units), _) => units.push(unit),
            (Self::Narrow(units), Err(_)) => {
                let mut wide: Vec<u16> = units.iter().map(|&byte| u16::from(byte)).collect();
                wide.push(unit);
                *self = Self::Wide(wide);
            }
        }
    }

    /// Adds a character.
    pub(super) fn push_char(&mut self, c: char) {
        for unit in c.encode_utf16(&mut [0; 2]) {
            self.push(*unit);
        }
    }

    /// Adds all units of a string.
    pub(super) fn push_text(&mut self, text: &Text) {
        match (&mut *self, &text.0.units) {
            (Self::Narrow(units), Units::Narrow(more)) => units.extend_from_slice(more),
            (Self::Wide(units), Units::Wide(more)) => units.extend_from_slice(more),
            (Self::Wide(units), Units::Narrow(more)) => units.extend(more.iter().map(|&byte| u16::from(byte))),
            (Self::Narrow(_), Units::Wide(more)) => more.iter().for_each(|&unit| self.push(unit)),
        }
    }
}

impl Text {
    /// The string of the given units.
    pub(super) fn new(units: Units, meter: &Meter) -> Self {
        let held = Held::new(meter, units.bytes() + OVERHEAD);
        Self(Rc::new(Inner { units, held }))
    }

    /// The string of a text.
    pub(super) fn from_str(text: &str, meter: &Meter) -> Self {
        if text.is_ascii() {
            return Self::narrow(text.as_bytes().to_vec(), meter);
        }
        let mut units = Units::with_capacity(text.len());
        text.chars().for_each(|c| units.push_char(c));
        Self::new(units, meter)
    }

    /// The string whose units are the bytes.
    pub(super) fn narrow(bytes: Vec<u8>, meter: &Meter) -> Self {
        Self::new(Units::Narrow(bytes), meter)
    }

    /// How many units.
    pub(super) fn len(&self) -> usize {
        self.0.units.len()
    }

    /// The unit at `index`.
    pub(super) fn at(&self, index: usize) -> Option<u16> {
        match &self.0.units {
            Units::Narrow(units) => units.get(index).map(|&byte| u16::from(byte)),
            Units::Wide(units) => units.get(index).copied(),
        }
    }

    /// All units.
    pub(super) fn units(&self) -> impl DoubleEndedIterator<Item = u16> + ExactSizeIterator + '_ {
        (0..self.len()).map(|index| self.at(index).unwrap_or(0))
    }

    /// The bytes, when every unit is one.
    pub(super) fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0.units {
            Units::Narrow(units) => Some(units),
            Units::Wide(_) => None,
        }
    }

    /// The part from `start` to before `end`, both within the string.
    pub(super) fn slice(&self, start: usize, end: usize, meter: &Meter) -> Self {
        let (start, end) = (start.min(self.len()), end.min(self.len()));
        let end = end.max(start);
        match &self.0.units {
            Units::Narrow(units) => Self::narrow(units[start..end].to_vec(), meter),
            Units::Wide(units) => Self::new(Units::Wide(units[start..end].to_vec()), meter),
        }
    }

    /// Whether the units from `at` on begin with those of `other`.
    pub(super) fn begins(&self, at: usize, other: &Self) -> bool {
        match (&self.0.units, &other.0.units) {
            (Units::Narrow(units), Units::Narrow(wanted)) => {
                units.get(at..).is_some_and(|rest| rest.starts_with(wanted))
            }
            _ => at + other.len() <= self.len() && (0..other.len()).all(|i| self.at(at + i) == other.at(i)),
        }
    }

    /// The first place from `from` on at which `other` stands.
    pub(super) fn find(&self, other: &Self, from: usize) -> Option<usize> {
        let last = self.len().checked_sub(other.len())?;
        (from..=last).find(|&at| self.begins(at, other))
    }

    /// Adds another string; in place where nobody else holds this one.
    pub(super) fn append(mut self, more: &Self, meter: &Meter) -> Self {
        if let Some(inner) = Rc::get_mut(&mut self.0) {
            inner.units.push_text(more);
            inner.held.set(inner.units.bytes() + OVERHEAD);
            return self;
        }
        let mut units = Units::with_capacity(self.len() + more.len());
        units.push_text(&self);
        units.push_text(more);
        Self::new(units, meter)
    }

    /// The meter that counts it.
    pub(super) fn meter(&self) -> &Meter {
        self.0.held.meter()
    }

    /// Whether somebody else holds the same string, so that adding to it copies it.
    pub(super) fn is_shared(&self) -> bool {
        Rc::strong_count(&self.0) > 1
    }

    /// Whether it is that text.
    pub(super) fn is(&self, text: &str) -> bool {
        match &self.0.units {
            Units::Narrow(units) if text.is_ascii() => units == text.as_bytes(),
            _ => self.to_string() == text,
        }
    }

    /// A number that all strings of the same units have.
    pub(super) fn hash(&self) -> usize {
        match &self.0.units {
            Units::Narrow(units) => hash(units),
            Units::Wide(units) => {
                let narrow: Option<Vec<u8>> = units.iter().map(|unit| u8::try_from(*unit).ok()).collect();
                let wide = || units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>();
                hash(&narrow.unwrap_or_else(wide))
            }
        }
    }

    /// Where it is in memory: no other string has the same place while it lives.
    pub(super) fn address(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// Whether both are the same string in memory.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Halves of pairs become replacement characters.
impl fmt::Display for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.units {
            Units::Narrow(units) if units.is_ascii() => out.write_str(std::str::from_utf8(units).unwrap_or_default()),
            Units::Narrow(units) => out.write_str(&units.iter().map(|&byte| char::from(byte)).collect::<String>()),
            Units::Wide(units) => out.write_str(&String::from_utf16_lossy(units)),
        }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
            || match (&self.0.units, &other.0.units) {
                (Units::Narrow(a), Units::Narrow(b)) => a == b,
                (Units::Wide(a), Units::Wide(b)) => a == b,
                _ => self.cmp(other).is_eq(),
            }
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0.units, &other.0.units) {
            (Units::Narrow(a), Units::Narrow(b)) => a.cmp(b),
            (Units::Wide(a), Units::Wide(b)) => a.cmp(b),
            _ => self.units().cmp(other.units()),
        }
    }
}
