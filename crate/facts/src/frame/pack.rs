//! MessagePack, as socket.io's and SignalR's parsers and many miners' own write it.

use super::build::Builder;
use super::group::{Leaf, Number};
use std::borrow::Cow;

/// One step through the bytes: what begins or stands there.
enum Item<'a> {
    List(usize),
    Map(usize),
    Text(&'a [u8]),
    Raw(&'a [u8]),
    Number(Number),
    /// Truth, nothing, an extension.
    Other,
}

/// Reads `bytes` when they are one whole list or map, and says whether they were.
pub(super) fn read<'a>(bytes: &'a [u8], out: &mut Builder<'a, '_>, inside: &mut dyn FnMut(&[u8])) -> bool {
    if !is_whole(bytes) {
        return false;
    }
    // Values still to come in each open container, and whether it is a map.
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut key: &[u8] = b"";
    let mut at = 0;
    while let Some((item, next)) = item(bytes, at) {
        at = next;
        let is_key = open.last().is_some_and(|(left, is_map)| *is_map && left % 2 == 0);
        if let Some((left, _)) = open.last_mut() {
            *left -= 1;
        }
        match item {
            Item::List(count) => begin(count, false, &mut open, out),
            Item::Map(count) => begin(2 * count, true, &mut open, out),
            Item::Text(text) if is_key => key = text,
            Item::Text(text) => {
                inside(text);
                let leaf = Leaf::text(key, Cow::Borrowed(text), &mut out.words);
                out.leaf(leaf);
            }
            Item::Raw(raw) => {
                let leaf = Leaf::raw(key, raw, &mut out.words);
                out.leaf(leaf);
            }
            Item::Number(number) => {
                let leaf = Leaf::of(key, number, &mut out.words);
                out.leaf(leaf);
            }
            Item::Other => {}
        }
        if !is_key {
            key = b"";
        }
        while open.last().is_some_and(|(left, _)| *left == 0) {
            open.pop();
            out.close();
        }
    }
    out.finish();
    true
}

fn begin(left: usize, is_map: bool, open: &mut Vec<(usize, bool)>, out: &mut Builder<'_, '_>) {
    open.push((left, is_map));
    out.open();
}

/// Whether the bytes are one list or map and nothing else. Takes as many steps as there are values, without a stack.
fn is_whole(bytes: &[u8]) -> bool {
    let mut wanted = 1usize;
    let mut at = 0;
    while wanted > 0 {
        let Some((item, next)) = item(bytes, at) else { return false };
        let inner = match item {
            Item::List(count) => count,
            Item::Map(count) => 2 * count,
            _ if at == 0 => return false,
            _ => 0,
        };
        // Each value takes a byte: more than are left are never there.
        wanted = wanted - 1 + inner;
        if wanted > bytes.len() {
            return false;
        }
        at = next;
    }
    at == bytes.len()
}

fn item(bytes: &[u8], at: usize) -> Option<(Item<'_>, usize)> {
    let first = *bytes.get(at)?;
    let rest = at + 1;
    let sized = |width: usize| Some((number(bytes, rest, width)? as usize, rest + width));
    let slice = |(length, start): (usize, usize)| {
        let end = start.checked_add(length)?;
        Some((bytes.get(start..end)?, end))
    };
    let text = |found: (&'_ [u8], usize)| Some((Item::Text(bytes.get(found.1 - found.0.len()..found.1)?), found.1));
    let raw = |found: (&'_ [u8], usize)| Some((Item::Raw(bytes.get(found.1 - found.0.len()..found.1)?), found.1));
    let skip = |length: usize| (rest + length <= bytes.len()).then_some((Item::Other, rest + length));
    Some(match first {
        0..=0x7f => (Item::Number(Number::Whole(u64::from(first))), rest),
        0x80..=0x8f => (Item::Map(usize::from(first & 15)), rest),
        0x90..=0x9f => (Item::List(usize::from(first & 15)), rest),
        0xa0..=0xbf => return text(slice((usize::from(first & 31), rest))?),
        0xc0 | 0xc2 | 0xc3 => (Item::Other, rest),
        0xc1 => return None,
        0xc4..=0xc6 => return raw(slice(sized(1 << (first - 0xc4))?)?),
        0xc7..=0xc9 => {
            let (length, start) = sized(1 << (first - 0xc7))?;
            let (_, end) = slice((length.checked_add(1)?, start))?;
            (Item::Other, end)
        }
        0xca => (Item::Number(whole(f64::from(f32::from_bits(number(bytes, rest, 4)? as u32)))), rest + 4),
        0xcb => (Item::Number(whole(f64::from_bits(number(bytes, rest, 8)?))), rest + 8),
        0xcc..=0xcf => {
            let width = 1 << (first - 0xcc);
            (Item::Number(Number::Whole(number(bytes, rest, width)?)), rest + width)
        }
        0xd0..=0xd3 => {
            let width = 1 << (first - 0xd0);
            let unused = 64 - 8 * width;
            let signed = (number(bytes, rest, width)? << unused) as i64 >> unused;
            (Item::Number(u64::try_from(signed).map_or(Number::Other, Number::Whole)), rest + width)
        }
        0xd4..=0xd8 => return skip(1 + (1 << (first - 0xd4))),
        0xd9..=0xdb => return text(slice(sized(1 << (first - 0xd9))?)?),
        0xdc | 0xdd => {
            let (count, next) = sized(2 << (first - 0xdc))?;
            (Item::List(count), next)
        }
        0xde | 0xdf => {
            let (count, next) = sized(2 << (first - 0xde))?;
            (Item::Map(count), next)
        }
        0xe0..=0xff => (Item::Number(Number::Other), rest),
    })
}

/// JavaScript's packers write large whole numbers as fractions.
fn whole(number: f64) -> Number {
    let kept = number as u64;
    if kept as f64 == number { Number::Whole(kept) } else { Number::Other }
}

/// An unsigned number, most significant byte first.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(width)?)?;
    Some(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}
