//! The products: the command, the two wasm builds with their bindings, the network rules, the extension.

mod bindings;
mod hosts;

use crate::layout::Layout;
use crate::process::{cargo, node, npm, run};
use crate::setup::WASM_TARGET;
use anyhow::{Context, Result};
use std::time::Instant;

/// The wasm builds of the core: what every frame carries, and the whole for the background.
const FLAVOURS: [&str; 2] = ["frame", "background"];
/// The profile that both are built with: size first, see the workspace's Cargo.toml.
const PROFILE: &str = "frame";

/// Everything that is shipped, and what tests of it need.
pub(crate) fn all(layout: &Layout) -> Result<()> {
    let start = Instant::now();
    command(layout)?;
    for flavour in FLAVOURS {
        wasm(layout, flavour)?;
    }
    hosts::write(layout)?;
    run(&mut npm(&layout.extension(), &["run", "--silent", "build"]))?;
    println!("build: the command, both wasm builds and the extension in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// The native command, as the contract places it.
pub(crate) fn command(layout: &Layout) -> Result<()> {
    run(&mut cargo(&layout.root, &["build", "--release", "--quiet", "--package", "davy-cli"]))
}

fn wasm(layout: &Layout, flavour: &str) -> Result<()> {
    let words = [
        "build",
        "--quiet",
        "--package",
        "davy-web",
        "--target",
        WASM_TARGET,
        "--profile",
        PROFILE,
        "--no-default-features",
        "--features",
        flavour,
    ];
    run(&mut cargo(&layout.root, &words))?;
    let built = layout.cargo_target.join(WASM_TARGET).join(PROFILE).join("davy_web.wasm");
    let package = layout.extension().join("pkg").join(flavour);
    bindings::write(layout, &built, &package).with_context(|| format!("the {flavour} build"))
}

/// Prints the size of the frame build and what its first use costs in the real browser.
pub(crate) fn first_use(layout: &Layout) -> Result<()> {
    run(&mut node(&layout.browser_tests(), &["--import", "tsx", "tool/first-use.ts"]))
}
