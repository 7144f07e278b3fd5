//! Properties of objects: own ones in the order of their making, found by name.

use super::units::Text;
use super::value::Value;
use crate::script::program::hash;
use std::collections::BTreeMap;

/// Properties beyond which they are looked up in an index.
const FEW: usize = 8;

/// The properties that an object itself has.
#[derive(Debug, Default)]
pub(super) struct Properties<'a> {
    /// In order; `None` where one was deleted.
    entries: Vec<Option<(Text, Value<'a>)>>,
    /// Once there are more than a few.
    index: Option<Box<Index>>,
}

impl<'a> Properties<'a> {
    /// How many, deleted ones among them.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    fn place(&self, name: &Text) -> Option<usize> {
        match &self.index {
            Some(index) => index.place(name),
            None => self.entries.iter().position(|entry| entry.as_ref().is_some_and(|(known, _)| known == name)),
        }
    }

    /// The value of a property.
    pub(super) fn get(&self, name: &Text) -> Option<&Value<'a>> {
        self.entries.get(self.place(name)?)?.as_ref().map(|(_, value)| value)
    }

    /// The value of a property by its plain name.
    pub(super) fn named(&self, name: &str) -> Option<&Value<'a>> {
        let Some(index) = &self.index else {
            return self.entries.iter().flatten().find(|(known, _)| known.is(name)).map(|(_, value)| value);
        };
        match index.named(name) {
            Ok(place) => self.entries.get(place?)?.as_ref().map(|(_, value)| value),
            Err(Unsure) => {
                let meter = self.entries.iter().flatten().next()?.0.meter();
                self.get(&Text::from_str(name, meter))
            }
        }
    }

    /// Takes the value out and leaves the property undefined.
    pub(super) fn take(&mut self, name: &Text) -> Option<Value<'a>> {
        let place = self.place(name)?;
        self.entries.get_mut(place)?.as_mut().map(|(_, value)| std::mem::replace(value, Value::Undefined))
    }

    /// Sets a property.
    pub(super) fn set(&mut self, name: Text, value: Value<'a>) {
        if let Some(entry) = self.place(&name).and_then(|place| self.entries.get_mut(place)) {
            *entry = Some((name, value));
            return;
        }
        self.entries.push(Some((name.clone(), value)));
        if let Some(index) = &mut self.index {
            index.push(Some(name));
        } else if self.entries.len() > FEW {
            let mut index = Box::<Index>::default();
            self.entries.iter().for_each(|entry| index.push(entry.as_ref().map(|(name, _)| name.clone())));
            self.index = Some(index);
        }
    }

    /// Removes a property.
    pub(super) fn delete(&mut self, name: &Text) {
        if let Some(place) = self.place(name) {
            self.entries[place] = None;
            if let Some(index) = &mut self.index {
                index.remove(place);
            }
        }
    }

    /// Values, in order.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value<'a>> {
        self.entries.iter().flatten().map(|(_, value)| value)
    }

    /// Names, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = Text> + '_ {
        self.entries.iter().flatten().map(|(name, _)| name.clone())
    }
}

/// Places that are looked at for a name before it is kept elsewhere: names made to meet at one place must not cost more than
/// others.
const TRIES: usize = 16;

/// A free place.
const FREE: u32 = u32::MAX;

/// Which property a name is: a table at most half full, and what did not fit into it.
#[derive(Debug, Default)]
struct Index {
    /// Names by which properties were made, each at its property's place; none of deleted ones.
    names: Vec<Option<Text>>,
    table: Vec<u32>,
    others: BTreeMap<Text, usize>,
}

/// A name for which the table alone does not do.
struct Unsure;

impl Index {
    fn place(&self, name: &Text) -> Option<usize> {
        match self.slot(name.hash(), |known| known == name) {
            Some(slot) => Some(self.table[slot]).filter(|place| *place != FREE).map(|place| place as usize),
            None => self.others.get(name).copied(),
        }
    }

    /// The place of a plain name.
    fn named(&self, name: &str) -> Result<Option<usize>, Unsure> {
        if !name.is_ascii() {
            return Err(Unsure);
        }
        let slot = self.slot(hash(name.as_bytes()), |known| known.is(name)).ok_or(Unsure)?;
        Ok(Some(self.table[slot]).filter(|place| *place != FREE).map(|place| place as usize))
    }

    /// Where the table has a name, or would have it; none where too many others stand there.
    fn slot(&self, first: usize, is: impl Fn(&Text) -> bool) -> Option<usize> {
        let mask = self.table.len() - 1;
        (first..first + TRIES).map(|slot| slot & mask).find(|slot| {
            let place = self.table[*slot];
            place == FREE || self.names.get(place as usize).and_then(Option::as_ref).is_some_and(&is)
        })
    }

    /// Adds the next property.
    fn push(&mut self, name: Option<Text>) {
        self.names.push(name);
        if self.names.len() * 2 <= self.table.len() {
            self.enter(self.names.len() - 1);
            return;
        }
        self.table = vec![FREE; (self.names.len() * 4).next_power_of_two()];
        self.others.clear();
        (0..self.names.len()).for_each(|place| self.enter(place));
    }

    fn enter(&mut self, place: usize) {
        let Some(name) = &self.names[place] else { return };
        match self.slot(name.hash(), |known| known == name) {
            Some(slot) => self.table[slot] = place as u32,
            None => drop(self.others.insert(name.clone(), place)),
        }
    }

    fn remove(&mut self, place: usize) {
        if let Some(name) = self.names.get_mut(place).and_then(Option::take) {
            self.others.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::meter::Meter;
    use super::super::units::Units;
    use super::*;

    #[test]
    fn properties_are_found_however_many_there_are() {
        let meter = Meter::new(1 << 30, 0);
        let name = |number: u32| Text::from_str(&format!("n{number}"), &meter);
        let mut properties = Properties::default();
        for number in 0..200u32 {
            properties.set(name(number), Value::Number(f64::from(number)));
            if number % 3 == 0 {
                properties.delete(&name(number / 2));
            }
        }
        properties.set(name(7), Value::Bool(true));
        for number in 0..200u32 {
            let is_there = !(0..200).any(|by| by % 3 == 0 && by / 2 == number) || number == 7;
            assert_eq!(properties.get(&name(number)).is_some(), is_there, "{number}");
            assert_eq!(properties.named(&format!("n{number}")).is_some(), is_there, "{number}");
        }
        assert!(matches!(properties.named("n7"), Some(Value::Bool(true))));
        // The same name in wider units.
        let mut units = Units::Wide(Vec::new());
        "n199".chars().for_each(|c| units.push_char(c));
        assert!(properties.get(&Text::new(units, &meter)).is_some());
    }
}
