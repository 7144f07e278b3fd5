//! What a file is: decided by its content, then by its name.

use davy_archive::Name;
use davy_model::ArtifactKind;

/// Bytes at the start of a file that are looked at.
pub(crate) const HEAD: usize = 1024;

const MAGIC: &[u8] = b"\0asm";

/// Beginnings of an HTML document, lower case.
const PAGES: [&[u8]; 5] = [b"<!doctype html", b"<html", b"<head", b"<body", b"<script"];

/// The kind of a file with this name, if it is one that is read. `head` is its beginning, `length` its length in bytes.
pub(crate) fn of_file(name: &str, head: &[u8], length: u64) -> Option<ArtifactKind> {
    by_content(head, length).or_else(|| by_name(name))
}

/// The kind of what comes from standard input: it has no name, so any text is taken for a script.
pub(crate) fn of_stdin(head: &[u8], length: u64) -> Option<ArtifactKind> {
    let is_text = !head.is_empty() && !head.contains(&0);
    by_content(head, length).or_else(|| is_text.then_some(ArtifactKind::Script))
}

/// The kind that a name promises.
pub(crate) fn by_name(name: &str) -> Option<ArtifactKind> {
    // `wget` and "save as" keep the query in the name.
    let name = name.split('?').next().unwrap_or(name);
    let (_, extension) = name.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "wasm" => Some(ArtifactKind::Wasm),
        "js" | "mjs" | "cjs" => Some(ArtifactKind::Script),
        "html" | "htm" | "xhtml" => Some(ArtifactKind::Page),
        "wgsl" | "glsl" | "frag" | "vert" | "comp" => Some(ArtifactKind::Shader),
        _ => None,
    }
}

/// The kind of a part of a container, by what a capture says of it where its content does not tell.
pub(crate) fn of_part(name: &Name, media: Option<&str>, head: &[u8]) -> Option<ArtifactKind> {
    // A part's length is not known before it is read; the shortest beginnings of modules are told by their names.
    by_content(head, u64::MAX).or_else(|| media.and_then(by_media)).or_else(|| by_name(name.last()))
}

/// The kind that a media type promises.
fn by_media(media: &str) -> Option<ArtifactKind> {
    let essence = media.split(';').next().unwrap_or(media).trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/wasm" => Some(ArtifactKind::Wasm),
        "text/html" | "application/xhtml+xml" => Some(ArtifactKind::Page),
        "application/ecmascript" | "application/x-ecmascript" | "application/x-javascript" => {
            Some(ArtifactKind::Script)
        }
        "application/javascript" | "text/ecmascript" | "text/javascript" => Some(ArtifactKind::Script),
        _ => None,
    }
}

pub(crate) fn by_content(head: &[u8], length: u64) -> Option<ArtifactKind> {
    let cut = (2..MAGIC.len() as u64).contains(&length) && MAGIC.starts_with(head);
    if head.starts_with(MAGIC) || cut {
        return Some(ArtifactKind::Wasm);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let starts = |with: &&[u8]| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    if PAGES.iter().any(starts) {
        return Some(ArtifactKind::Page);
    }
    let first_line = text.split(|&c| c == b'\n').next().unwrap_or_default();
    let runs_node = first_line.starts_with(b"#!") && first_line.windows(4).any(|word| word == b"node");
    runs_node.then_some(ArtifactKind::Script)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_comes_before_the_name() {
        assert_eq!(of_file("x.js", b"\0asm\x01\0\0\0", 8), Some(ArtifactKind::Wasm));
        assert_eq!(of_file("x", b"\0as", 3), Some(ArtifactKind::Wasm));
        assert_eq!(of_file("x.wasm", b" \n<!DOCTYPE HTML><title>404", 27), Some(ArtifactKind::Page));
        assert_eq!(of_file("x", b"#!/usr/bin/env node\nx()", 23), Some(ArtifactKind::Script));
    }

    #[test]
    fn then_the_name() {
        assert_eq!(of_file("x.wasm", b"", 0), Some(ArtifactKind::Wasm));
        assert_eq!(of_file("x.wasm", b"M", 1), Some(ArtifactKind::Wasm));
        assert_eq!(of_file("app.MJS?v=1.2", b"x()", 3), Some(ArtifactKind::Script));
        assert_eq!(of_file("hash.wgsl", b"fn f() {}", 9), Some(ArtifactKind::Shader));
        assert_eq!(of_file("notes.txt", b"\0", 1), None);
        assert_eq!(of_file("js", b"", 0), None);
    }

    #[test]
    fn standard_input_is_a_script_when_it_is_text() {
        assert_eq!(of_stdin(b"x()", 3), Some(ArtifactKind::Script));
        assert_eq!(of_stdin(b"\x7fELF\0", 5), None);
        assert_eq!(of_stdin(b"", 0), None);
    }
}
