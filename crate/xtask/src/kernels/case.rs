//! `case.toml`: what to build from a case and what is expected of it. `tests/corpus/README.md` describes the format.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One folder of `tests/corpus/<group>`.
#[derive(Debug)]
pub(crate) struct Case {
    /// `mining`, `lookalike` or `evasion`.
    pub(crate) group: String,
    /// The folder's name.
    pub(crate) name: String,
    /// The folder.
    pub(crate) folder: PathBuf,
    /// What it is, in a sentence.
    pub(crate) about: String,
    /// What is expected of every module that says nothing else.
    pub(crate) expect: Expect,
    /// Modules that are known to fail, by name or by prefix and `*`, with the reason.
    pub(crate) known_failures: BTreeMap<String, String>,
    /// What to build.
    pub(crate) sources: Vec<Build>,
}

/// What judging a module must give. Levels in the command line's words.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Expect {
    /// Exactly this level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) level: Option<String>,
    /// This level or a higher one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at_least: Option<String>,
    /// This level or a lower one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at_most: Option<String>,
    /// Algorithms that must be named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) algorithms: Vec<String>,
    /// Rules that must fire.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) rules: Vec<String>,
    /// Rules that must not fire.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) not_rules: Vec<String>,
}

/// An input and the output that the published algorithm gives for it, both in hex.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vector {
    /// Written to the input buffer.
    pub(crate) input: String,
    /// Read from the output buffer.
    pub(crate) output: String,
}

/// One `[[build]]`: one program, at several optimisation levels.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Build {
    /// Begins the names of its modules; the case's name without one.
    pub(crate) name: Option<String>,
    /// Folder of the Rust package, from the case's own; the case's own without one.
    pub(crate) package: Option<String>,
    /// WebAssembly text in place of a Rust package.
    pub(crate) text: Option<String>,
    /// Folder of a Rust program, from the case's own, that prints WebAssembly text when run with [`Build::arguments`].
    pub(crate) generator: Option<String>,
    /// Words for the generator.
    pub(crate) arguments: Vec<String>,
    /// C and C++ files of the case's folder, in place of a Rust package.
    pub(crate) c: Vec<String>,
    /// A crate whose C or C++ is compiled beside [`Build::c`]; `c-sources/Cargo.toml` pins it.
    #[serde(rename = "crate")]
    pub(crate) vendor: Option<String>,
    /// Files of that crate, from its folder.
    pub(crate) crate_files: Vec<String>,
    /// Flags for clang; `{crate}` stands for the crate's folder.
    pub(crate) c_flags: Vec<String>,
    /// Cargo features.
    pub(crate) features: Vec<String>,
    /// Profiles: 0, 2, 3, s, z. Rewritten modules start from the first.
    pub(crate) opt_levels: Vec<String>,
    /// WebAssembly proposals that the compiler may use.
    pub(crate) target_features: Vec<String>,
    /// Levels of binaryen's optimiser to pass the first module through, such as `-O3`.
    pub(crate) wasm_opt: Vec<String>,
    /// Seeds of wasm-mutate; a module for each.
    pub(crate) mutate: Vec<u64>,
    /// Test vectors of the published algorithm.
    pub(crate) vector: Vec<Vector>,
    /// Says that engines of today refuse the module: it is judged, but not run.
    pub(crate) unsupported: bool,
    /// Who wrote what is hashed with, where it is not this project: benches report families of one author apart.
    pub(crate) origin: Option<String>,
    /// What is expected, where it is not what the case expects.
    pub(crate) expect: Option<Expect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    about: String,
    /// For readers of the file: what rule it nearly meets.
    #[serde(default, rename = "near-miss")]
    _near_miss: Option<String>,
    expect: Expect,
    #[serde(default)]
    known_failures: BTreeMap<String, String>,
    build: Vec<Build>,
}

/// One module before rewriting.
#[derive(Debug)]
pub(crate) struct Variant {
    /// Stem of its file.
    pub(crate) stem: String,
    /// What it is made of.
    pub(crate) source: Source,
    /// The build it belongs to.
    pub(crate) build: Build,
    /// Whether rewritten modules start from it.
    pub(crate) is_first: bool,
}

