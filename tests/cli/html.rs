//! The report as one page: whole in itself, without scripts, and safe whatever names and code say.

use crate::harness::{Folder, scan_with};
use std::fs;
use std::path::Path;

fn shader() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/shader/sha256-search/shader.wgsl");
    fs::read_to_string(path).expect("the shader is there")
}

/// The page without times.
fn page(folder: &Folder) -> String {
    let text = scan_with(&["--format", "html", "--fail-on", "never", "--allow-gaps"], folder.path()).stdout;
    let time = text.find(" read in ").expect("a time");
    let end = time + text[time..].find(" s: ").expect("a time");
    format!("{}{}", &text[..time], &text[end..])
}

#[test]
fn it_holds_what_was_found_and_a_picture() {
    let folder = Folder::new();
    folder.file("a.js", "new WebSocket('wss://ws001.coinhive.com/proxy')");
    folder.file("b.wgsl", shader());
    folder.file("c.js", "f()");
    folder.file("cut.wasm", b"\0asm\x01\0\0\0\x01");
    let text = page(&folder);
    for part in ["<h1>Code that mines was found</h1>", "<svg ", "protocol/pool-host", "<td>sha256</td>", "not read"] {
        assert!(text.contains(part), "{part}");
    }
    assert_eq!(text.matches("<rect ").count(), 4, "a rectangle for each file");
    assert!(text.contains("prefers-color-scheme: dark"));
    assert_eq!(text, page(&folder), "two runs give the same page");
}

#[test]
fn it_loads_nothing_and_runs_nothing() {
    let folder = Folder::new();
    folder.file(
        "<img src=x onerror=alert(1)>\" '&.js",
        "new WebSocket('wss://ws001.coinhive.com/<script>alert(1)</script>')",
    );
    let text = page(&folder);
    assert!(text.contains("default-src 'none'"));
    for part in ["<script", "<img", "<link", "<iframe", "javascript:", "onerror=alert(1)>", "src=\"", "url("] {
        assert!(!text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("&lt;img src=x onerror=alert(1)&gt;&quot; &#39;&amp;.js"));
}

#[test]
fn it_says_when_nothing_was_found_or_read() {
    let folder = Folder::new();
    assert!(page(&folder).contains("Nothing that can be read was found"));
    folder.file("a.js", "f()");
    assert!(page(&folder).contains("Nothing of note was found"));
    folder.file("cut.wasm", b"\0asm\x01\0\0\0\x01");
    let text = page(&folder);
    assert!(
        text.contains("Nothing that mines in what could be read") && text.contains("class=\"incomplete\""),
        "{text}"
    );
}
