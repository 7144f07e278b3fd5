//! What makes a finding the same one in the next release: its rule, its algorithms and the path that it keeps when file
//! names carry versions and hashes of contents. Offsets move with every build, so they are no part of it.

use crate::output::uri;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;

/// Shortest token that is taken for a hash of contents when it is hexadecimal: bundlers write 8 digits or more, some 6.
const SHORTEST_HEX: usize = 6;
/// Length of the hashes that Rollup and Vite write, letters of both cases with digits, `-` and `_`.
const ROLLUP: usize = 8;
/// Bytes of the digest that are kept: 16 make a clash among a million findings less likely than one in 10²⁶.
const BYTES: usize = 16;

/// The fingerprint of a finding, 32 hexadecimal digits.
pub(crate) fn of(rule: &str, algorithms: &[String], path: &str) -> String {
    let parts = [rule.to_owned(), algorithms.join(","), stable(path)];
    let digest = Sha256::digest(format!("davy/1\n{}", parts.join("\n")));
    digest.iter().take(BYTES).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A path as it is called from where the command runs, wherever that is.
pub(crate) fn placed(path: &str, folder: &Path) -> String {
    let (file, inside) = uri::outer(path);
    let inner = Path::new(file).strip_prefix(folder).map(|inner| inner.to_string_lossy().into_owned());
    let mut file = inner.unwrap_or_else(|_| file.to_owned());
    while let Some(rest) = file.strip_prefix("./") {
        file = rest.trim_start_matches('/').to_owned();
    }
    inside.map_or(file.clone(), |inside| format!("{file}!/{inside}"))
}

/// A path with `*` for what changes from build to build: versions, numbers and hashes of contents.
pub(crate) fn stable(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut token = String::new();
    for c in path.chars().chain(['\0']) {
        if c.is_alphanumeric() {
            token.push(c);
            continue;
        }
        let changes = is_volatile(&token);
        out.push_str(if changes { "*" } else { &token });
        token.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    // `1.2.3` is one version, however many numbers it has.
    while out.contains("*.*") {
        out = out.replace("*.*", "*");
    }
    out
}

fn is_volatile(token: &str) -> bool {
    let has = |what: fn(&char) -> bool| token.chars().any(|c| what(&c));
    let digits = has(char::is_ascii_digit);
    let number = token.strip_prefix('v').unwrap_or(token);
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    let is_hex = token.len() >= SHORTEST_HEX && digits && token.chars().all(|c| c.is_ascii_hexdigit());
    let is_mixed = token.len() == ROLLUP && digits && has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    is_number || is_hex || is_mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_from_build_to_build_is_left_out() {
        for (path, kept) in [
            ("dist/app.3f2a91bc.js", "dist/app.*.js"),
            ("dist/index-BXh3kd9a.js", "dist/index-*.js"),
            ("coin-1.2.3.tgz!/package/main.js", "coin-*.tgz!/package/main.js"),
            ("node_modules/.pnpm/x@10.0.1/a.js", "node_modules/.pnpm/x@*/a.js"),
            ("a.js!/embedded-3.wasm", "a.js!/embedded-*.wasm"),
            ("blobs/sha256/0a1b2c3d4e5f", "blobs/sha256/*"),
            ("facade/decade.js", "facade/decade.js"),
            ("lib/sha256.js", "lib/sha256.js"),
        ] {
            assert_eq!(stable(path), kept);
        }
    }

    #[test]
    fn a_path_is_the_same_wherever_the_folder_lies() {
        let folder = Path::new("/srv/site");
        for path in ["dist/a.tgz!/./b.js", "./dist/a.tgz!/./b.js", "/srv/site/dist/a.tgz!/./b.js"] {
            assert_eq!(placed(path, folder), "dist/a.tgz!/./b.js");
        }
        assert_eq!(placed("/srv/other/a.js", folder), "/srv/other/a.js");
    }

    #[test]
    fn a_fingerprint_is_of_rule_algorithms_and_path() {
        let none: &[String] = &[];
        let one = of("a/b", none, "app.3f2a91bc.js");
        assert_eq!(one.len(), 32);
        assert_eq!(one, of("a/b", none, "app.99aa77cc.js"));
        assert_ne!(one, of("a/c", none, "app.3f2a91bc.js"));
        assert_ne!(one, of("a/b", &["sha256".to_owned()], "app.3f2a91bc.js"));
        assert_ne!(one, of("a/b", none, "other.js"));
    }
}
