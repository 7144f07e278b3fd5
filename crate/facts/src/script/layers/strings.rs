//! Which expression is which string: what evaluation found, for those who read the program afterwards.

use super::units::Text;
use crate::limits::LAYER_STRINGS;
use oxc_span::Span;
use oxc_syntax::node::NodeId;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Longest string that is kept, in units: names, messages and addresses are short.
const LONGEST: usize = 2048;

/// Strings by the expression that gave them.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    /// Ordered by start and end.
    pub(super) entries: Vec<(u32, u32, Rc<str>)>,
    /// Where they begin, a bit for some offsets: most expressions that are asked for have none.
    begins: Vec<u64>,
}

/// Bits of [`Strings::begins`] for each string.
const BITS: usize = 16;

impl Strings {
    /// The string that the expression at `span` always gave.
    pub(crate) fn at(&self, span: Span) -> Option<&str> {
        let (word, bit) = self.bit(span.start)?;
        if self.begins[word] >> bit & 1 == 0 {
            return None;
        }
        let place =
            self.entries.binary_search_by_key(&(span.start, span.end), |(start, end, _)| (*start, *end)).ok()?;
        self.entries.get(place).map(|(.., text)| text.as_ref())
    }

    /// The bit of an offset; none without strings.
    fn bit(&self, start: u32) -> Option<(usize, u32)> {
        let last = self.begins.len().checked_sub(1)?;
        Some(((start as usize / 64) & last, start % 64))
    }

    /// Of entries in their order.
    fn new(entries: Vec<(u32, u32, Rc<str>)>) -> Self {
        let words = if entries.is_empty() { 0 } else { (entries.len() * BITS / 64 + 1).next_power_of_two() };
        let mut strings = Self { entries, begins: vec![0; words] };
        for place in 0..strings.entries.len() {
            if let Some((word, bit)) = strings.bit(strings.entries[place].0) {
                strings.begins[word] |= 1 << bit;
            }
        }
        strings
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All of them, with where they stand.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        self.entries.iter().map(|(start, _, text)| (*start, text.as_ref()))
    }
}

/// What an expression gave so far.
#[derive(Debug)]
enum Given {
    One(Span, Text),
    /// Different strings.
    Many,
}

/// Notes strings while the program is followed.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    given: Vec<Given>,
}

impl Recorder {
    /// Notes that the expression gave this string, and says whether it is the first that it gave. `node` is its number in
    /// the tree, where nobody else writes: one more than the index of what it gave.
    pub(super) fn note(&mut self, node: &Cell<NodeId>, span: Span, text: &Text) -> bool {
        let index = node.get().index().checked_sub(NodeId::DUMMY.index() + 1);
        if let Some(given) = index.and_then(|index| self.given.get_mut(index)) {
            if matches!(given, Given::One(_, known) if known != text) {
                *given = Given::Many;
            }
            return false;
        }
        if self.given.len() < LAYER_STRINGS {
            let one = text.len() <= LONGEST;
            self.given.push(if one { Given::One(span, text.clone()) } else { Given::Many });
            node.set(NodeId::from_usize(NodeId::DUMMY.index() + self.given.len()));
        }
        true
    }

    /// What always gave the same. A string that stands at many places is kept once.
    pub(super) fn finish(self) -> Strings {
        let mut kept: BTreeMap<usize, Rc<str>> = BTreeMap::new();
        let one = |given: &Given| match given {
            Given::One(span, text) => {
                let kept = kept.entry(text.address()).or_insert_with(|| text.to_string().into());
                Some((span.start, span.end, kept.clone()))
            }
            Given::Many => None,
        };
        let mut entries: Vec<_> = self.given.iter().filter_map(one).collect();
        davy_model::sort(&mut entries);
        entries.dedup_by_key(|entry| (entry.0, entry.1));
        Strings::new(entries)
    }
}
