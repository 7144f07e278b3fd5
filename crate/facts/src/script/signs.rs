//! All words that are looked for in the flat form of a script, in one pass: how modules begin, what brings others in, and
//! what stands in shaders.

use super::anchor;
use super::flatten::{Edit, View};
use super::sweep::{Hit, Sweep};
use crate::{reference, shader};
use std::sync::OnceLock;

/// A word that was found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sign {
    /// Its number among those of its kind.
    pub(crate) word: usize,
    /// Where it stands.
    pub(crate) start: usize,
    /// The offset behind it.
    pub(crate) end: usize,
}

/// Who looks for a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The search for modules.
    Anchors,
    /// What is brought in by address.
    References,
    /// Shaders as text.
    Shaders,
}

/// The words of all readers, one reader's after the other's.
struct Words {
    sweep: Sweep,
    /// Where those of references and of shaders begin.
    references: usize,
    shaders: usize,
}

/// Built once; `None` only if the words were too many for a table, which a test rules out.
fn words() -> Option<&'static Words> {
    static BUILT: OnceLock<Option<Words>> = OnceLock::new();
    let build = || {
        let mut all = anchor::words();
        let references = all.len();
        all.extend(reference::words().map(str::to_owned));
        let shaders = all.len();
        all.extend(shader::find::MARKS.map(str::to_owned));
        Some(Words { sweep: Sweep::of(all)?, references, shaders })
    };
    BUILT.get_or_init(build).as_ref()
}

impl Words {
    fn range(&self, reader: Reader) -> std::ops::Range<usize> {
        match reader {
            Reader::Anchors => 0..self.references,
            Reader::References => self.references..self.shaders,
            Reader::Shaders => self.shaders..usize::MAX,
        }
    }
}

/// The words found in one flat text, overlapping ones too, in the order of their ends.
#[derive(Debug, Default)]
pub(crate) struct Signs(Vec<Hit>);

impl Signs {
    /// Looks through a text.
    pub(crate) fn of(text: &[u8]) -> Self {
        Self(words().map_or_else(Vec::new, |words| words.sweep.hits(text)))
    }

    /// The words of one reader.
    pub(crate) fn of_reader(&self, reader: Reader) -> impl Iterator<Item = Sign> + '_ {
        let words = words();
        let range = words.map_or(0..0, |words| words.range(reader));
        self.0.iter().filter_map(move |hit| {
            let word = usize::from(hit.word);
            let start = words?.sweep.begin(*hit);
            range.contains(&word).then(|| Sign { word: word - range.start, start, end: hit.end as usize })
        })
    }

    /// The signs of a text that was made from the one that these were found in: those that still stand, and those that only
    /// its edits brought together.
    pub(super) fn carried(&self, view: &View) -> Self {
        let Some(Words { sweep, .. }) = words() else { return Self::default() };
        let still = |hit: &Hit| {
            let begin = moved(&view.edits, sweep.begin(*hit));
            let word = sweep.word(hit.word).as_bytes();
            let end = begin + word.len();
            (view.bytes.get(begin..end)? == word).then_some(Hit { end: u32::try_from(end).ok()?, word: hit.word })
        };
        let mut all: Vec<Hit> = self.0.iter().filter_map(still).collect();
        let mut edits = view.edits.as_slice();
        while let Some(first) = edits.first() {
            let reach = sweep.longest();
            let far = |pair: &[Edit]| pair[0].output as usize + 2 * reach < pair[1].output as usize;
            let count = edits.windows(2).position(far).map_or(edits.len(), |index| index + 1);
            let (near, rest) = edits.split_at(count);
            let last = near.last().map_or(0, |edit| edit.output as usize);
            let from = (first.output as usize).saturating_sub(usize::from(first.decoded) + reach);
            let found = sweep.hits(&view.bytes[from..view.bytes.len().min(last + reach)]);
            all.extend(found.into_iter().map(|hit| Hit { end: hit.end + from as u32, ..hit }));
            edits = rest;
        }
        all.sort_unstable();
        all.dedup();
        Self(all)
    }
}

/// Where a byte went; anywhere for one that is gone.
fn moved(edits: &[Edit], at: usize) -> usize {
    let behind = edits.partition_point(|edit| edit.input as usize <= at);
    let edit = behind.checked_sub(1).and_then(|index| edits.get(index));
    edit.map_or(at, |edit| edit.output as usize + (at - edit.input as usize))
}

#[cfg(test)]
mod tests {
    use super::super::flatten::flatten;
    use super::*;

    #[test]
    fn what_edits_bring_together_is_found_as_in_the_whole_text() {
        let far = " f(x) ".repeat(40);
        for text in [
            "'AGFz'+'bQ'",
            "\\x41\\x47FzbQ",
            "AGFzbQ'+'AGFzbQ fetch(\\x22'+'fetch(",
            "'A'+'G'+'F'+'z'+'bQ' eJ'+'w wss:'+'//",
            "AGFz\\\nbQ\\u{41}GFzbQ",
        ] {
            let text = [text, text, "fetch("].join(&far);
            let before = Signs::of(text.as_bytes());
            let view = flatten(text.as_bytes(), true);
            assert!(!view.edits.is_empty());
            let mut whole = Signs::of(&view.bytes).0;
            whole.sort_unstable();
            assert_eq!(before.carried(&view).0, whole, "{text}");
        }
    }
}
