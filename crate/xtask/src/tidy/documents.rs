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
    findings.extend(unjustified(&permissions(&serde_json::from_str(&manifest)?), &explained));
    Ok(findings)
}

/// Permissions without a reason, and reasons for permissions that nobody asks for.
fn unjustified(asked: &[String], document: &str) -> Vec<String> {
    let section = document.split("\n## ").find(|section| section.starts_with("Permissions")).unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    let reasons: Vec<(&str, &str)> = rows.map(|(name, why)| (name, why.trim_end_matches('|').trim())).collect();
    let unexplained = asked.iter().filter(|asked| !reasons.iter().any(|(name, why)| name == asked && !why.is_empty()));
    let unasked = reasons.iter().filter(|(name, _)| asked.iter().all(|asked| asked != name));
    unexplained
        .map(|permission| format!("{PERMISSIONS}: gives no reason for the permission `{permission}`"))
        .chain(unasked.map(|(name, _)| format!("{PERMISSIONS}: the manifest does not ask for `{name}`")))
        .collect()
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

    #[test]
    fn reasons_and_permissions_are_held_against_each_other() {
        let page = "# X\n\n`tabs`\n\n## Permissions, and why\n| a | b |\n| `storage` | keeps |\n| `alarms` | |\n\n## Y\n| `tabs` | t |\n";
        let asked = ["storage", "alarms", "tabs"].map(str::to_owned);
        let found = unjustified(&asked, page);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("`alarms`") && found[1].contains("`tabs`"));
        assert!(unjustified(&asked[..0], page)[0].contains("does not ask for `storage`"));
    }
}
