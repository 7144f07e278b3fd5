//! Two releases compared: what came in, what went, what changed, and what only moved.

use crate::harness::{Folder, Run, davy};
use crate::make::{shader, tgz};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// A release of `patch-release`, with the corpus's kernel in its place, packed as npm packs.
fn packed(version: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/archive/patch-release").join(version);
    let mut files = Vec::new();
    for name in ["package/index.js", "package/package.json", "package/lib/cache.js", "package/lib/fold.js"] {
        if let Ok(text) = fs::read_to_string(folder.join(name)) {
            files.push((name, text.replace("KERNEL", &shader())));
        }
    }
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    tgz(&files)
}

/// Both releases in a folder.
fn releases() -> (Folder, PathBuf, PathBuf) {
    let folder = Folder::new();
    let old = folder.file("slug-lines-1.4.2.tgz", packed("1.4.2"));
    let new = folder.file("slug-lines-1.4.3.tgz", packed("1.4.3"));
    (folder, old, new)
}

fn diff(options: &[&str], old: &Path, new: &Path) -> Run {
    let mut args: Vec<&std::ffi::OsStr> = vec!["diff".as_ref()];
    args.extend(options.iter().map(AsRef::<std::ffi::OsStr>::as_ref));
    args.extend([old.as_os_str(), new.as_os_str()]);
    davy(&args)
}

/// Every rule that a report names with what became of it.
fn changes(run: &Run) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let lines = run.lines();
    let evidence = lines.iter().flat_map(|line| line["evidence"].as_array().expect("a list"));
    let mut all: Vec<_> = evidence.map(|e| (text(&e["rule"]), text(&e["change"]))).collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn a_patch_release_that_gains_a_miner_is_told() {
    let (_folder, old, new) = releases();
    davy(&["scan".as_ref(), old.as_os_str()]).assert_code(0);
    let run = diff(&[], &old, &new);
    run.assert_code(1);
    let all = changes(&run);
    assert!(all.iter().all(|(_, change)| change == "new"), "{all:?}");
    for rule in ["behaviour/shader-search", "algorithm/sha256", "protocol/pool-host"] {
        assert!(all.iter().any(|(name, _)| name.starts_with(rule)), "{rule}: {all:?}");
    }
    let summary = run.summary();
    assert!(summary["changes"]["new"].as_u64() >= Some(3));
    assert_eq!((&summary["changes"]["gone"], &summary["changes"]["same"]), (&json!(0), &json!(0)));
    let human = diff(&["--format", "human"], &old, &new);
    human.assert_code(1);
    assert!(
        human.stdout.contains("new: mining  ") && human.stdout.contains("package/lib/cache.js"),
        "{}",
        human.stdout
    );
}

#[test]
fn what_went_and_what_stayed_fails_nothing() {
    let (folder, old, new) = releases();
    let back = diff(&["--fail-on", "notice"], &new, &old);
    back.assert_code(0);
    assert!(changes(&back).iter().all(|(_, change)| change == "gone"), "{back:?}");
    assert!(!back.lines().is_empty());
    let same = diff(&["--fail-on", "notice"], &new, &new);
    same.assert_code(0);
    assert!(same.lines().is_empty() && same.summary()["changes"]["same"].as_u64() >= Some(3), "{same:?}");
    // The package is the same under another name.
    let renamed = folder.file("elsewhere/slug-lines.tgz", packed("1.4.3"));
    let moved = diff(&["--fail-on", "notice"], &new, &renamed);
    moved.assert_code(0);
    assert!(moved.lines().is_empty(), "{moved:?}");
}

#[test]
fn what_was_there_in_other_bytes_is_changed_and_a_second_one_is_new() {
    let folder = Folder::new();
    let old = folder.file("old/app.1f2e3d4c.wgsl", shader());
    folder.file("new/app.99aabbc1.wgsl", format!("\n{}", shader()));
    let (old, new) = (old.parent().expect("a folder").to_owned(), folder.path().join("new"));
    let run = diff(&["--fail-on", "notice"], &old, &new);
    run.assert_code(0);
    assert!(changes(&run).iter().all(|(_, change)| change == "changed"), "{run:?}");
    folder.file("new/app.00aabbc1.wgsl", format!("\n\n{}", shader()));
    let run = diff(&["--fail-on", "suspicious"], &old, &new);
    run.assert_code(1);
    assert!(changes(&run).iter().any(|(_, change)| change == "new"), "{run:?}");
    // Moved, bytes and all.
    folder.file("moved/deep/other.wgsl", shader());
    let run = diff(&["--fail-on", "notice"], &old, &folder.path().join("moved"));
    run.assert_code(0);
    assert!(run.lines().is_empty(), "{run:?}");
}

