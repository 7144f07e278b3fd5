//! A page inside of something means what it means in a folder.

use crate::harness::{Folder, Run, scan};
use crate::make::{PROXY, hash_script, tar, tgz, zip};
use crate::packages::line;

const PAGE: &str = "<!doctype html><script src='lib/hash.js'></script><script src=/lib/net.js></script>";

/// Level and rules of the page, and whether it is whole.
pub(crate) fn verdict(run: &Run, end: &str) -> (String, Vec<String>, bool) {
    let page = line(run, end);
    let rules = page["evidence"].as_array().expect("a list");
    let rules = rules.iter().filter_map(|evidence| evidence["rule"].as_str().map(str::to_owned)).collect();
    (page["level"].as_str().expect("a level").to_owned(), rules, page["complete"] == true)
}

#[test]
fn the_same_page_has_the_same_verdict_in_a_folder_and_in_archives() {
    let hash = hash_script();
    let files: &[(&str, &[u8])] = &[
        ("site/index.html", PAGE.as_bytes()),
        ("site/lib/hash.js", hash.as_bytes()),
        ("site/lib/net.js", PROXY.as_bytes()),
    ];
    let folder = Folder::new();
    files.iter().for_each(|(name, content)| drop(folder.file(name, content)));
    let expected = verdict(&scan(&folder.path().join("site")), "index.html");
    assert_eq!((expected.0.as_str(), expected.2), ("mining", true));
    for (name, bytes) in [("a.tar", tar(files)), ("a.tgz", tgz(files)), ("a.zip", zip(files))] {
        let folder = Folder::new();
        let run = scan(&folder.file(name, bytes));
        run.assert_code(1);
        assert_eq!(verdict(&run, "index.html"), expected, "{name}");
        assert_eq!(line(&run, name)["level"], "mining");
    }
}

#[test]
fn a_page_in_an_archive_finds_nothing_outside_of_it() {
    let hash = hash_script();
    let folder = Folder::new();
    folder.file("lib/hash.js", &hash);
    folder.file("a.zip", zip(&[("index.html", PAGE.as_bytes())]));
    folder.file("b.tgz", tgz(&[("lib/hash.js", hash.as_bytes())]));
    let run = scan(folder.path());
    let page = line(&run, "a.zip!/index.html");
    assert_eq!((&page["level"], &page["complete"]), (&"clean".into(), &false.into()), "{page}");
}
