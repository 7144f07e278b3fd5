//! Texts that only name who is paid: wallet addresses by their alphabet, prefix and length, and the keys of mining services.

/// What a text names as payee; nothing for ordinary texts.
pub(super) fn payee(text: &str) -> Option<&'static str> {
    // The shortest address, and what most texts are not as long as.
    if text.len() < 35 {
        return None;
    }
    // Pools take a worker's name, a difficulty or a payment id behind the address.
    let address = text.split(['.', '+', '/', ':', '#']).next().unwrap_or(text);
    let bytes = address.as_bytes();
    let (first, second) = (bytes.first()?, bytes.get(1)?);
    let all = |of: fn(&u8) -> bool| bytes.iter().all(of);
    match bytes.len() {
        // Base58 of a prefix, two keys and a checksum (Monero: `src/cryptonote_config.h`); 106 with a payment id.
        95 | 106 if matches!(first, b'4' | b'8') && all(is_base58) => Some("monero"),
        // Other coins of CryptoNote have longer prefixes.
        97..=99 if first.is_ascii_alphabetic() && all(is_base58) && is_mixed(bytes) => Some("cryptonote"),
        // Nimiq: `NQ`, two digits of checksum, 32 of its base 32, in groups of four or not.
        36 | 44 if (first, second) == (&b'N', &b'Q') && bytes.get(2..4)?.iter().all(u8::is_ascii_digit) => {
            Some("nimiq")
        }
        // Zcash and its children: two bytes of prefix, a hash and a checksum in base58.
        35 if first == &b't' && matches!(second, b'1' | b'3') && all(is_base58) && is_mixed(bytes) => Some("zcash"),
        _ => None,
    }
}

/// A key as services hand out: 32 letters and digits of all kinds (CoinHive), or 64 hexadecimal digits (CoinIMP).
pub(super) fn is_key(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes.len() {
        32 => bytes.iter().all(u8::is_ascii_alphanumeric) && is_mixed(bytes),
        64 => bytes.iter().all(u8::is_ascii_hexdigit) && bytes.iter().any(u8::is_ascii_digit),
        _ => false,
    }
}

fn is_base58(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() && !matches!(byte, b'0' | b'O' | b'I' | b'l')
}

/// Has letters of both cases and digits, as random texts do.
fn is_mixed(bytes: &[u8]) -> bool {
    let any = |of: fn(&u8) -> bool| bytes.iter().any(of);
    any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase) && any(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payees_are_known_by_alphabet_and_length() {
        let monero = format!("4{}", "8AdkWmN2p".repeat(11))[..95].to_owned();
        assert_eq!(payee(&monero), Some("monero"));
        assert_eq!(payee(&format!("{monero}.rig1")), Some("monero"));
        assert_eq!(payee("NQ07 0000 0000 0000 0000 0000 0000 0000 0000"), Some("nimiq"));
        assert_eq!(payee("t1abcdefghijkmnoPQRSTUVWX23456789ab"), Some("zcash"));
        for ordinary in ["", "4", "hello", "NQ", &"4".repeat(94), &"a".repeat(98)] {
            assert_eq!(payee(ordinary), None, "{ordinary}");
        }
        assert!(is_key("aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF"));
        assert!(!is_key("d41d8cd98f00b204e9800998ecf8427e"));
    }
}
