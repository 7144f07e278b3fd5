//! Many words looked for in one pass over a text.
//!
//! A table of all states reads each byte once, whatever the words and the text are. Each step waits for the one before it,
//! so that one walk leaves most of a processor idle: long texts are walked in [`LANES`] places at once.

use aho_corasick::Anchored;
use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::dfa::DFA;

/// Parts of a text that are walked at once.
const LANES: usize = 4;

/// Texts that are shorter are walked in one piece.
const SHORT: usize = 1024;

/// Words that are looked for together.
#[derive(Debug)]
pub(crate) struct Sweep {
    table: DFA,
    start: StateID,
    words: Vec<String>,
    /// Bytes of the longest.
    longest: usize,
}

/// A word that stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// Offset behind it.
    pub(crate) end: u32,
    /// Which one it is.
    pub(crate) word: u16,
}

impl Sweep {
    /// For these words; none if they were too many or too long for a table.
    pub(crate) fn of(words: Vec<String>) -> Option<Self> {
        // States that only a faster search stops at would stop this one as well.
        let table = DFA::builder().prefilter(false).build(&words).ok()?;
        let start = table.start_state(Anchored::No).ok()?;
        let longest = words.iter().map(String::len).max().unwrap_or(0);
        Some(Self { table, start, words, longest })
    }

    /// A word.
    pub(crate) fn word(&self, word: u16) -> &str {
        self.words.get(usize::from(word)).map_or("", String::as_str)
    }

    /// Bytes of the longest word.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }

    /// Where a hit begins.
    pub(crate) fn begin(&self, hit: Hit) -> usize {
        hit.end as usize - self.word(hit.word).len()
    }

    /// All words in a text, overlapping ones too, in the order of their ends.
    pub(crate) fn hits(&self, text: &[u8]) -> Vec<Hit> {
        let mut found: [Vec<Hit>; LANES] = Default::default();
        self.each(text, |lane, end, word| found[lane].push(Hit { end: end as u32, word }));
        let [mut all, rest @ ..] = found;
        rest.into_iter().for_each(|more| all.extend(more));
        all
    }

    /// How often each word stands in a text, overlapping ones too.
    pub(crate) fn counts(&self, text: &[u8]) -> Vec<u32> {
        let mut counts = vec![0u32; self.table.patterns_len()];
        self.count(text, &mut counts);
        counts
    }

    /// Adds to `counts` how often each word stands in a text.
    pub(crate) fn count(&self, text: &[u8], counts: &mut [u32]) {
        self.each(text, |_, _, word| {
            if let Some(count) = counts.get_mut(usize::from(word)) {
                *count = count.saturating_add(1);
            }
        });
    }

    /// Calls for each word in a text: the lane it was found in, the offset behind it, its number. In the order of offsets
    /// within each lane.
    fn each(&self, text: &[u8], mut found: impl FnMut(usize, usize, u16)) {
        let lane = if text.len() < SHORT { 0 } else { text.len() / LANES };
        let begins: [usize; LANES] = std::array::from_fn(|index| index * lane);
        // What a state knows reaches back no further than the longest word.
        let mut states = begins.map(|begin| {
            let before = &text[begin - begin.min(self.longest)..begin];
            before.iter().fold(self.start, |state, byte| self.step(state, *byte))
        });
        let [a, b, c, d] = begins.map(|begin| &text[begin..begin + lane]);
        for (at, (((a, b), c), d)) in a.iter().zip(b).zip(c).zip(d).enumerate() {
            states = [
                self.step(states[0], *a),
                self.step(states[1], *b),
                self.step(states[2], *c),
                self.step(states[3], *d),
            ];
            if states.iter().any(|state| self.table.is_special(*state)) {
                for (index, state) in states.iter().enumerate() {
                    self.tell(*state, |word| found(index, begins[index] + at + 1, word));
                }
            }
        }
        // The last lane has what is left over.
        let behind = lane * LANES;
        let mut state = if lane == 0 { self.start } else { states[LANES - 1] };
        for (at, byte) in text.iter().enumerate().skip(behind) {
            state = self.step(state, *byte);
            if self.table.is_special(state) {
                self.tell(state, |word| found(LANES - 1, at + 1, word));
            }
        }
    }

    fn step(&self, state: StateID, byte: u8) -> StateID {
        self.table.next_state(Anchored::No, state, byte)
    }

    fn tell(&self, state: StateID, mut found: impl FnMut(u16)) {
        if self.table.is_match(state) {
            (0..self.table.match_len(state))
                .for_each(|index| found(self.table.match_pattern(state, index).as_usize() as u16));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 5] = ["he", "she", "hers", "^", "a longer word than the others"];

    /// Every place of every word, looked for one by one.
    fn slowly(text: &str) -> Vec<Hit> {
        let ends = |word: &'static str| {
            (0..text.len()).filter(move |at| text[*at..].starts_with(word)).map(move |at| at + word.len())
        };
        let mut all: Vec<Hit> = (0u16..)
            .zip(WORDS)
            .flat_map(|(word, text)| ends(text).map(move |end| Hit { end: end as u32, word }))
            .collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn words_are_found_wherever_a_text_is_cut() {
        let sweep = Sweep::of(WORDS.map(str::to_owned).to_vec()).unwrap();
        let text = "ushers^ and a longer word than the others, she^^".repeat(40);
        for length in [0, 1, 7, 1000, SHORT - 1, SHORT, SHORT + 1, SHORT + 2, SHORT + 3, 1300, 1500, text.len()] {
            let text = &text[..length];
            let mut found = sweep.hits(text.as_bytes());
            assert!(found.is_sorted_by_key(|hit| hit.end));
            found.sort_unstable();
            assert_eq!(found, slowly(text), "{length}");
            let counts = sweep.counts(text.as_bytes());
            let count = |word: u16| found.iter().filter(|hit| hit.word == word).count() as u32;
            assert_eq!(counts, (0..WORDS.len() as u16).map(count).collect::<Vec<_>>());
        }
        assert_eq!(sweep.begin(Hit { end: 9, word: 1 }), 6);
    }
}
