//! Shaders: WGSL and GLSL, read for hash kernels that run on a graphics card.

mod expression;
pub(crate) mod find;
mod flow;
mod function;
mod graph;
mod macros;
mod read;
mod scopes;
#[cfg(test)]
mod tests;
mod token;

use crate::{Limits, limits, script};
use davy_model::{Artifact, Extraction, Gap, GapReason, Location};
use expression::Parser;
use flow::Flow;
use function::Globals;
use graph::Graph;
use scopes::Builder;
use token::Tokens;

pub(crate) use find::dialect;

/// The languages of shaders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Of WebGPU.
    Wgsl,
    /// Of WebGL.
    Glsl,
}

impl Dialect {
    /// How a file's name ends.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Wgsl => "wgsl",
            Self::Glsl => "glsl",
        }
    }
}

/// Reads a shader of either language: both are read alike, and what belongs to neither is passed over.
pub(crate) fn extract(artifact: &Artifact<'_>, limits: &Limits, out: &mut Extraction) {
    let longest = limits.artifact_bytes.min(limits::SHADER_BYTES as u64);
    if artifact.bytes.len() as u64 > longest {
        out.gaps.push(script::over_limit(artifact.bytes.len(), longest));
        return;
    }
    let bytes = script::text::as_utf8(&artifact.bytes);
    let text = token::without_comments(&String::from_utf8_lossy(&bytes));
    let tokens = Tokens::of(&text);
    let (mut graph, mut globals) = (Graph::new(), Globals::default());
    // Functions of WGSL may be called before they are declared: who only rotates is known the second time.
    Parser::new(&tokens, &mut graph, &mut globals).functions();
    let functions = Parser::new(&tokens, &mut graph, &mut globals).functions();
    if tokens.over_limit || graph.over_limit {
        out.gaps.push(over_limit("the shader holds more macros, functions or values than are read".to_owned()));
    }
    let flow = Flow::new(&functions, &graph, &globals);
    Builder::new(&functions, &globals, &graph, &flow).build(out);
}

fn over_limit(because: String) -> Gap {
    Gap { reason: GapReason::OverLimit, location: Location::Whole, because }
}
