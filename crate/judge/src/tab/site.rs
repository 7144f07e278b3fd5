//! Addresses as the browser serialises them, and the match patterns that cover exactly one host.

use super::limits::HOST;

/// The host of an `http`, `https`, `ws` or `wss` address or origin, lower case as the browser gives it, IPv6 in its
/// brackets; `None` for everything else. A `blob:` address has the host of the origin inside it.
pub(super) fn host(url: &str) -> Option<&str> {
    let url = url.strip_prefix("blob:").unwrap_or(url);
    let (scheme, rest) = url.split_once("://")?;
    if !matches!(scheme, "http" | "https" | "ws" | "wss") {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let host = if authority.starts_with('[') {
        &authority[..=authority.find(']')?]
    } else {
        authority.split(':').next().unwrap_or_default()
    };
    let lawful = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    (!host.is_empty() && host.chars().all(lawful)).then_some(host)
}

/// The origin of an address: scheme, host and port; without user, path, query or fragment, which may name a person.
pub(super) fn origin(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.split_once(':').map_or_else(String::new, |(scheme, _)| format!("{scheme}:"));
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

/// Whether extensions can look into a page of this address at all.
pub(super) fn is_reachable(url: &str) -> bool {
    ["http://", "https://", "file://", "blob:http", "about:blank"].iter().any(|scheme| url.starts_with(scheme))
}

/// The host that a person or a policy names by itself or by an address; `None` where it is none, or a pattern that would
/// cover more than one.
pub(super) fn entered(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let url = if text.contains("://") { text } else { format!("https://{text}") };
    let found = host(&url)?.trim_end_matches('.');
    (!found.is_empty() && found.len() <= HOST && !found.starts_with('.')).then(|| found.to_owned())
}

/// The match pattern of every page of this host, on any port, by either scheme.
pub(super) fn pattern(host: &str) -> String {
    format!("*://{host}/*")
}
