//! Every solution that the solver finds is one that the verifier of another project accepts. Run by hand, once per
//! form: `cargo test -p equihash --release --manifest-path tests/corpus/Cargo.toml [--features by-sort]`.

use equihash::{K, N, PROOF, solve};

/// Indices in `DIGIT + 1` bits each, most significant first (Zcash's specification, 7.7.1).
fn minimal(indices: &[u32; PROOF]) -> Vec<u8> {
    let bits = N / (K + 1) + 1;
    let all = indices.iter().flat_map(|i| (0..bits).rev().map(move |bit| i >> bit & 1));
    let all: Vec<u32> = all.collect();
    all.chunks(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | *bit as u8)).collect()
}

#[test]
fn solutions_are_accepted() {
    let mut count = 0;
    for nonce in 0u8..4 {
        let mut header = [7; 140];
        header[108..].fill(nonce);
        solve(&header, |indices| {
            verifier::is_valid_solution(N as u32, K as u32, &header[..108], &header[108..], &minimal(indices)).unwrap();
            count += 1;
        });
    }
    assert!(count > 0);
}
