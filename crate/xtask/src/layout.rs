//! Where things stand: the root of the repository and what is made under it.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The paths that more than one command needs.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The root of the repository.
    pub(crate) root: PathBuf,
    /// Where cargo builds: `CARGO_TARGET_DIR`, or `target` under the root.
    pub(crate) cargo_target: PathBuf,
}

impl Layout {
    /// Finds the root from the manifest directory that `cargo run` announces.
    pub(crate) fn find() -> Result<Self> {
        let crate_directory = std::env::var_os("CARGO_MANIFEST_DIR").context("run me as `cargo xtask`")?;
        let root =
            Path::new(&crate_directory).ancestors().nth(2).context("crate/xtask stands two below the root")?.to_owned();
        let cargo_target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |directory| root.join(PathBuf::from(directory)));
        Ok(Self { root, cargo_target })
    }

    /// The extension's sources, a package of npm.
    pub(crate) fn extension(&self) -> PathBuf {
        self.root.join("extension")
    }

    /// The tests that drive a real browser, a package of npm.
    pub(crate) fn browser_tests(&self) -> PathBuf {
        self.root.join("tests/browser")
    }

    /// Binaryen's optimiser, a package of npm; the corpus rewrites modules with it too.
    pub(crate) fn rewriter(&self) -> PathBuf {
        self.root.join("tests/corpus/rewrite")
    }

    /// What obfuscators, minifiers and packers make of the corpus's scripts, a package of npm.
    pub(crate) fn obfuscators(&self) -> PathBuf {
        self.root.join("tests/obfuscate")
    }

    /// Lawful applications that do real work in the browser, a package of npm of a gigabyte.
    pub(crate) fn applications(&self) -> PathBuf {
        self.root.join("tests/applications")
    }

    /// Reports held against the published schemas of their formats, a package of npm.
    pub(crate) fn formats(&self) -> PathBuf {
        self.root.join("tests/formats")
    }

    /// The tests of the Spark job, in Python.
    pub(crate) fn spark(&self) -> PathBuf {
        self.root.join("tests/spark")
    }

    /// Kernels and lawful modules that tests read; always under the root, so that tests need not know cargo's settings.
    pub(crate) fn corpus(&self) -> PathBuf {
        self.root.join("target/corpus")
    }

    /// The release build of the command.
    pub(crate) fn davy(&self) -> PathBuf {
        self.cargo_target.join("release").join(format!("davy{}", std::env::consts::EXE_SUFFIX))
    }
}
