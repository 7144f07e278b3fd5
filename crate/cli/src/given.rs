//! Small files that somebody names: read whole, up to a bound.

use crate::failure::Failure;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Says that a file cannot be read, and why.
pub(crate) fn refused(path: &Path, because: &str) -> Failure {
    Failure::Refused(format!("cannot read {}: {because}", path.display()))
}

/// The bytes of a file that has no more than `most`.
///
/// # Errors
/// When it cannot be read, or is longer.
pub(crate) fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| refused(path, &error.to_string()))?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| refused(path, &error.to_string()))?;
    if bytes.len() as u64 > most {
        return Err(refused(path, &format!("it is longer than {most} bytes")));
    }
    Ok(bytes)
}

/// The same as text.
///
/// # Errors
/// Also when it is no UTF-8.
pub(crate) fn text(path: &Path, most: u64) -> Result<String, Failure> {
    String::from_utf8(bytes(path, most)?).map_err(|_| refused(path, "stream did not contain valid UTF-8"))
}
