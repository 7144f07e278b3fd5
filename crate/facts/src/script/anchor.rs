//! Every place at which the first bytes of a module are spelled.

use super::collect::{Collector, Outcome, Spelled};
use super::flatten::{View, locate};
use super::joint::Joints;
use super::packed::Found;
use super::signs::{Reader, Sign, Signs};
use super::{base64, hex, literal, packed, percent};
use std::sync::OnceLock;

/// A spelling of the first bytes.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    /// Base64, found so many characters and bytes behind the start of a group of four.
    Base64 {
        characters: usize,
        bytes: usize,
    },
    Hex,
    Percent,
    /// One character a byte, or the bytes themselves.
    Binary,
    Packed(usize),
    Base91,
    Yenc,
}

/// Patterns with what they spell. The base64 of `\0asm` has three forms, by its place in a group of three bytes; the
/// two that start in the middle of a character take the version along to be long enough.
fn patterns() -> Vec<(String, Spelling)> {
    let mut all = vec![
        ("AGFzbQ".to_owned(), Spelling::Base64 { characters: 0, bytes: 0 }),
        ("Bhc20B".to_owned(), Spelling::Base64 { characters: 2, bytes: 1 }),
        ("AYXNtAQ".to_owned(), Spelling::Base64 { characters: 3, bytes: 2 }),
        ("\0asm".to_owned(), Spelling::Binary),
        // Emscripten's binary strings write U+0100 for a zero byte.
        ("\u{100}asm".to_owned(), Spelling::Binary),
        ("%00asm".to_owned(), Spelling::Percent),
        ("%00%61%73%6d".to_owned(), Spelling::Percent),
        ("%00%61%73%6D".to_owned(), Spelling::Percent),
        ("0061736d".to_owned(), Spelling::Hex),
        ("0061736D".to_owned(), Spelling::Hex),
    ];
    for separator in hex::SEPARATORS.iter().map(|&c| c as char) {
        for last in ["6d", "6D"] {
            all.push((["00", "61", "73", last].join(&separator.to_string()), Spelling::Hex));
        }
    }
    all.push((packed::BASE91_ZSTD.to_owned(), Spelling::Base91));
    all.push((packed::YENC.to_owned(), Spelling::Yenc));
    let packed = packed::KINDS.iter().enumerate();
    all.extend(packed.map(|(kind, (start, _))| ((*start).to_owned(), Spelling::Packed(kind))));
    all
}

/// The patterns alone, in their order.
pub(super) fn words() -> Vec<String> {
    patterns().into_iter().map(|(word, _)| word).collect()
}

fn spellings() -> &'static [Spelling] {
    static BUILT: OnceLock<Vec<Spelling>> = OnceLock::new();
    BUILT.get_or_init(|| patterns().into_iter().map(|(_, spelling)| spelling).collect())
}

/// Looks through one view, whose signs are known. `input` is what the view was flattened from. Binary strings that were read
/// are defaced in the view: their bytes are no text that another round could flatten again.
pub(super) fn search(view: &mut View, signs: &Signs, input: &[u8], round: usize, collector: &mut Collector) {
    let spellings = spellings();
    let mut joints = Joints::new(&view.bytes);
    let mut binary = Vec::new();
    let mut in_literals = Vec::new();
    let mut at = 0;
    for Sign { word, start, .. } in signs.of_reader(Reader::Anchors) {
        if start < at {
            continue;
        }
        at = start + 1;
        if !collector.has_budget() {
            collector.out_of_budget();
            break;
        }
        let place = (round, start);
        match spellings[word] {
            Spelling::Base64 { characters, bytes } => {
                let Some(start) = start.checked_sub(characters) else { continue };
                let (spelled, _) = base64::read(view, start, bytes, &mut joints);
                if let Outcome::Whole(length) = collector.take(place, spelled) {
                    at = base64::behind(view, start, length + bytes);
                }
            }
            Spelling::Hex => at = resume(at, hex::read(view, start, &mut joints), place, collector),
            Spelling::Percent => at = resume(at, percent::read(view, start, &mut joints), place, collector),
            Spelling::Binary => binary.push(start),
            Spelling::Packed(kind) => {
                let (found, length) = packed::read(view, start, kind, &mut joints, collector.room());
                at = start + length;
                packed::take(found, place, collector);
            }
            Spelling::Base91 => in_literals.push((start, packed::base91 as Packed)),
            Spelling::Yenc => in_literals.push((start, packed::yenc as Packed)),
        }
    }
    for start in base64::spaced(&view.bytes) {
        if collector.has_budget() {
            collector.take((round, start), base64::read(view, start, 0, &mut joints).0);
        }
    }
    for &start in &binary {
        view.bytes[start] = b' ';
    }
    strings(input, &binary, round, collector);
    packed_strings(input, &in_literals, round, collector);
}

/// Reads packed data at an offset of a text that is not flat, within so much room.
type Packed = fn(&[u8], usize, usize) -> Found;

/// Alphabets that hold quotes and backslashes are read from the text before it was flattened, each stretch once.
fn packed_strings(input: &[u8], flat: &[(usize, Packed)], round: usize, collector: &mut Collector) {
    let places: Vec<usize> = flat.iter().map(|(place, _)| *place).collect();
    let mut cost = 0;
    for (start, (place, read)) in locate(input, &places).into_iter().zip(flat) {
        if start >= input.len() || cost > input.len() || !collector.has_budget() {
            continue;
        }
        let found = read(input, start, collector.room());
        if found == Found::Nothing {
            // What looks like the beginning of packed data may stand anywhere; looking must stay linear.
            cost += input.len() / 16 + 1;
        }
        packed::take(found, (round, *place), collector);
    }
}

/// Where to go on: behind what made a whole module up to its last byte, else right behind the anchor.
fn resume(at: usize, (spelled, end): (Spelled, usize), place: (usize, usize), collector: &mut Collector) -> usize {
    let length = spelled.bytes.len();
    if collector.take(place, spelled) == Outcome::Whole(length) { end } else { at }
}

/// Binary strings are read from the text before it was flattened: only there can a quote be told from a byte 0x22.
fn strings(input: &[u8], flat: &[usize], round: usize, collector: &mut Collector) {
    let mut behind = 0;
    for (start, &place) in locate(input, flat).into_iter().zip(flat) {
        if start < behind || start >= input.len() {
            continue;
        }
        if !collector.has_budget() {
            collector.out_of_budget();
            return;
        }
        let (spelled, end) = literal::read(input, start, round == 0);
        if let Outcome::Whole(_) = collector.take((round, place), spelled) {
            behind = end;
        }
    }
}
