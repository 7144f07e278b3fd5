//! Every kind of input: a clean case, one that mines, one that is broken, one that was made to harm. The table of
//! `README.md` beside this file is what these runs gave.

use crate::capture::{Captured, har, mhtml, response, wacz, warc, warc_gz};
use crate::harness::{Folder, Run, scan_with};
use crate::images::{docker, oci};
use crate::make::{Files, gzip, miner, raw_entry, tar, tgz, zip};
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What every kind holds: a script that does nothing, and one that opens a listed pool.
const CLEAN: &str = "export const a = 1;";
const MINES: &str = "new WebSocket('wss://ws001.coinhive.com/proxy')";

/// Makes an input of a kind, in a folder, with this script in it.
type Make = Box<dyn Fn(&Folder, &str) -> PathBuf>;
/// Makes another one; gives what to scan.
type Other = Box<dyn Fn(&Folder) -> PathBuf>;

struct Kind {
    name: &'static str,
    make: Make,
    broken: (&'static str, Other),
    hostile: (&'static str, Other),
}

/// A kind that is one file, broken where it is cut.
fn file(
    name: &'static str,
    file: &'static str,
    make: fn(&str) -> Vec<u8>,
    hostile: (&'static str, fn() -> Vec<u8>),
) -> Kind {
    let cut = move |folder: &Folder| {
        let whole = make(&format!("{CLEAN}/* {} */", "words and more of them ".repeat(400)));
        folder.file(file, &whole[..whole.len() * 2 / 3])
    };
    Kind {
        name,
        make: Box::new(move |folder, script| folder.file(file, make(script))),
        broken: ("cut", Box::new(cut)),
        hostile: (hostile.0, Box::new(move |folder| folder.file(file, hostile.1()))),
    }
}

/// A kind that is a folder of files.
fn folder(name: &'static str, make: Make, broken: (&'static str, Other), hostile: (&'static str, Other)) -> Kind {
    Kind { name, make, broken, hostile }
}

fn captured(script: &str, make: fn(Captured<'_>) -> Vec<u8>) -> Vec<u8> {
    let page = format!("<!doctype html><script src=a.js></script><p>{}", "text and text ".repeat(100));
    make(&[
        ("https://e.example/", "text/html", page.as_bytes()),
        ("https://e.example/a.js", "text/javascript", script.as_bytes()),
    ])
}

fn package(script: &str) -> [(&'static str, Vec<u8>); 2] {
    [("package/package.json", b"{\"name\": \"a\"}".to_vec()), ("package/index.js", script.as_bytes().to_vec())]
}

fn packed(script: &str, make: fn(Files<'_>) -> Vec<u8>) -> Vec<u8> {
    let files = package(script);
    make(&files.iter().map(|(name, content)| (*name, content.as_slice())).collect::<Vec<_>>())
}

/// An image whose upper layer holds the script.
fn layers(script: &str, make: fn(&[Vec<u8>]) -> Vec<u8>) -> Vec<u8> {
    make(&[tar(&[("srv/b.js", b"f()")]), tar(&[("srv/a.js", script.as_bytes())])])
}

fn bomb() -> Vec<u8> {
    gzip(&vec![b'0'; 8 << 20])
}

fn out_of_it() -> Vec<u8> {
    raw_entry("../../davy-was-here.js", tar::EntryType::Regular, "", b"x()")
}

fn kinds() -> Vec<Kind> {
    let page = |script: &str| format!("<!doctype html><script>{script}</script>");
    vec![
        folder(
            "folder",
            Box::new(|folder, script| folder.file("site/a.js", script).parent().expect("a folder").to_owned()),
            ("a module that is cut", Box::new(|f| parent(f.file("site/a.wasm", b"\0asm\x01\0\0\0\x01")))),
            ("links in a circle", Box::new(circle)),
        ),
        folder(
            "`node_modules`",
            Box::new(|f, script| {
                f.file("node_modules/a/package.json", "{\"name\": \"a\"}");
                f.file("node_modules/a/index.js", script);
                f.path().join("node_modules")
            }),
            ("a tarball in it that is cut", Box::new(|f| parent(f.file("node_modules/a.tgz", &bomb()[..200])))),
            ("100 scripts of brackets", Box::new(brackets)),
        ),
        folder(
            "page saved with its folder",
            Box::new(saved),
            (
                "a script of it is not there",
                Box::new(|f| f.file("p.html", "<!doctype html><script src=p_files/a.js></script>")),
            ),
            (
                "scripts outside of it",
                Box::new(|f| {
                    f.file(
                        "in/p.html",
                        "<!doctype html><script src=../../etc/a.js></script><script src=/../a.js></script>",
                    )
                }),
            ),
        ),
        folder(
            "single page",
            Box::new(move |f, script| f.file("p.html", page(script))),
            (
                "saved without its scripts",
                Box::new(|f| {
                    f.file(
                        "p.html",
                        "<!DOCTYPE html><html><!--\n Page saved with SingleFile \n url: https://e.example/ --><p>x",
                    )
                }),
            ),
            ("200,000 elements in one another", Box::new(|f| f.file("p.html", "<div><svg>".repeat(100_000)))),
        ),
        file("HAR", "a.har", |script| captured(script, har), ("200,000 lists in one another", lists)),
        file("MHTML", "a.mhtml", |script| captured(script, mhtml), ("5,000 mails in one another", mails)),
        file("WARC", "a.warc", |script| captured(script, warc), ("a chunk of 16 EB", lying)),
        file(
            "WARC, gzip",
            "a.warc.gz",
            |script| captured(script, warc_gz),
            ("200,000 beginnings of members", || b"\x1f\x8b\x08\0".repeat(200_000)),
        ),
        file(
            "WACZ",
            "a.wacz",
            |script| captured(script, wacz),
            ("a crawl of zeros", || zip(&[("archive/a.warc.gz", &bomb())])),
        ),
        file("tar", "a.tar", |script| packed(script, tar), ("a name that leads out", out_of_it)),
        file("npm tarball", "a.tgz", |script| packed(script, tgz), ("the same, packed", || gzip(&out_of_it()))),
        file(
            "zip",
            "a.zip",
            |script| packed(script, zip),
            ("zeros in zips in a zip", || {
                zip(&[("a.zip", &zip(&[("b.zip", &zip(&[("z.js", &vec![b'0'; 8 << 20])]))]))])
            }),
        ),
        file(
            "image by docker",
            "a.tar",
            |script| layers(script, docker),
            ("layers that are elsewhere", image_elsewhere),
        ),
        file("image, OCI", "a.tar", |script| layers(script, oci), ("an index of itself", itself)),
        file(
            "source map",
            "a.js.map",
            map,
            ("100,000 lists in one another", || {
                format!("{{\"version\":3,\"mappings\":\"\",\"sources\":{}", "[".repeat(100_000)).into_bytes()
            }),
        ),
        folder(
            "WebAssembly",
            Box::new(|f, script| f.file("a.wasm", if script == MINES { miner() } else { crate::harness::module(1) })),
            ("cut", Box::new(|f| f.file("a.wasm", &miner()[..500]))),
            ("a section of 4 GB", Box::new(|f| f.file("a.wasm", b"\0asm\x01\0\0\0\x0a\xff\xff\xff\xff\x0f\xff"))),
        ),
    ]
}

fn lying() -> Vec<u8> {
    response("https://e.example/a.js", "Transfer-Encoding: chunked\r\n", b"ffffffffffffffff\r\nx()")
}

fn lists() -> Vec<u8> {
    format!("{{\"log\":{{\"x\":{}", "[".repeat(200_000)).into_bytes()
}

fn mails() -> Vec<u8> {
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n".repeat(5000).into_bytes()
}

fn map(script: &str) -> Vec<u8> {
    json!({"version": 3, "sources": ["a.js"], "sourcesContent": [script], "mappings": ""}).to_string().into_bytes()
}

fn parent(path: PathBuf) -> PathBuf {
    path.parent().expect("a folder").to_owned()
}

fn circle(folder: &Folder) -> PathBuf {
    folder.file("site/a/a.js", CLEAN);
    #[cfg(unix)]
    std::os::unix::fs::symlink("..", folder.path().join("site/a/up")).expect("a link");
    folder.path().join("site")
}

fn brackets(folder: &Folder) -> PathBuf {
    for index in 0..100 {
        folder.file(&format!("node_modules/{index}/index.js"), "[".repeat(10_000));
    }
    folder.path().join("node_modules")
}

fn saved(folder: &Folder, script: &str) -> PathBuf {
    folder.file("p_files/a.js", script);
    folder.file("p.html", "<!doctype html><script src=p_files/a.js></script>")
}

fn image_elsewhere() -> Vec<u8> {
    let manifest = json!([{"Config": "c.json", "Layers": ["not-there", "../../l.tar"]}]).to_string();
    tar(&[("manifest.json", manifest.as_bytes()), ("l.tar", &tar(&[("a.js", b"x()")]))])
}

fn itself() -> Vec<u8> {
    let index = json!({"manifests": [{"digest": "sha256:m"}]}).to_string();
    tar(&[("index.json", index.as_bytes()), ("blobs/sha256/m", index.as_bytes())])
}

/// Runs one case; a part of 1 MB is the longest that is read.
fn run(make: impl FnOnce(&Folder) -> PathBuf) -> Run {
    let folder = Folder::new();
    let path = make(&folder);
    let before = count(&folder);
    let start = Instant::now();
    let run = scan_with(&["--max-artifact-bytes", "1000000"], &path);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    assert_eq!(
        run.stderr.replace("davy: nothing to scan: no WebAssembly, JavaScript, HTML or shader was found\n", ""),
        ""
    );
    assert_eq!(count(&folder), before, "nothing is written");
    run
}

fn count(folder: &Folder) -> usize {
    fs::read_dir(folder.path()).expect("a folder").count()
}

/// A row of the table, and what is wrong with it.
fn row(kind: &Kind, wrong: &mut Vec<String>) -> String {
    let clean = run(|folder| (kind.make)(folder, CLEAN));
    let mining = run(|folder| (kind.make)(folder, MINES));
    let broken = run(&kind.broken.1);
    let hostile = run(&kind.hostile.1);
    if (clean.code, mining.code, broken.code) != (0, 1, 3) || !matches!(hostile.code, 0 | 3) {
        wrong.push(format!("{}:\n{clean:?}\n{mining:?}\n{broken:?}\n{hostile:?}", kind.name));
    }
    let Kind { name, broken: (cut, _), hostile: (harm, _), .. } = kind;
    format!("| {name} | 0 | 1 | {cut}: 3 | {harm}: {} |\n", hostile.code)
}

#[test]
fn every_kind_of_input_in_four_cases() {
    let mut wrong = Vec::new();
    let rows: String = kinds().iter().map(|kind| row(kind, &mut wrong)).collect();
    let table = format!("| kind | clean | mines | broken | made to harm |\n| --- | --- | --- | --- | --- |\n{rows}");
    let readme = include_str!("README.md");
    assert!(wrong.is_empty(), "{}\n{table}", wrong.join("\n"));
    assert!(readme.contains(&table), "README.md should hold this table:\n{table}");
}
