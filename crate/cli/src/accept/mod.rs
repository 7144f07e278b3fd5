//! What makes findings comparable from one scan to the next.

pub(crate) mod fingerprint;
