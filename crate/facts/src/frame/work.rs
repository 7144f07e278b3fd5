//! Work that a pool hands out, by the shape of its values: what is hashed, what has to be reached, and a name for both.

use super::group::{Group, Leaf};
use super::login;
use crate::limits;

/// Forms of work. The order is that of the saved state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// A blob of a CryptoNote block and a target.
    Blob,
    /// The header of a Zcash-like block without its solution, and a target.
    Header,
    /// The parts of a Bitcoin-like block: previous hash, coinbase in two halves, version, bits and time.
    Notify,
    /// The answer to a stratum subscription: which notices follow, and the client's share of the nonce.
    Subscription,
    /// A hash to begin with, a hash to be found, and how far to look.
    Pair,
    /// Whose block a Nimiq client builds, and its target.
    Settings,
    /// A hash to which nonces are to be appended.
    Prehash,
    /// A range of nonces and a difficulty.
    Range,
}

impl Form {
    pub(super) const ALL: [Self; 8] = [
        Self::Blob,
        Self::Header,
        Self::Notify,
        Self::Subscription,
        Self::Pair,
        Self::Settings,
        Self::Prehash,
        Self::Range,
    ];

    /// The text of its facts.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Blob => "blob-and-target",
            Self::Header => "header",
            Self::Notify => "block-parts",
            Self::Subscription => "subscription",
            Self::Pair => "hash-pair",
            Self::Settings => "block-settings",
            Self::Prehash => "prehash",
            Self::Range => "nonce-range",
        }
    }
}

/// What is kept of a piece of work, to know its share again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) form: Form,
    /// Whether its form cannot well be anything else, or is confirmed by the words of its dialect.
    pub(super) certain: bool,
    /// Texts that may be its name.
    pub(super) ids: Vec<Vec<u8>>,
    /// Bytes that its share has to begin with, or that it has to repeat.
    pub(super) bytes: Vec<u8>,
    /// The largest value of a result's upper 64 bits; all ones when it is not known.
    pub(super) target: u64,
    /// A time that its share repeats.
    pub(super) time: u32,
}

/// The work that stands in a group, by the first form that fits.
pub(super) fn of(group: &Group<'_, '_>) -> Option<Work> {
    header(group)
        .or_else(|| blob(group))
        .or_else(|| notify(group))
        .or_else(|| subscription(group))
        .or_else(|| pair(group))
        .or_else(|| settings(group))
        .or_else(|| range(group))
        .or_else(|| prehash(group))
}

/// Lengths of CryptoNote blobs in bytes: a header and a root make 76; xmrig accepts 408 (`Job::kMaxBlobSize`).
const BLOB: std::ops::RangeInclusive<usize> = 76..=408;

fn blob(group: &Group<'_, '_>) -> Option<Work> {
    let blob = group.leaves.iter().find(|leaf| BLOB.contains(&leaf.bytes.len()))?;
    let target = target(group)?;
    let names = group.names(&["blob", "target", "job_id", "jobId", "seed_hash"]);
    Some(Work {
        form: Form::Blob,
        certain: names >= 2 || is_cryptonote(&blob.bytes),
        bytes: Vec::new(),
        ..work(group, Form::Blob, limit(&target.bytes))
    })
}

/// A header of a CryptoNote block: two version numbers, then a time in seconds as a varint of five bytes. Times before
/// 2012 (2^28 · 5) end in another fifth byte.
fn is_cryptonote(blob: &[u8]) -> bool {
    blob[0] <= 0x20 && blob[1] <= 0x20 && blob[2..6].iter().all(|byte| *byte >= 0x80) && (5..=15).contains(&blob[6])
}

/// Bytes of a Zcash header before its nonce, and with it.
const HEADER: std::ops::RangeInclusive<usize> = 108..=140;

fn header(group: &Group<'_, '_>) -> Option<Work> {
    let header = group.leaves.iter().find(|leaf| HEADER.contains(&leaf.bytes.len()) && is_header(&leaf.bytes))?;
    let is_target = |leaf: &&Leaf<'_>| matches!(leaf.bytes.len(), 4 | 8 | 32) || leaf.number.is_some();
    let target = group.leaves.iter().find(is_target)?;
    let kept = header.bytes[..limits::FRAME_PREFIX].to_vec();
    Some(Work { certain: true, bytes: kept, ..work(group, Form::Header, limit(&target.bytes)) })
}

/// Version 4, and a time at byte 100.
pub(super) fn is_header(bytes: &[u8]) -> bool {
    bytes.len() >= 108 && bytes.starts_with(&[4, 0, 0, 0]) && is_time(little(&bytes[100..104]))
}

fn notify(group: &Group<'_, '_>) -> Option<Work> {
    group.of_length(32)?;
    let numbers = || group.leaves.iter().filter(|leaf| leaf.bytes.len() == 4).map(|leaf| big(&leaf.bytes));
    // Zcash's pools write numbers the other way round.
    let time = numbers().flat_map(|n| [n, n.swap_bytes()]).find(|n| is_time(*n));
    let bits = numbers().any(|n| is_bits(n) || is_bits(n.swap_bytes()));
    let longer = |leaf: &&Leaf<'_>| leaf.bytes.len() >= 10 && leaf.bytes.len() != 32;
    let parts = group.leaves.iter().filter(longer).count();
    let hashes = group.leaves.iter().filter(|leaf| leaf.bytes.len() == 32).count();
    let named = group.names(&["mining.notify"]) > 0;
    let whole = numbers().count() >= 3 && (parts >= 2 || hashes >= 3) && bits;
    if !whole && !named {
        return None;
    }
    Some(Work { certain: true, time: time?, ..work(group, Form::Notify, u64::MAX) })
}

