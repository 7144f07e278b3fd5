//! C and C++ to WebAssembly by clang: files of a case's own, and those that a crate vendors. Crates are pinned by the
//! corpus's lock file and found through cargo, so that no file of theirs stands in the tree.

use super::case::{Case, Variant};
use super::{compile, sources, text};
use crate::layout::Layout;
use crate::process::{cargo, command, output};
use crate::setup;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Of `cargo metadata`: where each package stands.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
}

/// Compiles and links a variant at an optimisation level.
pub(crate) fn c(layout: &Layout, case: &Case, variant: &Variant, level: &str, to: &Path) -> Result<()> {
    let clang = setup::clang::find(&layout.root)?;
    let build = &variant.build;
    let vendor = build.vendor.as_deref().map(|name| folder_of(layout, name)).transpose()?;
    let vendor = vendor.as_deref().map(text).transpose()?.unwrap_or("");
    let optimise = format!("-O{level}");
    let mut words = vec![setup::clang::C_TARGET, &optimise, "-w", "-mexec-model=reactor", "-Wl,--strip-all"];
    let flags: Vec<String> = build.c_flags.iter().map(|flag| flag.replace("{crate}", vendor)).collect();
    let files: Vec<String> = build.crate_files.iter().map(|file| format!("{vendor}/{file}")).collect();
    words.extend(flags.iter().chain(&build.c).chain(&files).map(String::as_str));
    // A linker flag of a case stands before its files; libraries must stand behind them.
    if build.c.iter().chain(&files).any(|file| file.ends_with(".cpp")) {
        words.extend(["-lc++", "-lc++abi"]);
    }
    let to = std::path::absolute(to).with_context(|| format!("cannot name {}", to.display()))?;
    words.extend(["-o", text(&to)?]);
    // Intermediate files go where cargo builds; nothing is left in the tree.
    let scratch = compile::target(layout).join("c");
    std::fs::create_dir_all(&scratch).with_context(|| format!("cannot create {}", scratch.display()))?;
    output(command(clang, &case.folder, &words).env("TMPDIR", scratch)).map(drop)
}

/// Where cargo keeps a crate that `c-sources` names; fetched when it is not there yet.
fn folder_of(layout: &Layout, name: &str) -> Result<PathBuf> {
    let package = sources(layout).join("c-sources");
    let answer = output(&mut cargo(&package, &["metadata", "--locked", "--format-version", "1"]))?;
    let metadata: Metadata = serde_json::from_str(&answer).context("cannot read what `cargo metadata` says")?;
    let found = metadata.packages.into_iter().find(|package| package.name == name);
    let manifest = found.with_context(|| format!("c-sources/Cargo.toml names no crate {name}"))?.manifest_path;
    Ok(manifest.parent().context("a manifest stands in a folder")?.to_owned())
}
