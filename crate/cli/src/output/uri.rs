//! Paths as addresses, for formats that want addresses.

use std::fmt::Write;
use std::path::Path;

/// Between the path of a file and the name of what was found inside of it.
const INSIDE: &str = "!/";

/// The path of the file that an artifact lies in, and the name inside of it.
pub(crate) fn outer(path: &str) -> (&str, Option<&str>) {
    match path.split_once(INSIDE) {
        Some((file, inside)) => (file, Some(inside)),
        None => (path, None),
    }
}

/// A path of the file system as an address relative to `folder`, where it lies in there.
pub(crate) fn relative(path: &str, folder: &Path) -> Option<String> {
    let path = Path::new(path);
    let inner = if path.is_absolute() { path.strip_prefix(folder).ok()? } else { path };
    let mut parts = Vec::new();
    for part in inner.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::Normal(name) => parts.push(encoded(&name.to_string_lossy())),
            // What climbs out is not relative to the folder any more.
            _ => return None,
        }
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

/// A path outside of `folder` as an absolute address.
pub(crate) fn absolute(path: &str, folder: &Path) -> String {
    let mut whole = folder.to_path_buf();
    for part in Path::new(path).components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => drop(whole.pop()),
            other => whole.push(other),
        }
    }
    let text = whole.to_string_lossy().replace('\\', "/");
    let parts: Vec<String> = text.split('/').map(encoded).collect();
    let path = parts.join("/");
    // A drive's letter stands behind a slash of its own.
    format!("file://{}{path}", if path.starts_with('/') { "" } else { "/" })
}

/// One part of a path with `%xx` for what may not stand in an address: RFC 3986, `pchar`.
fn encoded(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for byte in part.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@".contains(&byte);
        if plain {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_addresses() {
        let folder = Path::new("/srv/site");
        for (path, address) in [
            ("a.js", Some("a.js")),
            ("./a b/ü.js", Some("a%20b/%C3%BC.js")),
            ("/srv/site/js/a:b?c#d%.js", Some("js/a%3Ab%3Fc%23d%25.js")),
            ("/srv/other/a.js", None),
            ("../other/a.js", None),
            (".", Some(".")),
        ] {
            assert_eq!(relative(path, folder).as_deref(), address, "{path}");
        }
        assert_eq!(absolute("../other/a b.js", folder), "file:///srv/other/a%20b.js");
        assert_eq!(absolute("/x/y.js", folder), "file:///x/y.js");
    }

    #[test]
    fn what_is_inside_lies_in_a_file() {
        assert_eq!(outer("a.tgz!/b.js!/c.wasm"), ("a.tgz", Some("b.js!/c.wasm")));
        assert_eq!(outer("a.js"), ("a.js", None));
    }
}
