//! Pages and what they bring in: judged together, at the page's line, and only what is inside of the folder.

use crate::harness::{Folder, Run, davy, scan, scan_with};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A shader that searches a proof of work: suspicious alone.
fn shader() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/shader/sha256-search/shader.wgsl");
    fs::read_to_string(path).expect("the shader is there")
}

fn script_with_shader() -> String {
    format!("const code = `{}`;\ndevice.createShaderModule({{ code }});", shader())
}

/// The first line of this path.
fn line(run: &Run, folder: &Folder, path: &str) -> Value {
    let wanted = format!("{}/{path}", folder.path().display());
    run.lines().into_iter().find(|line| line["path"] == wanted).unwrap_or_else(|| panic!("no line of {path}: {run:?}"))
}

fn rules(line: &Value) -> Vec<&str> {
    line["evidence"].as_array().expect("a list").iter().filter_map(|evidence| evidence["rule"].as_str()).collect()
}

const POOL: &str = "const socket = new WebSocket('wss://ws001.coinhive.com/proxy');";

#[test]
fn a_hash_in_one_script_and_a_pool_in_another_are_mining_at_the_page() {
    let folder = Folder::new();
    folder.file("index.html", "<!doctype html><script src='lib/hash.js'></script><script src=/lib/net.js></script>");
    folder.file("lib/hash.js", script_with_shader());
    folder.file("lib/net.js", "const pool = ['wss://example.org/stratum'];");
    folder.file("other.html", "<!doctype html><script src='lib/hash.js'></script>");
    let run = scan(folder.path());
    run.assert_code(1);
    let page = line(&run, &folder, "index.html");
    assert_eq!(page["level"], "mining", "{page}");
    assert_eq!(rules(&page)[0], "page/proxy-and-search");
    let inner = format!("{}/lib/hash.js!/shader-0.wgsl", folder.path().display());
    assert_eq!(page["evidence"][0]["location"], json!({"kind": "artifact", "path": inner}));
    assert_eq!(page["algorithms"], json!(["sha256"]));
    assert_eq!(line(&run, &folder, "other.html")["level"], "suspicious", "a page without the pool");
    assert_eq!(line(&run, &folder, "lib/hash.js")["level"], "suspicious");
    assert_eq!(line(&run, &folder, "lib/net.js")["level"], "clean");
}

#[test]
fn workers_modules_and_what_is_fetched_belong_to_the_page() {
    for (name, parts) in [
        ("worker", vec![("app.js", "new Worker('js/worker.js')".to_owned()), ("js/worker.js", script_with_shader())]),
        (
            "imported",
            vec![
                ("app.js", "new Worker('w.js')".to_owned()),
                ("w.js", "importScripts('x/hash.js')".to_owned()),
                ("x/hash.js", script_with_shader()),
            ],
        ),
        ("module", vec![("app.js", "import './lib/hash.js'".to_owned()), ("lib/hash.js", script_with_shader())]),
        ("fetched", vec![("app.js", "fetch('hash.wgsl').then(f)".to_owned()), ("hash.wgsl", shader())]),
    ] {
        let folder = Folder::new();
        folder.file(
            "index.html",
            format!("<!doctype html><script type=module src=app.js></script><script>{POOL}</script>"),
        );
        parts.iter().for_each(|(path, text)| drop(folder.file(path, text)));
        let run = scan(folder.path());
        run.assert_code(1);
        let page = line(&run, &folder, "index.html");
        assert!(rules(&page).contains(&"page/pool-and-hash"), "{name}: {page}");
        assert_eq!(page["complete"], true, "{name}");
    }
}

#[test]
fn a_script_without_a_page_is_joined_with_what_it_starts() {
    let folder = Folder::new();
    folder.file("miner/main.js", format!("{POOL} new Worker('hash.js');"));
    folder.file("miner/hash.js", script_with_shader());
    // A package that imports another, and one that lists pools, mean nothing together.
    folder.file("lawful/index.js", "import './hash.js'; import './pools.js'");
    folder.file("lawful/hash.js", script_with_shader());
    folder.file("lawful/pools.js", POOL);
    let run = scan(folder.path());
    assert!(rules(&line(&run, &folder, "miner/main.js")).contains(&"page/pool-and-hash"));
    let lawful = line(&run, &folder, "lawful/index.js");
    assert_eq!((&lawful["level"], lawful["evidence"].as_array().map(Vec::len)), (&json!("clean"), Some(0)));
}

#[test]
fn a_saved_page_finds_its_folder() {
    let folder = Folder::new();
    folder.file("My page.html", "<!doctype html><script src='./My%20page_files/saved.js'></script>");
    folder.file("My page_files/saved.js", script_with_shader());
    let run = scan(folder.path());
    assert_eq!(line(&run, &folder, "My page.html")["level"], "suspicious");
    // The page alone finds it as well: it is beside it.
    let alone = scan(&folder.path().join("My page.html"));
    assert_eq!(alone.lines().len(), 1);
    assert_eq!(alone.lines()[0]["level"], "suspicious");
}

