//! Memory is bounded by what is being read, not by the input. Linux only: elsewhere a process's peak is not in a file.
#![cfg(target_os = "linux")]

use crate::harness::{Folder, binary, module, wait};
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// Bytes of each file, and how many there are: 240 MB together.
const LENGTH: usize = 4_000_000;
const FILES: usize = 60;

/// Most that may be resident, in kB. The command itself takes about 20 MB in a debug build.
const MOST: u64 = 80_000;

#[test]
fn the_input_is_not_held_in_memory() {
    let folder = Folder::new();
    let mut bytes = module(1);
    // A custom section of 4 MB.
    bytes.extend([0, 0x80, 0x92, 0xf4, 0x01, 3]);
    bytes.extend(b"pad");
    bytes.resize(bytes.len() + LENGTH - 4, 0x5a);
    for index in 0..FILES {
        folder.file(&format!("{index}.wasm"), &bytes);
    }
    let mut child = Command::new(binary())
        .args(["scan", "--jobs", "2"])
        .arg(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let status = format!("/proc/{}/status", child.id());
    let watch = thread::spawn(move || {
        let mut peak = 0;
        while let Some(kilobytes) = fs::read_to_string(&status).ok().and_then(|text| peak_of(&text)) {
            peak = kilobytes;
            thread::sleep(Duration::from_millis(5));
        }
        peak
    });
    assert_eq!(wait(&mut child).code(), Some(0));
    let peak = watch.join().expect("a peak");
    assert!(peak > 1000 && peak < MOST, "{peak} kB");
}

/// The highest resident size so far, in kB; none once the process has ended.
fn peak_of(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
