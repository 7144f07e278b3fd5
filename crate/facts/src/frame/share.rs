//! Shares that a page sends: a result with the nonce that gave it, and the work that it answers.

use super::group::{Group, Leaf};
use super::sha1;
use super::work::{Form, Work, big, first_eight, is_bits, is_header, is_time, top};
use crate::limits;

/// A share, and what confirms that it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) kind: Kind,
    pub(super) proof: Proof,
}

/// Forms of shares. The order is that of the saved state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A work's name, a nonce, a result.
    Triple,
    /// The fields of a Bitcoin-like share: work, second part of the nonce, time, nonce.
    Fields,
    /// A block's header with its solution.
    Solved,
    /// The number that was looked for, and how fast.
    Counted,
    /// A Nimiq block's header.
    Nimiq,
    /// A hash that was handed out, the hash that was found, and the number that gave it.
    Prehash,
}

/// What confirms a share. The order is that of the facts' values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Proof {
    /// Its shape.
    Shape,
    /// Its shape and the words of its dialect.
    Words,
    /// It names a piece of work that had the shape of work.
    Echo,
    /// It names a piece of work that was certain.
    Certain,
    /// It solves the work that it names.
    Solves,
}

impl Kind {
    pub(super) const ALL: [Self; 6] =
        [Self::Triple, Self::Fields, Self::Solved, Self::Counted, Self::Nimiq, Self::Prehash];

    /// The text of its facts.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Triple => "id-nonce-result",
            Self::Fields => "block-fields",
            Self::Solved => "solved-header",
            Self::Counted => "count-and-rate",
            Self::Nimiq => "nimiq-header",
            Self::Prehash => "prehash-result",
        }
    }
}

impl Proof {
    pub(super) const ALL: [Self; 5] = [Self::Shape, Self::Words, Self::Echo, Self::Certain, Self::Solves];
}

/// The share that stands in a group, and the work that it answers, newest work last.
pub(super) fn of(group: &Group<'_, '_>, works: &[Work]) -> Option<Share> {
    solved(group, works)
        .or_else(|| prehash(group, works))
        .or_else(|| counted(group, works))
        .or_else(|| nimiq(group, works))
        .or_else(|| fields(group, works))
        .or_else(|| triple(group, works))
}

fn share(kind: Kind, proof: Proof) -> Option<Share> {
    Some(Share { kind, proof })
}

/// The newest work whose name stands in the group.
fn named<'w>(group: &Group<'_, '_>, works: &'w [Work], form: impl Fn(Form) -> bool) -> Option<&'w Work> {
    let has = |id: &Vec<u8>| group.leaves.iter().any(|leaf| *leaf.text == **id);
    works.iter().rev().find(|work| form(work.form) && work.ids.iter().any(has))
}

fn triple(group: &Group<'_, '_>, works: &[Work]) -> Option<Share> {
    let named_result = ["result", "hashHex"].iter().find_map(|word| group.keyed(word));
    let result = named_result.filter(|leaf| leaf.bytes.len() == 32).or_else(|| group.of_length(32))?;
    let other = || group.leaves.iter().filter(|leaf| !std::ptr::eq(*leaf, result));
    let takes = |form| matches!(form, Form::Blob | Form::Range);
    let Some(work) = named(group, works, takes) else {
        let words = group.names(&["job_id", "jobId", "nonce", "result", "hashHex"]) >= 3;
        let is_short = group.leaves.len() <= FEW && other().any(|leaf| leaf.bytes.len() == 4);
        return match (words, is_short) {
            (true, _) => share(Kind::Triple, Proof::Words),
            (false, true) => share(Kind::Triple, Proof::Shape),
            (false, false) => None,
        };
    };
    let is_id = |leaf: &&Leaf<'_>| work.ids.iter().any(|id| **id == *leaf.text);
    // Ranges are of numbers, blobs have room for bytes.
    let is_nonce = |leaf: &Leaf<'_>| {
        matches!(leaf.bytes.len(), 4 | 8) || leaf.is("nonce") || work.form == Form::Range && leaf.whole().is_some()
    };
    other().find(|leaf| !is_id(leaf) && is_nonce(leaf))?;
    let proof = match (reaches(&result.bytes, work.target), work.certain) {
        (true, _) => Proof::Solves,
        (false, true) => Proof::Certain,
        (false, false) => Proof::Echo,
    };
    share(Kind::Triple, proof)
}

/// A message that holds hardly more than a share.
const FEW: usize = 8;

