//! Running other programs: what failed is said by name, what worked stays quiet.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// `cargo`, as it started us, with the given words.
pub(crate) fn cargo(root: &Path, words: &[&str]) -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), root, words)
}

/// `npm` in a package's directory.
pub(crate) fn npm(directory: &Path, words: &[&str]) -> Command {
    command("npm", directory, words)
}

/// `node` in a package's directory.
pub(crate) fn node(directory: &Path, words: &[&str]) -> Command {
    command("node", directory, words)
}

/// A program in a directory with the given words.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, directory: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory).args(words);
    command
}

/// Runs to the end with our own terminal; an error names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", spoken(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", spoken(command));
    }
    Ok(())
}

/// Runs to the end and gives what it wrote; an error carries what it said.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{}`", spoken(command)))?;
    if !output.status.success() {
        bail!("`{}` failed ({}): {}", spoken(command), output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first of `names` that `PATH` holds.
pub(crate) fn which(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| std::env::split_paths(&path).map(|d| d.join(name)).find(|p| p.is_file()))
}

/// The command as a person would type it.
pub(crate) fn spoken(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
