//! Pages saved as one mail, with all they load as its parts.

use crate::Name;
use crate::encoding;
use crate::gap::{End, lost};
use crate::http;
use crate::walk::{Entry, Level, Walk};
use davy_model::GapReason;
use memchr::memmem;

/// Mails inside of mails that are opened; browsers write one level.
const DEPTH: u32 = 8;

/// A mail or one of its parts, its headers read.
struct Mail<'m> {
    headers: Vec<(String, String)>,
    body: &'m [u8],
}

/// Reads the parts of a mail.
pub(crate) fn read(walk: &mut Walk<'_>, level: &mut Level, bytes: &[u8]) -> Result<(), End> {
    let Some(mail) = Mail::read(bytes) else {
        return Err(End::Lost(lost(GapReason::Truncated, "its head does not end".to_owned())));
    };
    // Blink leaves scripts out; whoever else writes such files keeps them.
    let blink = mail.get("from").is_some_and(|from| from.contains("Saved by Blink"));
    let lower = bytes.to_ascii_lowercase();
    if blink && memmem::find(&lower, b"<script").is_none() && memmem::find(&lower, b"javascript").is_none() {
        let because = "Chromium leaves the scripts of a page out when it saves it so".to_owned();
        level.lose(lost(GapReason::NoBody, because));
    }
    parts(walk, level, &mail, 0)
}

fn parts(walk: &mut Walk<'_>, level: &mut Level, mail: &Mail<'_>, depth: u32) -> Result<(), End> {
    let Some(boundary) = mail.boundary().filter(|_| depth < DEPTH) else {
        return Err(End::Lost(lost(GapReason::Undecodable, "its parts cannot be told apart".to_owned())));
    };
    let mark = [b"--", boundary.as_bytes()].concat();
    let at: Vec<usize> = memmem::find_iter(mail.body, &mark).filter(|&at| begins_line(mail.body, at)).collect();
    let mut whole = false;
    for (index, &start) in at.iter().enumerate() {
        let rest = &mail.body[start + mark.len()..at.get(index + 1).copied().unwrap_or(mail.body.len())];
        if rest.starts_with(b"--") {
            whole = true;
            break;
        }
        let content = rest.iter().position(|&byte| byte == b'\n').map_or(rest, |end| &rest[end + 1..]);
        let is_last = index + 1 == at.len();
        one(walk, level, content, is_last, depth)?;
    }
    if !whole {
        level.lose(lost(GapReason::Truncated, "it ends before its last part does".to_owned()));
    }
    Ok(())
}

fn one(walk: &mut Walk<'_>, level: &mut Level, bytes: &[u8], is_cut: bool, depth: u32) -> Result<(), End> {
    let Some(part) = Mail::read(bytes) else { return Ok(()) };
    let media = part.get("content-type").map(str::to_owned);
    if media.as_deref().is_some_and(|media| media.to_ascii_lowercase().starts_with("multipart/")) {
        return parts(walk, level, &part, depth + 1);
    }
    let id = part.get("content-id").map(|id| format!("cid:{}", id.trim_matches(['<', '>'])));
    let name = part.get("content-location").map(str::to_owned).or(id);
    let mut entry = Entry::captured(name.as_deref().unwrap_or_default(), media);
    if name.is_none() {
        entry.name = Name::Path(format!("part-{}", bytes.len()));
    }
    entry.page = Some(String::new());
    let body = match part.get("content-transfer-encoding").map(str::to_ascii_lowercase).as_deref() {
        Some("base64") => encoding::base64(part.body),
        Some("quoted-printable") => Some(encoding::quoted_printable(part.body)),
        // The line end before the next mark belongs to the mark.
        _ => Some(
            part.body.strip_suffix(b"\n").map_or(part.body, |body| body.strip_suffix(b"\r").unwrap_or(body)).to_vec(),
        ),
    };
    match body {
        Some(body) if is_cut => {
            let because = "the file ends before it does".to_owned();
            walk.cut(level, entry, &mut body.as_slice(), lost(GapReason::Truncated, because))
        }
        Some(body) => walk.entry(level, entry, &mut body.as_slice()),
        None => walk.unread(level, entry, lost(GapReason::Undecodable, "it is no base64".to_owned())),
    }
}

fn begins_line(body: &[u8], at: usize) -> bool {
    at == 0 || body[at - 1] == b'\n'
}

impl<'m> Mail<'m> {
    fn read(bytes: &'m [u8]) -> Option<Self> {
        let mut body = bytes;
        let headers = http::headers(&mut body).ok()??;
        Some(Self { headers, body })
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The text that stands between its parts.
    fn boundary(&self) -> Option<String> {
        let media = self.get("content-type")?;
        let at = media.to_ascii_lowercase().find("boundary=")? + "boundary=".len();
        let value = &media[at..];
        let value = match value.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap_or_default(),
            None => value.split([';', ' ', '\t']).next().unwrap_or_default(),
        };
        (!value.is_empty()).then(|| value.to_owned())
    }
}
