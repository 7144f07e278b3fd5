//! What file systems hold beside files: links, pipes, devices, locked folders, names that are no text.
#![cfg(unix)]

use crate::bad_input::assert_lost;
use crate::harness::{Folder, Run, binary, davy, finish, module, scan, scan_with};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

fn fifo(folder: &Folder, name: &str) -> PathBuf {
    let path = folder.path().join(name);
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
    path
}

#[test]
fn a_named_pipe_is_never_opened() {
    let folder = Folder::new();
    let pipe = fifo(&folder, "pipe.wasm");
    let run = scan(&pipe);
    run.assert_code(2);
    assert!(run.stderr.contains("named pipe"), "{run:?}");
    folder.file("a.wasm", module(1));
    let run = scan(folder.path());
    run.assert_code(3);
    assert_eq!(run.paths(folder.path()), ["a.wasm", "pipe.wasm"]);
    assert_eq!(run.lines()[1]["gaps"][0]["reason"], "no-body");
    assert_lost(&run.lines()[1]);
}

#[test]
fn devices_and_sockets_are_never_opened() {
    for device in ["/dev/null", "/dev/zero", "/dev/tty"] {
        let run = davy(&["scan", device]);
        assert_eq!(run.code, 2, "{run:?}");
    }
    let folder = Folder::new();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s.js")).expect("a socket");
    symlink("/dev/zero", folder.path().join("z.wasm")).expect("a link");
    let run = scan(folder.path());
    run.assert_code(3);
    run.lines().iter().for_each(assert_lost);
    assert_eq!(run.lines().len(), 2);
}

#[test]
fn links_that_lead_nowhere() {
    let folder = Folder::new();
    let broken = folder.path().join("broken.js");
    symlink("nowhere", &broken).expect("a link");
    symlink("itself", folder.path().join("itself")).expect("a link");
    scan(&broken).assert_code(2);
    folder.file("a.wasm", module(1));
    let run = scan(folder.path());
    run.assert_code(3);
    assert_eq!(run.paths(folder.path()), ["a.wasm", "broken.js", "itself"]);
    run.lines()[1..].iter().for_each(assert_lost);
}

#[test]
fn links_to_files_and_folders_are_followed() {
    let (folder, other) = (Folder::new(), Folder::new());
    other.file("deep/b.wasm", module(1));
    symlink(other.path(), folder.path().join("linked")).expect("a link");
    symlink(other.path().join("deep/b.wasm"), folder.path().join("c")).expect("a link");
    let run = scan(folder.path());
    run.assert_code(0);
    assert_eq!(run.paths(folder.path()), ["c", "linked/deep/b.wasm"]);
}

#[test]
fn loops_of_links_end() {
    let folder = Folder::new();
    folder.file("a/b/x.wasm", module(1));
    symlink("..", folder.path().join("a/up")).expect("a link");
    symlink(folder.path(), folder.path().join("a/b/top")).expect("a link");
    symlink("/", folder.path().join("a/b/x")).expect("a link");
    fs::remove_file(folder.path().join("a/b/x")).expect("removed");
    let run = scan(folder.path());
    run.assert_code(0);
    assert_eq!(run.paths(folder.path()), ["a/b/x.wasm"]);
}

#[test]
fn links_to_links_do_not_multiply() {
    let (folder, other) = (Folder::new(), Folder::new());
    for level in 0..40 {
        other.file(&format!("{level}/x.wasm"), module(level));
        for twin in ["a", "b"] {
            symlink(format!("../{}", level + 1), other.path().join(format!("{level}/{twin}"))).expect("a link");
        }
    }
    other.file("40/x.wasm", module(40));
    symlink(other.path().join("0"), folder.path().join("in")).expect("a link");
    let run = scan(folder.path());
    run.assert_code(0);
    assert_eq!(run.lines().len(), 41);
}

#[test]
fn names_that_are_no_text() {
    let folder = Folder::new();
    let path = folder.path().join(OsStr::from_bytes(b"caf\xe9\x1b.wasm"));
    fs::write(&path, module(1)).expect("a file");
    for run in [scan(&path), scan(folder.path())] {
        run.assert_code(0);
        assert!(run.line()["path"].as_str().expect("text").ends_with("caf\u{fffd}\u{1b}.wasm"));
    }
}

#[test]
fn a_file_that_changes_while_it_is_read() {
    let folder = Folder::new();
    let path = folder.file("x.js", vec![b' '; 4 << 20]);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let file = fs::File::options().write(true).open(&path).expect("open");
            let mut long = false;
            while !stop.load(Ordering::Relaxed) {
                file.set_len(if long { 4 << 20 } else { 10 }).expect("set_len");
                long = !long;
            }
        });
        for _ in 0..30 {
            let run = scan(&path);
            assert!(matches!(run.code, 0 | 3), "{run:?}");
            assert_eq!(run.line()["complete"], run.code == 0);
        }
        stop.store(true, Ordering::Relaxed);
    });
}

/// Runs `davy scan` as somebody whom permissions bind: root is not bound, so there `nobody` runs it.
fn scan_as_somebody(folder: &Folder, path: &Path) -> Run {
    let scan = [OsStr::new("scan"), path.as_os_str()];
    let root = fs::read_dir(folder.path().join("locked")).is_ok();
    if !root {
        return finish(Command::new(binary()).args(scan), b"");
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
    let copy = folder.path().join("davy");
    fs::copy(binary(), &copy).expect("a copy that nobody can reach");
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    finish(Command::new("setpriv").args(nobody).arg(copy).args(scan), b"")
}

#[test]
fn folders_and_files_without_permission() {
    let folder = Folder::new();
    folder.file("site/a.wasm", module(1));
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).expect("a folder");
    folder.file("site/closed/b.wasm", module(1));
    let secret = folder.file("site/secret.bin", module(1));
    for path in [&locked, &folder.path().join("site/closed"), &secret] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("permissions");
    }
    let named = [&locked, &secret].map(|path| scan_as_somebody(&folder, path));
    let inside = scan_as_somebody(&folder, &folder.path().join("site"));
    for path in [&locked, &folder.path().join("site/closed"), &secret] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("permissions");
    }
    for run in named {
        run.assert_code(2);
        assert!(run.stderr.contains("ermission denied"), "{run:?}");
    }
    inside.assert_code(3);
    assert_eq!(inside.paths(&folder.path().join("site")), ["a.wasm", "closed", "secret.bin"]);
    inside.lines()[1..].iter().for_each(assert_lost);
    assert_eq!(inside.lines()[1]["kind"], "container");
}

#[test]
fn paths_longer_than_the_system_allows() {
    let folder = Folder::new();
    folder.file("a.wasm", module(1));
    // Made by steps, as only a program can that never names the whole path.
    let deep = "mkdir -p $(printf 'd%.0s' $(seq 200)) && cd $(printf 'd%.0s' $(seq 200))";
    let script = format!("cd '{}'; for i in $(seq 25); do {deep} || exit 1; done; : > x.wasm", folder.path().display());
    assert!(Command::new("bash").args(["-c", &script]).status().expect("bash").success());
    let run = scan_with(&["--jobs", "1"], folder.path());
    run.assert_code(3);
    assert_lost(&run.lines()[1]);
}
