//! A web archive is never held, however long it is. With `DAVY_LONG` set it has so many GB, packed, and the
//! command of `DAVY_COMMAND` reads it; otherwise some MB, which tell as much of a leak for each record. Linux only: elsewhere a
//! process's peak is not in a file.
#![cfg(target_os = "linux")]

use crate::capture::response;
use crate::harness::{binary, wait};
use crate::make::{gzip, hash_script};
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// Most that may be resident, in kB.
const MOST: u64 = 256_000;

/// Bytes of the archive, packed, in a short run.
const SHORT: usize = 400 << 10;

#[test]
fn memory_does_not_grow_with_a_web_archive() {
    let long = std::env::var("DAVY_LONG").ok().map(|text| text.parse::<usize>().expect("a number of GB") << 30);
    let command = std::env::var_os("DAVY_COMMAND").filter(|_| long.is_some()).unwrap_or_else(|| binary().into());
    let records = records();
    let mut child = Command::new(command)
        .args(["scan", "--jobs", "8", "--fail-on", "never", "--allow-gaps", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let times = long.unwrap_or(SHORT) / records.len();
    let feeding = thread::spawn(move || (0..times).try_for_each(|_| stdin.write_all(&records)));
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while let Some(kilobytes) = std::fs::read_to_string(&status).ok().and_then(|text| peak_of(&text)) {
        peak = kilobytes;
        if child.try_wait().expect("it runs").is_some() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    assert!(feeding.join().expect("fed").is_ok());
    assert_eq!(wait(&mut child).code(), Some(0));
    assert!(peak > 1000 && peak < MOST, "{peak} kB");
}

/// Some records, each packed on its own: pages of words that hardly repeat, and a script.
fn records() -> Vec<u8> {
    let mut packed =
        gzip(&response("https://e.example/h.js", "Content-Type: text/javascript\r\n", hash_script().as_bytes()));
    let mut state = 1u32;
    let mut word = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        format!("{:x} ", state >> 12)
    };
    for page in 0..8 {
        let words: String = (0..2000).map(|_| word()).collect();
        let text = format!("<!doctype html><script src=h.js></script><p>{words}<script>const a = {page};</script>");
        packed.extend(gzip(&response(
            &format!("https://e.example/{page}"),
            "Content-Type: text/html\r\n",
            text.as_bytes(),
        )));
    }
    packed
}

/// The highest resident size so far, in kB; none once the process has ended.
fn peak_of(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
