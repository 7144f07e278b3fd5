//! Binaryen's tools, as npm installs them beside the corpus: the optimiser and the linker.

use super::attack::Tools;
use super::own::names;
use super::random::Random;
use crate::root::root;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A lawful program of the corpus that a kernel is linked into: SQLite.
const LAWFUL: &str = "tests/corpus/lawful/node_modules/sql.js/dist/sql-wasm.wasm";

/// All proposals but the encoding of imports that engines of today refuse.
const FEATURES: [&str; 2] = ["--all-features", "--disable-compact-imports"];

/// Files of one step; removed when it is done.
struct Files(PathBuf);

impl Files {
    fn new(folder: &Path) -> Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let step = folder.join(format!("step-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        std::fs::create_dir_all(&step).with_context(|| format!("cannot create {}", step.display()))?;
        Ok(Self(step))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    fn read(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.0.join(name);
        std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // What stays behind lies under `target`.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A module through the optimiser.
pub(crate) fn optimise(bytes: &[u8], words: &[&str], tools: &Tools<'_>) -> Result<Vec<u8>> {
    let files = Files::new(tools.folder)?;
    files.write("in.wasm", bytes)?;
    let words: Vec<&str> = ["in.wasm", "-o", "out.wasm"].iter().chain(words).copied().collect();
    tool("wasm-opt", &words, &files.0, tools.until)?;
    files.read("out.wasm")
}

/// Functions in another order: by names that chance gave them, which are then taken away.
pub(crate) fn reorder(bytes: &[u8], random: &mut Random, tools: &Tools<'_>) -> Result<Vec<u8>> {
    let named = names::name_functions(bytes, random)?;
    optimise(&named, &["--reorder-functions-by-name", "--strip-debug"], tools)
}

/// The kernel linked into a large lawful program, every function of both reachable.
pub(crate) fn link(bytes: &[u8], tools: &Tools<'_>) -> Result<Vec<u8>> {
    let files = Files::new(tools.folder)?;
    let lawful = root().join(LAWFUL);
    let lawful = std::fs::read(&lawful).with_context(|| format!("cannot read {}", lawful.display()))?;
    // Only one memory can be joined with an exported one: the kernel's keeps its name.
    let mut module = super::own::config().parse(&lawful)?;
    let memories: Vec<_> = module
        .exports
        .iter()
        .filter(|export| matches!(export.item, walrus::ExportItem::Memory(_)))
        .map(walrus::Export::id)
        .collect();
    for id in memories {
        module.exports.delete(id);
    }
    files.write("kernel.wasm", bytes)?;
    files.write("lawful.wasm", &module.emit_wasm())?;
    let words = ["kernel.wasm", "kernel", "lawful.wasm", "lawful", "-o", "both.wasm", "--rename-export-conflicts"];
    tool("wasm-merge", &words, &files.0, tools.until)?;
    tool("wasm-opt", &["both.wasm", "-o", "out.wasm", "--multi-memory-lowering"], &files.0, tools.until)?;
    files.read("out.wasm")
}

/// How long a tool may take. It is done in seconds.
fn patience(until: Option<Instant>) -> Duration {
    const ALONE: Duration = Duration::from_secs(600);
    const LEAST: Duration = Duration::from_secs(1);
    until.map_or(ALONE, |until| until.saturating_duration_since(Instant::now()).max(LEAST))
}

fn tool(name: &str, words: &[&str], folder: &Path, until: Option<Instant>) -> Result<()> {
    const BETWEEN: Duration = Duration::from_millis(20);
    let program = root().join("tests/corpus/rewrite/node_modules/binaryen/bin").join(name);
    let said = folder.join("said.txt");
    let errors = File::create(&said).with_context(|| format!("cannot create {}", said.display()))?;
    let mut command = Command::new("node");
    command.arg(&program).args(words).args(FEATURES).current_dir(folder);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors).spawn().context("cannot start node")?;
    let end = Instant::now() + patience(until);
    let status = loop {
        match child.try_wait().context("cannot wait for node")? {
            Some(status) => break status,
            None if Instant::now() > end => {
                child.kill().context("cannot end node")?;
                child.wait().context("cannot wait for node")?;
                bail!("{name} {} took too long", words.join(" "));
            }
            None => std::thread::sleep(BETWEEN),
        }
    };
    if !status.success() {
        let said = std::fs::read_to_string(&said).unwrap_or_default();
        bail!("{name} {} failed: {}", words.join(" "), said.lines().next().unwrap_or_default());
    }
    Ok(())
}
