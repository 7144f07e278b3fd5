//! Archives and packages: tar, tar.gz, npm's tarballs, zip; and each inside of the others.

use crate::harness::{Folder, Run, binary, finish, module, scan, scan_with};
use crate::make::{encrypted, gzip, miner, tar, tgz, zip};
use serde_json::{Value, json};
use std::process::Command;

/// The line whose path ends so.
pub(crate) fn line(run: &Run, end: &str) -> Value {
    let ends = |line: &Value| line["path"].as_str().is_some_and(|path| path.ends_with(end));
    run.lines().into_iter().find(ends).unwrap_or_else(|| panic!("no line of {end}: {run:?}"))
}

type Make = fn(&[(&str, &[u8])]) -> Vec<u8>;
const KINDS: [(&str, Make); 3] = [("a.tar", tar), ("a.tgz", tgz), ("a.zip", zip)];

#[test]
fn a_clean_package_is_clean() {
    for (name, make) in KINDS {
        let folder = Folder::new();
        let bytes = make(&[
            ("package/index.js", b"export const a = 1;"),
            ("package/lib/a.wasm", &module(1)),
            ("package/README.md", b"Adds."),
        ]);
        let run = scan(&folder.file(name, &bytes));
        run.assert_code(0);
        let inner = |path| format!("{name}!/package/{path}");
        assert_eq!(run.paths(folder.path()), [inner("index.js"), inner("lib/a.wasm"), name.to_owned()]);
        let container = line(&run, name);
        assert_eq!((&container["kind"], &container["level"]), (&json!("container"), &json!("clean")));
        assert_eq!((&container["bytes"], &run.summary()["bytes"]), (&json!(bytes.len()), &json!(bytes.len())));
        assert_eq!(container["sha256"].as_str().map(str::len), Some(64));
        assert_eq!(run.summary()["passed_over"], 1);
    }
}

#[test]
fn a_miner_in_a_package_is_mining_and_so_is_the_package() {
    let miner = miner();
    for (name, make) in KINDS {
        let folder = Folder::new();
        let files: &[(&str, &[u8])] = &[("package/index.js", b"x()"), ("package/m.wasm", &miner)];
        let run = scan(&folder.file(name, make(files)));
        run.assert_code(1);
        let inner = format!("{}/{name}!/package/m.wasm", folder.path().display());
        let container = line(&run, name);
        assert_eq!(container["level"], "mining");
        assert_eq!(container["evidence"][0]["location"], json!({"kind": "artifact", "path": inner}));
        assert_eq!(line(&run, "m.wasm")["algorithms"], container["algorithms"]);
    }
}

#[test]
fn a_cut_archive_is_incomplete_and_what_is_there_is_read() {
    let noise: Vec<u8> = (0..200_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let files: &[(&str, &[u8])] = &[("a.js", b"x()"), ("b.js", &noise), ("c.js", b"y()")];
    for (name, make) in KINDS {
        let folder = Folder::new();
        let bytes = make(files);
        let run = scan(&folder.file(name, &bytes[..bytes.len() / 2]));
        run.assert_code(3);
        let container = line(&run, name);
        assert_eq!(container["complete"], false, "{container}");
        assert_eq!(container["gaps"][0]["reason"], "truncated", "{container}");
        if name != "a.zip" {
            assert_eq!(line(&run, "a.js")["level"], "clean");
            assert_eq!(line(&run, "b.js")["complete"], false);
        }
        scan_with(&["--allow-gaps"], folder.path()).assert_code(0);
    }
}

#[test]
fn archives_inside_of_archives() {
    let miner = miner();
    let package = tgz(&[("package/m.wasm", &miner)]);
    let zipped = zip(&[("deep/package.tgz", &package), ("b.js.gz", &gzip(b"x()"))]);
    let folder = Folder::new();
    let run = scan(&folder.file("all.tar", tar(&[("a/inner.zip", &zipped)])));
    run.assert_code(1);
    let zip = "all.tar!/a/inner.zip";
    let expected = [
        format!("{zip}!/deep/package.tgz!/package/m.wasm"),
        format!("{zip}!/deep/package.tgz"),
        format!("{zip}!/b.js.gz!/b.js"),
        format!("{zip}!/b.js.gz"),
        zip.to_owned(),
        "all.tar".to_owned(),
    ];
    assert_eq!(run.paths(folder.path()), expected);
    for (end, level) in
        [("package.tgz", "mining"), ("b.js.gz", "clean"), ("inner.zip", "mining"), ("all.tar", "mining")]
    {
        assert_eq!(line(&run, end)["level"], level, "{end}");
    }
    let run = scan_with(&["--max-depth", "2"], folder.path());
    run.assert_code(3);
    assert_eq!(line(&run, "package.tgz")["gaps"][0]["reason"], "over-limit");
}

#[test]
fn an_encrypted_entry_is_lost() {
    let folder = Folder::new();
    let run = scan(&folder.file("a.zip", encrypted(zip(&[("a.js", b"x()")]))));
    run.assert_code(3);
    assert_eq!(line(&run, "a.js")["gaps"][0]["reason"], "encrypted");
    assert_eq!(line(&run, "a.zip")["gaps"][0]["reason"], "encrypted");
}

#[test]
fn an_archive_of_nothing_that_is_read_is_nothing_to_scan() {
    let folder = Folder::new();
    let run = scan(&folder.file("a.zip", zip(&[("notes.txt", b"hello")])));
    run.assert_code(3);
    assert!(run.stderr.contains("nothing to scan"), "{run:?}");
}

#[test]
fn standard_input_may_be_an_archive() {
    for (_, make) in KINDS {
        let bytes = make(&[("a.js", b"x()")]);
        let run = finish(Command::new(binary()).args(["scan", "-"]), &bytes);
        run.assert_code(0);
        assert_eq!(run.lines()[0]["path"], "-!/a.js");
        assert_eq!(run.lines()[1]["path"], "-");
        assert_eq!(run.lines()[1]["bytes"], bytes.len());
    }
}

#[test]
fn a_part_over_the_limit_is_not_read() {
    let folder = Folder::new();
    let run = scan_with(&["--max-artifact-bytes", "1000"], &folder.file("a.tgz", tgz(&[("a.js", &[b' '; 5000])])));
    run.assert_code(3);
    assert_eq!(line(&run, "a.js")["gaps"][0]["reason"], "over-limit");
}

#[test]
fn reports_are_equal_whatever_the_number_of_threads() {
    let folder = Folder::new();
    let (script, inner) =
        (crate::make::hash_script(), tgz(&[("x.js", b"x()"), ("y.html", b"<html><script src=x.js>")]));
    let names: Vec<String> = (0..100).map(|i| format!("{i}.{}", ["js", "html", "tgz"][i % 3])).collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .enumerate()
        .map(|(i, name)| (name.as_str(), [script.as_bytes(), b"<html><script src=3.js></script>", &inner][i % 3]))
        .collect();
    for (name, make) in KINDS {
        folder.file(name, make(&files));
    }
    folder.file("z.js", "x()");
    let timeless = |jobs: &str| -> Vec<Value> {
        let run = scan_with(&["--jobs", jobs], folder.path());
        let lines = run.lines().into_iter().map(|mut line| {
            line["elapsed_us"] = json!(0);
            line
        });
        lines.collect()
    };
    let expected = timeless("1");
    assert!(
        expected.len() > 500
            && expected.last().is_some_and(|line| line["path"].as_str().is_some_and(|p| p.ends_with("z.js")))
    );
    for jobs in ["2", "8"] {
        assert_eq!(timeless(jobs), expected, "--jobs {jobs}");
    }
}
