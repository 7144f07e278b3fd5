//! What a fresh machine lacks: the wasm target, browsers, npm packages. Installs only what is missing and says so.

use crate::layout::Layout;
use crate::process::{command, npm, output, run, spoken, which};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

pub(crate) mod clang;
pub(crate) mod spark;

/// The oldest node that the tools of both npm packages accept.
const NODE_MAJOR: u32 = 20;
/// The core's target for browsers.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A browser that tests drive.
struct Browser {
    name: &'static str,
    /// Environment variable that names it for whoever has it elsewhere.
    variable: &'static str,
    /// Names under which distributions install it.
    names: &'static [&'static str],
    /// Debian's package.
    package: &'static str,
}

/// Branded Chrome ignores `--load-extension`.
const CHROMIUM: Browser = Browser {
    name: "Chromium",
    variable: "DAVY_CHROMIUM",
    names: &["chromium", "chromium-browser", "ungoogled-chromium"],
    package: "chromium",
};
const FIREFOX: Browser =
    Browser { name: "Firefox", variable: "DAVY_FIREFOX", names: &["firefox-esr", "firefox"], package: "firefox-esr" };

/// Everything that any command needs.
pub(crate) fn all(layout: &Layout) -> Result<()> {
    wasm_target(&layout.root)?;
    node(&layout.root)?;
    packages(&layout.extension())?;
    packages(&layout.browser_tests())?;
    packages(&layout.rewriter())?;
    packages(&layout.obfuscators())?;
    packages(&layout.formats())?;
    clang::find(&layout.root)?;
    browser(&layout.root, &CHROMIUM).map(drop)
}

/// The same, and what only the whole of the tests needs.
pub(crate) fn whole(layout: &Layout) -> Result<()> {
    all(layout)?;
    packages(&layout.applications())?;
    browser(&layout.root, &FIREFOX).map(drop)
}

/// The standard library for [`WASM_TARGET`].
pub(crate) fn wasm_target(root: &Path) -> Result<()> {
    rust_target(root, WASM_TARGET)
}

/// The standard library for a target.
pub(crate) fn rust_target(root: &Path, target: &str) -> Result<()> {
    let words = ["--print", "target-libdir", "--target", target];
    let library = output(&mut command("rustc", root, &words))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    let mut add = command("rustup", root, &["target", "add", target]);
    println!("setup: installing the Rust target {target} (`{}`)", spoken(&add));
    run(&mut add).with_context(|| format!("install the standard library for {target}, then try again"))
}

fn node(root: &Path) -> Result<()> {
    let ask = format!("install node {NODE_MAJOR} or newer with npm, then try again");
    let version = output(&mut command("node", root, &["--version"])).with_context(|| ask.clone())?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR) {
        bail!("node is {}: {ask}", version.trim());
    }
    Ok(())
}

/// The packages of a lock file. A copy of the lock beside them tells that they are the ones it names.
pub(crate) fn packages(directory: &Path) -> Result<()> {
    let lock = std::fs::read(directory.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", directory.display()))?;
    let stamp = directory.join("node_modules/.installed-lock.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut install = npm(directory, &["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    println!("setup: installing npm packages in {} (`{}`)", directory.display(), spoken(&install));
    run(&mut install)?;
    std::fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Whether tests can drive a Firefox here.
pub(crate) fn has_firefox() -> bool {
    std::env::var_os(FIREFOX.variable).is_some() || which(FIREFOX.names).is_some()
}

/// A browser that tests drive: the one named, one on the path, or Debian's package.
fn browser(root: &Path, browser: &Browser) -> Result<PathBuf> {
    let Browser { name, variable, names, .. } = browser;
    if let Some(named) = std::env::var_os(variable) {
        let path = PathBuf::from(named);
        return if path.is_file() { Ok(path) } else { bail!("{variable} names no file: {}", path.display()) };
    }
    if let Some(found) = which(names) {
        return Ok(found);
    }
    install(root, browser)?;
    which(names).with_context(|| format!("{name} was installed but is not on the path"))
}

fn install(root: &Path, Browser { name, variable, package, .. }: &Browser) -> Result<()> {
    let ask = format!(
        "{name} is missing. Install it: `sudo apt-get update && sudo apt-get install -y {package}` on Debian, or your \
         system's unbranded {name}, or name one in {variable}; then try again"
    );
    if which(&["apt-get"]).is_none() {
        bail!("{ask}");
    }
    let Some(prefix) = administrator(root) else { bail!("{ask} (this account is neither root nor has sudo)") };
    println!("setup: installing {name} by apt-get (update, then install {package})");
    apt_install(root, prefix, &[package]).context(ask)
}

/// Installs Debian packages without asking anything.
fn apt_install(root: &Path, prefix: &[&str], packages: &[&str]) -> Result<()> {
    let install: Vec<&str> =
        ["install", "-y", "-qq", "--no-install-recommends"].iter().chain(packages).copied().collect();
    for words in [&["update", "-qq"][..], &install] {
        let line: Vec<&str> = prefix.iter().copied().chain(["apt-get"]).chain(words.iter().copied()).collect();
        run(command(line[0], root, &line[1..]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(())
}

/// The words that make a command an administrator's, or nothing when this account cannot be one unasked.
fn administrator(root: &Path) -> Option<&'static [&'static str]> {
    let id = output(&mut command("id", root, &["-u"])).ok()?;
    if id.trim() == "0" {
        return Some(&[]);
    }
    output(&mut command("sudo", root, &["-n", "true"])).ok().map(|_| &["sudo", "-n"][..])
}
