//! Runs the binary and takes its output apart.

use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longest time that any run may take; a run that hangs is ended and fails its test.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The lines of an ndjson report, without the summary.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let mut all = self.all_lines();
        all.pop();
        all
    }

    pub(crate) fn summary(&self) -> Value {
        self.all_lines().pop().expect("a last line")["summary"].take()
    }

    fn all_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }

    /// The only line about an artifact.
    pub(crate) fn line(&self) -> Value {
        let mut lines = self.lines();
        assert_eq!(lines.len(), 1, "{self:?}");
        lines.remove(0)
    }

    /// The paths of the lines, without the folder in front.
    pub(crate) fn paths(&self, folder: &Path) -> Vec<String> {
        let prefix = format!("{}/", folder.display());
        let short = |line: &Value| line["path"].as_str().expect("a path").replace(&prefix, "");
        self.lines().iter().map(short).collect()
    }

    /// Fails unless the run ended in an orderly way with this status.
    pub(crate) fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{self:?}");
        assert!(!self.stderr.contains("panicked"), "{self:?}");
        self
    }
}

pub(crate) fn binary() -> &'static str {
    env!("CARGO_BIN_EXE_davy")
}

/// Runs `davy` with arguments.
pub(crate) fn davy<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> Run {
    finish(Command::new(binary()).args(args), b"")
}

/// Runs `davy scan` over one path, as in a pipe.
pub(crate) fn scan(path: &Path) -> Run {
    davy(&["scan".as_ref(), path.as_os_str()])
}

/// Runs `davy scan` with options over one path.
pub(crate) fn scan_with(options: &[&str], path: &Path) -> Run {
    let mut args: Vec<&std::ffi::OsStr> = vec!["scan".as_ref()];
    args.extend(options.iter().map(AsRef::<std::ffi::OsStr>::as_ref));
    args.push(path.as_os_str());
    davy(&args)
}

/// Runs a command with this input to its end, or ends it when it hangs.
pub(crate) fn finish(command: &mut Command, input: &[u8]) -> Run {
    command.env_remove("NO_COLOR").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    // A command that reads no input closes the pipe: not this test's concern.
    let feeding = thread::spawn(move || drop(stdin.write_all(&input)));
    let stdout = drain(child.stdout.take().expect("a pipe"));
    let stderr = drain(child.stderr.take().expect("a pipe"));
    let status = wait(&mut child);
    feeding.join().expect("fed");
    let text = |bytes: thread::JoinHandle<Vec<u8>>| String::from_utf8(bytes.join().expect("read")).expect("UTF-8");
    Run { code: status.code().expect("an exit status, not a signal"), stdout: text(stdout), stderr: text(stderr) }
}

fn drain(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("the pipe can be read");
        bytes
    })
}

pub(crate) fn wait(child: &mut Child) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            return status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().expect("the child can be ended");
            child.wait().expect("it ended");
            panic!("the command hangs");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// A folder for one test.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(&path, content).expect("a file");
        path
    }
}

/// A small lawful module with code and data; `salt` makes it differ from others.
pub(crate) fn module(salt: u32) -> Vec<u8> {
    let text = format!(
        r#"(module
            (memory (export "memory") 1)
            (data (i32.const 64) "davy")
            (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
            (func (export "f") (param i32) (result i32) (local i32)
                (loop $again
                    (local.set 1 (call $add (local.get 1) (i32.const {salt})))
                    (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
                (local.get 1)))"#
    );
    wat::parse_str(text).expect("a module")
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let word = (0..3).fold(0u32, |word, i| (word << 8) | u32::from(group.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let used = i <= group.len();
            text.push(if used { ALPHABET[(word >> (18 - 6 * i)) as usize & 63] as char } else { '=' });
        }
    }
    text
}
