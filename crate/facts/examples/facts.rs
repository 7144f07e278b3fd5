//! Prints the facts of a module, script, page or shader, scope by scope, and what was found inside: what a rule's author
//! writes conditions about.
//!
//! `cargo run --release -p davy-facts --example facts -- FILE...`

#![allow(clippy::print_stdout, reason = "printing is what this example is for")]

use davy_facts::{Limits, extract};
use davy_model::{Artifact, ArtifactKind};
use std::borrow::Cow;

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let artifact = Artifact { path: path.clone(), kind: kind(&path), bytes: Cow::Borrowed(&bytes) };
        let start = std::time::Instant::now();
        let extraction = extract(&artifact, &Limits::default());
        println!("{path}: {} bytes in {:?}", bytes.len(), start.elapsed());
        for scope in &extraction.scopes {
            println!("  {:?} {:?}, {} functions", scope.kind, scope.location, scope.functions.len());
            for fact in &scope.facts {
                let text = fact.text.as_deref().unwrap_or_default();
                println!("    {:?} {:#x} {text} x{}", fact.name, fact.value, fact.count);
            }
        }
        for gap in &extraction.gaps {
            println!("  gap {:?}: {}", gap.reason, gap.because);
        }
        for child in &extraction.children {
            println!("  inside {}: {} bytes", child.path, child.bytes.len());
        }
    }
    Ok(())
}

/// By the name alone.
fn kind(path: &str) -> ArtifactKind {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" | "cjs" => ArtifactKind::Script,
        "html" | "htm" => ArtifactKind::Page,
        "wgsl" | "glsl" | "frag" | "vert" | "comp" => ArtifactKind::Shader,
        _ => ArtifactKind::Wasm,
    }
}