/// Seconds from 2012 to 2040: the narrower, the less often another number looks like a time.
pub(super) fn is_time(seconds: u32) -> bool {
    (1_325_376_000..2_208_988_800).contains(&seconds)
}

/// A compact target: an exponent from 2^96 up to the easiest that coins use, and a mantissa that is not negative.
pub(super) fn is_bits(bits: u32) -> bool {
    (0x10..=0x20).contains(&(bits >> 24)) && bits & 0x0080_0000 == 0 && bits & 0x00ff_ffff != 0
}

fn subscription(group: &Group<'_, '_>) -> Option<Work> {
    let promised = group.names(&["mining.notify", "mining.set_difficulty", "mining.set_target"]);
    let extra = group.leaves.iter().any(|leaf| (2..=16).contains(&(leaf.text.len() / 2)) && !leaf.bytes.is_empty());
    let size = group.leaves.iter().filter_map(Leaf::whole).any(|n| (1..=32).contains(&n));
    (promised > 0 && extra && size).then(|| Work {
        certain: promised >= 2,
        ids: Vec::new(),
        ..work(group, Form::Subscription, u64::MAX)
    })
}

fn pair(group: &Group<'_, '_>) -> Option<Work> {
    let [first, second, far] = group.leaves else { return None };
    let count = far.whole().filter(|count| (1..=PAIR_COUNT).contains(count))?;
    if first.bytes.len() != 20 || second.bytes.len() != 20 {
        return None;
    }
    let bytes = [first.bytes.as_slice(), &second.bytes].concat();
    Some(Work { certain: group.plain, bytes, time: count as u32, ..work(group, Form::Pair, u64::MAX) })
}

/// Difficulties of Duino-Coin stay below a million.
const PAIR_COUNT: u64 = 10_000_000;

fn settings(group: &Group<'_, '_>) -> Option<Work> {
    let owner = group.leaves.iter().find(|leaf| login::is_nimiq(&leaf.text))?;
    let names = group.names(&["extraData", "target", "targetCompact", "nonce"]);
    let numbers = group.leaves.iter().filter(|leaf| leaf.number.is_some()).count();
    (names >= 2 || numbers >= 2).then(|| Work {
        certain: names >= 2,
        bytes: Vec::new(),
        ids: vec![owner.text.to_vec()],
        ..work(group, Form::Settings, u64::MAX)
    })
}

fn range(group: &Group<'_, '_>) -> Option<Work> {
    let names = group.names(&["jobId", "job_id", "startNonce", "nonceCount", "difficulty"]);
    let numbers = group.leaves.iter().filter_map(Leaf::whole).count();
    let key = group.leaves.iter().any(|leaf| leaf.bytes.len() >= 16);
    (numbers >= 2 && (names >= 3 || key && numbers >= 3))
        .then(|| Work { certain: names >= 3, ..work(group, Form::Range, u64::MAX) })
}

fn prehash(group: &Group<'_, '_>) -> Option<Work> {
    let hash = group.of_length(32).filter(|_| group.leaves.len() <= 2)?;
    let named = group.names(&["blockPreHash", "firstPreHash"]) > 0;
    Some(Work { certain: named, bytes: hash.bytes.clone(), ..work(group, Form::Prehash, u64::MAX) })
}

/// The value that a result has to stay below: under its name, else the shortest that can be one, and of several the one
/// that is hardest to reach.
fn target<'g, 'a>(group: &Group<'g, 'a>) -> Option<&'g Leaf<'a>> {
    let named = group.keyed("target").filter(|leaf| matches!(leaf.bytes.len(), 4 | 8 | 32));
    let eight = || group.leaves.iter().filter(|leaf| leaf.bytes.len() == 8).min_by_key(|leaf| limit(&leaf.bytes));
    named.or_else(|| group.of_length(4)).or_else(eight)
}

/// A target as the largest value of a result's upper 64 bits.
fn limit(target: &[u8]) -> u64 {
    match target.len() {
        4 => u64::from(little(target)) << 32 | 0xffff_ffff,
        8 => top(target),
        32 => top(&target[24..]).min(u64::from_be_bytes(first_eight(target))),
        _ => u64::MAX,
    }
}

/// Eight bytes, least significant first.
pub(super) fn top(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(first_eight(bytes))
}

pub(super) fn first_eight(bytes: &[u8]) -> [u8; 8] {
    std::array::from_fn(|at| bytes.get(at).copied().unwrap_or_default())
}

fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

pub(super) fn big(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// Everything that may be the work's name.
fn work(group: &Group<'_, '_>, form: Form, target: u64) -> Work {
    let named = group.keyed("job_id").or_else(|| group.keyed("jobId")).and_then(Leaf::id);
    // Short texts are equal by chance, and so are numbers of requests.
    let long = |id: &&[u8]| id.len() >= limits::FRAME_ID_LEAST && !is_word(id);
    let others = group.leaves.iter().filter(|leaf| leaf.key.is_none() && !is_clock(leaf)).filter_map(Leaf::id);
    let others = others.filter(long);
    let mut ids: Vec<Vec<u8>> = Vec::new();
    for id in named.into_iter().chain(others).take(limits::FRAME_IDS) {
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_vec());
        }
    }
    Work { form, certain: false, ids, bytes: Vec::new(), target, time: 0 }
}

/// Messages of one second share their time, in seconds or in thousandths.
fn is_clock(leaf: &Leaf<'_>) -> bool {
    let whole = leaf.whole().unwrap_or_default();
    [whole, whole / 1000].into_iter().any(|seconds| u32::try_from(seconds).is_ok_and(is_time))
}

/// Words of letters alone are types and methods.
fn is_word(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.' | b'-' | b' '))
}
