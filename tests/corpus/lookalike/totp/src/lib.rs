//! Checks a one-time password (RFC 4226 and 6238): the input is the time step and the password, big endian, then the key;
//! steps near the one given are tried too. The output is one byte: how far off the clock is.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

buffers::module!(check);

const WINDOW: u64 = 10;

fn check(input: &[u8], output: &mut [u8]) -> usize {
    let Some((step, rest)) = input.split_first_chunk::<8>() else { return 0 };
    let Some((password, key)) = rest.split_first_chunk::<4>() else { return 0 };
    let (step, password) = (u64::from_be_bytes(*step), u32::from_be_bytes(*password));
    let mut counter = [0; 8];
    for off in 0..2 * WINDOW {
        counter.copy_from_slice(&(step + off).wrapping_sub(WINDOW).to_be_bytes());
        let Ok(mac) = Hmac::<Sha1>::new_from_slice(key) else { return 0 };
        let tag = mac.chain_update(counter).finalize().into_bytes();
        let at = usize::from(tag[19] & 15);
        let code = u32::from_be_bytes([tag[at] & 0x7f, tag[at + 1], tag[at + 2], tag[at + 3]]) % 1_000_000;
        if code == password {
            output[0] = off as u8;
            return 1;
        }
    }
    0
}
