//! The baseline as a file: TOML that people write reasons into.

use super::{date, fingerprint};
use crate::failure::Failure;
use crate::given;
use davy_model::Level;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The name and version of the file.
const SCHEMA: &str = "davy.baseline/1";
/// Longest baseline that is read: some hundred thousand entries.
const BYTES: u64 = 64 << 20;

/// One entry: a finding that somebody accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepted {
    /// The rule that found it.
    pub(crate) rule: String,
    /// The path from where the command runs, with `!/` before what is inside. What carries versions and hashes of contents
    /// in its name matches with others in their place.
    pub(crate) path: String,
    /// The algorithms that were named.
    #[serde(default)]
    pub(crate) algorithms: Vec<String>,
    /// The highest level that is accepted.
    pub(crate) level: Level,
    /// Of the artifact's bytes; for *mining* they must be the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    /// Why it is accepted; *mining* is not without it.
    pub(crate) reason: String,
    /// The last day on which it is accepted.
    pub(crate) expires: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Baseline {
    schema: String,
    #[serde(default)]
    accept: Vec<Accepted>,
}

impl Accepted {
    pub(crate) fn fingerprint(&self) -> String {
        fingerprint::of(&self.rule, &self.algorithms, &self.path)
    }

    /// Whether a finding of this level in an artifact with this hash is accepted today.
    pub(crate) fn holds(&self, level: Level, sha256: Option<&str>, today: &str) -> bool {
        let mines = level == Level::Mining;
        let same_bytes = sha256.is_some() && sha256 == self.sha256.as_deref();
        level <= self.level && self.expires.as_str() >= today && (!mines || (same_bytes && !self.lacks_reason()))
    }

    /// Whether it would accept code that mines without saying why, or whatever its bytes are.
    pub(crate) fn lacks_reason(&self) -> bool {
        self.level == Level::Mining && (self.reason.trim().is_empty() || self.sha256.is_none())
    }
}

/// Reads a baseline.
pub(crate) fn read(path: &Path) -> Result<Vec<Accepted>, Failure> {
    let refuse = |because: String| given::refused(path, &because);
    let text = given::text(path, BYTES)?;
    let Baseline { schema, accept } =
        toml::from_str(&text).map_err(|error| refuse(format!("it is no baseline: {}", error.message())))?;
    if schema != SCHEMA {
        return Err(refuse(format!("it is {schema}, not {SCHEMA}")));
    }
    if let Some(entry) = accept.iter().find(|entry| !date::is_day(&entry.expires)) {
        let (rule, path, day) = (&entry.rule, &entry.path, &entry.expires);
        return Err(refuse(format!(
            "the entry for {rule} in {path} expires on {day:?}, which is no day like 2027-05-28"
        )));
    }
    Ok(accept)
}

/// Writes a baseline.
pub(crate) fn write(path: &Path, accept: Vec<Accepted>) -> Result<(), Failure> {
    let refuse = |because: String| Failure::Refused(format!("cannot write {}: {because}", path.display()));
    let baseline = Baseline { schema: SCHEMA.to_owned(), accept };
    let text = toml::to_string(&baseline).map_err(|error| refuse(error.to_string()))?;
    std::fs::write(path, format!("{HEADER}{text}")).map_err(|error| refuse(error.to_string()))
}

/// What stands above the entries.
const HEADER: &str = "\
# What was found and is accepted: `davy scan --baseline` does not count it. Written by `davy scan --write-baseline`.
# Say in each entry why it is accepted; an entry at level mining counts only with a reason, and for those bytes alone.
";

/// The hash of a file, if it can be read.
pub(crate) fn sha256(path: &Path) -> Option<String> {
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let (mut file, mut hash) = (File::open(path).ok()?, Sha256::new());
    let mut part = vec![0; 1 << 16];
    loop {
        match file.read(&mut part).ok()? {
            0 => break,
            length => hash.update(&part[..length]),
        }
    }
    Some(hash.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
