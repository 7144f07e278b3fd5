//! What is said about code that mines: levels, exit statuses, and the way from a script to what is in it. The modules
//! are those of `target/corpus`, which `cargo xtask test` builds.

use crate::harness::{Folder, base64, davy, module, scan, scan_with};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn corpus_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/corpus")
}

/// A module of the corpus that is expected at this level.
fn corpus(level: &str) -> Vec<u8> {
    let folder = corpus_folder();
    let text = fs::read_to_string(folder.join("manifest.json"))
        .unwrap_or_else(|error| panic!("the corpus is not built ({error}); run `cargo xtask test`"));
    let manifest: Vec<Value> = serde_json::from_str(&text).expect("the manifest is xtask's own");
    let fits = |entry: &&Value| entry["expect"]["level"] == level && entry["known-failure"].is_null();
    let entry = manifest.iter().find(fits).expect("a module at this level");
    fs::read(folder.join(entry["path"].as_str().expect("a path"))).expect("a module")
}

#[test]
fn a_miner_is_1() {
    let folder = Folder::new();
    let run = scan(&folder.file("m.wasm", corpus("mining")));
    run.assert_code(1);
    let line = run.line();
    assert_eq!(line["level"], "mining");
    assert!(!line["algorithms"].as_array().expect("a list").is_empty());
    let decisive = &line["evidence"][0];
    assert_eq!(decisive["weight"], "decisive", "the heaviest comes first");
    assert!(decisive["because"].as_str().expect("a sentence").len() > 20);
    assert!(decisive.get("algorithms").is_none(), "the contract's evidence has four fields");
    let rule = decisive["rule"].as_str().expect("a name");
    davy(&["explain", rule]).assert_code(0);
    scan_with(&["--fail-on", "never"], folder.path()).assert_code(0);
}

#[test]
fn a_script_that_holds_a_miner_is_one() {
    let folder = Folder::new();
    let bytes = corpus("mining");
    let encoded = base64(&bytes);
    let pieces: Vec<String> = encoded.as_bytes().chunks(100).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
    let list: Vec<String> = bytes.iter().map(u8::to_string).collect();
    for text in [format!("x='{encoded}'"), format!("x='{}'", pieces.join("'+'")), format!("x=[{}]", list.join(","))] {
        let path = folder.file("app.js", text);
        let run = scan(&path);
        run.assert_code(1);
        let lines = run.lines();
        let inner = format!("{}!/embedded-0.wasm", path.display());
        assert_eq!(lines[1]["path"], inner);
        for line in &lines {
            assert_eq!(line["level"], "mining");
            assert_eq!(line["algorithms"], lines[1]["algorithms"]);
        }
        assert_eq!(lines[0]["evidence"][0]["location"], serde_json::json!({"kind": "artifact", "path": inner}));
        assert_ne!(lines[1]["evidence"][0]["location"]["kind"], "artifact");
    }
}

#[test]
fn found_beats_unreadable_beats_incomplete() {
    let folder = Folder::new();
    let miner = folder.file("a.wasm", corpus("mining"));
    let empty = folder.file("empty.wasm", "");
    let missing = folder.path().join("missing");
    let code = |paths: &[&Path]| {
        let mut args = vec!["scan".as_ref()];
        args.extend(paths.iter().map(|path| path.as_os_str()));
        davy(&args).code
    };
    assert_eq!(code(&[&missing, &miner, &empty]), 1);
    assert_eq!(code(&[&missing, &empty]), 2);
    assert_eq!(code(&[&empty]), 3);
}

#[test]
fn fail_on_chooses_the_level() {
    let folder = Folder::new();
    let lines = scan(&corpus_folder().join("lookalike")).lines();
    let hash = lines.iter().find(|line| line["level"] == "notice").expect("a hash core among the look-alikes");
    let notice = Path::new(hash["path"].as_str().expect("a path"));
    for (fail_on, code) in [("mining", 0), ("suspicious", 0), ("notice", 1), ("never", 0)] {
        scan_with(&["--fail-on", fail_on], notice).assert_code(code);
    }
    let clean = folder.file("c.wasm", module(1));
    scan_with(&["--fail-on", "notice"], &clean).assert_code(0);
}

#[test]
fn people_read_the_reason_once() {
    let folder = Folder::new();
    let path = folder.file("app.js", format!("x='{}'", base64(&corpus("mining"))));
    let run = scan_with(&["--format", "human"], &path);
    run.assert_code(1);
    let inner = format!("mining  {}!/embedded-0.wasm (", path.display());
    assert_eq!(run.stdout.matches("mining  ").count(), 1, "{}", run.stdout);
    assert!(run.stdout.starts_with(&inner), "{}", run.stdout);
    assert!(run.stdout.contains("2 mining in 1 module, 1 script"), "{}", run.stdout);
}
