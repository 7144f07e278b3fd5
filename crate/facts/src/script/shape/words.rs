//! What names speak of: the vocabulary of mining, however a name is written.
//!
//! A name is taken apart into words (`getHashesPerSecond`, `hashes_per_second` and `HASHES-PER-SECOND` are three times the
//! same three), and sequences of words give it a role. Names prove nothing: rules ask for them beside what a script sets
//! up. They are the authors' own words in the browser miners of the development set and in the pools' published protocols.

/// Longest name that is looked at, in bytes: longer ones are texts.
pub(super) const LONGEST: usize = 48;

/// Words of one name.
const MOST_WORDS: usize = 8;

/// A role with the sequences of words that give it; words stand one after the other.
type Role = (&'static str, &'static [&'static [&'static str]]);

/// All roles, by the names that facts carry.
pub(super) const ROLES: [Role; 16] = [
    (
        "hashrate",
        &[
            &["hashrate"],
            &["hash", "rate"],
            &["hashes", "per", "second"],
            &["nonces", "per", "second"],
            &["total", "hashes"],
            &["hashes", "total"],
            &["accepted", "hashes"],
            &["hash", "accepted"],
            &["hashes", "accepted"],
            &["hps"],
            &["khs"],
            &["mhs"],
        ],
    ),
    ("job", &[&["job"], &["jobs"], &["jobid"]]),
    ("nonce", &[&["nonce"], &["nonces"], &["extranonce"], &["xnonce"]]),
    ("difficulty", &[&["difficulty"], &["share", "diff"], &["target", "diff"], &["diff", "target"]]),
    (
        "share",
        &[
            &["shares"],
            &["share", "accepted"],
            &["share", "rejected"],
            &["share", "found"],
            &["share", "difficulty"],
            &["share", "diff"],
            &["share", "target"],
            &["submit", "share"],
            &["found", "share"],
            &["valid", "share"],
            &["rejected", "share"],
            &["accepted", "share"],
        ],
    ),
    ("miner", &[&["mine"], &["mines"], &["miner"], &["miners"], &["mining"], &["mined"]]),
    ("stratum", &[&["stratum"], &["mining", "subscribe"], &["mining", "authorize"], &["mining", "notify"]]),
    ("throttle", &[&["throttle"]]),
    ("threads", &[&["threads"], &["nthreads"], &["thread", "count"]]),
    (
        "payout",
        &[
            &["wallet"],
            &["site", "key"],
            &["sitekey"],
            &["mining", "key"],
            &["mining", "address"],
            &["payout"],
            &["rigid"],
            &["rig", "id"],
            &["worker", "name"],
        ],
    ),
    (
        "pool",
        &[
            &["pool", "url"],
            &["pool", "host"],
            &["pool", "address"],
            &["pool", "server"],
            &["pool", "port"],
            &["pool", "user"],
            &["pool", "password"],
            &["mining", "pool"],
            &["pool", "miner"],
            &["pool", "mining"],
        ],
    ),
    ("seed", &[&["seed", "hash"], &["seed", "height"]]),
    (
        "template",
        &[
            &["block", "template"],
            &["header", "blob"],
            &["hashing", "blob"],
            &["block", "header"],
            &["blk", "hdr"],
            &["blkhdr"],
        ],
    ),
    (
        "solved",
        &[
            &["target", "met"],
            &["nonce", "found"],
            &["found", "nonce"],
            &["golden", "nonce"],
            &["hashsolved"],
            &["hash", "solved"],
        ],
    ),
    ("reward", &[&["coinbase"], &["block", "reward"], &["mined", "blocks"], &["blocks", "mined"]]),
    ("algorithm", &[]),
];

/// Place of "miner" and "algorithm" among the roles: given by parts of words as well.
const MINER: usize = 5;
const ALGORITHM: usize = 15;

/// Beginnings of words that name a proof of work of coins and little else.
const ALGORITHMS: [&str; 14] = [
    "cryptonight",
    "cryptonote",
    "randomx",
    "yespower",
    "yescrypt",
    "minotaurx",
    "ghostrider",
    "kawpow",
    "verushash",
    "ethash",
    "equihash",
    "autolykos",
    "neoscrypt",
    "argon2d",
];

/// Names of CryptoNight's and RandomX's variants, as pools write them.
const VARIANTS: [&str; 4] = ["cn/", "cn-", "rx/", "cryptonight-"];

