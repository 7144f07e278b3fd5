//! From source to WebAssembly: Rust by cargo, text by `wat`.

use super::case::{Case, Source, Variant};
use crate::layout::Layout;
use crate::process::{cargo, command, output};
use crate::setup::WASM_TARGET;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Raise to build everything anew after a change of this module or of its neighbours.
const RECIPE: u32 = 3;

/// A hash over all that Rust cases are made of: sources, lock files, compiler, recipe.
pub(crate) fn fingerprint(layout: &Layout) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(RECIPE.to_le_bytes());
    hash.update(output(&mut command("rustc", &layout.root, &["--version", "--verbose"]))?);
    let folder = super::sources(layout);
    // Folders that no module is made of.
    let skip = |name: &std::ffi::OsStr| name == "node_modules" || name == "lawful" || name == "checks";
    let walk = walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| !skip(entry.file_name())) {
        let entry = entry.context("cannot walk tests/corpus")?;
        let path = entry.path();
        let is_source = path
            .extension()
            .is_some_and(|extension| ["rs", "lock", "mjs", "h", "hpp", "cpp"].iter().any(|known| extension == *known))
            || path.ends_with("Cargo.toml")
            || path.ends_with("package-lock.json");
        // The test itself reads modules, it does not make them.
        if is_source && path != folder.join("main.rs") {
            hash.update(path.strip_prefix(&folder).unwrap_or(path).as_os_str().as_encoded_bytes());
            hash.update(std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?);
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Where cargo builds the corpus: apart from the product, and kept between runs.
pub(crate) fn target(layout: &Layout) -> PathBuf {
    layout.cargo_target.join("corpus-build")
}

/// Builds a Rust package at a variant's optimisation level.
pub(crate) fn rust(layout: &Layout, case: &Case, variant: &Variant, to: &Path) -> Result<()> {
    let Source::Rust(level) = &variant.source else { bail!("{} is not made of Rust", variant.stem) };
    let package = case.folder.join(variant.build.package.as_deref().unwrap_or("."));
    let profile = format!("o{level}");
    let features = variant.build.features.join(",");
    let mut build = cargo(
        &package,
        &[
            "build",
            "--quiet",
            "--locked",
            "--lib",
            "--target",
            WASM_TARGET,
            "--profile",
            &profile,
            "--features",
            &features,
        ],
    );
    let flags: Vec<String> =
        variant.build.target_features.iter().map(|name| format!("-Ctarget-feature=+{name}")).collect();
    // Whatever flags the developer's own builds use must not change what is judged.
    build.env("CARGO_TARGET_DIR", target(layout)).env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    output(&mut build)?;
    let built = target(layout).join(WASM_TARGET).join(profile).join(artifact(&package)?);
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    std::fs::copy(&built, to).with_context(|| format!("cannot copy {} to {}", built.display(), to.display()))?;
    Ok(())
}

/// The file that cargo makes of a package: its folder's name by the corpus's convention.
fn artifact(package: &Path) -> Result<String> {
    let package = package.canonicalize().with_context(|| format!("{} is missing", package.display()))?;
    let name = package.file_name().and_then(|name| name.to_str()).context("a package's folder has a name")?;
    Ok(format!("{}.wasm", name.replace('-', "_")))
}

/// Assembles WebAssembly text.
pub(crate) fn text(from: &Path, to: &Path) -> Result<()> {
    let module = wat::parse_file(from).with_context(|| format!("cannot assemble {}", from.display()))?;
    std::fs::write(to, module).with_context(|| format!("cannot write {}", to.display()))
}

/// Runs a program of the corpus and assembles the text that it prints.
pub(crate) fn generated(layout: &Layout, case: &Case, variant: &Variant, program: &str, to: &Path) -> Result<()> {
    let package = case.folder.join(program);
    let mut words = vec!["run", "--quiet", "--locked", "--profile", "o2", "--"];
    words.extend(variant.build.arguments.iter().map(String::as_str));
    let mut run = cargo(&package, &words);
    let printed = output(run.env("CARGO_TARGET_DIR", target(layout)).env_remove("RUSTFLAGS"))?;
    let module =
        wat::parse_str(&printed).with_context(|| format!("{program} prints no module for {}", variant.stem))?;
    std::fs::write(to, module).with_context(|| format!("cannot write {}", to.display()))
}
