//! Captures: HAR, MHTML, WARC, WACZ, pages that were saved. Each clean, mining, broken and hostile.

use crate::capture::{Captured, har, har_entry, har_of, mhtml, record, response, wacz, warc, warc_gz};
use crate::harness::{Folder, module, scan, scan_with};
use crate::make::{PROXY, gzip, hash_script, miner};
use crate::packages::line;
use crate::pages::verdict;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

type Make = fn(Captured<'_>) -> Vec<u8>;
const KINDS: [(&str, Make); 5] =
    [("a.har", har), ("a.mhtml", mhtml), ("a.warc", warc), ("a.warc.gz", warc_gz), ("a.wacz", wacz)];

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript";
const PAGE: &str = "<!doctype html><script src='lib/hash.js?v=1'></script><script src=/net.js></script>";

#[test]
fn the_same_page_has_the_same_verdict_in_a_folder_and_in_every_capture() {
    let hash = hash_script();
    let folder = Folder::new();
    folder.file("site/app/index.html", PAGE);
    folder.file("site/app/lib/hash.js", &hash);
    folder.file("site/net.js", PROXY);
    let expected = verdict(&scan(&folder.path().join("site")), "index.html");
    assert_eq!((expected.0.as_str(), expected.2), ("mining", true));
    let captured: Captured<'_> = &[
        ("https://example.com/app/index.html", HTML, PAGE.as_bytes()),
        ("https://example.com/app/lib/hash.js?v=1", SCRIPT, hash.as_bytes()),
        ("https://example.com/net.js", SCRIPT, PROXY.as_bytes()),
    ];
    for (name, make) in KINDS {
        let folder = Folder::new();
        let run = scan(&folder.file(name, make(captured)));
        run.assert_code(1);
        assert_eq!(verdict(&run, "https://example.com/app/index.html"), expected, "{name}");
        assert_eq!(line(&run, name)["level"], "mining");
        assert_eq!(line(&run, "hash.js?v=1")["level"], "suspicious", "{name}");
    }
}

#[test]
fn a_capture_that_holds_every_script_of_its_pages_is_clean_and_complete() {
    let module = module(1);
    let captured: Captured<'_> = &[
        ("https://example.com/", HTML, b"<!doctype html><script src=a.js></script><img src=b.png>"),
        ("https://example.com/a.js", SCRIPT, b"fetch('m.wasm'); // caf\xc3\xa9"),
        ("https://example.com/m", "application/wasm", &module),
        ("https://example.com/data", "application/json", b"{}"),
    ];
    for (name, make) in KINDS {
        if name == "a.mhtml" {
            continue;
        }
        let folder = Folder::new();
        let run = scan(&folder.file(name, make(captured)));
        run.assert_code(0);
        assert_eq!(line(&run, "!/https://example.com/m")["kind"], "wasm", "{name}");
        assert_eq!(line(&run, name)["complete"], true, "{name}: {run:?}");
    }
}

#[test]
fn a_miner_in_a_capture_is_mining() {
    let miner = miner();
    let captured: Captured<'_> =
        &[("https://e.example/", HTML, b"<!doctype html>"), ("https://e.example/m", "application/wasm", &miner)];
    for (name, make) in KINDS {
        let folder = Folder::new();
        let run = scan(&folder.file(name, make(captured)));
        run.assert_code(1);
        assert_eq!(line(&run, name)["level"], "mining", "{name}");
    }
}

#[test]
fn a_script_that_the_capture_does_not_hold_makes_the_page_incomplete() {
    let captured: Captured<'_> =
        &[("https://e.example/", HTML, b"<!doctype html><script src=//cdn.example/x.js></script>")];
    for (name, make) in KINDS {
        let folder = Folder::new();
        let run = scan(&folder.file(name, make(captured)));
        run.assert_code(3);
        assert_eq!(line(&run, "https://e.example/")["gaps"][0]["reason"], "no-body", "{name}");
    }
}

#[test]
fn a_cut_capture_is_incomplete() {
    let page = format!("<!doctype html><p>{}", "words and more of them ".repeat(200));
    let captured: Captured<'_> = &[
        ("https://e.example/", HTML, page.as_bytes()),
        ("https://e.example/1", HTML, page.as_bytes()),
        ("https://e.example/2", HTML, page.as_bytes()),
    ];
    for (name, make) in KINDS {
        let bytes = make(captured);
        for percent in [20, 50, 70, 97] {
            let folder = Folder::new();
            let run = scan(&folder.file(name, &bytes[..bytes.len() * percent / 100]));
            run.assert_code(3);
            assert_eq!(line(&run, name)["complete"], false, "{name} {percent}");
        }
    }
}

