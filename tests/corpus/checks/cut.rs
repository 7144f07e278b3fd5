//! Broken modules: cut at every hundredth of their length, and with bytes changed. Nothing panics, and what lost its
//! end is never called complete.

use crate::judged::{all, of_wasm};
use crate::manifest::{Module, modules};

/// Longest module that is cut; longer ones show nothing new and cost a hundred readings each.
const LONGEST: usize = 200_000;

/// The first module of each case.
fn samples() -> Vec<Vec<u8>> {
    let mut modules = modules();
    modules.dedup_by_key(|module| module.folder());
    modules.iter().map(Module::bytes).filter(|bytes| bytes.len() <= LONGEST).collect()
}

#[test]
fn a_cut_module_never_panics_and_is_never_complete() {
    let samples = samples();
    assert!(samples.len() >= 10, "too few modules to cut");
    let checked = all(&samples, |bytes| {
        let ends = section_ends(bytes);
        for hundredth in 0..100 {
            let cut = bytes.len() * hundredth / 100;
            let verdict = of_wasm(&bytes[..cut]);
            // At the end of a section nothing tells that more was there.
            let open = !ends.contains(&cut);
            assert!(!(open && verdict.is_complete()), "cut at {cut} of {} is called complete", bytes.len());
        }
    });
    assert_eq!(checked.len(), samples.len());
}

#[test]
fn a_changed_byte_never_panics() {
    let samples = samples();
    all(&samples, |bytes| {
        // A fixed stride and a fixed sequence: the same changes on every machine.
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..64 {
            let mut broken = bytes.clone();
            for _ in 0..3 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let place = (state >> 33) as usize % broken.len();
                broken[place] ^= (state >> 24) as u8 | 1;
            }
            of_wasm(&broken);
        }
    });
}

/// Offsets at which a section ends, the header's end included.
fn section_ends(bytes: &[u8]) -> Vec<usize> {
    let (mut at, mut ends) = (8, vec![8]);
    while at < bytes.len() {
        let (mut length, mut shift) = (0usize, 0);
        at += 1;
        loop {
            let byte = bytes[at];
            at += 1;
            length |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        at += length;
        ends.push(at);
    }
    ends
}
