//! Words of the dialects, as keys, methods, types and events. A word alone says little; rules join it to what was seen.

/// Sorted by byte. At most 64, one bit each. Sources: the clients and proxies that `judge/rules/protocol` refers to.
pub(super) const TABLE: [&str; 55] = [
    "JOB",
    "ackShare",
    "algo",
    "auth",
    "blob",
    "blockPreHash",
    "can start",
    "deviceId",
    "difficulty",
    "extraData",
    "firstPreHash",
    "genesisHash",
    "handshake",
    "hashHex",
    "hash_accepted",
    "hashrate",
    "hashsolved",
    "identifier",
    "jobId",
    "job_id",
    "keepalived",
    "login",
    "mining.authorize",
    "mining.extranonce.subscribe",
    "mining.notify",
    "mining.set_difficulty",
    "mining.set_extranonce",
    "mining.set_target",
    "mining.submit",
    "mining.subscribe",
    "nonce",
    "nonceCount",
    "optInAuthKey",
    "pass",
    "password",
    "pool",
    "poolHost",
    "proxy.connect",
    "requestFirstPreHash",
    "result",
    "rigid",
    "seed_hash",
    "site_key",
    "solved",
    "startComs",
    "startNonce",
    "stratum",
    "submit",
    "submitHash",
    "target",
    "targetCompact",
    "userID",
    "wallet",
    "wantJob",
    "worker",
];

/// Which words were met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Words(pub(super) u64);

impl Words {
    /// Notes a text if it is a word, and gives its place in the table.
    pub(super) fn note(&mut self, text: &[u8]) -> Option<u8> {
        let place = TABLE.binary_search_by(|word| word.as_bytes().cmp(text)).ok()?;
        self.0 |= 1 << place;
        u8::try_from(place).ok()
    }

    /// The words met, in the table's order.
    pub(super) fn iter(self) -> impl Iterator<Item = &'static str> {
        TABLE.into_iter().enumerate().filter(move |(place, _)| self.0 >> place & 1 == 1).map(|(_, word)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_fits() {
        assert!(TABLE.is_sorted() && TABLE.len() <= 64);
        let mut words = Words::default();
        assert_eq!(words.note(b"JOB"), Some(0));
        assert!(words.note(b"worker").is_some() && words.note(b"job").is_none() && words.note(b"").is_none());
        assert_eq!(words.iter().collect::<Vec<_>>(), ["JOB", "worker"]);
    }
}
