//! Cuckoo Cycle (Tromp, 2014): a header is a graph whose edges are hashes of their number, and its proof of work a cycle
//! of 42 edges. Written from the paper and from the description of its children Cuckatoo and Cuckaroo.
//!
//! The input is a header of 80 bytes whose last four are the nonce. The output is the first eight edges of the cycle,
//! ascending; zeros when there is none.

mod cycle;
mod edges;
mod module;
mod siphash;
mod trim;
