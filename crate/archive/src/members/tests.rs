//! Members that are whole, cut, broken, empty, and made to be read again and again.

use super::{Marks, Members};
use davy_model::GapReason;
use flate2::{Compression, GzBuilder};
use std::io::{Read, Write};

fn member(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().filename("a").write(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn record(index: u32) -> Vec<u8> {
    let words: String = (0..400).map(|i| format!("{} ", i * index)).collect();
    format!("WARC/1.1\r\nn: {index}\r\n\r\n{words}").into_bytes()
}

/// Reads to the end, over what is broken; gives the bytes, and the gaps.
fn all(packed: &[u8]) -> (Vec<u8>, Vec<GapReason>) {
    let (marks, mut source) = (Marks::default(), packed);
    let mut members = Members::new(&mut source, &marks);
    let (mut bytes, mut gaps) = (Vec::new(), Vec::new());
    while members.read_to_end(&mut bytes).is_err() {
        gaps.extend(marks.take_broken().map(|gap| gap.reason));
    }
    (bytes, gaps)
}

#[test]
fn members_one_after_the_other_and_zeros_behind_them() {
    let mut packed = [member(b""), member(b"a"), member(b""), member(b"bc")].concat();
    packed.extend([0; 700]);
    assert_eq!(all(&packed), (b"abc".to_vec(), vec![]));
    let marks = Marks::default();
    let mut source = packed.as_slice();
    let mut text = String::new();
    Members::new(&mut source, &marks).read_to_string(&mut text).unwrap();
    let empty = member(b"").len() as u64;
    let second = 2 * empty + member(b"a").len() as u64;
    assert_eq!((marks.packed(0), marks.packed(1), marks.packed(2)), (Some(empty), Some(second), None));
}

#[test]
fn after_a_broken_member_comes_the_next_record() {
    let [first, second, third] = [1, 2, 3].map(record);
    let packed = [&first, &second, &third].map(|record| member(record));
    let middle = packed[0].len() + packed[1].len() / 2;
    let whole = packed.concat();
    let mut changed = whole.clone();
    changed[middle..middle + 16].fill(0xff);
    let (bytes, gaps) = all(&changed);
    assert!(bytes.starts_with(&first) && bytes.ends_with(&third) && gaps == [GapReason::Undecodable], "{gaps:?}");
    // Cut in the middle: its end is looked for in the next one.
    let cut = [&whole[..middle], &packed[2]].concat();
    let (bytes, gaps) = all(&cut);
    assert!(bytes.starts_with(&first) && bytes.ends_with(&third) && gaps.len() == 1);
    // The sum, and something between two members.
    let mut summed = whole.clone();
    summed[packed[0].len() - 6] ^= 1;
    let between = [&packed[0], b"no member".as_slice(), &packed[1], &packed[2]].concat();
    for broken in [summed, between] {
        assert_eq!(
            all(&broken),
            ([first.clone(), second.clone(), third.clone()].concat(), vec![GapReason::Undecodable])
        );
    }
    let (bytes, gaps) = all(&whole[..whole.len() - 30]);
    assert!(bytes.starts_with(&[first, second].concat()) && gaps == [GapReason::Truncated]);
}

#[test]
fn what_was_made_to_be_read_again_ends() {
    // Each begins a record and is broken some bytes later.
    let start = &member(&record(1))[..200];
    let broken = [start, &[0xff; 8]].concat().repeat(4_000);
    let (_, gaps) = all(&broken);
    assert!(gaps.len() > 3_000);
    let (bytes, gaps) = all(&b"\x1f\x8b\x08\x08".repeat(50_000));
    assert!(bytes.is_empty() && !gaps.is_empty());
}
