//! What holds other things: archives, packages, captures, images. Everything is made here; nothing packed is kept.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod capture;
mod captures;
#[path = "../cli/harness.rs"]
#[allow(dead_code, reason = "it serves two suites")]
mod harness;
mod hostile;
mod images;
mod interrupt;
mod kinds;
mod make;
mod memory;
mod packages;
mod pages;
mod releases;
mod texts;
