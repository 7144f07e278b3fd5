//! Addresses in a text: after a scheme, or a host and port.

use super::Found;
use crate::limits;
use crate::request;
use aho_corasick::{AhoCorasick, MatchKind};
use davy_model::FactName;
use std::sync::LazyLock;

/// Bytes of a host's longest name.
const HOST: usize = 253;

/// Beginnings of addresses. It can be built; none would mean that it cannot.
static SCHEMES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let schemes = request::POOL_SCHEMES.iter().copied().chain(["wss://", "ws://"]);
    AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::LeftmostFirst).build(schemes).ok()
});

/// Finds addresses of sockets and pools, and hosts with a port.
pub(super) fn read(bytes: &[u8], found: &mut Vec<Found>) {
    let Some(schemes) = SCHEMES.as_ref() else { return };
    for found_at in schemes.find_iter(bytes).map(|at| at.start()) {
        let word = at_word(bytes, found_at);
        if let Some((host, pool)) = word.and_then(request::named).filter(|(host, _)| is_host(host)) {
            found.push(Found { name: FactName::TextAddress, value: u64::from(pool), text: host, at: found_at });
        }
        if found.len() >= limits::TEXT_ADDRESSES {
            return;
        }
    }
    ports(bytes, found);
}

/// The word that begins there, if nothing stands directly in front of it.
fn at_word(bytes: &[u8], start: usize) -> Option<&str> {
    let before = start.checked_sub(1).map(|at| bytes[at]);
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
        return None;
    }
    let rest = &bytes[start..bytes.len().min(start + limits::ADDRESS_SHOWN)];
    let ends = |byte: &u8| *byte <= b' ' || *byte >= 0x7f || b"\"'`<>()[]{},;|\\".contains(byte);
    let end = rest.iter().position(ends).unwrap_or(rest.len());
    std::str::from_utf8(&rest[..end]).ok()
}

/// Hosts with a port, without a scheme in front.
fn ports(bytes: &[u8], found: &mut Vec<Found>) {
    for colon in memchr::memchr_iter(b':', bytes) {
        let digits = bytes[colon + 1..].iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
        if !(2..=5).contains(&digits) {
            continue;
        }
        let begin = bytes[..colon].iter().rev().take(HOST).take_while(|byte| is_of_host(**byte)).count();
        let host = &bytes[colon - begin..colon];
        let behind_scheme = bytes[..colon - begin].ends_with(b"/");
        if let Ok(host) = std::str::from_utf8(host)
            && !behind_scheme
            && is_name(host)
        {
            let text = host.to_ascii_lowercase();
            found.push(Found { name: FactName::TextAddress, value: 2, text, at: colon - begin });
            if found.len() >= limits::TEXT_ADDRESSES {
                return;
            }
        }
    }
}

fn is_of_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-'
}

/// Whether a name has a dot and ends like one of the network.
fn is_name(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && !host.starts_with(['.', '-'])
        && last.len() >= 2
        && last.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Whether a pool or socket can stand there: not what stands for a name in a template.
fn is_host(host: &str) -> bool {
    host.bytes().any(|byte| byte.is_ascii_alphanumeric()) && !host.contains(['%', '$', '{', '<'])
}

/// Whether a word is an address of a pool: with its scheme, or a host and port and nothing else.
pub(super) fn pool(word: &str) -> Option<bool> {
    if request::is_pool_scheme(word) {
        return request::named(word).map(|_| true);
    }
    let bare = ["ssl://", "tls://", "tcp://"].iter().find_map(|scheme| word.strip_prefix(scheme)).unwrap_or(word);
    let (host, port) = bare.rsplit_once(':')?;
    let numeric = host.split('.').count() == 4 && host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_port = (2..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    (is_port && host.bytes().all(is_of_host) && (numeric || is_name(host))).then_some(false)
}
