//! The command as its users meet it: the real binary, real files, its exit status and what it prints.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod bad_input;
mod baseline;
mod commands;
mod embedded;
mod exit;
mod file_system;
mod formats;
mod harness;
mod html;
mod human;
mod level;
mod memory;
mod order;
mod pages;
mod rules;
mod status;
