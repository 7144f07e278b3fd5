//! Zip archives, entry by entry of their directory, which is never held in memory.

use crate::ReadSeek;
use crate::gap::{End, lost};
use crate::meter::Inflated;
use crate::walk::{Entry, Level, Walk};
use davy_model::GapReason;
use std::io::{BufReader, Read};
use zip::read::{Config, ZipReadOptions};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;

/// Mode bits of Unix that say that an entry is a link.
const LINK: u32 = 0o120_000;
const KIND: u32 = 0o170_000;

/// Reads the entries of a zip.
pub(crate) fn read(walk: &mut Walk<'_>, level: &mut Level, file: &mut dyn ReadSeek) -> Result<(), End> {
    let mut archive = ZipIterable::try_new(BufReader::new(file), Config::default()).map_err(ended)?;
    let files = archive.files().map_err(ended)?;
    while let Some(entry) = files.next() {
        let entry = entry.map_err(ended)?;
        let raw = entry.name_raw().to_vec();
        if raw.ends_with(b"/") {
            continue;
        }
        let link = entry.unix_mode().is_some_and(|mode| mode & KIND == LINK);
        let part = Entry::file(level.inside(&raw), Some(entry.size()));
        if entry.encrypted() {
            let because = "it is encrypted".to_owned();
            walk.unread(level, part, lost(GapReason::Encrypted, because))?;
            continue;
        }
        match entry.with_reader(files.reader_mut(), ZipReadOptions::new()) {
            Ok(content) => {
                let mut inflated = Inflated::new(content, &walk.meter);
                if link {
                    let mut target = Vec::new();
                    inflated.take(crate::limits::NAME_BYTES).read_to_end(&mut target)?;
                    level.links.add(part.name.text(), &String::from_utf8_lossy(&target), false);
                } else {
                    walk.entry(level, part, &mut inflated)?;
                }
            }
            Err(error) => walk.unread(level, part, lost(GapReason::Undecodable, error.to_string()))?,
        }
    }
    Ok(())
}

/// A zip is read from its end: where that is not there, something is missing.
fn ended(error: ZipError) -> End {
    match error {
        ZipError::Io(error) => error.into(),
        error => {
            let because = format!("its directory cannot be read, as in an archive that was cut: {error}");
            End::Lost(lost(GapReason::Truncated, because))
        }
    }
}
