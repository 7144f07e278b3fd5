//! Modules inside scripts and pages: a line each, and what they mean for what holds them.

use crate::harness::{Folder, base64, module, scan, scan_with};

#[test]
fn every_way_to_spell_a_module_gives_its_line() {
    let bytes = module(7);
    let list = |radix: fn(&u8) -> String| bytes.iter().map(radix).collect::<Vec<_>>().join(",");
    let encoded = base64(&bytes);
    let texts = [
        format!("x = '{encoded}'"),
        format!("fetch('data:application/wasm;base64,{encoded}')"),
        format!("x = '{}' +\n '{}'", &encoded[..17], &encoded[17..]),
        format!("new Uint8Array([{}])", list(|byte| byte.to_string())),
        format!("Uint8Array.of({})", list(|byte| format!("0x{byte:02x}"))),
        format!("x = '{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
        format!("x = '{}'", bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>()),
    ];
    let folder = Folder::new();
    let plain = scan(&folder.file("plain.wasm", &bytes)).line();
    for (index, text) in texts.iter().enumerate() {
        for name in ["a.js", "a.html"] {
            let path = folder.file(&format!("{index}/{name}"), text);
            let run = scan(&path);
            let lines = run.lines();
            assert_eq!(lines.len(), 2, "{text}");
            assert_eq!(lines[1]["path"], format!("{}!/embedded-0.wasm", path.display()));
            assert_eq!(lines[1]["kind"], "wasm");
            assert_eq!(lines[1]["sha256"], plain["sha256"], "{text}");
        }
    }
}

#[test]
fn a_script_is_at_the_level_of_what_it_holds() {
    let folder = Folder::new();
    let texts: Vec<String> = (0..5).map(|salt| format!("x{salt} = '{}'", base64(&module(salt)))).collect();
    let run = scan(&folder.file("a.js", texts.join(";\n")));
    let lines = run.lines();
    assert_eq!(lines.len(), 6);
    let rank = |level: &serde_json::Value| {
        ["clean", "notice", "suspicious", "mining"].iter().position(|word| level == word).expect("a level")
    };
    let highest = lines[1..].iter().map(|line| rank(&line["level"])).max().expect("children");
    assert_eq!(rank(&lines[0]["level"]), highest);
    for evidence in lines[0]["evidence"].as_array().expect("a list") {
        assert_eq!(evidence["location"]["kind"], "artifact");
    }
}

#[test]
fn what_is_too_deep_is_a_lost_gap() {
    let folder = Folder::new();
    let path = folder.file("a.js", format!("x = '{}'", base64(&module(1))));
    let run = scan_with(&["--max-depth", "0"], &path);
    run.assert_code(3);
    assert_eq!(run.line()["gaps"][0]["reason"], "over-limit");
    scan_with(&["--max-depth", "1"], &path).assert_code(0);
}

#[test]
fn an_incomplete_module_makes_its_script_incomplete() {
    let folder = Folder::new();
    let run = scan(&folder.file("a.js", format!("x = '{}'", base64(&module(1)[..100]))));
    run.assert_code(3);
    let lines = run.lines();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["complete"] == false), "{lines:?}");
    assert_eq!(lines[0]["gaps"][0]["location"]["kind"], "artifact");
}

#[test]
fn what_exists_only_at_run_time_is_listed_and_complete() {
    let folder = Folder::new();
    let run = scan(&folder.file("a.js", format!("\n\nx = unzip('H4sIAAAAAAAAA{}')", "aB3+".repeat(64))));
    run.assert_code(0);
    let line = run.line();
    assert_eq!(line["complete"], true);
    assert_eq!(line["gaps"][0]["reason"], "run-time");
    assert_eq!(line["gaps"][0]["location"], serde_json::json!({"kind": "line", "line": 3, "column": 12}));
    assert_eq!(run.summary()["opaque"], 1);
}
