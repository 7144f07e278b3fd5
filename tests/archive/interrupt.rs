//! Ctrl-C ends a scan within a second, with what was found so far.
#![cfg(unix)]

use crate::harness::{binary, wait};
use crate::make::tar;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn what_was_found_so_far_is_reported() {
    let mut child = Command::new(binary())
        .args(["scan", "--jobs", "2", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // Two entries and the start of a third; the rest never comes.
    let bytes = tar(&[("a.js", b"x()"), ("b.html", b"<!doctype html><p>"), ("c.js", &[b' '; 100_000])]);
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(&bytes[..50_000]).expect("it is read");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut first = String::new();
    stdout.read_line(&mut first).expect("a line");
    assert!(first.contains("-!/a.js"), "{first}");
    let start = Instant::now();
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill").success());
    assert_eq!(wait(&mut child).code(), Some(2));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).expect("text");
    let lines: Vec<Value> = rest.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&lines[0]["path"], &lines[1]["path"]), (&"-!/b.html".into(), &"-".into()), "{rest}");
    assert_eq!(lines[1]["gaps"][0]["reason"], "truncated");
    assert_eq!((&lines[2]["summary"]["artifacts"], &lines[2]["summary"]["complete"]), (&3.into(), &false.into()));
    drop(stdin);
}
