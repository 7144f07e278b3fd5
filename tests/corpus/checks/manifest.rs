//! What xtask built: `target/corpus/manifest.json`.

use davy_model::Level;
use serde::Deserialize;
use std::path::PathBuf;

/// One built module and what is expected of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Module {
    /// From `target/corpus`.
    pub(crate) path: String,
    pub(crate) group: String,
    pub(crate) case: String,
    pub(crate) expect: Expect,
    pub(crate) known_failure: Option<String>,
}

/// What judging must give; see `tests/corpus/README.md`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[derive(Default)]
pub(crate) struct Expect {
    pub(crate) level: Option<Level>,
    pub(crate) at_least: Option<Level>,
    pub(crate) at_most: Option<Level>,
    pub(crate) algorithms: Vec<String>,
    pub(crate) rules: Vec<String>,
    pub(crate) not_rules: Vec<String>,
}

impl Module {
    /// `group/case`, as rules name it.
    pub(crate) fn folder(&self) -> String {
        format!("{}/{}", self.group, self.case)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let path = root().join("target/corpus").join(&self.path);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask test`", path.display()))
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every module, in the manifest's order.
pub(crate) fn modules() -> Vec<Module> {
    let path = root().join("target/corpus/manifest.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("the corpus is not built ({}: {error}); run `cargo xtask test`", path.display())
    });
    let modules: Vec<Module> = serde_json::from_str(&text).expect("the manifest is xtask's own");
    assert!(!modules.is_empty(), "the corpus is empty; run `cargo xtask test`");
    modules
}
