//! An engine of today: a node process that says whether a mutant is accepted and still computes what it should.

use super::kernel::{Kernel, Mutant};
use crate::root::root;
use anyhow::{Context, Result};
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long a vector may take: the slowest kernel needs a second, an outlined one ten times that.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the engine says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// Accepted, and the test vector passes.
    Valid,
    /// Not accepted: no evasion, a broken module.
    Refused,
    /// Runs, and computes something else or traps.
    Wrong,
    /// Not done within the time.
    Slow,
}

struct Process {
    child: Child,
    requests: ChildStdin,
    answers: Receiver<String>,
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nobody waits for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processes that wait for work, and the folder through which mutants reach them.
pub(crate) struct Engine {
    idle: Mutex<Vec<Process>>,
    folder: PathBuf,
}

impl Engine {
    /// Mutants pass through files in `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { idle: Mutex::new(Vec::new()), folder: folder.to_owned() }
    }

    /// Runs a mutant against the first vector of its kernel.
    pub(crate) fn ask(&self, kernel: &Kernel, mutant: &Mutant) -> Result<Said> {
        let mut process = match self.idle.lock().ok().and_then(|mut idle| idle.pop()) {
            Some(process) => process,
            None => start()?,
        };
        let file = self.folder.join(format!("asked-{}.wasm", process.child.id()));
        std::fs::write(&file, &mutant.bytes).with_context(|| format!("cannot write {}", file.display()))?;
        let vectors = &kernel.vectors[..1];
        writeln!(process.requests, "{}", json!({ "path": file, "vectors": vectors, "names": mutant.names }))?;
        let answer = process.answers.recv_timeout(PATIENCE);
        // A file that stays behind is written over next time.
        let _ = std::fs::remove_file(&file);
        // A process that is still busy is not asked again: dropping ends it.
        let Ok(answer) = answer else { return Ok(Said::Slow) };
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(process);
        }
        Ok(match answer.as_str() {
            "valid" => Said::Valid,
            "refused" => Said::Refused,
            _ => Said::Wrong,
        })
    }
}

fn start() -> Result<Process> {
    let script = root().join("crate/bench/src/evade/engine.mjs");
    let mut command = Command::new("node");
    let mut child = command
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start node")?;
    let requests = child.stdin.take().context("node has no input")?;
    let output = child.stdout.take().context("node has no output")?;
    let (sender, answers) = channel();
    std::thread::spawn(move || {
        let lines = BufReader::new(output).lines().map_while(Result::ok);
        lines.take_while(|line| sender.send(line.clone()).is_ok()).for_each(drop);
    });
    Ok(Process { child, requests, answers })
}
