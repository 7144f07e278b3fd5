//! Every built module against its case.

use crate::judged::{all, fired, of_wasm};
use crate::manifest::{Expect, Module, modules};
use davy_model::Verdict;

#[test]
fn every_module_is_judged_as_its_case_expects() {
    let modules = modules();
    let faults = all(&modules, |module| faults(module, &of_wasm(&module.bytes())));
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    assert!(faults.is_empty(), "{} of {} modules:\n{}", faults.len(), modules.len(), faults.join("\n"));
}

/// One line for a module that is not as expected, or that is and should not be.
fn faults(module: &Module, verdict: &Verdict) -> Option<String> {
    let wrong = differences(&module.expect, verdict);
    match (&module.known_failure, wrong.is_empty()) {
        (None, true) | (Some(_), false) => None,
        (None, false) => {
            let found = format!("{:?} by {:?}", verdict.level(), fired(verdict));
            Some(format!("  {:<60} {}; it is {found}", module.path, wrong.join(", ")))
        }
        (Some(reason), true) => {
            Some(format!("  {:<60} is as expected now: remove the known failure `{reason}`", module.path))
        }
    }
}

fn differences(expect: &Expect, verdict: &Verdict) -> Vec<String> {
    let (level, rules, algorithms) = (verdict.level(), fired(verdict), verdict.algorithms());
    let mut wrong = Vec::new();
    let mut check = |holds: bool, sentence: String| {
        if !holds {
            wrong.push(sentence);
        }
    };
    if let Some(wanted) = expect.level {
        check(level == wanted, format!("must be {wanted:?}"));
    }
    if let Some(floor) = expect.at_least {
        check(level >= floor, format!("must be at least {floor:?}"));
    }
    if let Some(ceiling) = expect.at_most {
        check(level <= ceiling, format!("must be at most {ceiling:?}"));
    }
    for algorithm in &expect.algorithms {
        check(algorithms.contains(algorithm), format!("must name {algorithm}"));
    }
    for rule in &expect.rules {
        check(rules.contains(&rule.as_str()), format!("{rule} must fire"));
    }
    for rule in &expect.not_rules {
        check(!rules.contains(&rule.as_str()), format!("{rule} must not fire"));
    }
    check(verdict.is_complete(), "must be read whole".to_owned());
    wrong
}
