//! Hashes one header of 80 bytes by X11 and compares it with the target that its own bits name.

use finalists::*;

buffers::module!(verify);

/// One byte: 1 when the header's hash is at most its target.
fn verify(input: &[u8], output: &mut [u8]) -> usize {
    let Some(header) = input.get(..80) else { return 0 };
    let mut state = blake512(header);
    for function in
        [bmw512, groestl512, skein512, jh512, keccak512, luffa512, cubehash512, shavite512, simd512, echo512]
    {
        state = function(&state);
    }
    output[0] = u8::from(state[..32].iter().rev().le(target(header).iter().rev()));
    1
}

/// The compact target at the header's byte 72, as 32 little-endian bytes.
fn target(header: &[u8]) -> [u8; 32] {
    let mut target = [0; 32];
    let size = usize::from(header[75]);
    for n in 0..3 {
        if let Some(byte) = (size + n).checked_sub(3).and_then(|at| target.get_mut(at)) {
            *byte = header[72 + n];
        }
    }
    target
}
