//! What is accepted does not count: for its rule and path, until its day; code that mines only with a reason, and for its
//! bytes alone.

use crate::harness::{Folder, Run, scan_with};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A shader that searches a proof of work: suspicious.
fn shader() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/shader/sha256-search/shader.wgsl");
    fs::read_to_string(path).expect("the shader is there")
}

const POOL: &str = "new WebSocket('wss://ws001.coinhive.com/proxy');";

/// A folder with a site, and the path of its baseline.
fn site(files: &[(&str, &str)]) -> (Folder, PathBuf, String) {
    let folder = Folder::new();
    files.iter().for_each(|(name, text)| drop(folder.file(&format!("site/{name}"), text)));
    let (site, baseline) = (folder.path().join("site"), folder.path().join("accepted.toml"));
    (folder, site, baseline.to_str().expect("text").to_owned())
}

/// A scan that fails on anything, with a baseline.
fn judged(site: &Path, baseline: &str) -> Run {
    scan_with(&["--fail-on", "notice", "--baseline", baseline], site)
}

fn write(site: &Path, baseline: &str) -> Run {
    scan_with(&["--write-baseline", baseline], site)
}

#[test]
fn what_was_accepted_does_not_count_and_what_is_new_does() {
    let (folder, site, baseline) = site(&[("app.3f2a91bc.wgsl", &shader())]);
    write(&site, &baseline).assert_code(0);
    let run = judged(&site, &baseline);
    run.assert_code(0);
    assert_eq!(run.stderr, "");
    let line = run.line();
    assert_eq!(line["level"], "suspicious", "the level is what was found");
    assert!(line["evidence"][0]["accepted"]["reason"].as_str().expect("a reason").starts_with("as it was on 20"));
    assert!(run.summary()["accepted"].as_u64() > Some(0));
    // A new build, whose names and offsets differ.
    fs::remove_file(site.join("app.3f2a91bc.wgsl")).expect("it was there");
    folder.file("site/app.00d1e55a.wgsl", format!("\n\n{}", shader()));
    judged(&site, &baseline).assert_code(0);
    folder.file("site/other.wgsl", shader());
    judged(&site, &baseline).assert_code(1);
    let human = scan_with(&["--format", "human", "--baseline", &baseline], &site);
    assert!(human.stdout.contains("other.wgsl") && !human.stdout.contains("app.00d1e55a"), "{}", human.stdout);
    assert!(human.stdout.contains("accepted by the baseline"), "{}", human.stdout);
}

#[test]
fn mining_needs_a_reason_and_the_same_bytes() {
    let (folder, site, baseline) = site(&[("a.js", POOL), ("index.html", "<!doctype html><script src=a.js></script>")]);
    let run = write(&site, &baseline);
    run.assert_code(1);
    assert!(run.stderr.contains("accept nothing until each gives a reason"), "{run:?}");
    let run = judged(&site, &baseline);
    run.assert_code(1);
    assert!(run.stderr.contains("mining without a reason"), "{run:?}");
    let text = fs::read_to_string(&baseline).expect("a baseline");
    assert!(text.contains("level = \"mining\"") && text.contains("reason = \"\""), "{text}");
    fs::write(&baseline, text.replace("reason = \"\"", "reason = \"visitors asked for it\"")).expect("written");
    judged(&site, &baseline).assert_code(0);
    // Writing it anew keeps the reasons.
    write(&site, &baseline).assert_code(1);
    judged(&site, &baseline).assert_code(0);
    // The same finding in other bytes was never looked at.
    folder.file("site/a.js", format!("{POOL}\n"));
    judged(&site, &baseline).assert_code(1);
    let page = scan_with(&["--baseline", &baseline], &site.join("index.html"));
    page.assert_code(1);
}

#[test]
fn entries_expire() {
    let (_folder, site, baseline) = site(&[("a.wgsl", &shader())]);
    write(&site, &baseline).assert_code(0);
    let text = fs::read_to_string(&baseline).expect("a baseline");
    let dated = |day: &str| {
        let line =
            |line: &str| if line.starts_with("expires") { format!("expires = \"{day}\"") } else { line.to_owned() };
        fs::write(&baseline, text.lines().map(line).collect::<Vec<_>>().join("\n")).expect("written");
        judged(&site, &baseline)
    };
    dated("9999-12-31").assert_code(0);
    let run = dated("2001-01-01");
    run.assert_code(1);
    assert!(run.stderr.contains("have expired"), "{run:?}");
    dated("soon").assert_code(2);
}

#[test]
fn what_matches_nothing_is_told() {
    let (_folder, site, baseline) = site(&[("a.wgsl", &shader())]);
    write(&site, &baseline).assert_code(0);
    fs::write(site.join("a.wgsl"), "fn f() {}").expect("written");
    let run = judged(&site, &baseline);
    run.assert_code(0);
    assert!(run.stderr.contains("match nothing"), "{run:?}");
}

#[test]
fn what_is_no_baseline_is_refused() {
    let (folder, site, baseline) = site(&[("a.wgsl", &shader())]);
    judged(&site, &baseline).assert_code(2);
    for text in ["", "[", "schema = \"davy.baseline/9\"", "schema = \"davy.baseline/1\"\n[[accept]]\nrule = \"x\""] {
        folder.file("accepted.toml", text);
        let run = judged(&site, &baseline);
        run.assert_code(2);
        assert!(run.stderr.starts_with("davy: cannot read"), "{run:?}");
        write(&site, &baseline).assert_code(2);
    }
    scan_with(&["--write-baseline", "no/such/folder/x.toml"], &site).assert_code(2);
}

#[test]
fn lists_of_hosts_are_the_callers() {
    let (folder, site, _) = site(&[("a.js", "new WebSocket('wss://pool.example/x')"), ("b.js", POOL)]);
    let list = |name: &str, text: &str| folder.file(name, text).to_str().expect("text").to_owned();
    let allow = list("allow.txt", "# ours\ncoinhive.com. # all of it\n\n");
    let block = list("block.txt", "Pool.Example\n");
    let levels = |options: &[&str]| -> Vec<Value> {
        scan_with(options, &site).lines().into_iter().map(|mut line| line["level"].take()).collect()
    };
    assert_eq!(levels(&[])[1], "mining");
    let allowed = levels(&["--allow-hosts", &allow, "--block-hosts", &block]);
    assert_eq!(allowed[0], "mining");
    assert_ne!(allowed[1], "mining");
    let wrong = list("wrong.txt", "https://pool.example/\n");
    scan_with(&["--block-hosts", &wrong], &site).assert_code(2);
    scan_with(&["--allow-hosts", "missing.txt"], &site).assert_code(2);
}
