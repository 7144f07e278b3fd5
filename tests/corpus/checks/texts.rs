//! Texts that are no programs: each file is judged as its case expects, and rules hold in the texts they name.

use crate::judged::{TextCase, judged_as, rules_hold, verdict};
use crate::manifest::root;
use davy_model::{Artifact, ArtifactKind, Verdict};
use std::fs;

/// A case's name, what is expected of it, and the verdict over each of its files.
fn texts() -> Vec<(String, TextCase, Vec<Verdict>)> {
    let mut all = Vec::new();
    for folder in fs::read_dir(root().join("tests/corpus/text")).expect("the folder of texts is there").flatten() {
        let (mut case, mut verdicts) = (None, Vec::new());
        for file in fs::read_dir(folder.path()).expect("a folder").flatten() {
            let (name, bytes) =
                (file.file_name().to_string_lossy().into_owned(), fs::read(file.path()).expect("a file"));
            if name == "case.toml" {
                case = Some(toml::from_str(&String::from_utf8_lossy(&bytes)).expect("a case"));
            } else {
                verdicts.push(verdict(&Artifact { path: name, kind: ArtifactKind::Container, bytes: bytes.into() }));
            }
        }
        let name = format!("text/{}", folder.file_name().to_string_lossy());
        all.push((name, case.expect("each text has its case"), verdicts));
    }
    assert!(all.len() >= 9, "only {} texts", all.len());
    all
}

#[test]
fn texts_are_judged_as_their_cases_expect() {
    for (name, case, verdicts) in texts() {
        for verdict in &verdicts {
            judged_as(&name, verdict, &case.expected());
        }
    }
}

#[test]
fn rules_hold_in_the_texts_they_name() {
    // A case of several files has each of them say so.
    let each = texts().into_iter().flat_map(|(name, _, verdicts)| verdicts.into_iter().map(move |v| (name.clone(), v)));
    rules_hold("text/", &each.collect::<Vec<_>>());
}
