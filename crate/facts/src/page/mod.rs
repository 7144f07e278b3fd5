//! Pages: HTML read as browsers read it, for all in it that runs or brings in what runs.
//!
//! Inline scripts, event handlers, documents in `srcdoc` and `data:` become children, which are read as what they are.
//! What is named by address becomes a reference. Everything else of the page is text, in which modules may be spelled
//! out as in a script.

mod collect;
mod foreign;
mod kind;
mod token;
mod value;

#[cfg(test)]
mod tests;

use crate::{Limits, script};
use collect::Collector;
use davy_model::{Artifact, Extraction, Gap, GapReason, Location};
use foreign::Foreign;
use std::ops::Range;
use token::{Raw, Tag, Tokenizer};

/// Reads a page.
pub(crate) fn extract(artifact: &Artifact<'_>, limits: &Limits, out: &mut Extraction) {
    if artifact.bytes.len() as u64 > limits.artifact_bytes {
        out.gaps.push(script::over_limit(artifact.bytes.len(), limits.artifact_bytes));
        return;
    }
    let source = script::text::as_utf8(&artifact.bytes);
    let mut collector = Collector::new(&source, &artifact.path);
    walk(&source, &mut collector);
    let rest = collector.finish(out);
    script::embedded(&artifact.path, &rest, out);
}

fn walk(source: &[u8], collector: &mut Collector<'_>) {
    let mut tokens = Tokenizer::new(source);
    let mut foreign = Foreign::default();
    while let Some(tag) = tokens.next_tag(foreign.is_inside()) {
        let name = name_of(source, &tag);
        if tag.is_end {
            foreign.end(&name);
            continue;
        }
        let is_foreign = foreign.start(&name, tag.self_closing);
        collector.attributes(&tag, &name);
        if name == "script" && is_foreign {
            let content = if tag.self_closing { 0..0 } else { foreign_script(source, &mut tokens) };
            foreign.end("script");
            collector.foreign_script(&tag, content);
        } else if name == "script" {
            let content = tokens.raw(b"script", Raw::Script);
            collector.script(&tag, content);
        } else if let Some(kind) = raw(&name).filter(|_| !is_foreign) {
            tokens.raw(name.as_bytes(), kind);
        }
    }
}

/// Elements whose content is text, in a browser that runs scripts.
fn raw(name: &str) -> Option<Raw> {
    match name {
        "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" | "title" | "textarea" => Some(Raw::Text),
        "plaintext" => Some(Raw::Plain),
        _ => None,
    }
}

/// The content of a script in SVG, up to its end tag.
fn foreign_script(source: &[u8], tokens: &mut Tokenizer<'_>) -> Range<usize> {
    let start = tokens.at();
    while let Some(tag) = tokens.next_tag(true) {
        if tag.is_end && name_of(source, &tag) == "script" {
            return start..tag.place.start;
        }
    }
    start..source.len()
}

/// A tag's name in lower case; a name longer than any element's stays unknown.
fn name_of(source: &[u8], tag: &Tag) -> String {
    const LONGEST: usize = 32;
    let name = &source[tag.name.clone()];
    String::from_utf8_lossy(&name[..name.len().min(LONGEST)]).to_ascii_lowercase()
}

fn over_limit(because: String) -> Gap {
    Gap { reason: GapReason::OverLimit, location: Location::Whole, because }
}
