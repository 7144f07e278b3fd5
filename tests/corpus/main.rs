//! The corpus: every module of `target/corpus` and every lawful package is read and judged, and what comes out is held
//! against what its case expects. `cargo xtask test` builds the modules; without them this fails and says so.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says no by panicking")]

#[path = "checks/cases.rs"]
mod cases;
#[path = "checks/cut.rs"]
mod cut;
#[path = "checks/disguise.rs"]
mod disguise;
#[path = "checks/evidence.rs"]
mod evidence;
#[path = "checks/frames.rs"]
mod frames;
#[path = "checks/judged.rs"]
mod judged;
#[path = "checks/lawful.rs"]
mod lawful;
#[path = "checks/manifest.rs"]
mod manifest;
#[path = "checks/pages.rs"]
mod pages;
#[path = "checks/rules.rs"]
mod rules;
#[path = "checks/scripts.rs"]
mod scripts;
#[path = "checks/shaders.rs"]
mod shaders;
#[path = "checks/texts.rs"]
mod texts;
#[path = "checks/transcript.rs"]
mod transcript;
