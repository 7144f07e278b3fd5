//! Addresses to facts: which host is asked for, and what in the address only pools use.

mod address;
mod ipv4;
mod punycode;
mod shape;

use crate::{Limits, limits};
use address::Address;
#[cfg(feature = "script")]
pub(crate) use address::percent_bytes;
use davy_model::{Extraction, Fact, FactName, Gap, GapReason, Location};
#[cfg(feature = "files")]
pub(crate) use shape::POOL_SCHEMES;
#[cfg(feature = "files")]
pub(crate) use shape::is_pool_scheme;
pub(crate) use shape::is_wallet;

/// Reads the address of a request or WebSocket. Addresses without a host (`data:`, `blob:`, `about:`) say nothing;
/// what is no address at all is a gap.
pub(crate) fn extract(bytes: &[u8], limits: &Limits, out: &mut Extraction) {
    let longest = limits.artifact_bytes.min(limits::ADDRESS_BYTES);
    if bytes.len() as u64 > longest {
        return gap(out, GapReason::OverLimit, "the address is longer than browsers accept");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return gap(out, GapReason::Undecodable, "the address is not UTF-8");
    };
    match Address::parse(text) {
        Ok(Some(address)) => facts(&address, &Location::Url { url: shown(&address.canonical()) }, out),
        Ok(None) => {}
        Err(why) => gap(out, GapReason::Undecodable, why),
    }
}

/// Reads an address that a program opens at the given place. What is no address, or names no host, says nothing.
#[cfg(feature = "script")]
pub(crate) fn opened(text: &str, location: &Location, out: &mut Extraction) {
    if text.len() as u64 <= limits::ADDRESS_BYTES
        && let Ok(Some(address)) = Address::parse(text)
    {
        facts(&address, location, out);
    }
}

/// The host of a socket's or pool's address, and whether it is a pool's scheme; `None` for other texts.
#[cfg(feature = "script")]
pub(crate) fn named(text: &str) -> Option<(String, bool)> {
    // Texts that only talk of addresses go on behind them.
    if text.len() > limits::ADDRESS_SHOWN || text.contains(|c: char| c.is_whitespace()) {
        return None;
    }
    let pool = shape::is_pool_scheme(text);
    let address = Address::parse(text).ok().flatten()?;
    (pool || address.is_socket()).then_some((address.host, pool))
}

fn facts(address: &Address, location: &Location, out: &mut Extraction) {
    let mut found = vec![(FactName::Host, address.host.clone())];
    found.extend(shape::pool_path(address).map(|path| (FactName::PoolPath, path)));
    found.extend(shape::pool_parameters(address).into_iter().map(|part| (FactName::PoolParameter, part)));
    let Some(scope) = out.scopes.first_mut() else { return };
    scope.facts.extend(found.into_iter().map(|(name, text)| Fact {
        name,
        value: 0,
        count: 1,
        text: Some(text),
        location: location.clone(),
    }));
    davy_model::sort_by(&mut scope.facts, |a, b| a.order(b));
    scope.facts.dedup_by(|a, b| a.order(b).is_eq());
}

/// An address as locations show it.
pub(crate) fn shown(url: &str) -> String {
    match url.char_indices().nth(limits::ADDRESS_SHOWN) {
        Some((end, _)) => url[..end].to_owned() + "…",
        None => url.to_owned(),
    }
}

