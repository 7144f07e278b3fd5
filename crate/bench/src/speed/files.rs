//! Which files are read: modules, and scripts as they are shipped. Copies count once.

use crate::root::root;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Lawful packages that xtask installs. Those for long tests are left out: figures would differ with what a machine has.
const INSTALLED: &str = "tests/corpus/lawful/node_modules";
/// Shorter scripts say nothing about speed, in bytes; and with shorter lines in the mean they are not as shipped.
const SHORTEST: usize = 2_000;
const LINE: usize = 200;
/// In so many bytes a program that was compiled to JavaScript makes an integer at least once: of 388 scripts eight do it once in 42 to 106
/// bytes (asm.js and its like), the others at most once in 1,075.
const INTEGERS: usize = 300;

/// What a file is to the bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Module,
    /// A script in which the first look finds nothing that somebody would read.
    Passed,
    /// A script that is read as a program.
    Parsed,
    /// The same, where a compiler made it of another language: its whole code is read as a module is.
    Compiled,
}

/// A file.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
}

/// The folder of lawful packages, where it is there.
pub(super) fn installed() -> Vec<PathBuf> {
    root().join(INSTALLED).canonicalize().into_iter().collect()
}

/// All files under folders that the bench reads, each content once, in the order of their paths.
pub(super) fn under(folders: Vec<PathBuf>) -> Result<Vec<File>> {
    if folders.is_empty() {
        bail!("no lawful package is installed: `cargo xtask kernels` does that, or name a folder");
    }
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    for folder in folders {
        for entry in WalkDir::new(&folder).sort_by_file_name() {
            let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
            if entry.file_type().is_file()
                && let Some(file) = chosen(entry.path(), &mut seen)?
            {
                files.push(file);
            }
        }
    }
    Ok(files)
}

fn chosen(path: &Path, seen: &mut BTreeSet<[u8; 32]>) -> Result<Option<File>> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !matches!(ending, "wasm" | "js" | "mjs" | "cjs") {
        return Ok(None);
    }
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let kind = if ending == "wasm" {
        Kind::Module
    } else if !is_minified(&bytes) {
        return Ok(None);
    } else if !davy_facts::is_read_as_program(&bytes) {
        Kind::Passed
    } else if is_compiled(&bytes) {
        Kind::Compiled
    } else {
        Kind::Parsed
    };
    let is_new = seen.insert(Sha256::digest(&bytes).into());
    Ok(is_new.then(|| File { path: path.to_owned(), kind }))
}

fn is_minified(bytes: &[u8]) -> bool {
    bytes.len() >= SHORTEST && bytes.len() / (bytes.iter().filter(|byte| **byte == b'\n').count() + 1) >= LINE
}

fn is_compiled(bytes: &[u8]) -> bool {
    bytes.windows(2).filter(|pair| pair == b"|0").count() >= bytes.len() / INTEGERS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiled_programs_are_told_by_their_integers() {
        assert!(is_compiled(b"a=b+c|0;d=a+7|0;e=f(d)|0;"));
        assert!(!is_compiled(&[b"e=a|0;".as_slice(), &[b'x'; 2 * INTEGERS]].concat()));
    }

    #[test]
    fn scripts_as_shipped_are_told_by_their_lines() {
        assert!(is_minified(&[b'x'; SHORTEST]));
        assert!(!is_minified(&[b'x'; SHORTEST - 1]));
        assert!(!is_minified(&b"const a = 1;\n".repeat(SHORTEST)));
    }

    #[test]
    fn each_content_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let text = "var passed=1;".repeat(400);
        for name in ["a.js", "b.mjs", "c.txt"] {
            std::fs::write(folder.path().join(name), &text).unwrap();
        }
        let found = under(vec![folder.path().to_owned()]).unwrap();
        assert_eq!(found.iter().map(|file| file.kind).collect::<Vec<_>>(), [Kind::Passed]);
        assert!(under(Vec::new()).is_err());
    }
}
