//! The list of pool hosts as a network rule: the browser itself refuses them, before any script of ours wakes.

use crate::layout::Layout;
use anyhow::{Context, Result, ensure};
use davy_judge::RuleSet;
use serde_json::{Value, json};

/// Writes `extension/dist/rules/hosts.json`, a declarativeNetRequest rule set.
pub(crate) fn write(layout: &Layout) -> Result<()> {
    let hosts: Vec<&str> = RuleSet::builtin().pool_hosts().iter().collect();
    ensure!(!hosts.is_empty(), "the rules know no pool host");
    let directory = layout.extension().join("dist/rules");
    std::fs::create_dir_all(&directory)?;
    let file = directory.join("hosts.json");
    std::fs::write(&file, format!("{:#}\n", rules(&hosts))).with_context(|| format!("cannot write {}", file.display()))
}

/// One rule with every host: a rule set may hold 30 000 rules, and a rule any number of domains. Resource types are
/// left out, which means all but `main_frame`: a person may read about a pool.
fn rules(hosts: &[&str]) -> Value {
    json!([{
        "id": 1,
        "priority": 1,
        "action": { "type": "block" },
        "condition": { "requestDomains": hosts },
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The browser takes names in lower case and ASCII alone, and drops a rule set with any other.
    #[test]
    fn every_host_of_the_rules_is_one_that_browsers_take() {
        let hosts: Vec<&str> = RuleSet::builtin().pool_hosts().iter().collect();
        let rules = rules(&hosts);
        let named = rules[0]["condition"]["requestDomains"].as_array().map(Vec::len);
        assert_eq!(named, Some(hosts.len()));
        for host in hosts {
            let takes = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b);
            assert!(host.bytes().all(takes) && !host.ends_with('.') && host.contains('.'), "{host}");
        }
    }

    #[test]
    fn every_host_stands_in_one_rule() {
        let rules = rules(&["a.example", "b.example"]);
        assert_eq!(rules[0]["condition"]["requestDomains"], json!(["a.example", "b.example"]));
        assert_eq!(rules[0]["action"]["type"], "block");
        assert_eq!(rules.as_array().map(Vec::len), Some(1));
    }
}
