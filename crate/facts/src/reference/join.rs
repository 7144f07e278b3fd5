//! A relative address and its base: the steps of the URL standard that matter for finding a thing again.
//!
//! Where a page came from is mostly not known. A relative address then stays one, as a path from the page's own place.

/// What relative addresses of an artifact are relative to, beside its own place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Base(String);

impl Base {
    /// From a `<base href>` that has been joined with what was the base before.
    pub(crate) fn new(address: String) -> Self {
        Self(address)
    }

    /// `scheme://host`, if the base has one.
    fn origin(&self) -> Option<&str> {
        let start = scheme(&self.0)?.len() + 1;
        let host = start + self.0[start..].len() - self.0[start..].trim_start_matches('/').len();
        let end = self.0[host..].find(['/', '?', '#']).map_or(self.0.len(), |at| host + at);
        Some(&self.0[..end])
    }

    /// The folder of the base's path, with its last slash; empty for the artifact's own.
    fn folder(&self) -> &str {
        let path = &self.0[self.origin().map_or(0, str::len)..];
        let path = path.split(['?', '#']).next().unwrap_or_default();
        &path[..path.rfind('/').map_or(0, |slash| slash + 1)]
    }
}

/// The scheme of an absolute address.
pub(crate) fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let mut letters = scheme.chars();
    let first = letters.next()?;
    (first.is_ascii_alphabetic() && letters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))).then_some(scheme)
}

/// Joins an address with a base. None for what names no other thing: nothing, a fragment, a query of the page itself.
pub(crate) fn join(base: &Base, address: &str) -> Option<String> {
    let address = address.split('#').next().unwrap_or_default().trim_matches(|c: char| c <= ' ');
    if address.is_empty() || address.starts_with('?') {
        return None;
    }
    if let Some(scheme) = scheme(address) {
        return Some(scheme.to_ascii_lowercase() + &address[scheme.len()..]);
    }
    let (path, query) = address.split_at(address.find('?').unwrap_or(address.len()));
    let path = path.replace('\\', "/");
    let origin = base.origin().unwrap_or_default();
    if path.starts_with("//") {
        let scheme = origin.split_once(':').map_or("https", |(scheme, _)| scheme);
        return Some(format!("{scheme}:{path}{query}"));
    }
    let whole = if path.starts_with('/') { path } else { format!("{}{path}", base.folder()) };
    let rooted = !origin.is_empty() || whole.starts_with('/');
    Some(format!("{origin}{}{}{query}", if rooted { "/" } else { "" }, normal(&whole, rooted)))
}

/// A path without `.` and `..`, as far as its own folders go.
fn normal(path: &str, rooted: bool) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.trim_start_matches('/').split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if rooted => {}
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(base: &str, address: &str) -> String {
        join(&Base::new(base.to_owned()), address).unwrap_or_default()
    }

    #[test]
    fn without_a_base_a_path_stays_one() {
        for (address, expected) in [
            ("a.js", "a.js"),
            ("./x/../a.js?v=1#f", "a.js?v=1"),
            ("../a.js", "../a.js"),
            ("/a/./b.js", "/a/b.js"),
            ("/../b.js", "/b.js"),
            ("x\\a.js", "x/a.js"),
            ("HTTPS://Example.org/a.js", "https://Example.org/a.js"),
            ("//cdn.example/a.js", "https://cdn.example/a.js"),
            ("", ""),
            ("#x", ""),
            ("?x", ""),
        ] {
            assert_eq!(joined("", address), expected, "{address}");
        }
    }

    #[test]
    fn a_base_is_applied() {
        for (base, address, expected) in [
            ("sub/", "a.js", "sub/a.js"),
            ("sub/page", "../a.js", "a.js"),
            ("/app/", "a.js", "/app/a.js"),
            ("https://example.org", "a.js", "https://example.org/a.js"),
            ("https://example.org/x/y?z/", "../../a.js", "https://example.org/a.js"),
            ("http://example.org/x/", "/a.js", "http://example.org/a.js"),
            ("http://example.org/x/", "//cdn.example/a.js", "http://cdn.example/a.js"),
        ] {
            assert_eq!(joined(base, address), expected, "{base} {address}");
        }
    }
}
