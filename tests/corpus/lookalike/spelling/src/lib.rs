//! A spelling checker of the symmetric kind: a dictionary is kept by what is left of its words when letters are taken
//! out, and so is the word that is looked up. Its tables are those of the standard library, keyed by SipHash.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

buffers::module!(check);

/// Letters that may be wrong.
const FAR: usize = 2;

/// Words asked for, words met on the way and words compared, as a page's statistics show them.
static ASKED: AtomicU32 = AtomicU32::new(0);
static MET: AtomicU32 = AtomicU32::new(0);
static COMPARED: AtomicU32 = AtomicU32::new(0);

/// The dictionary: kept from one call to the next.
static KNOWN: Mutex<Option<Dictionary>> = Mutex::new(None);

#[derive(Default)]
struct Dictionary {
    words: HashMap<String, u64>,
    shortened: HashMap<String, Vec<String>>,
}

/// The input is words, each on its line; all but the last go into the dictionary, and the one that comes nearest to the last
/// is the output.
fn check(input: &[u8], output: &mut [u8]) -> usize {
    let text = String::from_utf8_lossy(input);
    let mut lines: Vec<&str> = text.lines().collect();
    let Some(asked) = lines.pop() else { return 0 };
    let Ok(mut known) = KNOWN.lock() else { return 0 };
    let known = known.get_or_insert_with(Dictionary::default);
    lines.iter().for_each(|line| known.add(line));
    let Some(word) = known.nearest(asked) else { return 0 };
    let length = word.len().min(output.len());
    output[..length].copy_from_slice(&word.as_bytes()[..length]);
    length
}

impl Dictionary {
    fn add(&mut self, word: &str) {
        let count = self.words.entry(word.to_owned()).or_insert(0);
        *count += 1;
        if *count > 1 {
            return;
        }
        for short in shortenings(word) {
            self.shortened.entry(short).or_default().push(word.to_owned());
        }
    }

    fn nearest(&self, asked: &str) -> Option<String> {
        let (mut queue, mut best) = (vec![asked.to_owned()], None::<(usize, u64, String)>);
        let (mut tried, mut compared) = (HashSet::new(), HashSet::new());
        let mut at = 0;
        while let Some(short) = queue.get(at).cloned() {
            at += 1;
            ASKED.store(at as u32, Ordering::Relaxed);
            let bound = best.as_ref().map_or(FAR, |(far, ..)| *far);
            if asked.len().saturating_sub(short.len()) > bound {
                break;
            }
            for word in self.shortened.get(&short).into_iter().flatten() {
                MET.fetch_add(1, Ordering::Relaxed);
                if !compared.insert(word.clone()) {
                    continue;
                }
                COMPARED.fetch_add(1, Ordering::Relaxed);
                let (far, count) = (distance(asked, word), self.words.get(word).copied().unwrap_or(0));
                if far <= bound
                    && best.as_ref().is_none_or(|(least, most, _)| (far, u64::MAX - count) < (*least, u64::MAX - most))
                {
                    best = Some((far, count, word.clone()));
                }
            }
            for next in shorter(&short) {
                if tried.insert(next.clone()) {
                    queue.push(next);
                }
            }
        }
        best.map(|(_, _, word)| word)
    }
}

/// What is left of a word without up to [`FAR`] letters.
fn shortenings(word: &str) -> HashSet<String> {
    let mut all = HashSet::from([word.to_owned()]);
    for _ in 0..FAR {
        let next: Vec<String> = all.iter().flat_map(|word| shorter(word)).collect();
        all.extend(next);
    }
    all
}

fn shorter(word: &str) -> Vec<String> {
    word.char_indices().map(|(at, letter)| [&word[..at], &word[at + letter.len_utf8()..]].concat()).collect()
}

/// Letters to put in, take out, change or swap.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows = vec![vec![0; to.len() + 1]; from.len() + 1];
    for i in 0..=from.len() {
        for j in 0..=to.len() {
            rows[i][j] = match (i, j) {
                (0, far) | (far, 0) => far,
                _ => {
                    let change = rows[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
                    let swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                    let swap = if swapped { rows[i - 2][j - 2] + 1 } else { change };
                    change.min(swap).min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1)
                }
            };
        }
    }
    rows[from.len()][to.len()]
}
