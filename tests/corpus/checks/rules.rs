//! Every rule against the cases it names: it must fire in its true cases and in none of its near misses.

use crate::judged::{all, fired, of_wasm};
use crate::manifest::modules;
use davy_judge::Catalogue;
use std::collections::BTreeMap;

#[test]
fn rules_hold_in_the_cases_they_name() {
    let modules = modules();
    let rules =
        all(&modules, |module| fired(&of_wasm(&module.bytes())).into_iter().map(str::to_owned).collect::<Vec<_>>());
    let mut by_folder: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for (module, rules) in modules.iter().zip(rules) {
        by_folder.entry(module.folder()).or_default().push(rules);
    }
    let mut wrong = Vec::new();
    for entry in Catalogue::builtin().iter() {
        let share =
            |case: &String| by_folder.get(case).map(|all| all.iter().filter(|rules| rules.contains(&entry.id)).count());
        for case in entry.matches.iter().filter(|case| is_built(case)) {
            match share(case) {
                None => wrong.push(format!("{} names {case}, which does not exist", entry.id)),
                Some(0) => wrong.push(format!("{} fires in no module of {case}", entry.id)),
                Some(_) => {}
            }
        }
        for case in entry.rejects.iter().filter(|case| is_built(case)) {
            match share(case) {
                None => wrong.push(format!("{} names {case}, which does not exist", entry.id)),
                Some(0) => {}
                Some(n) => wrong.push(format!("{} fires in {n} modules of {case}", entry.id)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Examples of other kinds are checked elsewhere: addresses by the rule reader's own tests, pages by `pages.rs`.
fn is_built(case: &str) -> bool {
    ["mining/", "lookalike/", "evasion/"].iter().any(|group| case.starts_with(group))
}
