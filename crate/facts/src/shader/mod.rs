//! Shaders: WGSL and GLSL, read for hash kernels that run on a graphics card.

pub(crate) mod find;

use davy_model::{Gap, GapReason, Location};
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

fn over_limit(because: String) -> Gap {
    Gap { reason: GapReason::OverLimit, location: Location::Whole, because }
}
