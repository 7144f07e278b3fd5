//! The demonstration: a page that mines, without and with Davy, in the real browser.

use crate::layout::Layout;
use crate::process::node;
use crate::{build, kernels, setup};
use anyhow::Result;
use std::process::ExitCode;

/// Sets up, builds, and hands over to the script that drives the browser; its exit is ours.
pub(crate) fn run(layout: &Layout, keep: bool) -> Result<ExitCode> {
    setup::all(layout)?;
    build::all(layout)?;
    kernels::miner(layout)?;
    let mut words = vec!["--import", "tsx", "demo/main.ts"];
    if keep {
        words.push("--keep");
    }
    let status = node(&layout.browser_tests(), &words).env("DAVY_COMMAND", layout.davy()).status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
