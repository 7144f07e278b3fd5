//! Lists of hosts that people keep: one a line, as `pool.example`, `#` before what is said about it.

use crate::failure::Failure;
use crate::given;
use davy_judge::HostList;
use std::path::Path;

/// Longest list that is read: the largest public ones have some hundred thousand hosts.
const BYTES: u64 = 64 << 20;

/// Reads a list. A host covers its subdomains.
pub(crate) fn read(path: &Path) -> Result<HostList, Failure> {
    let refuse = |because: String| given::refused(path, &because);
    let text = given::text(path, BYTES)?;
    let mut hosts = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let word = line.split('#').next().unwrap_or_default().trim();
        if word.is_empty() {
            continue;
        }
        let host =
            canonical(word).ok_or_else(|| refuse(format!("line {}: {word:?} is no host like pool.example", at + 1)))?;
        hosts.push(host);
    }
    Ok(HostList::new(hosts))
}

/// A host in the form in which addresses are looked up: lower case, without the dot at its end.
fn canonical(word: &str) -> Option<String> {
    let host = word.trim_end_matches('.').to_lowercase();
    // Names outside of ASCII are looked up in their encoded form (`xn--…`), which is what belongs into a list.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    let is_host = !host.is_empty() && host.chars().all(plain) && !host.starts_with('.') && !host.contains("..");
    is_host.then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_and_what_is_none_is_refused() {
        assert_eq!(canonical("Pool.Example."), Some("pool.example".to_owned()));
        assert_eq!(canonical("10.0.0.1"), Some("10.0.0.1".to_owned()));
        for word in ["", ".", "https://pool.example", "a b", "*.pool.example", "pool..example", "pöol.example"] {
            assert_eq!(canonical(word), None, "{word}");
        }
    }
}
