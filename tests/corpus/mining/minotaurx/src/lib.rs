//! MinotaurX: a walk through a garden of hash functions that ends with yespower; and yespower alone.

mod yespower;

#[cfg(not(feature = "yespower-alone"))]
mod garden;
#[cfg(not(feature = "yespower-alone"))]
use garden::hash as work;

shares::module!(work, 76);

/// yespower as it comes: 8 MiB and no personalisation.
#[cfg(feature = "yespower-alone")]
fn work(input: &[u8], output: &mut [u8; 32]) {
    *output = yespower::hash(input, 32, b"");
}