#[test]
fn any_byte_of_a_capture_changed() {
    let captured: Captured<'_> = &[("https://e.example/", HTML, b"<!doctype html><script>x()</script>")];
    let folder = Folder::new();
    for (name, make) in KINDS {
        let whole = make(captured);
        for place in (0..whole.len()).step_by(3) {
            let mut changed = whole.clone();
            changed[place] ^= 0x15;
            folder.file(&format!("{place:04}-{name}"), changed);
        }
    }
    let run = scan(folder.path());
    assert!(matches!(run.code, 0 | 3), "{}", run.stderr);
    assert_eq!(run.stderr, "");
}

/// Messages of a transcript of the corpus, as Chromium saves them.
fn messages(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/frames").join(name);
    let text = fs::read_to_string(path).expect("the transcript is there");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (mark, data) = line.split_once(' ').expect("a message");
            json!({"type": if mark == ">" { "send" } else { "receive" }, "time": 1.0, "opcode": 1, "data": data})
        })
        .collect()
}

#[test]
fn what_passed_a_socket_is_read_and_belongs_to_the_page() {
    for (transcript, level) in [("coinhive.txt", "mining"), ("chat.txt", "clean")] {
        let mut socket = har_entry(("wss://example.org/s", "x-unknown", b""));
        socket["_webSocketMessages"] = json!(messages(transcript));
        let page = har_entry(("https://e.example/", HTML, b"<!doctype html><p>nothing to see"));
        let folder = Folder::new();
        let run = scan(&folder.file("a.har", har_of(&[page, socket])));
        run.assert_code(i32::from(level == "mining"));
        let socket = line(&run, "!/wss://example.org/s");
        assert_eq!((&socket["kind"], &socket["level"]), (&json!("websocket"), &json!(level)), "{socket}");
        assert_eq!(line(&run, "https://e.example/")["level"], level, "{run:?}");
    }
}

#[test]
fn addresses_of_requests_are_judged() {
    let folder = Folder::new();
    let loader = har_entry(("https://coinhive.com/lib/coinhive.min.js", SCRIPT, b"x()"));
    let picture = har_entry(("https://coinhive.com/a.png", "image/png", b"x"));
    let proxy = har_entry(("https://example.org/proxy", "application/json", b"{}"));
    let run = scan(&folder.file("a.har", har_of(&[loader, picture, proxy])));
    run.assert_code(1);
    assert_eq!(line(&run, "coinhive.min.js")["evidence"][0]["rule"], "protocol/pool-host");
    assert_eq!(line(&run, "a.png")["kind"], "request");
    assert_eq!(run.lines().len(), 3);
}

#[test]
fn bodies_that_were_not_saved_are_said() {
    let folder = Folder::new();
    let mut without = har_entry(("https://e.example/a.js", SCRIPT, b"x()"));
    without["response"]["content"].as_object_mut().expect("an object").remove("text");
    let mut picture = without.clone();
    picture["request"]["url"] = json!("https://e.example/a.png");
    picture["response"]["content"]["mimeType"] = json!("image/png");
    let mut blocked = without.clone();
    blocked["response"]["status"] = json!(0);
    blocked["request"]["url"] = json!("https://e.example/blocked.js");
    let run = scan(&folder.file("a.har", har_of(&[without, picture, blocked])));
    run.assert_code(3);
    assert_eq!(line(&run, "!/https://e.example/a.js")["gaps"][0]["reason"], "no-body");
    assert_eq!(run.lines().len(), 3, "{run:?}");
}

#[test]
fn what_a_crawler_cut_or_only_repeats_is_said() {
    let http = "Content-Type: application/http;msgtype=response\r\n";
    let block = b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\n\r\nx()";
    let named = |name: &str, more: &str| format!("WARC-Target-URI: https://e.example/{name}\r\n{http}{more}");
    let cut = record("response", &named("cut.js", "WARC-Truncated: length\r\n"), block);
    let known = record("response", &named("known.js", "WARC-Payload-Digest: sha1:A\r\n"), block);
    let again = record("revisit", &named("again.js", "WARC-Payload-Digest: sha1:A\r\n"), &block[..50]);
    let unknown = record("revisit", &named("unknown.js", "WARC-Payload-Digest: sha1:B\r\n"), &block[..50]);
    let folder = Folder::new();
    let run = scan(&folder.file("a.warc", [cut, known, again, unknown].concat()));
    run.assert_code(3);
    assert_eq!(line(&run, "cut.js")["gaps"][0]["reason"], "truncated");
    assert_eq!(line(&run, "known.js")["complete"], true);
    assert_eq!(line(&run, "unknown.js")["gaps"][0]["reason"], "no-body");
    assert_eq!(run.lines().len(), 4, "{run:?}");
}

