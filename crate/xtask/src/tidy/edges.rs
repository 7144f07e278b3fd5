//! Who may depend on whom, proven from what cargo resolved. The rules stand in crate/README.md.

use crate::layout::Layout;
use crate::process::{cargo, output};
use crate::setup::WASM_TARGET;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeSet;

/// How a crate is shipped: its features, the other members it is then built with at any distance, and packages that it
/// never is.
struct Rule {
    member: &'static str,
    features: &'static [&'static str],
    members: &'static [&'static str],
    never: &'static [&'static str],
}

const PLAIN: &[&str] = &[];
const FRAME: &[&str] = &["--target", WASM_TARGET, "--no-default-features", "--features", "frame"];
const BACKGROUND: &[&str] = &["--target", WASM_TARGET, "--no-default-features", "--features", "background"];
const CORE: &[&str] = &["davy-model", "davy-facts", "davy-judge"];

/// What the command is made of.
const COMMAND: &[&str] = &["davy-model", "davy-facts", "davy-judge", "davy-archive"];

const RULES: [Rule; 9] = [
    Rule { member: "davy-model", features: PLAIN, members: &[], never: &["wasmparser", "toml"] },
    Rule { member: "davy-facts", features: PLAIN, members: &["davy-model"], never: &["toml"] },
    Rule { member: "davy-judge", features: PLAIN, members: &["davy-model"], never: &["wasmparser", "toml"] },
    Rule { member: "davy-web", features: FRAME, members: CORE, never: &["toml"] },
    Rule { member: "davy-web", features: BACKGROUND, members: CORE, never: &["toml"] },
    Rule { member: "davy-archive", features: PLAIN, members: &["davy-model"], never: &["wasmparser", "toml"] },
    Rule { member: "davy-cli", features: PLAIN, members: COMMAND, never: &["wasm-bindgen"] },
    Rule { member: "davy-bench", features: PLAIN, members: CORE, never: &["wasm-bindgen"] },
    Rule { member: "xtask", features: PLAIN, members: &["davy-model", "davy-judge"], never: &[] },
];
/// JavaScript parsers: too large for what every frame carries, and pages are handed to it as bytes, never as scripts.
const SCRIPT_PARSERS: [&str; 6] = ["oxc", "swc", "boa", "rslint", "biome_js", "tree-sitter"];
/// Words in a source file that mean files, sockets, processes or the clock.
const OUTSIDE_WORLD: [&str; 8] = [
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::net::ToSocketAddrs",
    "std::process",
    "std::env",
    "std::time::Instant",
    "std::time::SystemTime",
];
/// Where rules are read from files: for their authors and the build, behind a feature that nothing shipped has on.
const RULE_READER: &str = "crate/judge/src/reader";

/// Edges that must not be, members without a rule, and sources that reach outside where they must not.
pub(crate) fn check(layout: &Layout) -> Result<Vec<String>> {
    let members = members(layout)?;
    let without = members.iter().filter(|member| !RULES.iter().any(|rule| rule.member == **member));
    let mut findings: Vec<String> =
        without.map(|member| format!("{member}: tidy/edges.rs has no rule for this crate")).collect();
    for rule in &RULES {
        findings.extend(wrong(rule, &members, &tree(layout, rule)?));
    }
    for room in ["model", "facts", "judge", "web"] {
        findings.extend(pure(layout, room)?);
    }
    Ok(findings)
}

fn members(layout: &Layout) -> Result<Vec<String>> {
    let words = ["metadata", "--format-version=1", "--no-deps", "--locked"];
    let metadata: Value = serde_json::from_str(&output(&mut cargo(&layout.root, &words))?)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    Ok(packages.iter().filter_map(|package| package["name"].as_str().map(str::to_owned)).collect())
}

/// What a crate is built with: one `name version … [features]` a line. Tests and build scripts do not count.
fn tree(layout: &Layout, rule: &Rule) -> Result<String> {
    let words = ["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p} [{f}]", "--package"];
    let words: Vec<&str> = words.iter().chain(&[rule.member]).chain(rule.features).copied().collect();
    output(&mut cargo(&layout.root, &words))
}

fn wrong(rule: &Rule, members: &[String], tree: &str) -> Vec<String> {
    let mut findings = BTreeSet::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let package = line.split(' ').next().unwrap_or_default();
        let foreign = members.iter().any(|member| member == package)
            && package != rule.member
            && !rule.members.contains(&package);
        let parser = rule.features == FRAME && SCRIPT_PARSERS.iter().any(|parser| package.starts_with(parser));
        let scripts = rule.features == FRAME && package == "davy-facts" && line.contains("script");
        if foreign || parser || scripts || rule.never.contains(&package) {
            findings.insert(format!("{}: must not be built with {line}", rule.member));
        }
    }
    findings.into_iter().collect()
}

/// No files, sockets, processes or clock in the rooms that the browser shares. Tests below `#[cfg(test)]` may.
fn pure(layout: &Layout, room: &str) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut open = vec![layout.root.join("crate").join(room).join("src")];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).with_context(|| format!("cannot list {}", directory.display()))? {
            let path = entry?.path();
            if path.ends_with(RULE_READER) || path.ends_with("tests.rs") {
                continue;
            } else if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path)?;
                findings.extend(reaches_out(&text).map(|(line, word)| {
                    let shown = path.strip_prefix(&layout.root).unwrap_or(&path).display();
                    format!("{shown}:{line}: {word} in a room that must be pure")
                }));
            }
        }
    }
    Ok(findings)
}

fn reaches_out(text: &str) -> impl Iterator<Item = (usize, &'static str)> + '_ {
    let code = text.lines().enumerate().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
    code.filter(|(_, line)| !line.trim_start().starts_with("//")).filter_map(|(at, line)| {
        let word = OUTSIDE_WORLD.into_iter().find(|word| line.contains(word))?;
        Some((at + 1, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(member: &str, features: &[&str], tree: &str) -> usize {
        let rule = RULES.iter().find(|rule| rule.member == member && rule.features == features).expect("a rule");
        wrong(rule, &["davy-model".into(), "davy-facts".into(), "davy-judge".into()], tree).len()
    }

    #[test]
    fn a_forbidden_edge_is_found() {
        assert_eq!(of("davy-judge", PLAIN, "davy-judge v0 []\ndavy-model v0 []\nserde v1 [std]\n"), 0);
        assert_eq!(of("davy-judge", PLAIN, "davy-judge v0 []\ndavy-facts v0 []\n"), 1);
        assert_eq!(of("davy-judge", PLAIN, "davy-judge v0 []\nwasmparser v0 []\nwasmparser v0 []\n"), 1);
    }

    #[test]
    fn the_frame_build_carries_no_script_reader() {
        assert_eq!(of("davy-web", FRAME, "davy-facts v0 []\n"), 0);
        assert_eq!(of("davy-web", FRAME, "davy-facts v0 [script]\noxc_parser v1 []\n"), 2);
        assert_eq!(of("davy-web", BACKGROUND, "davy-facts v0 [script]\noxc_parser v1 []\n"), 0);
    }

    #[test]
    fn tests_and_comments_may_name_the_outside_world() {
        let text = "// std::fs is not used\nuse std::fs;\n#[cfg(test)]\nuse std::net;\n";
        assert_eq!(reaches_out(text).collect::<Vec<_>>(), [(2, "std::fs")]);
    }
}
