//! Objects that a program writes down with the names of a share: which work, which nonce, and what came out of it.

/// What one key of an object is of a share; none for most.
fn part(key: &str) -> Option<Part> {
    let mut plain = [0u8; 16];
    let mut length = 0;
    for c in key.bytes().filter(|c| *c != b'_' && *c != b'-') {
        *plain.get_mut(length)? = c.to_ascii_lowercase();
        length += 1;
    }
    match plain.get(..length)? {
        b"jobid" | b"workid" | b"job" => Some(Part::Work),
        b"nonce" | b"nonce2" | b"extranonce2" => Some(Part::Nonce),
        b"result" | b"hash" | b"mixhash" | b"mixdigest" | b"solution" | b"ntime" => Some(Part::Outcome),
        _ => None,
    }
}

/// What a key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Work,
    Nonce,
    Outcome,
}

/// Whether keys name all parts of a share.
pub(super) fn is_share<'k>(keys: impl Iterator<Item = &'k str>) -> bool {
    let (mut work, mut nonce, mut outcome) = (false, false, false);
    for part in keys.filter_map(part) {
        match part {
            Part::Work => work = true,
            Part::Nonce => nonce = true,
            Part::Outcome => outcome = true,
        }
    }
    work && nonce && outcome
}

#[cfg(test)]
mod tests {
    use super::is_share;

    #[test]
    fn a_share_names_its_work() {
        assert!(is_share(["identifier", "job_id", "nonce", "result"].into_iter()));
        assert!(is_share(["jobId", "nonce", "hash", "x"].into_iter()));
        assert!(!is_share(["challenge", "nonce", "hash"].into_iter()), "a captcha's answer");
        assert!(!is_share(["job", "result"].into_iter()), "a queue's answer");
        assert!(!is_share(["nonce", "hash", "height", "a_name_that_is_far_too_long"].into_iter()), "a block");
    }
}
