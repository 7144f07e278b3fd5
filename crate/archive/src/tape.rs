//! Tar archives, header by header. Long names and extended headers are read here, within bounds: the library's own way
//! takes them whole, however long they say they are.

use crate::gap::{End, lost};
use crate::limits;
use crate::walk::{Entry, Level, Walk};
use davy_model::GapReason;
use std::io::Read;
use tar::{Archive, EntryType};

/// What headers said of the entry after them.
#[derive(Default)]
struct Ahead {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
}

/// Reads the entries of a tar.
pub(crate) fn read(walk: &mut Walk<'_>, level: &mut Level, reader: &mut dyn Read) -> Result<(), End> {
    let mut archive = Archive::new(reader);
    let mut ahead = Ahead::default();
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry.map_err(ended)?;
        let kind = entry.header().entry_type();
        match kind {
            EntryType::GNULongName => ahead.name = Some(text(&mut entry)?),
            EntryType::GNULongLink => ahead.link = Some(text(&mut entry)?),
            EntryType::XHeader => extended(&text(&mut entry)?, &mut ahead),
            EntryType::XGlobalHeader => {}
            _ => {
                let ahead = std::mem::take(&mut ahead);
                one(walk, level, kind, ahead, &mut entry)?;
            }
        }
    }
    Ok(())
}

/// What an error between two entries means. The library has no kind for an archive that ends early, only these words.
fn ended(error: std::io::Error) -> End {
    let text = error.to_string();
    if text.contains("unexpected EOF") || text.contains("entire block") {
        return std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into();
    }
    error.into()
}

fn one(
    walk: &mut Walk<'_>,
    level: &mut Level,
    kind: EntryType,
    ahead: Ahead,
    entry: &mut tar::Entry<'_, &mut dyn Read>,
) -> Result<(), End> {
    let raw = ahead.name.unwrap_or_else(|| entry.path_bytes().into_owned());
    let mut path = level.inside(&raw);
    if let Some(layers) = &mut level.layers
        && kind != EntryType::Directory
    {
        if !layers.shows(&path) {
            return Ok(());
        }
        path.insert_str(0, &layers.prefix);
    }
    let length = entry.header().entry_size()?;
    if ahead.size.is_some_and(|size| size != length) {
        // A reader that believes the one, and one that believes the other, see different archives from here on.
        let because = format!("two headers of {path} give it different lengths; nothing after it was read");
        return Err(End::Lost(lost(GapReason::Undecodable, because)));
    }
    match kind {
        EntryType::Regular | EntryType::Continuous => walk.entry(level, Entry::file(path, Some(length)), entry),
        EntryType::GNUSparse => {
            let because = "it is stored with holes, which are not put back".to_owned();
            walk.unread(level, Entry::file(path, Some(length)), lost(GapReason::Undecodable, because))
        }
        EntryType::Symlink | EntryType::Link => {
            let target = ahead.link.or_else(|| entry.link_name_bytes().map(std::borrow::Cow::into_owned));
            if let Some(target) = target {
                level.links.add(&path, &String::from_utf8_lossy(&target), kind == EntryType::Link);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The text of a header, within bounds.
fn text(entry: &mut impl Read) -> Result<Vec<u8>, End> {
    let mut text = Vec::new();
    entry.take(limits::NAME_BYTES).read_to_end(&mut text)?;
    Ok(text)
}

/// The records of an extended header: `LENGTH KEY=VALUE\n`.
fn extended(mut text: &[u8], ahead: &mut Ahead) {
    while let Some(space) = text.iter().position(|&byte| byte == b' ') {
        let length = std::str::from_utf8(&text[..space]).ok().and_then(|digits| digits.parse::<usize>().ok());
        let Some(record) = length.and_then(|length| text.get(space + 1..length)) else { return };
        let end = space + 1 + record.len();
        let record = record.strip_suffix(b"\n").unwrap_or(record);
        if let Some(equals) = record.iter().position(|&byte| byte == b'=') {
            let (key, value) = (&record[..equals], &record[equals + 1..]);
            match key {
                b"path" => ahead.name = Some(value.to_vec()),
                b"linkpath" => ahead.link = Some(value.to_vec()),
                b"size" => ahead.size = std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok()),
                _ => {}
            }
        }
        text = &text[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_extended_headers() {
        let mut ahead = Ahead::default();
        extended(b"12 path=a/b\n11 size=42\n18 comment=x y z\n", &mut ahead);
        assert_eq!((ahead.name.as_deref(), ahead.size), (Some(&b"a/b"[..]), Some(42)));
        for broken in [&b"99 path=a\n"[..], b"x path=a\n", b"3 path", b"0 =", b" ", b""] {
            extended(broken, &mut ahead);
        }
    }
}
