//! The first look: which words of which readers stand in a text. Most scripts hold none that matter and are never parsed.

use super::PASSES;
use crate::script::sweep::Sweep;
use std::sync::OnceLock;

/// How often each word of each pass stands in a text.
#[derive(Debug)]
pub(super) struct Look {
    /// By pass, in the order of its words.
    counts: Vec<Vec<u32>>,
}

/// The words of all passes.
struct Words {
    sweep: Sweep,
    /// (Pass, word) of each pattern: readers may share one.
    owners: Vec<Vec<(usize, usize)>>,
}

fn words() -> Option<&'static Words> {
    static WORDS: OnceLock<Option<Words>> = OnceLock::new();
    WORDS.get_or_init(build).as_ref()
}

fn build() -> Option<Words> {
    let mut patterns: Vec<String> = Vec::new();
    let mut owners: Vec<Vec<(usize, usize)>> = Vec::new();
    for (pass, reader) in PASSES.iter().enumerate() {
        for (word, text) in reader.words.iter().enumerate() {
            let known = patterns.iter().position(|p| p == text).unwrap_or(patterns.len());
            if known == patterns.len() {
                patterns.push((*text).to_owned());
                owners.push(Vec::new());
            }
            owners[known].push((pass, word));
        }
    }
    Some(Words { sweep: Sweep::of(patterns)?, owners })
}

impl Look {
    /// Looks through a text.
    pub(super) fn at(text: &str) -> Self {
        let mut counts: Vec<Vec<u32>> = PASSES.iter().map(|pass| vec![0; pass.words.len()]).collect();
        if let Some(Words { sweep, owners }) = words() {
            for (owners, hits) in owners.iter().zip(sweep.counts(text.as_bytes())) {
                owners.iter().for_each(|(pass, word)| counts[*pass][*word] = hits);
            }
        }
        Self { counts }
    }

    /// Of a text that every pass wants.
    #[cfg(test)]
    pub(super) fn full() -> Self {
        Self { counts: PASSES.iter().map(|pass| vec![u32::from(u16::MAX); pass.words.len()]).collect() }
    }

    /// Looks through strings as well that stand in the text in another form.
    pub(super) fn with<'s>(mut self, strings: impl Iterator<Item = &'s str>) -> Self {
        if let Some(Words { sweep, owners }) = words() {
            let mut hits = vec![0; owners.len()];
            strings.for_each(|text| sweep.count(text.as_bytes(), &mut hits));
            for (owners, hits) in owners.iter().zip(hits) {
                owners.iter().for_each(|(pass, word)| {
                    let count = &mut self.counts[*pass][*word];
                    *count = count.saturating_add(hits);
                });
            }
        }
        self
    }

    /// Passes that want to read the program, by number.
    pub(super) fn wanted(&self) -> Vec<usize> {
        let wants = |(pass, counts): (usize, &Vec<u32>)| (PASSES[pass].wants)(counts).then_some(pass);
        self.counts.iter().enumerate().filter_map(wants).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_count_like_the_text() {
        const KERNEL: usize = 1;
        assert!(!Look::at("eval(x)").wanted().contains(&KERNEL));
        assert!(!Look::at("eval(x)").with(["job"].into_iter()).wanted().contains(&KERNEL));
        assert!(Look::at("eval(x)").with(["job", "keccak256"].into_iter()).wanted().contains(&KERNEL));
    }
}
