//! One address, one form: the steps of the URL standard that decide which host is asked.
//!
//! Our own, because the usual library carries Unicode tables three times the size of a frame's analyser. A name that is
//! not ASCII is put in lower case and into punycode; letters are not composed, as those tables would do.

use super::{ipv4, punycode};
use std::net::Ipv6Addr;

/// An address that names a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// Lower case, without the colon.
    pub(crate) scheme: String,
    /// User name and password as written; empty when absent.
    pub(crate) user: String,
    /// Lower case, ASCII, without a trailing dot; IPv4 in four decimal parts, IPv6 in brackets.
    pub(crate) host: String,
    /// Absent when it is the scheme's own.
    pub(crate) port: Option<u16>,
    /// From the first slash; `/` when absent.
    pub(crate) path: String,
    /// Query and fragment as written, with their first character; empty when absent.
    pub(crate) rest: String,
}

/// Schemes whose addresses browsers repair (URL standard, "special scheme"), with their own ports.
const SPECIAL: [(&str, u16); 5] = [("http", 80), ("https", 443), ("ws", 80), ("wss", 443), ("ftp", 21)];

impl Address {
    /// `None` for an address that names no host by nature; an error says why it is no address.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, &'static str> {
        let text: String =
            text.trim_matches(|c: char| c <= ' ').chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        let (scheme, rest) = text.split_once(':').ok_or("the address has no scheme")?;
        let mut letters = scheme.chars();
        if !letters.next().is_some_and(|c| c.is_ascii_alphabetic())
            || !letters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        {
            return Err("the address has no scheme");
        }
        let scheme = scheme.to_ascii_lowercase();
        let own_port = SPECIAL.iter().find(|(name, _)| *name == scheme).map(|(_, port)| *port);
        let rest = match own_port {
            Some(_) => rest.trim_start_matches(['/', '\\']),
            None => match rest.strip_prefix("//") {
                Some(rest) => rest,
                None => return Ok(None),
            },
        };
        Self::after_scheme(scheme, own_port, rest).map(Some)
    }

    fn after_scheme(scheme: String, own_port: Option<u16>, rest: &str) -> Result<Self, &'static str> {
        let is_slash = |c: char| c == '/' || (c == '\\' && own_port.is_some());
        let (authority, rest) = split_at(rest, |c| is_slash(c) || c == '?' || c == '#');
        let (path, rest) = split_at(rest, |c| c == '?' || c == '#');
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (host, port) = split_port(host)?;
        let path: String = path.chars().map(|c| if is_slash(c) { '/' } else { c }).collect();
        Ok(Self {
            scheme,
            user: user.to_owned(),
            host: canonical_host(host)?,
            port: port.filter(|port| Some(*port) != own_port),
            path: if path.is_empty() { "/".to_owned() } else { path },
            rest: rest.to_owned(),
        })
    }

    /// Whether it is a WebSocket's address.
    pub(crate) fn is_socket(&self) -> bool {
        self.scheme == "ws" || self.scheme == "wss"
    }

    /// The address in its one form, without user name and password.
    pub(crate) fn canonical(&self) -> String {
        let mut out = self.scheme.clone() + "://" + &self.host;
        if let Some(port) = self.port {
            out.push(':');
            out.push_str(&port.to_string());
        }
        out + &self.path + &self.rest
    }
}

fn split_at(text: &str, is_end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(is_end).unwrap_or(text.len()))
}

fn split_port(host: &str) -> Result<(&str, Option<u16>), &'static str> {
    let after_bracket = host.rfind(']').map_or(0, |at| at + 1);
    let Some(colon) = host[after_bracket..].find(':').map(|at| at + after_bracket) else { return Ok((host, None)) };
    let digits = &host[colon + 1..];
    if digits.is_empty() {
        return Ok((&host[..colon], None));
    }
    let is_number = digits.bytes().all(|b| b.is_ascii_digit());
    let port = digits.parse().ok().filter(|_| is_number).ok_or("the port is not a number up to 65535")?;
    Ok((&host[..colon], Some(port)))
}

fn canonical_host(host: &str) -> Result<String, &'static str> {
    if let Some(inner) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        let parsed: Ipv6Addr = inner.parse().map_err(|_| "the host is no IPv6 address")?;
        return Ok(format!("[{parsed}]"));
    }
    let decoded = percent_decoded(host).ok_or("the host is not UTF-8")?;
    let folded: String = decoded.chars().flat_map(|c| narrow(c).to_lowercase()).filter(|c| !is_ignored(*c)).collect();
    let host = folded.trim_end_matches('.');
    if host.is_empty() {
        return Err("the host is empty");
    }
    if host.chars().any(|c| c <= ' ' || c == '\u{7f}' || "#%/:<>?@[\\]^|".contains(c)) {
        return Err("the host holds a character that no host may");
    }
    ipv4::canonical(host).unwrap_or_else(|| punycode::ascii(host).ok_or("a label of the host is too long"))
}

/// Bytes that are written as `%xx`, where they are UTF-8.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    String::from_utf8(percent_bytes(text)).ok()
}

/// Bytes that are written as `%xx`; a lone `%` stays.
pub(crate) fn percent_bytes(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// Full-width forms and ideographic dots, which browsers map to ASCII (UTS 46).
fn narrow(c: char) -> char {
    match c {
        '\u{3002}' | '\u{ff61}' => '.',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Characters that browsers drop from a host (UTS 46, "ignored"): soft hyphen, joiners' kin, variation selectors.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{180b}'..='\u{180d}' | '\u{200b}' | '\u{2060}' | '\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}
