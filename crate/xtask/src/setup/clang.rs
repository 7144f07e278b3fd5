//! The compiler of the corpus's C and C++ cases: Debian's clang with the libraries of its WebAssembly target.

use super::{administrator, apt_install};
use crate::process::{command, output, which};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// What clang calls the target: WASI's C library, though modules call none of the system.
pub(crate) const C_TARGET: &str = "--target=wasm32-wasi";
/// The newest first; the last is whatever version the system's default is.
const NAMES: [&str; 7] = ["clang-24", "clang-23", "clang-22", "clang-21", "clang-20", "clang-19", "clang"];
/// Libraries and the linker that a whole installation has, as clang is asked for them.
const PARTS: [&str; 5] = [
    "-print-file-name=libc.a",
    "-print-file-name=libc++.a",
    "-print-file-name=libc++abi.a",
    "-print-libgcc-file-name",
    "-print-prog-name=wasm-ld",
];
/// Debian's packages, for its release of November 2026.
const PACKAGES: [&str; 6] =
    ["clang-19", "lld-19", "wasi-libc", "libc++-19-dev-wasm32", "libc++abi-19-dev-wasm32", "libclang-rt-19-dev-wasm32"];

/// A clang that can make WebAssembly of C++; installed when there is none.
pub(crate) fn find(root: &Path) -> Result<PathBuf> {
    if let Some(found) = whole(root) {
        return Ok(found);
    }
    let ask = format!(
        "A clang for WebAssembly is missing. Install it: `sudo apt-get update && sudo apt-get install -y {}` on Debian, \
         then try again",
        PACKAGES.join(" ")
    );
    if which(&["apt-get"]).is_none() {
        bail!("{ask}");
    }
    let Some(prefix) = administrator(root) else { bail!("{ask} (this account is neither root nor has sudo)") };
    println!("setup: installing clang for WebAssembly by apt-get (update, then install {})", PACKAGES.join(" "));
    apt_install(root, prefix, &PACKAGES).with_context(|| ask.clone())?;
    whole(root).with_context(|| format!("clang was installed but cannot make WebAssembly. {ask}"))
}

/// The first clang on the path that has all parts.
fn whole(root: &Path) -> Option<PathBuf> {
    NAMES.iter().filter_map(|name| which(&[name])).find(|clang| PARTS.iter().all(|part| has(root, clang, part)))
}

/// Clang answers with a path where it has the part, and with the bare name where not.
fn has(root: &Path, clang: &Path, part: &str) -> bool {
    let answer = output(&mut command(clang, root, &[C_TARGET, part]));
    answer.is_ok_and(|path| Path::new(path.trim()).is_absolute() && Path::new(path.trim()).is_file())
}
