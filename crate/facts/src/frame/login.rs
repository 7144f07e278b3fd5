//! For whom a page works: a wallet, or a pool behind the socket.

use super::group::{Group, Leaf};
use crate::request::is_wallet;

/// Who is paid, by form. The order is that of the saved state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Login {
    /// An address of a CryptoNote coin.
    Wallet,
    /// An address of Nimiq beside the hash of a chain.
    Nimiq,
    /// A pool's host and port, with a wallet, a worker or an algorithm beside it.
    Pool,
    /// A wallet among the words of a pool's login.
    Miner,
}

impl Login {
    pub(super) const ALL: [Self; 4] = [Self::Wallet, Self::Nimiq, Self::Pool, Self::Miner];

    /// The text of its facts.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Wallet => "wallet",
            Self::Nimiq => "nimiq-address",
            Self::Pool => "pool-address",
            Self::Miner => "pool-login",
        }
    }
}

/// Names of algorithms that clients ask a bridge for.
const ALGORITHMS: [&[u8]; 14] = [
    b"minotaurx",
    b"yespower",
    b"yescrypt",
    b"yescryptr8",
    b"yescryptr16",
    b"yescryptr32",
    b"power2b",
    b"ghostrider",
    b"verushash",
    b"cryptonight",
    b"randomx",
    b"rx/0",
    b"cn/r",
    b"scrypt",
];

/// The login that stands in a group.
pub(super) fn of(group: &Group<'_, '_>) -> Option<Login> {
    let any = |fits: fn(&[u8]) -> bool| group.leaves.iter().any(|leaf| fits(&leaf.text));
    let wallet = any(has_wallet);
    // Smaller numbers are versions and counts.
    let port = |leaf: &Leaf<'_>| leaf.whole().is_some_and(|n| (80..=65_535).contains(&n));
    let pool = any(is_pool) || any(is_host) && group.leaves.iter().any(port);
    if pool && (wallet || any(|text| ALGORITHMS.contains(&text)) || group.names(&["worker", "stratum"]) >= 2) {
        Some(Login::Pool)
    } else if wallet {
        let words = group.names(&["login", "pass", "identifier", "handshake", "pool", "rigid", "worker"]);
        Some(if words >= 2 { Login::Miner } else { Login::Wallet })
    } else {
        (any(is_nimiq) && group.of_length(32).is_some()).then_some(Login::Nimiq)
    }
}

/// A wallet, perhaps with a worker's name or a difficulty behind it.
fn has_wallet(text: &[u8]) -> bool {
    text.len() >= 95 && text.split(|byte| !byte.is_ascii_alphanumeric()).take(2).any(is_wallet)
}

/// A name with dots and nothing else, as pools are named.
fn is_host(text: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        !label.is_empty()
            && label.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
    };
    let letters = text.iter().rev().take_while(|byte| byte.is_ascii_lowercase()).count();
    (4..=253).contains(&text.len()) && letters >= 2 && text.contains(&b'.') && text.split(|b| *b == b'.').all(is_label)
}

fn is_pool(text: &[u8]) -> bool {
    text.starts_with(b"stratum+") || text.starts_with(b"stratum://")
}

/// An address of Nimiq: an IBAN of country NQ, whose remainder by 97 is 1.
pub(super) fn is_nimiq(text: &[u8]) -> bool {
    if text.len() < 36 || text.len() > 44 || !text.starts_with(b"NQ") {
        return false;
    }
    let letters: Vec<u8> = text.iter().copied().filter(|byte| *byte != b' ').collect();
    if letters.len() != 36 {
        return false;
    }
    let value = |byte: u8| char::from(byte).to_digit(36).filter(|_| !byte.is_ascii_lowercase());
    let moved = letters[4..].iter().chain(&letters[..4]);
    let remainder = moved.into_iter().try_fold(0u32, |sum, byte| {
        let value = value(*byte)?;
        Some((sum * if value < 10 { 10 } else { 100 } + value) % 97)
    });
    remainder == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_nimiq_prove_themselves() {
        // The burn address of Nimiq's documentation.
        assert!(is_nimiq(b"NQ07 0000 0000 0000 0000 0000 0000 0000 0000"));
        assert!(!is_nimiq(b"NQ08 0000 0000 0000 0000 0000 0000 0000 0000"));
        assert!(!is_nimiq(b"DE07 0000 0000 0000 0000 0000 0000 0000 0000"));
    }

    #[test]
    fn hosts_are_names_with_dots() {
        assert!(is_host(b"pool.example.org") && is_host(b"a.io"));
        for text in ["pool", "1.2.3.4", "https://a.example", "a b.c", "v1.2", ".com"] {
            assert!(!is_host(text.as_bytes()), "{text}");
        }
    }
}
