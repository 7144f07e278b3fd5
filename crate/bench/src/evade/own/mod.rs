//! Transforms of our own that aim at what the detector looks for. Each keeps what a module computes.

pub(crate) mod arithmetic;
pub(crate) mod calls;
pub(crate) mod constants;
pub(crate) mod flatten;
pub(crate) mod masks;
pub(crate) mod names;
pub(crate) mod padding;
pub(crate) mod splice;
pub(crate) mod tables;

use super::random::Random;
use anyhow::Result;
use walrus::{Module, ModuleConfig};

/// A transform of a module that is already read.
pub(crate) type Transform = fn(&mut Module, &mut Random) -> Result<()>;

/// Reads, transforms and writes.
pub(crate) fn apply(bytes: &[u8], transforms: &[Transform], random: &mut Random) -> Result<Vec<u8>> {
    let mut module = config().parse(bytes)?;
    for transform in transforms {
        transform(&mut module, random)?;
    }
    Ok(module.emit_wasm())
}

/// No names and no producers: what a careful attacker ships.
pub(crate) fn config() -> ModuleConfig {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false).only_stable_features(false);
    config
}
