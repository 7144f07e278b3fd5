//! The JSON formats, held against the contract's words and against the schema that `davy schema` prints.

use crate::harness::{Folder, base64, davy, module, scan, scan_with};
use jsonschema::Validator;
use serde_json::{Value, json};

fn schema() -> Value {
    serde_json::from_str(&davy(&["schema"]).stdout).expect("the schema is JSON")
}

fn validator(part: Option<&str>) -> Validator {
    let mut schema = schema();
    if let Some(part) = part {
        schema["oneOf"] = json!([{ "$ref": format!("#/$defs/{part}") }]);
    }
    jsonschema::validator_for(&schema).expect("the schema is a schema")
}

fn assert_valid(validator: &Validator, value: &Value) {
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}: {value}");
}

fn site() -> Folder {
    let folder = Folder::new();
    folder.file("app.js", format!("x = '{}'; y = '{}' + z", base64(&module(1)), &base64(&module(2))[..60]));
    folder.file("b.wasm", module(3));
    folder.file("cut.wasm", &module(3)[..50]);
    folder.file("empty.wasm", "");
    folder.file("long.wasm", vec![0; 20_000]);
    folder.file("page.html", "<!doctype html>");
    folder.file("readme.md", "");
    folder
}

#[test]
fn fields_stand_in_the_order_of_the_contract() {
    let folder = Folder::new();
    let run = scan(&folder.file("b.wasm", module(3)));
    let fields = [
        "{\"schema\":\"davy.scan/1\",\"path\":",
        ",\"kind\":\"wasm\"",
        ",\"sha256\":\"",
        ",\"bytes\":",
        ",\"level\":\"clean\"",
        ",\"algorithms\":[]",
        ",\"evidence\":[]",
        ",\"gaps\":[]",
        ",\"complete\":true",
        ",\"elapsed_us\":",
    ];
    let line = run.stdout.lines().next().expect("a line");
    let places: Vec<usize> = fields.iter().map(|field| line.find(field).expect(field)).collect();
    assert!(places.is_sorted(), "{line}");
    assert!(run.stdout.lines().last().expect("a line").starts_with("{\"schema\":\"davy.scan/1\",\"summary\":{"));
}

#[test]
fn every_line_is_valid() {
    let folder = site();
    let run = scan_with(&["--max-artifact-bytes", "10000"], folder.path());
    let validator = validator(None);
    for line in run.stdout.lines() {
        assert_valid(&validator, &serde_json::from_str(line).expect("JSON"));
    }
}

#[test]
fn the_document_holds_the_same_lines() {
    let folder = site();
    let run = scan_with(&["--format", "json"], folder.path());
    let mut document: Value = serde_json::from_str(&run.stdout).expect("one document");
    assert_valid(&validator(Some("document")), &document);
    let mut lines = scan(folder.path()).lines();
    let artifacts = document["artifacts"].as_array_mut().expect("a list");
    for artifact in lines.iter_mut().chain(artifacts.iter_mut()) {
        artifact["elapsed_us"] = json!(0);
    }
    assert_eq!(artifacts, &lines);
}

#[test]
fn a_document_about_nothing_is_valid() {
    let folder = Folder::new();
    let run = scan_with(&["--format", "json"], folder.path());
    run.assert_code(3);
    assert_valid(&validator(Some("document")), &serde_json::from_str(&run.stdout).expect("JSON"));
}

#[test]
fn the_schema_refuses_what_is_not_in_the_contract() {
    let folder = Folder::new();
    let mut line = scan(&folder.file("b.wasm", module(3))).line();
    let validator = validator(None);
    assert_valid(&validator, &line);
    line["level"] = json!("harmless");
    assert!(!validator.is_valid(&line));
    line["level"] = json!("clean");
    line["extra"] = json!(1);
    assert!(!validator.is_valid(&line));
}

#[test]
fn the_summary_counts() {
    let run = scan_with(&["--max-artifact-bytes", "10000"], site().path());
    let summary = run.summary();
    let lines = run.lines();
    assert_eq!(summary["artifacts"], lines.len());
    assert_eq!(summary["kinds"], json!({"wasm": lines.len() - 2, "script": 1, "page": 1}));
    let clean = lines.iter().filter(|line| line["level"] == "clean").count();
    assert_eq!(summary["levels"]["clean"], clean);
    assert_eq!(summary["passed_over"], 1);
    assert_eq!(summary["errors"], 0);
    let inside = |line: &&Value| line["path"].as_str().is_some_and(|path| path.contains("!/"));
    let read = lines.iter().filter(|line| !inside(line) && line["sha256"].is_string());
    assert_eq!(summary["bytes"], read.map(|line| line["bytes"].as_u64().expect("a number")).sum::<u64>());
    assert!(davy(&["--version"]).stdout.contains(summary["rules"].as_str().expect("a version")));
}

#[test]
fn every_format_is_the_same_however_many_read() {
    let folder = Folder::new();
    for index in 0..40 {
        folder.file(&format!("{index}.js"), format!("new WebSocket('wss://pool.example/stratum?{index}')"));
        folder.file(&format!("{index}.wasm"), &module(index)[..40]);
    }
    let report = |format, jobs| {
        let run = scan_with(&["--format", format, "--jobs", jobs], folder.path());
        // Times are all that may differ.
        let plain = |word: &str| word.contains("time=") || word.contains("seconds") || word.contains("elapsed");
        let text = run.stdout.replace(',', " ");
        text.split(' ').filter(|word| !plain(word) && word.parse::<f64>().is_err()).collect::<Vec<_>>().join(" ")
    };
    for format in ["sarif", "junit", "cyclonedx", "human", "html"] {
        assert_eq!(report(format, "1"), report(format, "8"), "{format}");
    }
}

#[test]
fn a_report_can_go_to_a_file() {
    let folder = Folder::new();
    let file = folder.file("b.wasm", module(3));
    let output = folder.path().join("report");
    let run = scan_with(&["--output", output.to_str().expect("text")], &file);
    run.assert_code(0);
    assert_eq!(run.stdout, "");
    assert_eq!(std::fs::read_to_string(output).expect("a report").lines().count(), 2);
}
