//! Reports as files.

use anyhow::{Context, Result};
use serde::Serialize;
use std::path::Path;

/// Writes a report, and says where.
pub(crate) fn write(path: &Path, report: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(report)? + "\n";
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    println!("\nwritten: {}", path.display());
    Ok(())
}
