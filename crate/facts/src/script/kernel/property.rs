//! What properties hold, by name: whatever object they belong to.

use super::super::program::Interner;
use super::constant::Known;
use super::near::Few;
use super::scan::Scan;
use oxc_ast::ast::Expression;

/// What properties of one name hold.
#[derive(Debug, Default)]
pub(super) struct Property<'p> {
    /// Functions.
    pub(super) named: Vec<Known>,
    /// Those of them that reading the property calls.
    pub(super) getters: Vec<Known>,
    /// Whether it was put anywhere before.
    is_put: bool,
    /// Number, of a property of a literal and nothing else.
    number: Option<f64>,
    /// Text, of a property of a literal and nothing else.
    text: Option<&'p str>,
    /// Bytes of an element, where all that was put is typed arrays of one kind.
    size: Option<Option<u8>>,
}

/// Properties by name.
#[derive(Debug, Default)]
pub(super) struct Properties<'p> {
    names: Interner<'p>,
    /// By the number of the name.
    all: Vec<Property<'p>>,
}

impl<'p> Properties<'p> {
    /// Those of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Property<'p>> {
        self.all.get(self.names.known(name)? as usize)
    }

    /// Those of a name, to be changed; new ones where there are none.
    pub(super) fn entry(&mut self, name: &'p str) -> &mut Property<'p> {
        let number = self.names.number(name) as usize;
        if number >= self.all.len() {
            self.all.resize_with(number + 1, Property::default);
        }
        &mut self.all[number]
    }
}

impl<'p, 'a: 'p> Scan<'p, 'a> {
    /// The functions that a property's name stands for.
    pub(super) fn called(&self, name: &str) -> Few {
        let all = self.properties.get(name).into_iter().flat_map(|property| &property.named);
        Few::of(all.filter_map(|known| match known {
            Known::Alias(symbol) => match self.resolve(*symbol) {
                Known::Function(scope) => Some(scope),
                _ => None,
            },
            Known::Function(scope) => Some(*scope),
            _ => None,
        }))
    }

    /// The function that reading a property calls.
    pub(super) fn getter(&self, name: &str) -> Option<usize> {
        match self.properties.get(name)?.getters[..] {
            [Known::Function(scope)] => Some(scope),
            _ => None,
        }
    }

    /// The number that a property's name stands for.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.properties.get(name)?.number
    }

    /// Bytes of an element of what a property's name stands for.
    pub(super) fn property_size(&self, name: &str) -> Option<u8> {
        self.properties.get(name)?.size?
    }

    /// Notes what is put into a property.
    pub(super) fn put(&mut self, name: &'p str, value: &Expression<'a>, literal: bool) {
        let known = self.function_or_known(value);
        let text = if literal { self.text(value) } else { None };
        let size = self.made_size(value);
        let property = self.properties.entry(name);
        if matches!(known, Known::Function(_) | Known::Alias(_)) {
            property.named.push(known);
        }
        let again = std::mem::replace(&mut property.is_put, true);
        let first = literal && !again;
        property.text = text.filter(|_| first);
        property.number = match known {
            Known::Number(n) if first => Some(n),
            _ => None,
        };
        if let Some(size) = size {
            let known = property.size.get_or_insert(Some(size));
            *known = known.filter(|other| *other == size);
        }
    }

    /// The text that a property's name stands for.
    pub(super) fn property_text(&self, name: &str) -> Option<&'p str> {
        self.properties.get(name)?.text
    }
}
