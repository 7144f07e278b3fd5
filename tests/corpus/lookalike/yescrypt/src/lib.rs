//! yescrypt over a password (the input behind a salt of 16 bytes), as a password library offers it.

use yescrypt::{Mode, Params, yescrypt};

buffers::module!(derive);

fn derive(input: &[u8], output: &mut [u8]) -> usize {
    let Some((salt, password)) = input.split_at_checked(16) else { return 0 };
    let Ok(params) = Params::new(Mode::default(), 4096, 8, 1) else { return 0 };
    if yescrypt(password, salt, &params, &mut output[..32]).is_ok() { 32 } else { 0 }
}
