//! Memory is bounded by what is being read, not by the input. Linux only: elsewhere a process's peak is not in a file.
#![cfg(target_os = "linux")]

use crate::harness::{Folder, binary, module, wait};
use std::fs;
use std::path::Path;
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
    let peak = peak(folder.path());
    assert!(peak > 1000 && peak < MOST, "{peak} kB");
}

/// Length of a hostile text, and how many times that may be resident beside what the command takes itself.
const HOSTILE: usize = 1_000_000;
const TIMES: u64 = 20;

#[test]
fn hostile_pages_and_shaders_take_a_bounded_multiple() {
    let repeated = |text: &str| text.repeat(HOSTILE / text.len());
    let kernel = "@compute fn f(@builtin(global_invocation_id) i: vec3<u32>) { x = (a ^ b) ^ (c << 3u) ^ (c >> 29u);";
    for (name, text) in [
        ("tags.html", repeated("<p a b=c onclick=d()>")),
        ("handlers.html", (0..HOSTILE / 20).map(|i| format!("<p onclick=f{i}()>")).collect()),
        ("scripts.html", repeated("<script>f()</script>")),
        ("attributes.html", "<p ".to_owned() + &repeated("a b=c ")),
        ("frames.html", repeated("<iframe srcdoc='<b>'>")),
        ("references.html", (0..HOSTILE / 24).map(|i| format!("<script src={i}></script>")).collect()),
        ("entities.html", format!("<iframe srcdoc='{}'>", repeated("&quot;"))),
        ("signs.wgsl", kernel.to_owned() + &repeated(";")),
        ("values.wgsl", kernel.to_owned() + &repeated("a^1.")),
        ("functions.wgsl", repeated("@compute fn f() { x = x ^ y ^ z ^ w ^ v; f(); }")),
        ("macros.glsl", "#define F(x) F(x, x ^ x)\n".to_owned() + &repeated("F(a)")),
        ("literals.js", repeated("'@compute fn main() {x=x^x^x^x^x}',")),
    ] {
        let folder = Folder::new();
        folder.file(name, text);
        let (peak, most) = (peak(folder.path()), MOST + TIMES * HOSTILE as u64 / 1000);
        assert!(peak < most, "{name}: {peak} kB of {most}");
    }
}

/// What a program may take beside a multiple of its text, in kB: trees of short programs are larger.
const PROGRAM: u64 = 128 << 10;

#[test]
fn hostile_scripts_take_a_bounded_multiple() {
    let repeated = |text: &str, length: usize| text.repeat(length / text.len());
    for (name, start, part) in [
        ("sums.js", "eval;", "a+a;"),
        ("mixes.js", "", "a^=b<<1;"),
        ("objects.js", "eval;", "[{a:1}];"),
        ("classes.js", "eval;", "class A{}"),
        ("workers.js", "hardwareConcurrency;job;miner;", "new Worker(a);"),
    ] {
        for length in [HOSTILE, 8 * HOSTILE] {
            let folder = Folder::new();
            folder.file(name, start.to_owned() + &repeated(part, length));
            let (peak, most) = (peak(folder.path()), MOST + PROGRAM + TIMES * length as u64 / 1000);
            assert!(peak < most, "{name}, {length} bytes: {peak} kB of {most}");
        }
    }
}

/// The highest resident size of a scan, in kB.
fn peak(path: &Path) -> u64 {
    let mut child = Command::new(binary())
        .args(["scan", "--jobs", "2", "--fail-on", "never", "--allow-gaps"])
        .arg(path)
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
    watch.join().expect("a peak")
}

/// The highest resident size so far, in kB; none once the process has ended.
fn peak_of(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
