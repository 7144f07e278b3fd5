//! Exit statuses: 1 beats 2 beats 3, and what makes each.

use crate::harness::{Folder, base64, binary, davy, finish, module, scan, scan_with};
use std::process::Command;

#[test]
fn lawful_input_is_0() {
    let folder = Folder::new();
    folder.file("a.wasm", module(1));
    folder.file("b.js", format!("x = '{}'", base64(&module(2))));
    folder.file("c.html", "<!doctype html><p>hello");
    let run = scan(folder.path());
    run.assert_code(0);
    assert_eq!(run.stderr, "");
    assert_eq!(run.paths(folder.path()), ["a.wasm", "b.js", "b.js!/embedded-0.wasm", "c.html"]);
}

#[test]
fn nothing_scannable_is_3() {
    let folder = Folder::new();
    let run = scan(folder.path());
    run.assert_code(3);
    assert!(run.stderr.contains("nothing to scan"), "{run:?}");
    folder.file("notes.txt", "hello");
    let run = scan(folder.path());
    run.assert_code(3);
    assert_eq!(run.summary()["passed_over"], 1);
    scan_with(&["--allow-gaps"], folder.path()).assert_code(0);
    let quiet = scan_with(&["--quiet"], folder.path());
    assert_eq!((quiet.code, quiet.stderr.as_str()), (3, ""));
}

#[test]
fn an_incomplete_result_is_3() {
    let folder = Folder::new();
    folder.file("a.wasm", module(1));
    folder.file("big.wasm", vec![0; 5000]);
    let run = scan_with(&["--max-artifact-bytes", "4000"], folder.path());
    run.assert_code(3);
    let big = &run.lines()[1];
    assert_eq!(big["complete"], false);
    assert_eq!(big["gaps"][0]["reason"], "over-limit");
    assert_eq!(big["bytes"], 5000);
    assert!(big["sha256"].is_null());
    assert_eq!(run.summary()["incomplete"], 1);
    scan_with(&["--max-artifact-bytes", "4000", "--allow-gaps"], folder.path()).assert_code(0);
    scan_with(&["--max-artifact-bytes", "4000", "--fail-on", "never"], folder.path()).assert_code(3);
}

#[test]
fn a_path_that_cannot_be_read_is_2_and_beats_3() {
    let folder = Folder::new();
    let missing = folder.path().join("missing");
    let run = scan(&missing);
    run.assert_code(2);
    assert!(run.stderr.contains("missing") && run.stderr.starts_with("davy: cannot read"), "{run:?}");
    assert_eq!(run.summary()["errors"], 1);
    scan_with(&["--allow-gaps"], &missing).assert_code(2);
    // The rest is still read and reported.
    let file = folder.file("a.wasm", module(1));
    let run = davy(&["scan".as_ref(), missing.as_os_str(), file.as_os_str()]);
    run.assert_code(2);
    assert_eq!(run.lines().len(), 1);
}

#[test]
fn usage_errors_are_2() {
    let cases: [&[&str]; 14] = [
        &[],
        &["frobnicate"],
        &["scan", "--frobnicate"],
        &["scan", "--format", "xml", "."],
        &["scan", "--baseline", "x", "--baseline", "y", "."],
        &["scan", "--fail-on", "everything", "."],
        &["scan", "--jobs", "0", "."],
        &["scan", "--max-artifact-bytes", "0", "."],
        &["scan", "--max-depth", "-1", "."],
        &["scan", "--baseline", "x", "."],
        &["scan", "--rules", "x", "."],
        &["diff", "a"],
        &["policy", "check"],
        &["explain", "no-such-rule"],
    ];
    for case in cases {
        let run = davy(case);
        run.assert_code(2);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{case:?}: {run:?}");
    }
}

#[test]
fn an_output_file_that_cannot_be_written_is_2() {
    let folder = Folder::new();
    let file = folder.file("a.wasm", module(1));
    let output = folder.path().join("no/such/folder.json");
    scan_with(&["--output", output.to_str().expect("text")], &file).assert_code(2);
}

#[test]
fn standard_input() {
    let read = |input: &[u8]| finish(Command::new(binary()).args(["scan", "-"]), input);
    let run = read(&module(1));
    run.assert_code(0);
    assert_eq!((run.line()["path"].as_str(), run.line()["kind"].as_str()), (Some("-"), Some("wasm")));
    let run = read(format!("x = '{}'", base64(&module(1))).as_bytes());
    run.assert_code(0);
    assert_eq!(run.lines()[0]["kind"], "script");
    assert_eq!(run.lines()[1]["path"], "-!/embedded-0.wasm");
    assert_eq!(read(b"<html><body>").line()["kind"], "page");
    read(b"").assert_code(3);
    read(b"\x7fELF\x02\0\0").assert_code(3);
}

#[test]
fn standard_input_is_bounded() {
    let run =
        finish(Command::new(binary()).args(["scan", "--max-artifact-bytes", "1000", "-"]), &vec![b' '; 3_000_000]);
    run.assert_code(3);
    assert_eq!(run.line()["gaps"][0]["reason"], "over-limit");
}
