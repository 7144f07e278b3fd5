//! Rules under test: tried with `--rules`, checked with `davy rules check`, refused by file and reason.

use crate::harness::{Folder, Run, davy, module, scan, scan_with};
use std::path::Path;

const RULE: &str = r#"
id = "behaviour/memory"
summary = "A module with a memory of its own"
scope = "artifact"
weight = "strong"
references = ["https://webassembly.github.io/spec/core/ (memories)"]
because = "it has a memory of {memory-min.value:pages}"
[when]
fact = "memory-min"
[examples]
match = ["lookalike/sha-256"]
reject = ["wss://example.org/chat"]
"#;

const HOSTS: &str = "pool.example.net # made up for this test; 2026-01; pool\n";

const HOST_RULE: &str = r#"
id = "protocol/made-up-host"
summary = "An address of the made-up list"
scope = "artifact"
weight = "decisive"
references = ["https://example.org/"]
because = "{host.text} is on the list"
[when]
fact = "host"
listed = true
[examples]
match = ["wss://a.pool.example.net/x"]
reject = ["wss://example.org/?pool.example.net"]
"#;

fn check(folder: &Path) -> Run {
    davy(&["rules".as_ref(), "check".as_ref(), folder.as_os_str()])
}

#[test]
fn a_rule_under_test_judges_beside_the_others() {
    let (rules, input) = (Folder::new(), Folder::new());
    let path = input.file("a.wasm", module(1));
    scan(&path).assert_code(0);
    rules.file("behaviour/memory.toml", RULE);
    let folder = rules.path().to_str().expect("text");
    let run = scan_with(&["--rules", folder, "--fail-on", "suspicious"], &path);
    run.assert_code(1);
    let line = run.line();
    assert_eq!(line["evidence"][0]["rule"], "behaviour/memory");
    assert_eq!(line["evidence"][0]["because"], "it has a memory of 64 KiB");
    assert_ne!(run.summary()["rules"], scan(&path).summary()["rules"], "the version tells them apart");
}

#[test]
fn a_rule_under_test_stands_in_place_of_another() {
    let (rules, input) = (Folder::new(), Folder::new());
    let page = input.file("a.html", "<!doctype html><script src='https://coinhive.com/x.js'></script>");
    scan(&page).assert_code(1);
    let gentle = HOST_RULE.replace("made-up-host", "pool-host").replace("decisive", "moderate");
    rules.file("protocol/pool-host.toml", gentle);
    let folder = rules.path().to_str().expect("text");
    let run = scan_with(&["--rules", folder], &page);
    run.assert_code(0);
    assert_eq!(run.line()["level"], "notice");
    // A list of the same name stands in place of ours.
    rules.file("hosts/pools.txt", HOSTS);
    assert_eq!(scan_with(&["--rules", folder], &page).line()["level"], "clean");
}

#[test]
fn a_whole_folder_is_checked_and_its_examples_run() {
    let rules = Folder::new();
    rules.file("behaviour/memory.toml", RULE);
    rules.file("protocol/made-up-host.toml", HOST_RULE);
    rules.file("hosts/made-up.txt", HOSTS);
    let run = check(rules.path());
    run.assert_code(0);
    assert!(run.stdout.contains("2 new, 0 in place of others"), "{run:?}");
    assert!(run.stdout.contains("2 rules are whole"), "{run:?}");
    assert!(run.stdout.contains("3 addresses and "), "{run:?}");
}

