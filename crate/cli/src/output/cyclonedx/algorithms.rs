//! Algorithms in the words of CycloneDX.

/// How an algorithm is described to who keeps an inventory of cryptography.
pub(crate) struct Algorithm {
    pub(crate) title: &'static str,
    /// From CycloneDX's list of primitives.
    pub(crate) primitive: &'static str,
    /// From its list of functions.
    pub(crate) function: &'static str,
}

/// What is known of a name that rules give. Proofs of work that are searches rather than functions, and names that are not
/// in the table, are `other`.
pub(crate) fn describe(name: &str) -> Algorithm {
    let hash = |title| Algorithm { title, primitive: "hash", function: "digest" };
    let stretching = |title| Algorithm { title, primitive: "kdf", function: "keyderive" };
    let work = |title| Algorithm { title, primitive: "other", function: "other" };
    match name {
        "sha1" => hash("SHA-1"),
        "sha256" => hash("SHA-256"),
        "sha256d" => hash("SHA-256d"),
        "sha512" => hash("SHA-512"),
        "keccak" => hash("Keccak-f[1600]"),
        "kangarootwelve" => hash("KangarooTwelve"),
        "blake2b" => hash("BLAKE2b"),
        "blake2s" => hash("BLAKE2s"),
        "blake3" => hash("BLAKE3"),
        "haraka" => hash("Haraka"),
        "cryptonight" => hash("CryptoNight"),
        "randomx" => hash("RandomX"),
        "ghostrider" => hash("GhostRider"),
        "minotaurx" => hash("MinotaurX"),
        "verushash" => hash("VerusHash"),
        "verthash" => hash("Verthash"),
        "heavyhash" => hash("kHeavyHash"),
        "kawpow" => hash("KawPow"),
        "ethash" => hash("Ethash"),
        "hash-chain" => hash("Chain of SHA-3 candidates"),
        "scrypt" => stretching("scrypt"),
        "yescrypt" => stretching("yescrypt"),
        "yespower" => stretching("yespower"),
        "argon2" => stretching("Argon2"),
        "argon2d" => stretching("Argon2d"),
        "argon2i" => stretching("Argon2i"),
        "argon2id" => stretching("Argon2id"),
        "lyra2" => stretching("Lyra2"),
        "equihash" => work("Equihash"),
        "cuckoo-cycle" => work("Cuckoo Cycle"),
        "autolykos" => work("Autolykos"),
        _ => work(""),
    }
}
