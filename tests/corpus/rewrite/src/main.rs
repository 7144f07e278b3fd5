//! `rewrite IN OUT SEED ROUNDS`: stacks semantics-keeping mutations of wasm-mutate, the same for the same seed.

use std::process::ExitCode;
use wasm_mutate::WasmMutate;

/// How much work one mutation may do; rounds that run out of it are skipped.
const FUEL: u64 = 300;

fn main() -> ExitCode {
    match run() {
        Ok(applied) if applied > 0 => ExitCode::SUCCESS,
        Ok(_) => fail("no mutation could be applied"),
        Err(error) => fail(&error),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("rewrite: {message}");
    ExitCode::FAILURE
}

fn run() -> Result<u64, String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, seed, rounds] = words.as_slice() else { return Err("usage: rewrite IN OUT SEED ROUNDS".into()) };
    let seed: u64 = seed.parse().map_err(|_| "SEED is a number")?;
    let rounds: u64 = rounds.parse().map_err(|_| "ROUNDS is a number")?;
    let mut module = std::fs::read(from).map_err(|error| format!("{from}: {error}"))?;
    let mut applied = 0;
    for round in 0..rounds {
        if let Some(next) = mutate(&module, seed.wrapping_mul(1_000_003).wrapping_add(round)) {
            module = next;
            applied += 1;
        }
    }
    std::fs::write(to, module).map_err(|error| format!("{to}: {error}"))?;
    Ok(applied)
}

/// One mutation, or nothing when this seed finds none.
fn mutate(module: &[u8], seed: u64) -> Option<Vec<u8>> {
    let mut mutator = WasmMutate::default();
    mutator.seed(seed).preserve_semantics(true).fuel(FUEL);
    mutator.run(module).ok()?.find_map(Result::ok)
}
