//! `randomx-samples program|superscalar SEED [LEVEL1 LEVEL2 LEVEL3]`: prints WebAssembly text of the shape that a
//! just-in-time port of RandomX emits, from the public specification. Samples compute nothing that a pool would accept:
//! instructions are drawn by their specified frequencies, but by another generator, and rounding stays the engine's.

mod draw;
mod program;
mod superscalar;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<u64> = words.iter().skip(1).filter_map(|word| word.parse().ok()).collect();
    let text = match (words.first().map(String::as_str), numbers.as_slice()) {
        (Some("program"), [seed]) => program::text(*seed, [16 << 10, 256 << 10, 2 << 20]),
        (Some("program"), [seed, one, two, three]) => program::text(*seed, [*one, *two, *three]),
        (Some("superscalar"), [seed]) => superscalar::text(*seed),
        _ => {
            eprintln!("usage: randomx-samples program|superscalar SEED [LEVEL1 LEVEL2 LEVEL3]");
            return ExitCode::FAILURE;
        }
    };
    print!("{text}");
    ExitCode::SUCCESS
}
