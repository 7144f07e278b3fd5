//! What people read on a terminal.

use crate::harness::{Folder, Run, base64, module, scan_with};

/// The report without the folder's name, times and versions.
fn stable(run: &Run, folder: &Folder) -> String {
    let text = run.stdout.replace(&format!("{}/", folder.path().display()), "");
    let line = |line: &str| match line.split_once(" in ") {
        Some((bytes, rest)) if rest.contains(" s, rules ") => format!("{bytes} in TIME, rules VERSION"),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_clean_folder() {
    let folder = Folder::new();
    folder.file("a.wasm", module(1));
    folder.file("b.js", format!("x = '{}'", base64(&module(2))));
    folder.file("notes.txt", "");
    let run = scan_with(&["--format", "human"], folder.path());
    run.assert_code(0);
    insta::assert_snapshot!(stable(&run, &folder), @r"
    3 clean in 2 modules, 1 script; 1 other file passed over
    300 bytes in TIME, rules VERSION
    ");
    assert_eq!(scan_with(&["--format", "human", "--quiet"], folder.path()).stdout, "");
}

#[test]
fn what_could_not_be_read() {
    let folder = Folder::new();
    folder.file("a.js", "f()");
    folder.file("long\u{1b}[31m.wasm", vec![0; 300]);
    let run = scan_with(&["--format", "human", "--max-artifact-bytes", "200"], folder.path());
    run.assert_code(3);
    insta::assert_snapshot!(stable(&run, &folder), @r"
    incomplete  long\u{1b}[31m.wasm
      not read, over a limit: it is longer than the 200 bytes of --max-artifact-bytes

    1 clean, 1 incomplete in 1 module, 1 script
    3 bytes in TIME, rules VERSION
    ");
}

#[test]
fn nothing_to_read() {
    let folder = Folder::new();
    let run = scan_with(&["--format", "human"], folder.path());
    run.assert_code(3);
    insta::assert_snapshot!(stable(&run, &folder), @r"
    nothing that can be read
    0 bytes in TIME, rules VERSION
    ");
}

#[test]
fn what_is_lawful_and_worth_knowing_takes_a_line() {
    let folder = Folder::new();
    for name in ["a.js", "b.js"] {
        folder.file(name, "new WebSocket('wss://pool.example/stratum')");
    }
    let run = scan_with(&["--format", "human"], folder.path());
    run.assert_code(0);
    insta::assert_snapshot!(stable(&run, &folder), @r"
    notice  a.js · protocol/pool-shaped-address
    notice  b.js · protocol/pool-shaped-address

    2 notice in 2 scripts
    86 bytes in TIME, rules VERSION
    ");
}

#[test]
fn colours_only_when_asked() {
    let folder = Folder::new();
    let file = folder.file("a.wasm", vec![0; 300]);
    let colored = |when| {
        let options = ["--format", "human", "--color", when, "--max-artifact-bytes", "200"];
        scan_with(&options, &file).stdout.contains('\u{1b}')
    };
    assert!(colored("always"));
    assert!(!colored("auto") && !colored("never"));
}
