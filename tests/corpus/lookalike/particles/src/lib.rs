//! Particles drift through a field of noise that wraps around in both directions, as games and weather maps draw them.

buffers::module!(drift);

/// Cells of the field, a power of two, so that positions wrap by a mask.
const CELLS: usize = 1 << 19;
static mut FIELD: [i32; CELLS] = [0; CELLS];

/// The input is the particles' positions and speeds, four words each.
fn drift(input: &[u8], output: &mut [u8]) -> usize {
    let field = unsafe { &mut *(&raw mut FIELD) };
    fill(field, input.len() as u32 | 1);
    let mut at = 0;
    for particle in input.chunks_exact(16) {
        let word = |n: usize| u32::from_le_bytes([particle[n], particle[n + 1], particle[n + 2], particle[n + 3]]);
        let (mut x, mut y) = (word(0), word(4));
        let (mut dx, mut dy) = (f64::from(word(8)) / 65536.0, f64::from(word(12)) / 65536.0);
        for _ in 0..64 {
            let cell = (x.wrapping_mul(31) ^ y) as usize & (CELLS - 1);
            let (push, pull) = (f64::from(field[cell]), f64::from(field[(cell + 1) & (CELLS - 1)]));
            let length = (dx * dx + dy * dy + 1.0).sqrt();
            dx = (dx + push * 0.001) / length;
            dy = (dy - pull * 0.001) / length;
            x = x.wrapping_add((dx * 256.0) as i32 as u32);
            y = y.wrapping_add((dy * 256.0) as i32 as u32) ^ (field[cell] as u32 >> 28);
        }
        if at + 8 <= output.len() {
            output[at..at + 8].copy_from_slice(&(dx + dy).to_le_bytes());
            at += 8;
        }
    }
    at
}

fn fill(field: &mut [i32], mut seed: u32) {
    for cell in field {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        *cell = seed as i32 >> 16;
    }
}
