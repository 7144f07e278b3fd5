//! More findings than code hosts take.

use super::{NOTICES, RESULTS, SUSPICIOUS, Sarif};
use crate::output::Form;
use crate::output::item::Item;
use crate::output::summary::Summary;
use crate::scan::analyse;
use davy_model::{ArtifactKind, Evidence, Gap, GapReason, Location, Weight};
use serde_json::Value;

#[test]
fn findings_are_listed_as_far_as_code_hosts_take_them_and_the_worst_have_room() {
    let mut sarif = Sarif::new(davy_judge::Catalogue::builtin(), false);
    let mut out = Vec::new();
    let gap = Gap { reason: GapReason::NoBody, location: Location::Whole, because: String::new() };
    let rules = [
        ("protocol/pool-shaped-address", Weight::Moderate, RESULTS + 7),
        ("text/pool-address", Weight::Strong, RESULTS),
        ("protocol/pool-host", Weight::Decisive, RESULTS),
    ];
    for (rule, weight, count) in rules {
        let mut entry = analyse::unread("a.js".to_owned(), ArtifactKind::Script, 1, gap.clone());
        entry.verdict.gaps.clear();
        let because = "it is".to_owned();
        let location = Location::Whole;
        entry.verdict.evidence =
            vec![Evidence { rule: rule.to_owned(), weight, location, because, algorithms: vec![] }];
        for _ in 0..count {
            sarif.items(&[Item { entry: &entry, notes: Vec::new() }], &mut out).expect("memory");
        }
    }
    sarif.finish(&Summary::new("x"), &mut out).expect("memory");
    let report: Value = serde_json::from_slice(&out).expect("it is whole");
    let run = &report["runs"][0];
    let results = run["results"].as_array().expect("a list");
    let of = |level: &str| results.iter().filter(|result| result["level"] == level).count();
    assert_eq!(results.len(), RESULTS);
    assert_eq!((of("note"), of("warning"), of("error")), (NOTICES, SUSPICIOUS - NOTICES, RESULTS - SUSPICIOUS));
    let said = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(said.contains("20000 mining, 20000 suspicious, 10007 notice"), "{said}");
}
