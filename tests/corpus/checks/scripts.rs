//! Scripts: each is judged as its case expects, alone and inside of a page, and rules hold in the scripts they name.

use crate::judged::{Expected, judged_as, of, rules_hold};
use crate::manifest::root;
use davy_model::{ArtifactKind, Level, Verdict};
use serde::Deserialize;
use std::process::Command;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Case {
    #[serde(rename = "about")]
    _about: String,
    /// For a look-alike: what it shares with a miner.
    #[serde(rename = "near-miss", default)]
    _near_miss: Option<String>,
    level: Level,
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    not_rules: Vec<String>,
    #[serde(default)]
    algorithms: Vec<String>,
    /// What a kernel computes, as it was published.
    #[serde(default)]
    vector: Vec<Vector>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    /// In the words of the program, after it has run.
    expression: String,
    value: String,
}

struct Script {
    /// `script/` and the case's folder.
    name: String,
    case: Case,
    text: String,
}

fn scripts() -> Vec<Script> {
    let folder = root().join("tests/corpus/script");
    let one = |entry: std::fs::DirEntry| {
        let path = entry.path();
        let read = |name: &str| std::fs::read_to_string(path.join(name)).expect("each script has its case");
        let case = toml::from_str(&read("case.toml")).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Script { name: format!("script/{}", entry.file_name().to_string_lossy()), case, text: read("script.js") }
    };
    let mut all: Vec<Script> =
        std::fs::read_dir(&folder).expect("the folder of scripts is there").flatten().map(one).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(all.len() >= 10, "only {} scripts", all.len());
    all
}

#[test]
fn scripts_are_judged_as_their_cases_expect() {
    for Script { name, case, text } in scripts() {
        let Case { level, rules, not_rules, algorithms, .. } = &case;
        judged_as(&name, &of(ArtifactKind::Script, &text), &Expected { level: *level, rules, not_rules, algorithms });
    }
}

#[test]
fn scripts_inside_of_pages_are_judged_alike() {
    for Script { name, case, text } in scripts() {
        let page = format!("<!doctype html><title>a page</title><script>{text}</script>");
        assert_eq!(of(ArtifactKind::Page, &page).level(), case.level, "{name}");
    }
}

#[test]
fn rules_hold_in_the_scripts_they_name() {
    let all: Vec<(String, Verdict)> =
        scripts().iter().map(|s| (s.name.clone(), of(ArtifactKind::Script, &s.text))).collect();
    rules_hold("script/", &all);
}

/// Asked of node, where that is on the path.
#[test]
fn kernels_compute_what_was_published() {
    const RUN: &str = "const [text, expression] = process.argv.slice(1), world = { TextEncoder }, vm = require('vm'); \
        world.self = world; vm.createContext(world); vm.runInContext(text, world); \
        console.log(String(vm.runInContext(expression, world)))";
    if Command::new("node").arg("--version").output().is_err() {
        return;
    }
    let mut asked = 0;
    for Script { name, case, text } in scripts() {
        for Vector { expression, value } in case.vector {
            let run = Command::new("node").args(["-e", RUN, &text, &expression]).output().expect("node runs");
            let error = String::from_utf8_lossy(&run.stderr);
            assert_eq!(String::from_utf8_lossy(&run.stdout).trim(), value, "{name}: {error}");
            asked += 1;
        }
    }
    assert!(asked >= 5, "only {asked} vectors");
}
