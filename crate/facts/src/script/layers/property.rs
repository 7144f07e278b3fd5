//! Properties of objects: own ones in the order of their making, found by name.

use super::units::Text;
use super::value::Value;
use std::collections::BTreeMap;

/// Properties beyond which they are looked up in an index.
const FEW: usize = 8;

/// The properties that an object itself has.
#[derive(Debug, Default)]
pub(super) struct Properties<'a> {
    /// In order; `None` where one was deleted.
    entries: Vec<Option<(Text, Value<'a>)>>,
    /// By name, once there are more than a few.
    index: BTreeMap<Text, usize>,
}

impl<'a> Properties<'a> {
    /// How many, deleted ones among them.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    fn place(&self, name: &Text) -> Option<usize> {
        if self.index.is_empty() {
            self.entries.iter().position(|entry| entry.as_ref().is_some_and(|(known, _)| known == name))
        } else {
            self.index.get(name).copied()
        }
    }

    /// The value of a property.
    pub(super) fn get(&self, name: &Text) -> Option<&Value<'a>> {
        self.entries.get(self.place(name)?)?.as_ref().map(|(_, value)| value)
    }

    /// The value of a property by its plain name.
    pub(super) fn named(&self, name: &str) -> Option<&Value<'a>> {
        if self.index.is_empty() {
            return self.entries.iter().flatten().find(|(known, _)| known.is(name)).map(|(_, value)| value);
        }
        let meter = self.entries.iter().flatten().next()?.0.meter();
        self.get(&Text::from_str(name, meter))
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
        if !self.index.is_empty() {
            self.index.insert(name, self.entries.len() - 1);
        } else if self.entries.len() > FEW {
            let named = self.entries.iter().enumerate();
            self.index = named.filter_map(|(place, entry)| Some((entry.as_ref()?.0.clone(), place))).collect();
        }
    }

    /// Removes a property.
    pub(super) fn delete(&mut self, name: &Text) {
        if let Some(place) = self.place(name) {
            self.entries[place] = None;
            self.index.remove(name);
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
