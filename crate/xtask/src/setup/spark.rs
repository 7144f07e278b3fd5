//! Apache Spark for the tests of the job that runs on it: PySpark of PyPI, in a Python environment under `target/`, and Java.
//! Only `cargo xtask test --all` asks for it.

use super::{administrator, apt_install};
use crate::layout::Layout;
use crate::process::{command, output, run, spoken, which};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Java that this Spark is tested with by those who make it, and Debian's package.
const JAVA: &str = "17";
const PACKAGE: &str = "openjdk-17-jre-headless";

/// Where Debian puts its Java.
const DEBIAN: &str = "/usr/lib/jvm";

/// What runs the tests.
pub(crate) struct Spark {
    python: PathBuf,
    java: PathBuf,
}

impl Spark {
    /// Python with PySpark, in a directory with the given words.
    pub(crate) fn python(&self, directory: &Path, words: &[&str]) -> Command {
        let mut python = command(&self.python, directory, words);
        python.env("JAVA_HOME", &self.java);
        python
    }
}

/// Finds both, and installs what is missing.
pub(crate) fn find(layout: &Layout) -> Result<Spark> {
    let java = match java(&layout.root) {
        Some(java) => java,
        None => install_java(&layout.root)?,
    };
    Ok(Spark { python: environment(layout)?, java })
}

/// The folder of a Java of the right version: the one that is named, the one on the path, or Debian's.
fn java(root: &Path) -> Option<PathBuf> {
    let named = std::env::var_os("JAVA_HOME").map(PathBuf::from);
    let on_path = which(&["java"]).and_then(|java| Some(java.canonicalize().ok()?.parent()?.parent()?.to_owned()));
    let debian = std::fs::read_dir(DEBIAN).ok().into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut debian: Vec<PathBuf> = debian.collect();
    debian.sort();
    named.into_iter().chain(on_path).chain(debian).find(|home| is_right(root, home))
}

fn is_right(root: &Path, home: &Path) -> bool {
    // `java -version` speaks on standard error, `--version` on standard output: "openjdk 17.0.15 2025-04-15".
    let said = output(&mut command(home.join("bin/java"), root, &["--version"])).unwrap_or_default();
    said.split(' ').nth(1).and_then(|version| version.split('.').next()) == Some(JAVA)
}

fn install_java(root: &Path) -> Result<PathBuf> {
    let ask = format!(
        "Java {JAVA} is missing, which Spark's tests need. Install it: `sudo apt-get update && sudo apt-get install -y \
         {PACKAGE}` on Debian, or name one in JAVA_HOME; then try again"
    );
    if which(&["apt-get"]).is_none() {
        bail!("{ask}");
    }
    let Some(prefix) = administrator(root) else { bail!("{ask} (this account is neither root nor has sudo)") };
    println!("setup: installing Java {JAVA} by apt-get (update, then install {PACKAGE})");
    apt_install(root, prefix, &[PACKAGE]).with_context(|| ask.clone())?;
    java(root).with_context(|| format!("{PACKAGE} was installed but is not found. {ask}"))
}

/// The Python of an environment with the packages of the tests' list. A copy of the list beside it tells that they are in it.
fn environment(layout: &Layout) -> Result<PathBuf> {
    let (folder, list) = (layout.root.join("target/spark"), layout.spark().join("requirements.txt"));
    let wanted = std::fs::read(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let (python, stamp) = (folder.join("bin/python"), folder.join("installed.txt"));
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) && python.is_file() {
        return Ok(python);
    }
    let shown = folder.to_str().context("the repository's path is not Unicode")?;
    let mut make = command("python3", &layout.root, &["-m", "venv", "--clear", shown]);
    println!("setup: making a Python environment (`{}`)", spoken(&make));
    run(&mut make).context("install Python 3 with its venv (`python3-venv` on Debian), then try again")?;
    let list = list.to_str().context("the repository's path is not Unicode")?;
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", list];
    let mut install = command(&python, &layout.root, &quiet);
    println!("setup: installing PySpark there, some 300 MB (`{}`)", spoken(&install));
    run(&mut install)?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}
