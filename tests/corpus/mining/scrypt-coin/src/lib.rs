//! scrypt with N = 1024, r = 1, p = 1 over a header of 80 bytes, which is its own salt.

#[cfg(not(feature = "library"))]
mod core_by_hand;

shares::module!(proof, 76);

#[cfg(feature = "library")]
fn proof(input: &[u8], output: &mut [u8; 32]) {
    if let Ok(params) = scrypt::Params::new(10, 1, 1) {
        let _ = scrypt::scrypt(input, input, &params, output);
    }
}

#[cfg(not(feature = "library"))]
fn proof(input: &[u8], output: &mut [u8; 32]) {
    let mut block = [0u8; 128];
    pbkdf2::pbkdf2_hmac::<sha2::Sha256>(input, input, 1, &mut block);
    core_by_hand::mix(&mut block);
    pbkdf2::pbkdf2_hmac::<sha2::Sha256>(input, &block, 1, output);
}
