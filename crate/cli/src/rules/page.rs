//! Pages of the corpus: what a case names belongs to one page.

use serde::Deserialize;

/// A page's `case.toml`, as far as it says what belongs to the page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Page {
    /// Built modules.
    #[serde(default)]
    modules: Vec<String>,
    #[serde(default)]
    shaders: Vec<String>,
    #[serde(default)]
    scripts: Vec<String>,
    /// Addresses of sockets.
    #[serde(default)]
    pub(super) addresses: Vec<String>,
}

impl Page {
    /// Reads a case; nothing where it is none of a page.
    pub(super) fn read(text: &str) -> Option<Self> {
        toml::from_str(text).ok()
    }

    /// Files of the corpus that belong to the page, modules first.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.modules.iter().chain(&self.shaders).chain(&self.scripts).map(String::as_str)
    }
}
