//! Chains of hash functions as bare miners' modules: each takes the output of the one before.

mod chain;
mod module;
