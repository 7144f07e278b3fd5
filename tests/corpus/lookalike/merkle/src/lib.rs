//! A Merkle tree over the input's pieces of 32 bytes, each behind its number; nodes are SHA-256 of SHA-256.

use sha2::{Digest, Sha256};

buffers::module!(root);

fn node(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(Sha256::digest(bytes)).into()
}

fn root(input: &[u8], output: &mut [u8]) -> usize {
    let mut leaf = [0; 40];
    let mut nodes: Vec<[u8; 32]> = Vec::new();
    for (number, piece) in input.chunks(32).enumerate() {
        leaf[4..8].copy_from_slice(&(number as u32).to_le_bytes());
        leaf[8..8 + piece.len()].copy_from_slice(piece);
        nodes.push(node(&leaf));
    }
    while nodes.len() > 1 {
        let pair = |pair: &[[u8; 32]]| {
            let mut both = [0; 64];
            both[..32].copy_from_slice(&pair[0]);
            both[32..].copy_from_slice(pair.last().unwrap_or(&pair[0]));
            node(&both)
        };
        nodes = nodes.chunks(2).map(pair).collect();
    }
    let Some(root) = nodes.first() else { return 0 };
    output[..32].copy_from_slice(root);
    32
}