/// Whether a hash is below a target, read from either end. Targets that every 256th hash reaches prove nothing.
fn reaches(hash: &[u8], target: u64) -> bool {
    target.leading_zeros() >= limits::FRAME_TARGET_BITS
        && (top(&hash[24..]) <= target || u64::from_be_bytes(first_eight(hash)) <= target)
}

fn fields(group: &Group<'_, '_>, works: &[Work]) -> Option<Share> {
    let numbers = group.leaves.iter().filter(|leaf| leaf.bytes.len() == 4);
    let count = numbers.clone().count();
    let work = named(group, works, |form| form == Form::Notify);
    let repeats = |work: &Work| {
        let times = numbers.clone().flat_map(|leaf| [big(&leaf.bytes), big(&leaf.bytes).swap_bytes()]);
        times.into_iter().any(|time| time.abs_diff(work.time) <= limits::FRAME_TIME_SECONDS)
    };
    match work {
        Some(work) if count >= 2 && repeats(work) => share(Kind::Fields, Proof::Certain),
        _ if group.names(&["mining.submit"]) == 1 && count >= 1 => share(Kind::Fields, Proof::Words),
        _ => None,
    }
}

/// Bytes of a Zcash header with its nonce, and the length that introduces a solution of Equihash 200,9.
const SOLUTION: [u8; 3] = [0xfd, 0x40, 0x05];

fn solved(group: &Group<'_, '_>, works: &[Work]) -> Option<Share> {
    let block = group.leaves.iter().find(|leaf| leaf.bytes.len() >= 141 && is_header(&leaf.bytes))?;
    let answers = |work: &&Work| work.form == Form::Header && block.bytes.starts_with(&work.bytes);
    if works.iter().any(|work| answers(&work)) {
        return share(Kind::Solved, Proof::Certain);
    }
    block.bytes[140..].starts_with(&SOLUTION).then_some(Share { kind: Kind::Solved, proof: Proof::Shape })
}

fn counted(group: &Group<'_, '_>, works: &[Work]) -> Option<Share> {
    let first = group.leaves.first()?;
    let found = first.whole().filter(|_| first.bytes.is_empty() || group.plain)?;
    let is_found = |work: &&Work| {
        let Some((start, wanted)) = work.bytes.split_at_checked(20).filter(|_| work.form == Form::Pair) else {
            return false;
        };
        // Nobody looks further than that.
        found <= u64::from(work.time) * 100 && sha1::of_hex_and_number(start, found) == *wanted
    };
    if works.iter().any(|work| is_found(&work)) {
        return share(Kind::Counted, Proof::Solves);
    }
    let [_, rate, text, ..] = group.leaves else { return None };
    let is_report = group.plain && rate.number.is_some() && text.number.is_none() && group.leaves.len() <= FEW;
    is_report.then_some(Share { kind: Kind::Counted, proof: Proof::Shape })
}

/// A Nimiq block's header: its version, four hashes, compact target, height, time and nonce.
fn is_nimiq_header(bytes: &[u8]) -> bool {
    let number = |at: usize| big(&bytes[at..at + 4]);
    bytes.len() >= 146
        && bytes.starts_with(&[0, 1])
        && is_bits(number(130))
        && (1..NIMIQ_HEIGHT).contains(&number(134))
        && is_time(number(138))
}

/// A block a minute since 2018: far beyond what is reached before 2100.
const NIMIQ_HEIGHT: u32 = 100_000_000;

fn nimiq(group: &Group<'_, '_>, works: &[Work]) -> Option<Share> {
    group.leaves.iter().find(|leaf| is_nimiq_header(&leaf.bytes))?;
    let known = works.iter().any(|work| work.form == Form::Settings);
    share(Kind::Nimiq, if known { Proof::Certain } else { Proof::Shape })
}

fn prehash(group: &Group<'_, '_>, works: &[Work]) -> Option<Share> {
    let mut hashes = group.leaves.iter().filter(|leaf| leaf.bytes.len() == 32);
    let (start, found) = (hashes.next()?, hashes.next()?);
    group.leaves.iter().find(|leaf| leaf.number.is_some() && leaf.bytes.is_empty())?;
    let is_low = u64::from_be_bytes(first_eight(&found.bytes)).leading_zeros() >= limits::FRAME_LOW_HASH_BITS;
    let known = works.iter().any(|work| work.form == Form::Prehash && work.bytes == start.bytes);
    match (is_low, known) {
        (true, true) => share(Kind::Prehash, Proof::Solves),
        (true, false) if group.names(&["submitHash"]) > 0 || group.plain => share(Kind::Prehash, Proof::Words),
        _ => None,
    }
}
