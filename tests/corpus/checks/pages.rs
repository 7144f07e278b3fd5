//! Pages: what modules and addresses mean together, beyond what each means alone.

use crate::judged::{of_wasm, verdict};
use crate::manifest::root;
use davy_judge::{RuleSet, judge_page};
use davy_model::{Artifact, ArtifactKind, Level, Verdict};
use serde::Deserialize;
use std::borrow::Cow;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    #[serde(rename = "about")]
    _about: String,
    /// Built modules, from `target/corpus`.
    modules: Vec<String>,
    /// Shaders, from this folder.
    #[serde(default)]
    shaders: Vec<String>,
    /// Scripts, from this folder; also a package's own file, which says what of it is run.
    #[serde(default)]
    scripts: Vec<String>,
    /// Addresses of sockets.
    addresses: Vec<String>,
    /// What the joint evidence supports, each artifact's own aside.
    level: Level,
    /// All rules about pages that must fire; no other may.
    rules: Vec<String>,
}

#[test]
fn pages_are_judged_as_their_cases_expect() {
    let folder = root().join("tests/corpus/page");
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder of pages is there").flatten() {
        let text = std::fs::read_to_string(entry.path().join("case.toml")).expect("each page has its case");
        let page: Page = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", entry.path().display()));
        let parts = page.modules.iter().map(|path| (path.as_str(), module(path)));
        let parts = parts.chain(page.shaders.iter().map(|path| (path.as_str(), shader(path))));
        let parts = parts.chain(page.scripts.iter().map(|path| (path.as_str(), script(path))));
        let parts: Vec<(&str, Verdict)> = parts.chain(page.addresses.iter().map(|a| (a.as_str(), socket(a)))).collect();
        let evidence = judge_page(RuleSet::builtin(), parts.iter().map(|(path, verdict)| (*path, verdict)));
        let mut fired: Vec<&str> = evidence.iter().map(|e| e.rule.as_str()).collect();
        let mut wanted: Vec<&str> = page.rules.iter().map(String::as_str).collect();
        fired.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(fired, wanted, "{}", entry.path().display());
        let level = Verdict { evidence: evidence.clone(), gaps: Vec::new() }.level();
        assert_eq!(level, page.level, "{}", entry.path().display());
        seen += 1;
    }
    assert!(seen >= 4, "only {seen} pages");
}

fn module(path: &str) -> Verdict {
    let place = root().join("target/corpus").join(path);
    let bytes = std::fs::read(&place).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
    of_wasm(&bytes)
}

fn script(path: &str) -> Verdict {
    let place = root().join("tests/corpus").join(path);
    let text = std::fs::read(&place).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
    let kind = if path.ends_with(".json") { ArtifactKind::Container } else { ArtifactKind::Script };
    verdict(&Artifact { path: path.to_owned(), kind, bytes: text.into() })
}

fn shader(path: &str) -> Verdict {
    let place = root().join("tests/corpus").join(path);
    let bytes = std::fs::read(&place).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
    verdict(&Artifact { path: path.to_owned(), kind: ArtifactKind::Shader, bytes: bytes.into() })
}

fn socket(address: &str) -> Verdict {
    let bytes = Cow::Borrowed(address.as_bytes());
    verdict(&Artifact { path: address.to_owned(), kind: ArtifactKind::Websocket, bytes })
}
