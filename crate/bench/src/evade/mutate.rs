//! wasm-mutate: many small steps that keep what a module computes.

use super::attack::Tools;
use super::random::Random;
use wasm_mutate::WasmMutate;

/// How much work one step may do; steps that run out of it are skipped.
const FUEL: u64 = 300;
/// Modules do not grow beyond this: nobody ships a miner of 100 MB.
pub(crate) const LARGEST: usize = 8 << 20;

/// The module after up to `rounds` steps, as many as there is time for.
pub(crate) fn stack(bytes: &[u8], rounds: u32, random: &mut Random, tools: &Tools<'_>) -> Vec<u8> {
    let mut module = bytes.to_vec();
    for _ in 0..rounds {
        if let Some(next) = step(&module, random) {
            module = next;
        }
        if module.len() > LARGEST || tools.is_late() {
            break;
        }
    }
    module
}

/// One step, or nothing when this seed finds none.
pub(crate) fn step(module: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let mut mutator = WasmMutate::default();
    mutator.seed(random.next()).preserve_semantics(true).fuel(FUEL);
    mutator.run(module).ok()?.find_map(Result::ok)
}
