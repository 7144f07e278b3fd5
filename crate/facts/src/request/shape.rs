//! What in an address only mining uses, apart from its host: the proxy's path and the pool login.

use super::address::{Address, percent_decoded};
use crate::limits;

/// Last path segments under which WebSocket proxies of browser miners listen. `proxy` is the CoinHive dialect's; the
/// others name the pool protocol itself, or a bridge to it.
const PROXY_PATHS: [&str; 11] = [
    "proxy",
    "stratum",
    "stratum-proxy",
    "ws-stratum",
    "stratum-ws",
    "ws-pool",
    "wspool",
    "pool-ws",
    "pool-proxy",
    "mining-proxy",
    "ws-mining",
];

/// Schemes by which miners name a pool.
pub(crate) const POOL_SCHEMES: [&str; 7] = [
    "stratum://",
    "stratum+tcp://",
    "stratum+ssl://",
    "stratum+tls://",
    "stratum1+tcp://",
    "stratum2+tcp://",
    "daemon+http://",
];

/// Lengths of CryptoNote addresses in base 58. Monero: 95, and 106 with a payment id; its children with longer prefixes
/// (TurtleCoin, Sumokoin, Haven, Aeon) lie between.
const WALLET: std::ops::RangeInclusive<usize> = 95..=110;

/// Whether the text begins with a scheme by which miners name a pool.
#[cfg(feature = "script")]
pub(crate) fn is_pool_scheme(text: &str) -> bool {
    let lower: String = text.chars().take(16).flat_map(char::to_lowercase).collect();
    POOL_SCHEMES.iter().any(|scheme| lower.starts_with(scheme))
}

/// The path of a socket that ends like a mining proxy's.
pub(super) fn pool_path(address: &Address) -> Option<String> {
    let last = address.path.rsplit('/').find(|segment| !segment.is_empty())?;
    let last = percent_decoded(last)?.to_ascii_lowercase();
    (address.is_socket() && PROXY_PATHS.contains(&last.as_str())).then(|| address.path.clone())
}

/// Pool logins and pool addresses in user name, path, query or fragment; the first few, each once.
pub(super) fn pool_parameters(address: &Address) -> Vec<String> {
    let mut found = Vec::new();
    for part in [&address.user, &address.path, &address.rest] {
        // Decoded twice: an address inside an address is often encoded once more.
        let Some(text) = percent_decoded(part).and_then(|once| percent_decoded(&once)) else { continue };
        found.extend(wallets(&text).map(str::to_owned));
        found.extend(workers(&text).map(str::to_owned));
        found.extend(pools(&text));
        found.extend(named_pools(&text).map(str::to_owned));
    }
    davy_model::sort(&mut found);
    found.dedup();
    found.truncate(limits::POOL_PARAMETERS);
    found
}

fn wallets(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_wallet(word.as_bytes()))
}

/// Whether a word has length and alphabet of a CryptoNote address.
pub(crate) fn is_wallet(word: &[u8]) -> bool {
    WALLET.contains(&word.len()) && is_base58(word)
}

/// Base 58 leaves out the four look-alikes; a word of a wallet's length also has all three kinds of character.
fn is_base58(word: &[u8]) -> bool {
    let has = |kind: fn(&u8) -> bool| word.iter().any(kind);
    word.iter().all(|byte| byte.is_ascii_alphanumeric() && !b"0OIl".contains(byte))
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}

/// First letters of addresses that pools of Bitcoin's children pay to, by their prefix in base 58: Zcash and its kin (t),
/// Ravencoin and its kin (R), Dogecoin (D), Litecoin (L, M), Bitcoin (1, 3).
const PAID: &str = "tRDLM13";

/// An address of Bitcoin's kind with a worker's name behind it, `t1abc….rig`: pools alone write it so.
fn workers(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    text.split(move |c: char| !is_name(c)).filter(|word| {
        let Some((address, worker)) = word.split_once('.') else { return false };
        (34..=35).contains(&address.len())
            && address.starts_with(|first| PAID.contains(first))
            && is_base58(address.as_bytes())
            && (1..=24).contains(&worker.len())
            && !worker.contains('.')
    })
}

