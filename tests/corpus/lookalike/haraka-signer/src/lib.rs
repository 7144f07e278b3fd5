//! One-time signatures by hash chains (Winternitz) over Haraka-256, as hash-based signatures make them.

use finalists::haraka::{Block, CONSTANTS, haraka256, haraka512};

/// Chains, one for each nibble of a digest and three for their sum.
const CHAINS: usize = 67;

buffers::module!(sign);

/// Signs the Haraka-512 of 64 bytes; the secret stands in the next 32.
fn sign(input: &[u8], output: &mut [u8]) -> usize {
    if input.len() < 96 {
        return 0;
    }
    let block = |n: usize| input[16 * n..16 * n + 16].iter().rev().fold(0, |b, byte| b << 8 | Block::from(*byte));
    let digest = haraka512(&[block(0), block(1), block(2), block(3)], &CONSTANTS);
    let nibble = |n: usize| (digest[n / 32] >> (4 * (n % 32)) & 15) as usize;
    let sum: usize = (0..64).map(|n| 15 - nibble(n)).sum();
    for chain in 0..CHAINS {
        let steps = if chain < 64 { nibble(chain) } else { sum >> (4 * (chain - 64)) & 15 };
        let mut value = haraka256(&[block(4) ^ chain as Block, block(5)], &CONSTANTS);
        for step in 0..steps {
            value = haraka256(&[value[0] ^ step as Block, value[1]], &CONSTANTS);
        }
        output[32 * chain..32 * chain + 16].copy_from_slice(&value[0].to_le_bytes());
        output[32 * chain + 16..32 * chain + 32].copy_from_slice(&value[1].to_le_bytes());
    }
    32 * CHAINS
}
