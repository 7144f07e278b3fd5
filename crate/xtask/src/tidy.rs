//! The rules of the house that no compiler checks. Each finding says what and where.

mod documents;
mod edges;
mod sources;

use crate::layout::Layout;
use crate::process::{command, output};
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;

/// The command: prints what was found, or that all is in order.
pub(crate) fn run(layout: &Layout) -> Result<ExitCode> {
    all(layout)?;
    println!("tidy: dependency edges, sources and documents are in order");
    Ok(ExitCode::SUCCESS)
}

/// Fails with every finding, one a line.
pub(crate) fn all(layout: &Layout) -> Result<()> {
    let files = files(layout)?;
    let mut findings = edges::check(layout)?;
    findings.extend(sources::check(layout, &files));
    findings.extend(documents::check(layout)?);
    if !findings.is_empty() {
        bail!("{} findings\n{}", findings.len(), findings.join("\n"));
    }
    Ok(())
}

/// The files of the repository by path from its root: what git knows, or would on the next `git add`.
fn files(layout: &Layout) -> Result<Vec<PathBuf>> {
    let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let list = output(&mut command("git", &layout.root, &words))?;
    let paths = list.split('\0').filter(|path| !path.is_empty()).map(PathBuf::from);
    Ok(paths.filter(|path| layout.root.join(path).is_file()).collect())
}
