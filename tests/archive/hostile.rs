//! Archives made to harm: bounded in time and memory, never written anywhere, and never passed as clean.

use crate::harness::{Folder, Run, davy, scan, scan_with};
use crate::make::{gzip, raw_entry, tar, zip};
use crate::packages::line;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tar::EntryType;

/// Bytes of zeros that a bomb of one level unpacks to.
const ZEROS: usize = 64 << 20;

fn soon(run: impl FnOnce() -> Run) -> Run {
    let start = Instant::now();
    let run = run();
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    run
}

#[test]
fn a_zip_of_zips_of_zeros_is_not_unpacked_to_its_end() {
    let bomb = zip(&[("zeros.js", &vec![b'0'; ZEROS])]);
    let names: Vec<String> = (0..16).map(|i| format!("{i}.zip")).collect();
    let wrap = |inner: &[u8]| zip(&names.iter().map(|name| (name.as_str(), inner)).collect::<Vec<_>>());
    // Four levels of sixteen: 4 TB of zeros in some kB.
    let bomb = (0..4).fold(bomb, |inner, _| wrap(&inner));
    let folder = Folder::new();
    let path = folder.file("42.zip", &bomb);
    let run = soon(|| scan_with(&["--max-artifact-bytes", "1000000"], &path));
    run.assert_code(3);
    let container = line(&run, "42.zip");
    assert!(container["gaps"].as_array().is_some_and(|gaps| gaps.iter().any(|gap| gap["reason"] == "over-limit")));
}

#[test]
fn gzip_inside_of_gzip_ten_thousand_times() {
    let deep = (0..500).fold(b"x()".to_vec(), |inner, _| gzip(&inner));
    // Only beginnings: a header, and a stored block that says it is as long as can be.
    let deeper = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\0\xff\xff\0\0".repeat(10_000);
    let folder = Folder::new();
    for content in [deep, deeper] {
        let path = folder.file("deep.js.gz", &content);
        soon(|| scan(&path)).assert_code(3);
        let run = soon(|| scan_with(&["--max-depth", "4000000000"], &path));
        run.assert_code(3);
        assert!(run.lines().len() < 100);
    }
}

#[test]
fn tars_inside_of_tars() {
    let deep = (0..1000).fold(b"x()".to_vec(), |inner, _| raw_entry("a.tar", EntryType::Regular, "", &inner));
    let folder = Folder::new();
    let path = folder.file("deep.tar", &deep);
    soon(|| scan(&path)).assert_code(3);
}

#[test]
fn names_that_lead_out_are_said_and_nothing_is_written() {
    let folder = Folder::new();
    let name = "../davy-was-here.js";
    let entry = raw_entry(name, EntryType::Regular, "", b"x()");
    for (file, bytes) in [("out.tar", entry.clone()), ("out.tgz", gzip(&entry)), ("out.zip", zip(&[(name, b"x()")]))] {
        let run = scan(&folder.file(file, bytes));
        run.assert_code(3);
        assert_eq!(run.lines().len(), 2);
        assert_eq!(line(&run, "!/davy-was-here.js")["level"], "clean");
        let because = line(&run, file)["gaps"][0]["because"].to_string();
        assert!(because.contains("leads out of the archive"), "{because}");
        fs::remove_file(folder.path().join(file)).expect("only the archive is there");
    }
    let outside = folder.path().parent().expect("a folder around it");
    assert!(!outside.join("davy-was-here.js").exists() && !Path::new("davy-was-here.js").exists());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn links_in_a_circle_are_said() {
    let folder = Folder::new();
    let mut bytes = raw_entry("a", EntryType::Symlink, "b", b"");
    bytes.extend(raw_entry("b", EntryType::Symlink, "./a", b""));
    bytes.extend(raw_entry("c.js", EntryType::Regular, "", b"x()"));
    let run = scan(&folder.file("a.tar", bytes));
    run.assert_code(3);
    assert!(line(&run, "a.tar")["gaps"][0]["because"].to_string().contains("leads back to itself"));
}

#[test]
fn declared_counts_and_lengths_are_not_believed() {
    let folder = Folder::new();
    // A directory of 65,535 entries, by its own word; and one of a billion in the form for large archives.
    let mut many = zip(&[("a.js", b"x()")]);
    let end = many.len() - 22;
    many[end + 8..end + 12].fill(0xff);
    scan(&folder.file("many.zip", &many)).assert_code(3);
    let mut large = zip(&[("a.js", b"x()")]);
    let end = large.split_off(large.len() - 22);
    let directory = u64::from(u32::from_le_bytes([end[16], end[17], end[18], end[19]]));
    let at = large.len() as u64;
    large.extend(b"PK\x06\x06");
    large.extend(44u64.to_le_bytes());
    large.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    [1_000_000_000, 1_000_000_000, 46_000_000_000, directory].iter().for_each(|n: &u64| large.extend(n.to_le_bytes()));
    large.extend(b"PK\x06\x07\0\0\0\0");
    large.extend(at.to_le_bytes());
    large.extend([1, 0, 0, 0]);
    large.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    let path = folder.file("large.zip", &large);
    soon(|| scan(&path)).assert_code(3);
    // A name of 4 GB, a file of 8 EB.
    let mut tar = tar(&[("a.js", b"x()")]);
    tar.truncate(tar.len() - 1024);
    for (kind, size) in
        [(EntryType::GNULongName, 4 << 30), (EntryType::XHeader, 4 << 30), (EntryType::Regular, 8 << 60)]
    {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_cksum();
        let mut bytes = tar.clone();
        bytes.extend(header.as_bytes());
        bytes.extend([b'a'; 5000]);
        let path = folder.file("long.tar", &bytes);
        let run = soon(|| scan(&path));
        run.assert_code(3);
        assert_eq!(line(&run, "a.js")["level"], "clean");
    }
}

#[test]
fn any_byte_of_an_archive_changed() {
    let folder = Folder::new();
    let zipped = zip(&[("a.js", b"x()"), ("b/c.js", b"y()")]);
    let tarred = tar(&[("a.js", b"x()")]);
    let packed = gzip(&tarred);
    for (name, whole, step) in [("zip", zipped, 1), ("tar", tarred[..1100].to_vec(), 3), ("tgz", packed, 1)] {
        for place in (0..whole.len()).step_by(step) {
            let mut changed = whole.clone();
            changed[place] ^= 0x55;
            folder.file(&format!("{name}/{place:04}.{name}"), changed);
        }
    }
    let run = davy(&["scan".as_ref(), folder.path().as_os_str()]);
    assert!(matches!(run.code, 0 | 3), "{}", run.stderr);
    assert_eq!(run.stderr, "");
}
