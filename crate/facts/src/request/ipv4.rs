//! IPv4 addresses in every notation that browsers accept (URL standard, "IPv4 parser").

/// Four decimal parts for a host whose last label is a number, however it is written (`0x7f.1`, `2130706433`,
/// `0177.0.0.1`); `None` for a name. An error for a number that is no IPv4 address: browsers refuse it as well.
pub(super) fn canonical(host: &str) -> Option<Result<String, &'static str>> {
    let parts: Vec<&str> = host.split('.').collect();
    let last = parts.last()?;
    let is_numeric = number(last).is_some() || (!last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()));
    is_numeric.then(|| address(&parts).map(dotted).ok_or("the host is a number but no IPv4 address"))
}

fn address(parts: &[&str]) -> Option<u32> {
    if parts.len() > 4 {
        return None;
    }
    let numbers: Vec<u64> = parts.iter().map(|part| number(part)).collect::<Option<_>>()?;
    let (last, first) = numbers.split_last()?;
    if first.iter().any(|n| *n > 255) || *last >= 1 << (8 * (4 - first.len())) {
        return None;
    }
    let high = first.iter().enumerate().fold(0u64, |sum, (i, n)| sum | n << (8 * (3 - i)));
    u32::try_from(high | last).ok()
}

/// Decimal, `0x` hexadecimal or `0` octal.
fn number(part: &str) -> Option<u64> {
    let (digits, radix) = match part.strip_prefix("0x") {
        Some("") => return Some(0),
        Some(digits) => (digits, 16),
        None if part.len() > 1 && part.starts_with('0') => (&part[1..], 8),
        None => (part, 10),
    };
    if digits.starts_with('+') {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

fn dotted(address: u32) -> String {
    address.to_be_bytes().map(|byte| byte.to_string()).join(".")
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn every_notation_becomes_four_parts() {
        for host in
            ["127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.01", "0x7f.0.0.0x1"]
        {
            assert_eq!(canonical(host), Some(Ok("127.0.0.1".to_owned())), "{host}");
        }
    }

    #[test]
    fn names_are_left_alone_and_broken_numbers_refused() {
        for name in ["example.org", "1.example", "4chan.org", "0xdead.beef", "a.0y"] {
            assert_eq!(canonical(name), None, "{name}");
        }
        for broken in ["256.1.1.1", "1.2.3.4.5", "4294967296", "1..1", "a.1", "08", "1.2.3.99999999999999999999999"] {
            assert!(matches!(canonical(broken), Some(Err(_))), "{broken}");
        }
    }
}
