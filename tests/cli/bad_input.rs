//! Input that is broken, hostile or not there: never a panic, never a hang, never passed silently as clean.

use crate::harness::{Folder, module, scan};
use serde_json::Value;
use std::fs;

/// A line must say that something was lost, and why.
pub(crate) fn assert_lost(line: &Value) {
    assert_eq!(line["complete"], false, "{line}");
    let because = line["gaps"][0]["because"].as_str().expect("a sentence");
    assert!(!because.is_empty(), "{line}");
}

#[test]
fn tiny_modules_are_incomplete() {
    let folder = Folder::new();
    for content in
        [&b""[..], b"\0", b"M", b"\0a", b"\0as", b"\0asm", b"\0asm\x01", b"\0asm\x01\0\0", b"\0asm\x02\0\0\0"]
    {
        let run = scan(&folder.file("x.wasm", content));
        run.assert_code(3);
        assert_eq!(run.line()["kind"], "wasm");
        assert_eq!(run.line()["bytes"], content.len());
        assert_lost(&run.line());
    }
}

/// Ends of the module's sections: a module cut there is whole as far as its bytes can tell.
fn section_ends(bytes: &[u8]) -> Vec<usize> {
    let mut ends = vec![8];
    let mut at = 8;
    while at < bytes.len() {
        let (mut size, mut shift, mut next) = (0usize, 0, at + 1);
        loop {
            size |= usize::from(bytes[next] & 0x7f) << shift;
            shift += 7;
            next += 1;
            if bytes[next - 1] & 0x80 == 0 {
                break;
            }
        }
        at = next + size;
        ends.push(at);
    }
    ends
}

#[test]
fn a_module_cut_at_every_percent_of_its_length() {
    let folder = Folder::new();
    let whole = module(1);
    let ends = section_ends(&whole);
    for percent in 0..100 {
        let length = whole.len() * percent / 100;
        folder.file(&format!("{percent:02}.wasm"), &whole[..length]);
    }
    let run = scan(folder.path());
    run.assert_code(3);
    for (percent, line) in run.lines().iter().enumerate() {
        if !ends.contains(&(whole.len() * percent / 100)) {
            assert_lost(line);
        }
    }
}

#[test]
fn a_module_with_any_byte_changed() {
    let folder = Folder::new();
    let whole = module(1);
    for place in 0..whole.len() {
        for value in [0x00, 0x7f, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[place] = value;
            folder.file(&format!("{place:03}-{value:02x}.wasm"), changed);
        }
    }
    let run = scan(folder.path());
    assert!(matches!(run.code, 0 | 3), "{}", run.stderr);
    assert_eq!(run.lines().len(), whole.len() * 4);
    assert_eq!(run.stderr, "");
}

fn leb(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// The module with a custom section of so many bytes in front of its end.
fn padded(padding: usize) -> Vec<u8> {
    let mut bytes = module(1);
    bytes.push(0);
    bytes.extend(leb(padding + 4));
    bytes.extend(b"\x03pad");
    bytes.resize(bytes.len() + padding, 0x5a);
    bytes
}

#[test]
fn a_module_of_100_megabytes() {
    let folder = Folder::new();
    let bytes = padded(100 << 20);
    let run = scan(&folder.file("x.wasm", &bytes));
    run.assert_code(0);
    assert_eq!(run.line()["bytes"], bytes.len());
    let run = scan(&folder.file("cut.wasm", &bytes[..bytes.len() - 1000]));
    run.assert_code(3);
    assert_lost(&run.line());
}

#[test]
fn blocks_nested_deeper_than_any_stack() {
    let folder = Folder::new();
    const DEPTH: usize = 200_000;
    let mut body = vec![0u8];
    body.extend([0x02, 0x40].repeat(DEPTH));
    body.resize(body.len() + DEPTH + 1, 0x0b);
    let mut code = vec![1];
    code.extend(leb(body.len()));
    code.extend(&body);
    let mut bytes = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a".to_vec();
    bytes.extend(leb(code.len()));
    bytes.extend(&code);
    let run = scan(&folder.file("x.wasm", bytes));
    assert!(matches!(run.code, 0 | 3), "{run:?}");
    let run = scan(&folder.file("x.js", "(".repeat(1_000_000)));
    run.assert_code(0);
}

#[test]
fn a_file_that_is_not_what_its_name_says() {
    let folder = Folder::new();
    let run = scan(&folder.file("x.wasm", "Not found"));
    run.assert_code(3);
    assert_lost(&run.line());
    let run = scan(&folder.file("x.js", module(1)));
    run.assert_code(0);
    assert_eq!(run.line()["kind"], "wasm");
    let run = scan(&folder.file("picture.png", module(1)));
    run.assert_code(0);
    assert_eq!(run.line()["kind"], "wasm");
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let folder = Folder::new();
    let path = folder.file("x.wasm", module(1));
    // A sparse file: 4 GB to read, nothing on the disk.
    fs::File::options().write(true).open(&path).expect("open").set_len(4 << 30).expect("a sparse file");
    let run = scan(&path);
    run.assert_code(3);
    assert_eq!(run.line()["gaps"][0]["reason"], "over-limit");
    assert_eq!(run.line()["bytes"], 4u64 << 30);
}