#[test]
fn inline_scripts_have_lines_of_their_own_and_say_where_they_start() {
    let folder = Folder::new();
    folder.file("a.html", format!("<!doctype html>\n<p onclick='f()'>\n<script>\n{}</script>", script_with_shader()));
    let run = scan(folder.path());
    let paths = ["a.html", "a.html!/handler-0.js", "a.html!/script-0.js", "a.html!/script-0.js!/shader-0.wgsl"];
    assert_eq!(run.paths(folder.path()), paths);
    let lines = run.lines();
    assert_eq!(lines[2]["at"], json!({"kind": "line", "line": 3, "column": 9}));
    assert_eq!(lines[0].get("at"), None);
    assert_eq!(lines[0]["level"], "suspicious");
    let human = scan_with(&["--format", "human"], folder.path());
    assert!(human.stdout.contains("shader-0.wgsl (sha256), from line 2, column 15"), "{}", human.stdout);
}

#[test]
fn a_loader_from_a_listed_host_is_found_by_its_address() {
    let folder = Folder::new();
    folder.file("a.html", "<!doctype html><script src='https://coinhive.com/lib/coinhive.min.js'></script>");
    let run = scan(folder.path());
    run.assert_code(1);
    let page = run.line();
    assert_eq!(rules(&page), ["protocol/pool-host"]);
    assert_eq!(page["evidence"][0]["location"]["kind"], "url");
    assert_eq!(page["complete"], true, "what another server holds is listed, not lost");
    assert_eq!(page["gaps"][0]["reason"], "run-time");
}

#[test]
fn a_script_that_was_not_saved_makes_the_page_incomplete() {
    let folder = Folder::new();
    folder.file("a.html", "<!doctype html>\n<script src='a_files/x.js'></script><iframe src=y.html></iframe><link rel=preload as=fetch href=z.bin>");
    let run = scan(folder.path());
    run.assert_code(3);
    let page = run.line();
    assert_eq!(page["gaps"].as_array().map(Vec::len), Some(1), "{page}");
    assert_eq!(page["gaps"][0]["reason"], "no-body");
    assert_eq!(page["gaps"][0]["location"], json!({"kind": "line", "line": 2, "column": 14}));
    scan_with(&["--allow-gaps"], folder.path()).assert_code(0);
    // A path from the server's root tells nothing of what was saved.
    folder.file("a.html", "<!doctype html><script src='/x.js'></script>");
    scan(folder.path()).assert_code(0);
}

#[test]
fn nothing_outside_of_the_folder_is_read() {
    let folder = Folder::new();
    folder.file("outside.js", script_with_shader());
    folder.file(
        "site/index.html",
        "<!doctype html><script src='../outside.js'></script><script src=/../outside.js></script>",
    );
    let run = scan(&folder.path().join("site"));
    assert_eq!(line(&run, &folder, "site/index.html")["level"], "clean");
}

#[test]
fn reports_with_pages_are_equal_whatever_the_number_of_threads() {
    let folder = Folder::new();
    for index in 0..60 {
        let scripts: String = (0..6).map(|i| format!("<script src='s{}.js'></script>", (index + i * 7) % 40)).collect();
        folder.file(
            &format!("p{index}.html"),
            format!("<!doctype html>{scripts}<script>{}</script>", if index % 3 == 0 { POOL } else { "" }),
        );
    }
    for index in 0..40 {
        let next = (index + 1) % 40;
        let body = if index % 10 == 0 { script_with_shader() } else { format!("new Worker('s{next}.js')") };
        folder.file(&format!("s{index}.js"), body);
    }
    let timeless = |run: Run| {
        let lines: Vec<Value> = run
            .lines()
            .into_iter()
            .map(|mut line| {
                line["elapsed_us"] = json!(0);
                line
            })
            .collect();
        (run.code, lines)
    };
    let expected = timeless(scan_with(&["--jobs", "1"], folder.path()));
    assert_eq!(expected.0, 1);
    for jobs in ["1", "3", "8"] {
        assert_eq!(timeless(scan_with(&["--jobs", jobs], folder.path())), expected, "--jobs {jobs}");
    }
}

#[test]
fn the_schema_describes_lines_inside_of_pages() {
    let folder = Folder::new();
    let run = scan(&folder.file("a.html", "<!doctype html><script>f()</script>"));
    let schema: Value = serde_json::from_str(&davy(&["schema"]).stdout).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for line in run.stdout.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert!(validator.is_valid(&line), "{line}");
    }
}
