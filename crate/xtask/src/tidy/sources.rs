//! Files one by one: each says what it is for, stays small, and speaks of the project alone.

use crate::layout::Layout;
use std::path::{Path, PathBuf};

/// A file that a person can hold in the head.
const LONGEST_LINES: usize = 500;
/// A long file says why, in a line with this word.
const LONG_IS_ALLOWED: &str = "tidy: allow-long";
/// Kinds of source, and what their first line may begin with.
const SOURCES: [(&str, &[&str]); 6] = [
    ("rs", &["//!"]),
    ("ts", &["//", "/*"]),
    ("mjs", &["//", "/*"]),
    ("js", &["//", "/*"]),
    ("css", &["/*"]),
    ("wat", &[";;"]),
];
/// Written by tools, or by us for tools.
const NOT_READ: [&str; 2] = ["Cargo.lock", "crate/xtask/src/tidy/sources.rs"];
/// Places of one machine, and hosts of package registries.
const STRAY: [&str; 6] = ["/work/", "/root/", "/home/", "/tmp/", "//registry.", "\"resolved\": \"http"];

/// Everything that is wrong with the files.
pub(crate) fn check(layout: &Layout, files: &[PathBuf]) -> Vec<String> {
    let mut findings = Vec::new();
    for path in files.iter().filter(|path| !NOT_READ.iter().any(|name| path.as_path() == Path::new(name))) {
        let Ok(bytes) = std::fs::read(layout.root.join(path)) else { continue };
        match String::from_utf8(bytes) {
            Ok(text) => findings.extend(of_text(path, &text)),
            Err(_) if is_picture(path) => {}
            Err(_) => findings.push(format!("{}: a binary file does not belong in the tree", path.display())),
        }
    }
    findings
}

fn is_picture(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "png" || extension == "ico" || extension == "woff2")
}

fn of_text(path: &Path, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let shown = path.display();
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if let Some((_, starts)) = SOURCES.iter().find(|(kind, _)| *kind == extension) {
        let first = text.lines().find(|line| !line.starts_with("#!")).unwrap_or_default();
        if !starts.iter().any(|start| first.starts_with(start)) {
            findings.push(format!("{shown}: the first line does not say what the file is for"));
        }
        let lines = text.lines().count();
        if lines > LONGEST_LINES && !text.contains(LONG_IS_ALLOWED) {
            findings.push(format!("{shown}: {lines} lines, more than {LONGEST_LINES}; split it, or say why not"));
        }
    }
    for (at, line) in text.lines().enumerate() {
        if let Some(stray) = STRAY.iter().find(|stray| line.contains(*stray)) {
            findings.push(format!("{shown}:{}: names {stray}", at + 1));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_file_gives_nothing() {
        assert!(of_text(Path::new("a.rs"), "//! What it is.\nfn main() {}\n").is_empty());
        assert!(of_text(Path::new("a.mjs"), "#!/usr/bin/env node\n// What it is.\n").is_empty());
        assert!(of_text(Path::new("a.md"), "# Words\n").is_empty());
    }

    #[test]
    fn every_fault_is_named() {
        assert_eq!(of_text(Path::new("a.rs"), "fn main() {}\n").len(), 1);
        assert_eq!(of_text(Path::new("a.ts"), "// it\nconst home = '/home/me';\n").len(), 1);
        assert_eq!(of_text(Path::new("package-lock.json"), "\"resolved\": \"https://x\"").len(), 1);
        let long = format!("//! Long.\n{}", "\n".repeat(LONGEST_LINES));
        assert_eq!(of_text(Path::new("a.rs"), &long).len(), 1);
        assert!(of_text(Path::new("a.rs"), &format!("//! Long. {LONG_IS_ALLOWED}: a table\n{long}")).is_empty());
    }
}