#[test]
fn what_a_rule_must_not_be_is_refused_by_file_and_reason() {
    for (from, to, reason) in [
        ("references =", "attack = []\n#", "`references` is missing"),
        ("match = [\"lookalike/sha-256\"]", "", "`examples.match` is missing"),
        ("reject =", "#", "`examples.reject` is missing"),
        ("fact = \"memory-min\"", "fact = \"memory\"", "unknown variant `memory`"),
        ("fact = \"memory-min\"", "fact = \"memory-min\"\nat-least = \"$nothing\"", "no threshold `nothing`"),
        ("fact = \"memory-min\"", "rule = \"algorithm/nothing\"", "there is no rule `algorithm/nothing`"),
        ("id = \"behaviour/memory\"", "id = \"behaviour/other\"", "`id` must be the file's folder and name"),
        ("weight", "wait", "unknown field `wait`"),
        ("scope = \"artifact\"", "scope = \"page\"", "the folder page"),
    ] {
        let rules = Folder::new();
        let path = rules.file("behaviour/memory.toml", RULE.replacen(from, to, 1));
        for run in [check(rules.path()), scan_with(&["--rules", rules.path().to_str().expect("text")], rules.path())] {
            run.assert_code(2);
            let told = run.stderr.replace('\n', " ");
            assert!(told.contains(&format!("{}: ", path.display())) && told.contains(reason), "{reason}: {run:?}");
            assert!(!run.stdout.contains("\"summary\""), "{run:?}");
        }
    }
}

#[test]
fn examples_that_do_not_hold_are_named() {
    let rules = Folder::new();
    rules.file("hosts/made-up.txt", HOSTS);
    let swapped =
        HOST_RULE.replace("match =", "matched =").replace("reject =", "match =").replace("matched =", "reject =");
    rules.file("protocol/made-up-host.toml", swapped);
    let run = check(rules.path());
    run.assert_code(2);
    let told =
        "protocol/made-up-host: does not hold in wss://example.org/?pool.example.net, which `examples.match` names";
    assert!(run.stderr.contains(told), "{run:?}");
    assert!(run.stderr.contains("holds in wss://a.pool.example.net/x, which `examples.reject` names"), "{run:?}");
}

#[test]
fn transcripts_and_pages_are_examples_too() {
    let rules = Folder::new();
    let work =
        RULE.replace("behaviour/memory", "protocol/made-up-work").replace("memory-min.value:pages", "pool-work.text");
    let work = work.replace("memory-min", "pool-work").replace("lookalike/sha-256", "frames/coinhive");
    rules.file("protocol/made-up-work.toml", work.replace("wss://example.org/chat", "frames/chat"));
    let run = check(rules.path());
    run.assert_code(0);
    assert!(run.stdout.contains("0 addresses and 2 cases were judged, 0 cases are not here"), "{run:?}");
    rules.file("protocol/made-up-work.toml", work.replace("wss://example.org/chat", "frames/monero-stratum"));
    let told = "protocol/made-up-work: holds in frames/monero-stratum, which `examples.reject` names";
    assert!(check(rules.path()).stderr.contains(told));
    // A page without modules needs nothing that is built.
    let page = "id = \"page/made-up\"\nsummary = \"A page with two kinds of signs\"\nscope = \"page\"\nweight = \"strong\"\n\
        references = [\"https://example.org/\"]\nbecause = \"both\"\n[when]\nall = [{ rule = \"protocol/pool-shaped-address\" }, \
        { rule = \"behaviour/shader-search\" }]\n[examples]\nmatch = [\"page/proxy-and-shader\"]\nreject = [\"page/chat\"]\n";
    let pages = Folder::new();
    pages.file("page/made-up.toml", page);
    let run = check(pages.path());
    run.assert_code(0);
    assert!(run.stdout.contains("0 addresses and "), "{run:?}");
}

#[test]
fn a_folder_without_rules_is_refused() {
    let rules = Folder::new();
    let run = check(rules.path());
    run.assert_code(2);
    assert!(run.stderr.contains("holds no rule"), "{run:?}");
    check(&rules.path().join("missing")).assert_code(2);
    rules.file("memory.toml", RULE);
    assert!(check(rules.path()).stderr.contains("memory.toml: a rule stands in one of the folders"));
}

#[test]
fn a_rule_that_breaks_one_of_the_others_says_which() {
    let rules = Folder::new();
    let broken = RULE.replace("behaviour/memory", "algorithm/keccak");
    rules.file("algorithm/keccak.toml", broken);
    let run = check(rules.path());
    run.assert_code(2);
    assert!(run.stderr.contains(" of the rules that this build carries: "), "{run:?}");
}