#[test]
fn a_folder_is_compared_with_an_archive() {
    let (folder, _, new) = releases();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/archive/patch-release/1.4.2");
    fs::create_dir_all(folder.path().join("unpacked")).expect("a folder");
    fs::copy(source.join("package/index.js"), folder.path().join("unpacked/index.js")).expect("a copy");
    diff(&[], &folder.path().join("unpacked"), &new).assert_code(1);
    diff(&["--fail-on", "never"], &folder.path().join("unpacked"), &new).assert_code(0);
}

#[test]
fn the_status_of_a_comparison_is_that_of_a_scan() {
    let (folder, old, new) = releases();
    let missing = folder.path().join("missing");
    diff(&[], &missing, &old).assert_code(2);
    diff(&[], &old, &missing).assert_code(2);
    // 1 beats 2.
    diff(&[], &missing, &new).assert_code(1);
    let cut = folder.file("cut/a.wasm", b"\0asm\x01\0\0\0\x01");
    let plain = folder.file("plain/a.js", "f()");
    diff(&[], &plain, &cut).assert_code(3);
    diff(&[], &cut, &plain).assert_code(3);
    diff(&["--allow-gaps"], &cut, &plain).assert_code(0);
    // 1 beats 3.
    diff(&[], &cut, &new).assert_code(1);
}

#[test]
fn what_is_accepted_does_not_count_between_releases_either() {
    let (folder, old, new) = releases();
    let baseline = folder.path().join("accepted.toml");
    let name = baseline.to_str().expect("text");
    davy(&["scan".as_ref(), "--write-baseline".as_ref(), baseline.as_os_str(), new.as_os_str()]).assert_code(1);
    diff(&["--baseline", name], &old, &new).assert_code(1);
    let text = fs::read_to_string(&baseline).expect("a baseline");
    fs::write(&baseline, text.replace("reason = \"\"", "reason = \"a test of ours\"")).expect("written");
    diff(&["--baseline", name, "--fail-on", "notice"], &old, &new).assert_code(0);
}

#[test]
fn a_container_repeats_nothing_that_its_parts_say() {
    let (_folder, old, new) = releases();
    let run = diff(&[], &old, &new);
    assert!(run.lines().iter().all(|line| line["kind"] != "container"), "{run:?}");
    let page = diff(&["--format", "html"], &old, &new);
    assert!(page.stdout.contains("<h1>Code that mines came in</h1>"), "{}", page.stdout);
    let page = diff(&["--format", "html"], &new, &old);
    assert!(page.stdout.contains("<h1>Nothing of note came in</h1>"), "{}", page.stdout);
}

#[test]
fn code_that_a_release_begins_to_hide_is_told_and_fails_nothing() {
    let folder = Folder::new();
    let code = "document.title = 'a lamp, ' + [1, 2, 3].map((n) => n * 2).join(' and ');";
    let hidden: String = code.bytes().map(|byte| format!("{},", byte ^ 7)).collect();
    let old = folder.file("old/greet.js", code);
    let new = folder.file("new/greet.js", format!("eval([{hidden}].map((c) => String.fromCharCode(c ^ 7)).join(''));"));
    let run = diff(&["--fail-on", "notice"], &old, &new);
    run.assert_code(0);
    assert_eq!(changes(&run), [("script/hidden-code".to_owned(), "new".to_owned())], "{run:?}");
    let human = diff(&["--format", "human"], &old, &new);
    assert!(
        human.stdout.contains("new: hides code  ") && human.stdout.contains("script/hidden-code"),
        "{}",
        human.stdout
    );
    assert_eq!(changes(&diff(&[], &new, &old)), [("script/hidden-code".to_owned(), "gone".to_owned())]);
    assert!(diff(&[], &new, &new).lines().is_empty());
}
