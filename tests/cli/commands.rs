//! The smaller commands.

use crate::harness::{Folder, davy};
use serde_json::json;

#[test]
fn the_version_names_the_rules() {
    let run = davy(&["--version"]);
    run.assert_code(0);
    assert!(run.stdout.starts_with("davy ") && run.stdout.contains("(rules 20"), "{run:?}");
}

#[test]
fn every_listed_rule_can_be_explained() {
    let list = davy(&["rules", "list"]);
    list.assert_code(0);
    assert!(list.stdout.lines().count() > 5);
    for line in list.stdout.lines() {
        let rule = line.split_whitespace().next().expect("a name");
        let run = davy(&["explain", rule]);
        run.assert_code(0);
        assert!(run.stdout.starts_with(&format!("{rule}: ")), "{run:?}");
        assert!(run.stdout.contains("It looks for"), "{run:?}");
    }
}

#[test]
fn algorithms_can_be_explained() {
    let run = davy(&["explain", "cryptonight"]);
    run.assert_code(0);
    assert!(run.stdout.contains("algorithm/cryptonight: "), "{run:?}");
    let run = davy(&["explain", "no-such-thing"]);
    run.assert_code(2);
    assert!(run.stderr.contains("davy rules list"), "{run:?}");
}

fn report() -> serde_json::Value {
    json!({
        "schema": "davy.report/1", "rule_set": "2026-01-00000000", "page": "http://127.0.0.1:8080/mine.html",
        "findings": [{
            "path": "http://127.0.0.1:8080/mine.wasm", "kind": "wasm", "level": "mining", "algorithms": ["cryptonight"],
            "evidence": [{
                "rule": "algorithm/cryptonight", "weight": "decisive", "algorithms": ["cryptonight"],
                "location": {"kind": "function", "index": 17, "start": 4211, "end": 9020},
                "because": "Function 17 \u{1b}[2J walks over 2 MiB."
            }],
            "gaps": [{"reason": "run-time", "location": {"kind": "whole"}, "because": "A table is filled when it runs."}]
        }]
    })
}

#[test]
fn saved_reports_can_be_explained() {
    let folder = Folder::new();
    let path = folder.file("report.json", report().to_string());
    let run = davy(&["explain".as_ref(), path.as_os_str()]);
    run.assert_code(0);
    for part in
        ["mine.html was found mining", "It computes cryptonight", "function 17", "walks over 2 MiB", "A table is"]
    {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    assert!(!run.stdout.contains('\u{1b}'), "what a page wrote must not reach the terminal");
}

#[test]
fn what_a_person_holds_of_a_verdict_is_told() {
    let folder = Folder::new();
    for (opinion, words) in [("wrong", "does not mine"), ("missed", "was not stopped"), ("right", "verdict is right")] {
        let mut report = report();
        (report["opinion"], report["note"]) = (json!(opinion), json!("It folds \u{1b}[2Jproteins."));
        let path = folder.file("report.json", report.to_string());
        let run = davy(&["explain".as_ref(), path.as_os_str()]);
        run.assert_code(0);
        assert!(run.stdout.contains(words) && run.stdout.contains("It folds"), "{opinion}: {}", run.stdout);
        assert!(!run.stdout.contains('\u{1b}'), "what a person pasted must not reach the terminal as more than text");
    }
}

#[test]
fn what_is_no_report_is_refused() {
    let folder = Folder::new();
    let mut other = report();
    other["schema"] = json!("davy.report/9");
    for content in ["", "{", "[]", "{}", &"[".repeat(100_000), &other.to_string()] {
        let path = folder.file("report.json", content);
        let run = davy(&["explain".as_ref(), path.as_os_str()]);
        run.assert_code(2);
        assert!(run.stderr.starts_with("davy: cannot read"), "{run:?}");
    }
    davy(&["explain", "missing.json"]).assert_code(2);
}

#[test]
fn every_command_has_a_man_page() {
    let own = davy(&["man"]);
    own.assert_code(0);
    assert!(own.stdout.contains(".TH davy 1"), "{}", own.stdout);
    for name in ["scan", "diff", "explain", "rules", "schema", "man", "completions"] {
        let run = davy(&["man", name]);
        run.assert_code(0);
        assert!(run.stdout.contains(&format!(".TH davy-{name} 1")), "{}", run.stdout);
    }
    assert!(davy(&["man", "scan"]).stdout.contains("Exit status"));
    davy(&["man", "frobnicate"]).assert_code(2);
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = davy(&["completions", shell]);
        run.assert_code(0);
        assert!(run.stdout.contains("davy"), "{shell}");
    }
    davy(&["completions", "tcsh"]).assert_code(2);
}