/// What a module is made of.
#[derive(Debug)]
pub(crate) enum Source {
    /// A Rust package at an optimisation level.
    Rust(String),
    /// C and C++ at an optimisation level.
    C(String),
    /// WebAssembly text, by its file in the case's folder.
    Text(String),
    /// WebAssembly text, printed by the program in this folder.
    Generated(String),
}

impl Variant {
    /// Its file's name.
    pub(crate) fn file(&self) -> String {
        format!("{}.wasm", self.stem)
    }

    /// The plain kernel at the size-conscious level, whose code engines run fastest.
    pub(crate) fn is_demonstrated(&self) -> bool {
        self.stem == "cn-0-os"
    }
}

impl Case {
    /// Every module of the case, before rewriting.
    pub(crate) fn variants(&self) -> Vec<Variant> {
        self.sources.iter().flat_map(|build| self.of_build(build)).collect()
    }

    fn of_build(&self, build: &Build) -> Vec<Variant> {
        let name = build.name.as_ref().unwrap_or(&self.name);
        let variant = |stem: String, source, is_first| Variant { stem, source, build: build.clone(), is_first };
        match (&build.text, &build.generator) {
            (Some(text), _) => vec![variant(name.clone(), Source::Text(text.clone()), true)],
            (None, Some(program)) => vec![variant(name.clone(), Source::Generated(program.clone()), true)],
            (None, None) => {
                let source = if build.c.is_empty() { Source::Rust } else { Source::C };
                let levels = build.opt_levels.iter().enumerate();
                levels.map(|(n, level)| variant(format!("{name}-o{level}"), source(level.clone()), n == 0)).collect()
            }
        }
    }

    /// What the case's modules are made of, beside Rust: the recipes, without what is expected, WebAssembly texts and C.
    pub(crate) fn recipe(&self) -> Result<String> {
        let bare = |build: &Build| Build { vector: Vec::new(), origin: None, expect: None, ..build.clone() };
        let bare: Vec<Build> = self.sources.iter().map(bare).collect();
        Ok(format!("{bare:?}\n{}", self.texts()?))
    }

    fn texts(&self) -> Result<String> {
        let files = self.sources.iter().flat_map(|build| build.text.iter().chain(&build.c));
        let read = |file: &String| {
            std::fs::read_to_string(self.folder.join(file)).with_context(|| format!("cannot read {file}"))
        };
        files.map(read).collect()
    }

    /// Why a module is known to fail, if it is.
    pub(crate) fn known_failure(&self, stem: &str) -> Option<&str> {
        let of = |pattern: &str| match pattern.strip_suffix('*') {
            Some(prefix) => stem.starts_with(prefix),
            None => stem == pattern,
        };
        self.known_failures.iter().find(|(pattern, _)| of(pattern)).map(|(_, reason)| reason.as_str())
    }
}

/// Reads a case's folder.
pub(crate) fn read(folder: &Path, group: &str) -> Result<Case> {
    let path = folder.join("case.toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let file: File = toml::from_str(&text).with_context(|| format!("{} is not a case", path.display()))?;
    for build in &file.build {
        let ways = [build.text.is_some(), build.generator.is_some(), !build.opt_levels.is_empty()];
        if ways.iter().filter(|given| **given).count() != 1 {
            bail!("{}: a build needs one of `text`, `generator` and `opt-levels`", path.display());
        }
        if build.vendor.is_some() && build.c.is_empty() {
            bail!("{}: `crate` needs a file of the case's own in `c` with the module's exports", path.display());
        }
    }
    let name = folder.file_name().and_then(|name| name.to_str()).context("a case's folder has a name")?;
    let File { about, expect, known_failures, build: sources, .. } = file;
    let (group, name, folder) = (group.to_owned(), name.to_owned(), folder.to_owned());
    Ok(Case { group, name, folder, about, expect, known_failures, sources })
}
