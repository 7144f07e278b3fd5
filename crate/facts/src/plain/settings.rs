//! What a miner is told: objects of configurations, and commands.

use super::object::{self, Object};
use super::{Found, address};
use crate::limits;
use crate::request::is_wallet;
use davy_model::FactName;
use memchr::memmem;

/// Keys under which configurations and options name the pool, who is paid, and the algorithm.
const POOL: &[&str] = &[
    "url",
    "pool",
    "pool_address",
    "pool-address",
    "pool_url",
    "server",
    "host",
    "address",
    "-o",
    "--url",
    "--pool",
    "--server",
    "-s",
];
const PAID: &[&str] = &[
    "user",
    "username",
    "login",
    "wallet",
    "wallet_address",
    "wallet-address",
    "walletaddress",
    "-u",
    "--user",
    "--username",
    "--wallet",
    "--userpass",
    "-w",
];
const ALGORITHM: &[&str] = &["algo", "algorithm", "coin", "-a", "--algo", "--algorithm", "--coin"];

/// Settings that only miners have.
const MINERS_OWN: &[&str] = &[
    "rig-id",
    "rig_id",
    "rigid",
    "nicehash",
    "use_nicehash",
    "donate-level",
    "donate_level",
    "tls-fingerprint",
    "tls_fingerprint",
    "max-threads-hint",
    "randomx",
    "cpu_threads_conf",
    "pool_weight",
    "self-select",
    "submit-to-origin",
    "--rig-id",
    "--nicehash",
    "--donate-level",
    "--randomx-mode",
    "--randomx-1gb-pages",
    "--cpu-max-threads-hint",
    "--max-cpu-usage",
    "--tls-fingerprint",
    "--cuda",
    "--opencl",
    "--worker",
];

/// Beginnings of what miners call algorithms and coins.
const ALGORITHMS: &[&str] = &[
    "rx/",
    "rx",
    "randomx",
    "cn/",
    "cn-",
    "cryptonight",
    "argon2/",
    "chukwa",
    "kawpow",
    "progpow",
    "ethash",
    "etchash",
    "autolykos",
    "ghostrider",
    "gr",
    "yespower",
    "yescrypt",
    "verus",
    "equihash",
    "kheavyhash",
    "sha256d",
    "scrypt",
    "x11",
    "x16r",
    "x17",
    "lyra2",
    "minotaurx",
    "cuckoo",
    "blake3",
    "monero",
    "xmr",
    "wownero",
    "ravencoin",
    "zcash",
    "haven",
    "turtlecoin",
    "dero",
];

/// Finds objects and commands that tell a miner where to mine and for whom.
pub(super) fn read(bytes: &[u8], found: &mut Vec<Found>) {
    let names = |words: &[&str]| words.iter().any(|word| memmem::find(bytes, word.as_bytes()).is_some());
    let lossy = || String::from_utf8_lossy(bytes);
    if bytes.contains(&b'{') && names(&["user", "wallet", "login", "WALLET", "Wallet"]) {
        let text = lossy();
        object::each(&text, |object| keep("object", object, found));
    }
    if names(&[" -u", "\"-u", "--user", "--wallet", " -w", "\"-w"]) {
        let text = lossy();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let cut = line.get(..limits::COMMAND_BYTES).unwrap_or(line);
            keep("command", &command(cut, at), found);
            at += line.len();
        }
    }
}

/// The options of a command: each with the word after it, or the part after `=`.
fn command(line: &str, at: usize) -> Object<'_> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']' | '`' | '(' | ')');
    let mut words = line.split(ends).filter(|word| !word.is_empty()).peekable();
    let mut object = Object { key: "", at, pairs: Vec::new() };
    while let Some(word) = words.next() {
        if !word.starts_with('-') || object.pairs.len() >= limits::SETTINGS_VALUES {
            continue;
        }
        let pair = word.split_once('=').unwrap_or_else(|| (word, words.peek().copied().unwrap_or_default()));
        object.pairs.push(pair);
    }
    object
}

/// Keeps an object that names a pool, and who is paid there.
fn keep(text: &str, object: &Object<'_>, found: &mut Vec<Found>) {
    let (Some(pool), Some(paid)) = (object.get(POOL).and_then(address::pool), object.get(PAID)) else { return };
    if paid.is_empty() || found.len() >= limits::TEXT_ADDRESSES * 2 {
        return;
    }
    let algorithm = object.get(ALGORITHM).is_some_and(is_algorithm);
    // Under `pools`, with the short names that miners use, as nobody else writes them.
    let spelled = object.key.eq_ignore_ascii_case("pools") && object.has(&["pass"]) && object.has(&["url"]);
    let wallet = paid.split(['.', '+', '/', ':']).next().is_some_and(is_paid);
    let value = [pool, wallet, algorithm, spelled || object.has(MINERS_OWN)].map(u64::from).iter().sum();
    found.push(Found { name: FactName::MinerSettings, value, text: text.to_owned(), at: object.at });
}

/// Whether a word is an address of a coin: of CryptoNote, or one of the forms that other coins have.
fn is_paid(word: &str) -> bool {
    let hexadecimal = |text: &str| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_wallet(word.as_bytes()) || word.strip_prefix("0x").is_some_and(hexadecimal)
}

fn is_algorithm(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ALGORITHMS.iter().any(|known| name == known.trim_end_matches('/') || (known.len() > 2 && name.starts_with(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(String, u64)> {
        let mut found = Vec::new();
        read(text.as_bytes(), &mut found);
        found.into_iter().map(|found| (found.text, found.value)).collect()
    }

    #[test]
    fn configurations_of_miners() {
        let one = |text: &str, value| assert_eq!(values(text), [("object".to_owned(), value)], "{text}");
        one(
            r#"{"pools": [{"algo": "rx/0", "url": "stratum+ssl://pool.example:443", "user": "W", "pass": "x", "rig-id": null}]}"#,
            3,
        );
        one(r#"{"pools": [{"url": "pool.example:3333", "user": "YOU", "pass": "x"}]}"#, 1);
        one(r#"{"url": "10.0.0.7:3333", "user": "W", "algo": "cryptonight"}"#, 1);
        // A database is reached so as well.
        one(r#"{"host": "db.example:5432", "user": "app", "password": "x"}"#, 0);
        assert!(values(r#"{"url": "https://example.org/", "user": "x", "algo": "rx/0"}"#).is_empty());
        assert!(values(r#"{"url": "pool.example:3333", "algo": "rx/0"}"#).is_empty());
    }

    #[test]
    fn commands_of_miners() {
        let wallet = format!("4{}", "8edfHu7V9Z84YzzMa6".repeat(6))[..95].to_owned();
        let all = values(&format!(
            "#!/bin/sh\n./x -k --tls --rig-id q -o pool.example:443 -u {wallet} --cpu-max-threads-hint=50\n"
        ));
        assert_eq!(all, [("command".to_owned(), 2)]);
        assert_eq!(values("x --url=stratum+tcp://pool.example:1 --user=w\n"), [("command".to_owned(), 1)]);
        assert!(values("curl -u me:x -o file.tar https://example.org/\nssh -o Port=22 -u x\n").is_empty());
    }
}