#[test]
fn records_that_lie_are_bounded() {
    let huge =
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 18446744073709551615\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx()"
            .to_vec();
    let no_length = [&b"WARC/1.0\r\nWARC-Type: response\r\n\r\nx()\r\n\r\n"[..], &warc(&[])].concat();
    let bomb = response("https://e.example/x.js", "Content-Encoding: gzip\r\n", &gzip(&vec![b' '; 16 << 20]));
    let chunk = response("https://e.example/x.js", "Transfer-Encoding: chunked\r\n", b"ffffffffffffffff\r\nx()");
    for (name, bytes) in [("huge", huge), ("none", no_length), ("bomb", bomb), ("chunk", chunk)] {
        let folder = Folder::new();
        let run = scan_with(&["--max-artifact-bytes", "1000000"], &folder.file(&format!("{name}.warc"), bytes));
        run.assert_code(3);
        assert_eq!(line(&run, ".warc")["complete"], false, "{name}");
    }
    // Lists inside of lists, and a mail inside of a mail.
    let folder = Folder::new();
    let deep = format!("{{\"log\":{{\"x\":{}", "[".repeat(1_000_000));
    scan(&folder.file("deep.har", deep)).assert_code(3);
    let mails = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n".repeat(10_000);
    scan(&folder.file("deep.mhtml", mails)).assert_code(3);
}

#[test]
fn a_record_says_where_it_begins_and_one_that_is_broken_is_lost_alone() {
    let records: Vec<Vec<u8>> = ["a", "b", "a", "c"]
        .iter()
        .map(|name| {
            let words: String = (0..2000).map(|index| format!("{name}{} ", index * 7919 % 4999)).collect();
            let body = format!("export const a = `{words}`;");
            response(&format!("https://e.example/{name}.js"), "Content-Type: text/javascript\r\n", body.as_bytes())
        })
        .collect();
    let starts = |records: &[Vec<u8>]| -> Vec<u64> {
        records.iter().scan(0, |end, record| Some(std::mem::replace(end, *end + record.len() as u64))).collect()
    };
    let offsets = |run: &crate::harness::Run| -> Vec<Value> {
        let lines = run.lines();
        lines.iter().map(|line| line["offset"].clone()).collect()
    };
    let folder = Folder::new();
    let packed: Vec<Vec<u8>> = records.iter().map(|record| gzip(record)).collect();
    for (name, bytes, at) in [
        ("a.warc", records.concat(), starts(&records)),
        ("a.warc.gz", packed.concat(), starts(&packed)),
        // All in one member: where they begin in what it unpacks to; the first, where the member does.
        ("one.warc.gz", gzip(&records.concat()), starts(&records)),
    ] {
        let run = scan(&folder.file(name, bytes));
        run.assert_code(0);
        let wanted: Vec<Value> = at.into_iter().map(|at| json!(at)).chain([Value::Null]).collect();
        assert_eq!(offsets(&run), wanted, "{name}");
    }
    // Changed in the middle of the second, and cut there.
    let mut changed = packed.concat();
    let middle = packed[0].len() + packed[1].len() / 2;
    changed[middle..middle + 9].fill(0xff);
    let cut = [&packed.concat()[..middle], &packed[2], &packed[3]].concat();
    for bytes in [changed, cut] {
        let run = scan(&folder.file("broken.warc.gz", bytes));
        run.assert_code(3);
        let container = line(&run, "broken.warc.gz");
        assert_eq!((&container["complete"], &container["gaps"][0]["reason"]), (&json!(false), &json!("undecodable")));
        assert_eq!(line(&run, "c.js")["complete"], true, "what stands behind it is read");
        assert_eq!(run.paths(folder.path()).iter().filter(|path| path.ends_with("/a.js")).count(), 2);
        assert_eq!(line(&run, "b.js")["complete"], false);
    }
}

#[test]
fn pages_saved_without_their_scripts_are_inconclusive() {
    let folder = Folder::new();
    let remark = "<!DOCTYPE html><html><!--\n Page saved with SingleFile \n url: https://e.example/ -->";
    scan(&folder.file("single.html", format!("{remark}<p>x"))).assert_code(3);
    scan(&folder.file("single.html", format!("{remark}<script>x()</script>"))).assert_code(0);
    let blink = String::from_utf8(mhtml(&[("https://e.example/", HTML, b"<!doctype html><p>x")])).expect("text");
    let run = scan(&folder.file("a.mhtml", blink.replace("Saved by a test", "Saved by Blink")));
    run.assert_code(3);
    assert_eq!(line(&run, "a.mhtml")["gaps"][0]["reason"], "no-body");
}

#[test]
fn a_source_map_holds_sources() {
    let folder = Folder::new();
    let map = json!({"version": 3, "sources": ["webpack:///./src/hash.js", "../b.ts"], "sourcesContent": [hash_script(), "const b: number = 1;"], "mappings": ""});
    let run = scan(&folder.file("app.js.map", map.to_string()));
    run.assert_code(0);
    assert_eq!(line(&run, "app.js.map!/src/hash.js")["level"], "suspicious");
    assert_eq!(line(&run, "app.js.map")["level"], "suspicious");
    let without = json!({"version": 3, "sources": ["a.js"], "mappings": "AAAA"});
    scan_with(&["--allow-gaps"], &folder.file("b.js.map", without.to_string())).assert_code(0);
    scan(&folder.file("c.js.map", "{\"version\":3,\"mappings\":")).assert_code(3);
}
