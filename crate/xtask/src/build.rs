//! The products: the command, the two wasm builds with their bindings, the network rules, the extension.

mod bindings;
mod hosts;

use crate::layout::Layout;
use crate::process::{self, cargo, node, npm, output, run};
use crate::setup::{self, WASM_TARGET};
use anyhow::{Context, Result, anyhow, bail};
use std::time::Instant;

/// The wasm builds of the core: what every frame carries, and the whole for the background.
const FLAVOURS: [&str; 2] = ["frame", "background"];
/// The profile that both are built with: size first, see the workspace's Cargo.toml.
const PROFILE: &str = "frame";

/// What the builds may use beyond the target's own set: every browser that the manifest admits has vectors, and bytes are looked
/// through sixteen at a time.
const RUSTFLAGS: &str = "-Ctarget-feature=+simd128";

/// How the loader of a dynamic program is named, whatever the processor.
const INTERPRETER: &[u8] = b"/ld-linux";

/// Everything that is shipped, and what tests of it need.
pub(crate) fn all(layout: &Layout) -> Result<()> {
    let start = Instant::now();
    // Side by side: whole programs are optimised by one core at a time, and neither waits for a file of the other.
    std::thread::scope(|scope| {
        let native = scope.spawn(|| command(layout));
        let web = FLAVOURS.iter().try_for_each(|flavour| wasm(layout, flavour));
        native.join().unwrap_or_else(|_| Err(anyhow!("the command's build ended early"))).and(web)
    })?;
    hosts::write(layout)?;
    run(&mut npm(&layout.extension(), &["run", "--silent", "build"]))?;
    println!("build: the command, both wasm builds and the extension in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// The native command, as the contract places it.
pub(crate) fn command(layout: &Layout) -> Result<()> {
    run(&mut cargo(&layout.root, &["build", "--release", "--quiet", "--package", "davy-cli"]))
}

/// The command as one file that needs no library of the system: Linux on this processor, with musl's C library in it.
pub(crate) fn without_libraries(layout: &Layout) -> Result<()> {
    let target = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    setup::rust_target(&layout.root, &target)?;
    run(&mut cargo(&layout.root, &["build", "--release", "--quiet", "--package", "davy-cli", "--target", &target]))?;
    let built = layout.cargo_target.join(&target).join("release/davy");
    let bytes = std::fs::read(&built).with_context(|| format!("cannot read {}", built.display()))?;
    // A program that the system's loader must complete names the loader.
    if bytes.windows(INTERPRETER.len()).any(|word| word == INTERPRETER) {
        bail!("{} needs {}", built.display(), String::from_utf8_lossy(INTERPRETER));
    }
    let version = output(&mut process::command(&built, &layout.root, &["--version"]))?;
    println!("static: {} ({:.1} MB), {}", built.display(), bytes.len() as f64 / 1e6, version.trim());
    Ok(())
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
    run(cargo(&layout.root, &words).env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS))?;
    let built = layout.cargo_target.join(WASM_TARGET).join(PROFILE).join("davy_web.wasm");
    let package = layout.extension().join("pkg").join(flavour);
    bindings::write(layout, &built, &package).with_context(|| format!("the {flavour} build"))
}

/// Prints the size of the frame build and what its first use costs in the real browser.
pub(crate) fn first_use(layout: &Layout) -> Result<()> {
    run(&mut node(&layout.browser_tests(), &["--import", "tsx", "tool/first-use.ts"]))
}
