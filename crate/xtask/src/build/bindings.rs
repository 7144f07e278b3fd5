//! A wasm build to a package: bindings by wasm-bindgen's library, then binaryen where it makes the module smaller.

use crate::layout::Layout;
use crate::process::{node, output};
use anyhow::{Context, Result};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// What the package's files are called.
const NAME: &str = "davy_web";
/// The proposals that the builds use; binaryen must not bring in more.
const SHRINK: [&str; 9] = [
    "node_modules/binaryen/bin/wasm-opt",
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
];

/// Writes `davy_web.js`, `davy_web.d.ts` and `davy_web_bg.wasm` into `package`, unless those there are made of these bytes.
pub(crate) fn write(layout: &Layout, built: &Path, package: &Path) -> Result<()> {
    let source = std::fs::read(built).with_context(|| format!("cannot read {}", built.display()))?;
    let made_of = [SHRINK.join(" ").as_bytes(), &source].concat();
    let stamp = package.join(".made-of");
    if std::fs::read(&stamp).is_ok_and(|known| known == made_of) {
        return Ok(());
    }
    if package.is_dir() {
        std::fs::remove_dir_all(package)?;
    }
    Bindgen::new()
        .input_path(built)
        .web(true)?
        .typescript(true)
        .out_name(NAME)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(package)?;
    shrink(layout, &package.join(format!("{NAME}_bg.wasm")))?;
    std::fs::write(stamp, made_of)?;
    Ok(())
}

/// Keeps binaryen's result only when it is smaller.
fn shrink(layout: &Layout, module: &Path) -> Result<()> {
    let smaller = module.with_extension("shrunk");
    let (from, to) = (module.to_string_lossy(), smaller.to_string_lossy());
    let words: Vec<&str> = SHRINK.into_iter().chain([&*from, "-o", &*to]).collect();
    output(&mut node(&layout.rewriter(), &words))?;
    if std::fs::metadata(&smaller)?.len() < std::fs::metadata(module)?.len() {
        std::fs::rename(&smaller, module)?;
    } else {
        std::fs::remove_file(&smaller)?;
    }
    Ok(())
}
