//! The shell between the core and the extension: conversions only, nothing is decided here.
//!
//! Two builds come from it. `frame` is carried by every page and worker that compiles WebAssembly: small, and spoken to
//! in numbers and bytes alone. `background` is loaded once by the extension itself and speaks in typed values.

#[cfg(feature = "background")]
pub mod background;
#[cfg(feature = "frame")]
pub mod frame;
mod judgement;
#[cfg(feature = "background")]
pub mod line;
pub mod socket;
#[cfg(feature = "background")]
pub mod tab;

pub use judgement::{Judgement, Setting};