/// Parameters by which bridges are told their pool.
const POOL_NAMES: [&str; 4] = ["pool", "poolhost", "stratum", "pooladdress"];

/// `pool=host:port`, with a port that pools have.
fn named_pools(text: &str) -> impl Iterator<Item = &str> {
    text.split(['?', '&', '#', ';']).filter(|part| {
        let Some((key, value)) = part.split_once('=') else { return false };
        let Some((host, port)) = value.rsplit_once(':') else { return false };
        POOL_NAMES.iter().any(|name| key.eq_ignore_ascii_case(name))
            && host.contains('.')
            && !host.contains('/')
            && port.parse::<u16>().is_ok_and(|port| port >= 1024)
    })
}

fn pools(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let starts = POOL_SCHEMES.iter().filter_map(|scheme| lower.find(scheme));
    starts.map(|start| lower[start..].split(['&', '#', ';', ',']).next().unwrap_or_default().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap().unwrap()
    }

    /// Made up: right in length and alphabet, wrong in its checksum.
    fn wallet(length: usize) -> String {
        "48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt52XU5xvqgzYnDK9URnRoJ".chars().cycle().take(length).collect()
    }

    #[test]
    fn sockets_with_a_proxys_path_are_seen() {
        for text in [
            "wss://a.example/proxy",
            "ws://a.example/x/Stratum/",
            "wss://a.example/ws-pool?x",
            "wss://a.example/pro%78y",
        ] {
            assert!(pool_path(&address(text)).is_some(), "{text}");
        }
        for text in [
            "wss://a.example/",
            "wss://a.example/proxy-settings",
            "https://a.example/proxy",
            "wss://a.example/proxy/chat",
        ] {
            assert_eq!(pool_path(&address(text)), None, "{text}");
        }
    }

    #[test]
    fn wallets_are_seen_wherever_they_stand() {
        for length in [95, 98, 106] {
            let wallet = wallet(length);
            for text in [
                format!("wss://a.example/{wallet}"),
                format!("wss://a.example/?login={wallet}.worker&x=1"),
                format!("wss://a.example/?q=login%253D{wallet}%2526x"),
                format!("wss://{wallet}:x@a.example/"),
                format!("wss://a.example/#{wallet}"),
            ] {
                assert_eq!(pool_parameters(&address(&text)), std::slice::from_ref(&wallet), "{text}");
            }
        }
    }

    #[test]
    fn other_long_words_are_not_wallets() {
        let hex = "0123456789abcdef".repeat(6);
        for word in [hex.clone(), hex[1..].replace('0', "1"), wallet(94), wallet(111), "l".to_owned() + &wallet(95)] {
            assert!(pool_parameters(&address(&format!("wss://a.example/?t={word}"))).is_empty(), "{word}");
        }
    }

    #[test]
    fn workers_and_named_pools_are_seen() {
        let paid = "t1".to_owned() + &wallet(33);
        for (text, found) in [
            (format!("ws://a.example/ws?{paid}.rig-1"), format!("{paid}.rig-1")),
            (format!("ws://a.example/{paid}.web/x"), format!("{paid}.web")),
            ("wss://a.example/?pool=p.example:3333&x=1".to_owned(), "pool=p.example:3333".to_owned()),
        ] {
            assert_eq!(pool_parameters(&address(&text)), [found], "{text}");
        }
        for text in [
            format!("wss://a.example/address/{paid}"),
            format!("wss://a.example/?t=eyJh{}.eyJz{}.x", wallet(30), wallet(40)),
            "wss://a.example/?pool=main".to_owned(),
            "wss://a.example/?target=desk.example:5901".to_owned(),
            "wss://a.example/?pool=p.example:443".to_owned(),
        ] {
            assert!(pool_parameters(&address(&text)).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_pool_inside_an_address_is_seen() {
        let found = pool_parameters(&address("wss://a.example/?pool=stratum%2Btcp%3A%2F%2Fp.example%3A3333&user=u"));
        assert_eq!(found, ["stratum+tcp://p.example:3333"]);
        assert!(pool_parameters(&address("wss://a.example/?next=https://b.example/")).is_empty());
    }
}
