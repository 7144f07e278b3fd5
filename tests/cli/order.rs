//! The order of the report is that of the input, whatever the number of threads; and a reader may leave early.

use crate::harness::{Folder, Run, base64, binary, davy, module, scan_with, wait};
use std::io::Read;
use std::process::{Command, Stdio};

/// The report without what may differ between runs.
fn timeless(run: &Run) -> String {
    let strip = |text: &str, from: &str| {
        text.split(from)
            .enumerate()
            .map(
                |(i, part)| {
                    if i == 0 { part } else { part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.') }
                },
            )
            .collect::<Vec<_>>()
            .join(from)
    };
    strip(&strip(&run.stdout, "\"elapsed_us\":"), "\"seconds\":")
}

fn site() -> Folder {
    let folder = Folder::new();
    for index in 0..150u32 {
        // Sizes that make threads finish out of order.
        let bulk = " ".repeat((index as usize * 7919) % 100_000);
        folder.file(&format!("{}/{index}.js", index % 7), format!("{bulk}x = '{}'", base64(&module(index))));
        folder.file(&format!("{}/{index}.wasm", index % 5), module(index));
    }
    folder
}

#[test]
fn reports_are_equal_whatever_the_number_of_threads() {
    let folder = site();
    let run = |jobs| scan_with(&["--jobs", jobs], folder.path());
    let one = run("1");
    one.assert_code(0);
    assert_eq!(one.lines().len(), 450);
    let expected = timeless(&one);
    for jobs in ["1", "2", "8"] {
        assert_eq!(timeless(&run(jobs)), expected, "--jobs {jobs}");
    }
}

#[test]
fn folders_are_read_in_the_order_of_names_and_paths_in_the_order_given() {
    let folder = Folder::new();
    for name in ["b/2.wasm", "b/10.wasm", "a.wasm", "c/x.wasm", "B.wasm"] {
        folder.file(name, module(1));
    }
    let run = davy(&["scan".as_ref(), folder.path().join("c").as_os_str(), folder.path().as_os_str()]);
    let expected = ["c/x.wasm", "B.wasm", "a.wasm", "b/10.wasm", "b/2.wasm", "c/x.wasm"];
    assert_eq!(run.paths(folder.path()), expected);
}

#[test]
fn nothing_is_skipped_because_the_input_says_so() {
    let folder = Folder::new();
    folder.file(".gitignore", "*.wasm\nhidden\n");
    folder.file(".git/HEAD", "ref: refs/heads/main");
    folder.file(".ignore", "*");
    folder.file("a.wasm", module(1));
    folder.file(".hidden/b.wasm", module(1));
    folder.file("node_modules/x/c.wasm", module(1));
    let run = crate::harness::scan(folder.path());
    assert_eq!(run.paths(folder.path()), [".hidden/b.wasm", "a.wasm", "node_modules/x/c.wasm"]);
}

#[test]
fn a_broken_pipe_ends_quietly() {
    let folder = site();
    for format in ["ndjson", "json", "human"] {
        let mut child = Command::new(binary())
            .args(["scan", "--format", format, "--fail-on", "never"])
            .args([folder.path(), folder.path(), folder.path()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        drop(child.stdout.take());
        let status = wait(&mut child);
        let mut stderr = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
        assert_eq!(stderr, "", "{format}");
        assert!(matches!(status.code(), Some(0 | 3)), "{format}: {status}");
    }
    for command in [&["schema"][..], &["rules", "list"], &["completions", "bash"]] {
        let mut child = Command::new(binary())
            .args(command)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        drop(child.stdout.take());
        assert_eq!(wait(&mut child).code(), Some(0));
    }
}
