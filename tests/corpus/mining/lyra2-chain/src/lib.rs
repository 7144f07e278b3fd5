//! Chains around Lyra2 as bare miners' modules, of the crate `lyra2`.

mod module;

#[cfg(feature = "lyra2re")]
use lyra2::lyra2re as chain;
#[cfg(feature = "lyra2rev2")]
use lyra2::lyra2rev2 as chain;
#[cfg(not(any(feature = "lyra2re", feature = "lyra2rev2", feature = "lyra2z")))]
use lyra2::lyra2rev3 as chain;
#[cfg(feature = "lyra2z")]
use lyra2::lyra2z as chain;

/// The chain's hash.
fn hash(input: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(&chain::sum(input.to_vec())[..32]);
    hash
}
