//! What the documents must keep true: the code map lists every crate, and every permission is explained.

use crate::layout::Layout;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;

/// Where permissions are explained to who reviews the extension.
const PERMISSIONS: &str = "extension/README.md";
const CODE_MAP: &str = "crate/README.md";

/// Everything that the documents leave out.
pub(crate) fn check(layout: &Layout) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let map = read(&layout.root.join(CODE_MAP), &mut findings);
    for entry in std::fs::read_dir(layout.root.join("crate"))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.join("Cargo.toml").is_file() && !map.contains(&format!("{name}/")) {
            findings.push(format!("{CODE_MAP}: the code map does not list {name}/"));
        }
    }
    let manifest = std::fs::read_to_string(layout.root.join("manifest.json")).context("cannot read manifest.json")?;
    let explained = read(&layout.root.join(PERMISSIONS), &mut findings);
    for permission in permissions(&serde_json::from_str(&manifest)?) {
        if !explained.contains(&format!("`{permission}`")) {
            findings.push(format!("{PERMISSIONS}: does not explain the permission `{permission}`"));
        }
    }
    Ok(findings)
}

fn read(path: &Path, findings: &mut Vec<String>) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| {
        findings.push(format!("{}: {error}", path.display()));
        String::new()
    })
}

/// Every permission that the manifest asks for, at once or later.
fn permissions(manifest: &Value) -> Vec<String> {
    ["permissions", "host_permissions", "optional_permissions", "optional_host_permissions"]
        .iter()
        .flat_map(|key| manifest[key].as_array().cloned().unwrap_or_default())
        .filter_map(|permission| permission.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_of_every_kind_are_collected() {
        let manifest = serde_json::json!({ "permissions": ["storage"], "host_permissions": ["<all_urls>"] });
        assert_eq!(permissions(&manifest), ["storage", "<all_urls>"]);
    }
}