fn gap(out: &mut Extraction, reason: GapReason, because: &str) {
    out.gaps.push(Gap { reason, location: Location::Whole, because: because.to_owned() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use davy_model::{Artifact, ArtifactKind};

    fn read(bytes: &[u8]) -> Extraction {
        let artifact = Artifact { path: "address".to_owned(), kind: ArtifactKind::Websocket, bytes: bytes.into() };
        crate::extract(&artifact, &Limits::default())
    }

    fn texts(address: &str, name: FactName) -> Vec<String> {
        read(address.as_bytes()).scopes[0]
            .facts
            .iter()
            .filter(|f| f.name == name)
            .filter_map(|f| f.text.clone())
            .collect()
    }

    #[test]
    fn a_host_is_found_however_it_is_dressed() {
        for address in [
            "wss://ws001.example.org/proxy",
            "WSS://WS001.Example.ORG./proxy",
            "wss://user:pass@ws001.example.org:443/proxy",
            "  wss:\\\\ws001.example.org\\proxy ",
            "w\nss://ws001.exa\tmple.org",
            "wss://ws001%2eexample%2Eorg",
            "wss:ws001.example.org",
            "wss:////ws001.example.org",
            "wss://ｗs001。example．org",
        ] {
            assert_eq!(texts(address, FactName::Host), ["ws001.example.org"], "{address:?}");
        }
    }

    #[test]
    fn numbers_and_names_in_other_scripts_have_one_form() {
        for (address, host) in [
            ("wss://0x7f.1:8181/x", "127.0.0.1"),
            ("ws://2130706433", "127.0.0.1"),
            ("ws://017700000001:80", "127.0.0.1"),
            ("ws://１２７.0.0.1", "127.0.0.1"),
            ("ws://[::1]:81", "[::1]"),
            ("ws://[0:0:0:0:0:0:0:1]", "[::1]"),
            ("wss://BÜCHER.example./", "xn--bcher-kva.example"),
            ("wss://xn--bcher-kva.EXAMPLE", "xn--bcher-kva.example"),
            ("wss://b%C3%BCcher.example", "xn--bcher-kva.example"),
            ("wss://bü\u{ad}cher.example", "xn--bcher-kva.example"),
            ("wss://a@b@c.example@d.example", "d.example"),
            ("wss://coinhive.com@example.org/coinhive.com?coinhive.com#coinhive.com", "example.org"),
        ] {
            assert_eq!(texts(address, FactName::Host), [host], "{address}");
        }
    }

    #[test]
    fn what_has_no_host_says_nothing_and_what_is_no_address_is_a_gap() {
        for quiet in ["data:text/plain,wss://example.org", "blob:https://example.org/1", "about:blank"] {
            let extraction = read(quiet.as_bytes());
            assert!(extraction.scopes[0].facts.is_empty() && extraction.gaps.is_empty(), "{quiet}");
        }
        for broken in
            ["", "/chat", "wss://", "wss:///?", "wss://a b/", "wss://1.2.3.999/", "wss://[::g]/", "wss://a:99999/"]
        {
            let extraction = read(broken.as_bytes());
            assert!(extraction.scopes[0].facts.is_empty(), "{broken}");
            assert_eq!(extraction.gaps[0].reason, GapReason::Undecodable, "{broken}");
        }
        assert_eq!(read(&[0xff, 0xfe]).gaps[0].reason, GapReason::Undecodable);
        let long = format!("wss://example.org/{}", "a".repeat(limits::ADDRESS_BYTES as usize));
        assert_eq!(read(long.as_bytes()).gaps[0].reason, GapReason::OverLimit);
    }

    #[test]
    fn facts_stand_at_the_canonical_address_in_order() {
        let extraction = read(b"WSS://Example.org:443/Stratum");
        let facts = &extraction.scopes[0].facts;
        assert_eq!(facts.iter().map(|f| f.name).collect::<Vec<_>>(), [FactName::Host, FactName::PoolPath]);
        assert_eq!(facts[0].location, Location::Url { url: "wss://example.org/Stratum".to_owned() });
    }

    #[test]
    fn a_long_address_is_shown_in_part() {
        let facts = read(format!("wss://example.org/{}", "é".repeat(10_000)).as_bytes()).scopes[0].facts.clone();
        let Location::Url { url } = &facts[0].location else { panic!("{facts:?}") };
        assert_eq!(url.chars().count(), limits::ADDRESS_SHOWN + 1);
    }
}