/// The roles of a name, a bit each in the order of [`ROLES`].
pub(super) fn roles(name: &str) -> u32 {
    if name.len() > LONGEST || name.len() < 3 {
        return 0;
    }
    let mut lower = [0u8; LONGEST];
    let mut found: [(usize, usize); MOST_WORDS] = [(0, 0); MOST_WORDS];
    let count = split(name.as_bytes(), &mut lower, &mut found);
    let words = |index: usize| &lower[found[index].0..found[index].1];
    let mut roles = 0;
    for first in 0..count {
        let word = words(first);
        let mut possible = match letter(word).and_then(|letter| BEGUN.get(letter)) {
            // Most words have a length that none with this letter has.
            Some((roles, lengths)) if lengths >> word.len().min(63) & 1 == 1 => *roles,
            _ => 0,
        };
        while possible != 0 {
            let role = possible.trailing_zeros() as usize;
            possible &= possible - 1;
            let (_, sequences) = ROLES[role];
            let stands = |sequence: &&&[&str]| {
                first + sequence.len() <= count
                    && sequence.iter().enumerate().all(|(place, expected)| expected.as_bytes() == words(first + place))
            };
            roles |= u32::from(sequences.iter().any(|sequence| stands(&sequence))) << role;
        }
        let ends = |tail: &str| word.ends_with(tail.as_bytes());
        roles |= u32::from(ends("miner") || ends("mining")) << MINER;
        let begins = |head: &&str| word.first() == head.as_bytes().first() && word.starts_with(head.as_bytes());
        roles |= u32::from(ALGORITHMS.iter().any(begins)) << ALGORITHM;
    }
    roles | u32::from(VARIANTS.iter().any(|variant| name.starts_with(variant))) << ALGORITHM
}

/// By letter: the roles with a sequence that begins with it, a bit each, and the lengths of the words that begin one. Most words
/// begin none.
const BEGUN: [(u32, u64); 26] = {
    let mut begun = [(0, 0); 26];
    let mut role = 0;
    while role < ROLES.len() {
        let mut sequence = 0;
        while sequence < ROLES[role].1.len() {
            let word = ROLES[role].1[sequence][0].as_bytes();
            let (roles, lengths) = &mut begun[(word[0] - b'a') as usize];
            *roles |= 1 << role;
            *lengths |= 1 << word.len();
            sequence += 1;
        }
        role += 1;
    }
    begun
};

/// The number of a word's first letter.
fn letter(word: &[u8]) -> Option<usize> {
    word.first().and_then(|first| first.checked_sub(b'a')).map(usize::from)
}

/// Whether a role is among some.
pub(super) fn is_among(role: &str, roles: u32) -> bool {
    ROLES.iter().position(|(known, _)| *known == role).is_some_and(|place| roles >> place & 1 == 1)
}

/// Whether a name says that something is set or asked, not what it does itself.
pub(super) fn sets(name: &str) -> bool {
    ["set", "get"].iter().any(|verb| name.strip_prefix(verb).is_some_and(|rest| rest.starts_with(char::is_uppercase)))
}

/// Whether the file of an address is a miner by its first word: `js/miner-worker.js`, not `text-miner.js`, which mines texts.
pub(super) fn is_of_a_miner(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default();
    if file.len() > LONGEST {
        return false;
    }
    let mut lower = [0u8; LONGEST];
    let mut found = [(0, 0); MOST_WORDS];
    let count = split(file.as_bytes(), &mut lower, &mut found);
    let first = &lower[found[0].0..found[0].1];
    count > 0 && [&b"miner"[..], b"miners", b"mining", b"mine"].contains(&first)
}

/// Writes the words of a name in lower case; gives how many. A word begins after what is no letter, and where an upper
/// case letter follows a lower case one.
fn split(name: &[u8], lower: &mut [u8; LONGEST], found: &mut [(usize, usize); MOST_WORDS]) -> usize {
    let (mut count, mut open) = (0, false);
    for (at, c) in name.iter().enumerate() {
        let letter = c.is_ascii_alphabetic();
        let turn = c.is_ascii_uppercase() && at > 0 && name[at - 1].is_ascii_lowercase();
        if letter && (!open || turn) {
            if count == MOST_WORDS {
                return count;
            }
            found[count] = (at, at);
            count += 1;
        }
        open = letter;
        lower[at] = c.to_ascii_lowercase();
        if letter {
            found[count - 1].1 = at + 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Vec<&'static str> {
        let roles = roles(name);
        ROLES.iter().enumerate().filter(|(bit, _)| roles >> bit & 1 == 1).map(|(_, (role, _))| *role).collect()
    }

    #[test]
    fn a_name_has_the_same_roles_however_it_is_written() {
        for name in ["getHashesPerSecond", "hashes_per_second", "HASHES-PER-SECOND", "_hashesPerSecond2"] {
            assert_eq!(named(name), ["hashrate"], "{name}");
        }
        assert_eq!(named("job_id"), ["job"]);
        assert_eq!(named("mining.set_difficulty"), ["difficulty", "miner"]);
        assert_eq!(named("deepMiner"), ["miner"]);
        assert_eq!(named("cn/half"), ["algorithm"]);
        assert_eq!(named("MINING_ADDRESS"), ["miner", "payout"]);
    }

    #[test]
    fn a_file_is_a_miner_by_its_first_word() {
        for address in ["miner-worker.js", "./js/minerWorker.js?v=2", "https://example.org/mining.js", "/a/miner"] {
            assert!(is_of_a_miner(address), "{address}");
        }
        for address in ["text-miner.js", "miner/worker.js", "worker.js#miner", "minesweeper.js", "", "/"] {
            assert!(!is_of_a_miner(address), "{address}");
        }
    }

    #[test]
    fn what_only_looks_like_it_has_none() {
        for name in
            ["determine", "undermined", "examine", "threadPool", "jobless", "sharepoint", "addEventListener", "x"]
        {
            assert!(named(name).is_empty(), "{name}: {:?}", named(name));
        }
    }
}
