//! Lyra2 over a password (the input behind a salt of 16 bytes), as a password library offers it.

buffers::module!(derive);

fn derive(input: &[u8], output: &mut [u8]) -> usize {
    let Some((salt, password)) = input.split_at_checked(16) else { return 0 };
    let derived = lyra2::lyra2::lyra2(32, password.to_vec(), salt.to_vec(), 2, 256, 64);
    output[..32].copy_from_slice(&derived[..32]);
    32
}
