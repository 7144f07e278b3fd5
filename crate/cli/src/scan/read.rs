//! Reads files without ever waiting for one, holding more than allowed, or trusting what the file system said before.

use super::budget::{Budget, Share};
use super::kind;
use davy_model::{ArtifactKind, Gap, GapReason, Location};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::sync::Arc;

/// What came of opening a file.
#[derive(Debug)]
pub(crate) enum Opened {
    /// Not a kind of file that is read.
    PassedOver,
    /// Its bytes, or as many as could be had, with what is missing. [`ArtifactKind::Container`] stands for a text or
    /// executable that is only looked through.
    Read { kind: ArtifactKind, bytes: Vec<u8>, gap: Option<Gap>, share: Share },
    /// Its bytes were not read; so many there are.
    TooLong { kind: ArtifactKind, length: u64, gap: Gap },
}

/// Reads a file if it is of a kind that is read.
pub(crate) fn file(path: &Path, budget: &Arc<Budget>, limit: u64) -> io::Result<Opened> {
    let mut file = open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no longer a regular file"));
    }
    let length = metadata.len();
    let mut bytes = Vec::new();
    file.by_ref().take(kind::HEAD as u64).read_to_end(&mut bytes)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some(kind) = kind::of_file(&name, &bytes, length) else { return other(file, bytes, length, budget, limit) };
    if length > limit {
        return Ok(Opened::TooLong { kind, length, gap: too_long(limit) });
    }
    let share = budget.take(length);
    let failed = rest(&mut file, &mut bytes, length, limit);
    if bytes.len() as u64 > limit {
        return Ok(Opened::TooLong { kind, length: bytes.len() as u64, gap: too_long(limit) });
    }
    let gap = shortfall(failed, bytes.len() as u64, length);
    Ok(Opened::Read { kind, bytes, gap, share })
}

/// Reads a text or an executable, of which `bytes` is the beginning, as far as such are looked through.
fn other(mut file: File, mut bytes: Vec<u8>, length: u64, budget: &Arc<Budget>, limit: u64) -> io::Result<Opened> {
    if !davy_facts::is_read_as_text(&bytes) {
        return Ok(Opened::PassedOver);
    }
    let most = limit.min(davy_archive::limits::OTHER_BYTES);
    let share = budget.take(length.min(most));
    let failed = rest(&mut file, &mut bytes, length.min(most), most);
    bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let gap = shortfall(failed, bytes.len() as u64, length.min(most));
    Ok(Opened::Read { kind: ArtifactKind::Container, bytes, gap, share })
}

/// A file at its start, and its first bytes.
pub(crate) fn head(path: &Path) -> io::Result<(File, Vec<u8>)> {
    let mut file = open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no longer a regular file"));
    }
    let mut head = Vec::new();
    file.by_ref().take(kind::HEAD as u64).read_to_end(&mut head)?;
    file.rewind()?;
    Ok((file, head))
}

/// Reads the rest of standard input, of which `bytes` is the beginning.
pub(crate) fn stdin(mut bytes: Vec<u8>, budget: &Arc<Budget>, limit: u64) -> io::Result<Opened> {
    let share = budget.take(limit);
    let most = limit.saturating_add(1).saturating_sub(bytes.len() as u64);
    io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    let length = bytes.len() as u64;
    let Some(kind) = kind::of_stdin(&bytes[..bytes.len().min(kind::HEAD)], length) else {
        return Ok(Opened::PassedOver);
    };
    if length > limit {
        return Ok(Opened::TooLong { kind, length, gap: too_long(limit) });
    }
    Ok(Opened::Read { kind, bytes, gap: None, share })
}

/// Opens a file for reading. It was a regular one when it was met; if a FIFO took its place, opening must not wait.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
    options.open(path)
}

/// Reads up to one byte more than the limit, so that a file that grows is noticed.
fn rest(file: &mut File, bytes: &mut Vec<u8>, length: u64, limit: u64) -> io::Result<()> {
    let missing = length.saturating_sub(bytes.len() as u64);
    bytes.try_reserve_exact(usize::try_from(missing).unwrap_or(usize::MAX)).map_err(io::Error::other)?;
    let most = limit.saturating_add(1).saturating_sub(bytes.len() as u64);
    file.take(most).read_to_end(bytes).map(drop)
}

/// What is missing of a file that had `length` bytes when it was opened and gave `had`.
fn shortfall(reading: io::Result<()>, had: u64, length: u64) -> Option<Gap> {
    let because = match reading {
        Err(error) => format!("reading stopped after {had} bytes: {error}"),
        Ok(()) if had < length => {
            format!("the file had {length} bytes when it was opened, and only {had} could be read")
        }
        Ok(()) => return None,
    };
    Some(Gap { reason: GapReason::Truncated, location: Location::Whole, because })
}

fn too_long(limit: u64) -> Gap {
    Gap {
        reason: GapReason::OverLimit,
        location: Location::Whole,
        because: format!("it is longer than the {limit} bytes of --max-artifact-bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_shrinks_or_fails_is_cut() {
        assert!(shortfall(Ok(()), 10, 10).is_none());
        assert!(shortfall(Ok(()), 11, 10).is_none(), "it grew, and all of it was read");
        assert!(shortfall(Ok(()), 9, 10).is_some_and(|gap| gap.reason.is_lost()));
        assert!(shortfall(Err(io::Error::other("bad sector")), 10, 10).is_some_and(|gap| gap.reason.is_lost()));
    }

    #[test]
    fn files_are_read_up_to_the_limit() {
        let path = std::env::temp_dir().join(format!("davy-read-{}.wasm", std::process::id()));
        std::fs::write(&path, [7; 5000]).unwrap();
        let budget = Budget::new(u64::MAX);
        let kept = |limit| match file(&path, &budget, limit) {
            Ok(Opened::Read { bytes, gap: None, .. }) => bytes.len(),
            _ => 0,
        };
        assert_eq!((kept(4999), kept(5000), kept(5001)), (0, 5000, 5000));
        std::fs::remove_file(&path).unwrap();
    }
}
