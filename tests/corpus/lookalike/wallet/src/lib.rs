//! What a wallet does in a page: derives keys, makes addresses, signs, reads and writes an encrypted, packed store and
//! talks JSON. CryptoNight is its key derivation, as in Monero's own wallets: one hash of a password, once.

use chacha20::cipher::{KeyIvInit, StreamCipher};
use curve25519_dalek::{EdwardsPoint, Scalar, edwards::CompressedEdwardsY};
use sha2::Digest;

buffers::module!(command);

/// The first byte of the input says what to do with the rest.
fn command(input: &[u8], output: &mut [u8]) -> usize {
    let Some((&word, rest)) = input.split_first() else { return 0 };
    let result = match word {
        0 => cryptonight::slow_hash(rest).to_vec(),
        1 => address(rest),
        2 => sign(rest),
        3 => seal(rest),
        4 => miniz_oxide::deflate::compress_to_vec(rest, 6),
        5 => miniz_oxide::inflate::decompress_to_vec_with_limit(rest, output.len()).unwrap_or_default(),
        6 => reply(rest),
        7 => scan_outputs(rest),
        8 => passwords(rest),
        _ => base58(rest),
    };
    let length = result.len().min(output.len());
    output[..length].copy_from_slice(&result[..length]);
    length
}

fn scalar(seed: &[u8]) -> Scalar {
    Scalar::from_bytes_mod_order(sha3::Keccak256::digest(seed).into())
}

fn address(seed: &[u8]) -> Vec<u8> {
    let spend = scalar(seed);
    let view = scalar(spend.as_bytes());
    let mut text = vec![18];
    for key in [spend, view] {
        text.extend(EdwardsPoint::mul_base(&key).compress().as_bytes());
    }
    let checksum = sha3::Keccak256::digest(&text);
    text.extend(&checksum[..4]);
    base58(&text)
}

fn sign(message: &[u8]) -> Vec<u8> {
    let (key, nonce) = (scalar(b"key"), scalar(message));
    let commitment = EdwardsPoint::mul_base(&nonce).compress();
    let mut challenge = commitment.as_bytes().to_vec();
    challenge.extend(message);
    let challenge = scalar(&challenge);
    let mut signature = commitment.as_bytes().to_vec();
    signature.extend((nonce + challenge * key).as_bytes());
    signature
}

/// Which outputs are ours: one point multiplication each, the hottest loop of a wallet.
fn scan_outputs(outputs: &[u8]) -> Vec<u8> {
    let view = scalar(b"view");
    outputs
        .chunks_exact(32)
        .map(|bytes| {
            let point = CompressedEdwardsY::from_slice(bytes).ok().and_then(|point| point.decompress());
            point.map_or(0, |point| (view * point).mul_by_cofactor().compress().as_bytes()[0])
        })
        .collect()
}

fn seal(text: &[u8]) -> Vec<u8> {
    let key = cryptonight::slow_hash(b"password");
    let mut sealed = text.to_vec();
    if let Ok(mut cipher) = chacha20::ChaCha20::new_from_slices(&key, &[0; 12]) {
        cipher.apply_keystream(&mut sealed);
    }
    sealed.extend(blake2::Blake2b512::digest(text));
    sealed
}

/// Other wallets' stores, for import.
fn passwords(password: &[u8]) -> Vec<u8> {
    let mut derived = [[0u8; 32]; 2];
    if let Ok(params) = scrypt::Params::new(12, 8, 1) {
        let _ = scrypt::scrypt(password, b"salt of a wallet", &params, &mut derived[0]);
    }
    let _ = argon2::Argon2::default().hash_password_into(password, b"salt of a wallet", &mut derived[1]);
    derived.concat()
}

fn reply(text: &[u8]) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<serde_json::Value>(text) else { return Vec::new() };
    value["checksum"] = format!("{:x?}", sha2::Sha256::digest(text)).into();
    serde_json::to_vec(&value).unwrap_or_default()
}

fn base58(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut digits = vec![0u8];
    for &byte in bytes {
        let mut carry = u32::from(byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = (carry % 58) as u8;
            carry /= 58;
        }
        while carry > 0 {
            digits.push((carry % 58) as u8);
            carry /= 58;
        }
    }
    digits.iter().rev().map(|&digit| DIGITS[digit as usize]).collect()
}
