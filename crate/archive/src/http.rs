//! Responses as they went over the wire: head, chunks, packed bodies.

use crate::limits;
use crate::meter::{Inflated, Meter};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::rc::Rc;

/// The head of a response.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
}

impl Head {
    /// The value of a header; the last of several.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads lines of `Name: value` to the empty one. None where they end before it, or are longer than any are.
pub(crate) fn headers(reader: &mut dyn BufRead) -> io::Result<Option<Vec<(String, String)>>> {
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut left = limits::NAME_BYTES;
    loop {
        let mut line = Vec::new();
        left -= reader.take(left).read_until(b'\n', &mut line)? as u64;
        if line.pop() != Some(b'\n') {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(&line)).into_owned();
        if line.is_empty() {
            return Ok(Some(headers));
        }
        match (line.starts_with([' ', '\t']), headers.last_mut(), line.split_once(':')) {
            // A folded line goes on with the one before it.
            (true, Some((_, value)), _) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (_, _, Some((name, value))) => headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned())),
            _ => {}
        }
    }
}

/// Reads the head of a response. None for what is no response.
pub(crate) fn head(reader: &mut dyn BufRead) -> io::Result<Option<Head>> {
    let mut line = Vec::new();
    reader.take(limits::NAME_BYTES).read_until(b'\n', &mut line)?;
    let line = String::from_utf8_lossy(&line);
    let status = line.strip_prefix("HTTP/").and_then(|rest| rest.split(' ').nth(1)).map(str::trim);
    let Some(status) = status.and_then(|status| status.parse().ok()) else { return Ok(None) };
    Ok(headers(reader)?.map(|headers| Head { status, headers }))
}

/// The body as the page gets it. Crawlers often keep the headers and store the body without chunks, or unpacked.
pub(crate) fn body<'r>(head: &Head, reader: impl Read + 'r, meter: &Rc<Meter>) -> io::Result<Box<dyn Read + 'r>> {
    let mut body: Box<dyn Read + 'r> = Box::new(reader);
    let is = |name: &str, value: &str| head.get(name).is_some_and(|is| is.to_ascii_lowercase().contains(value));
    if is("transfer-encoding", "chunked") {
        let (start, whole) = peek(body, 20)?;
        body = if begins_chunk(&start) { Box::new(Chunks::new(whole)) } else { whole };
    }
    let codings = head.get("content-encoding").unwrap_or_default().to_ascii_lowercase();
    // Applied in the order in which they stand; taken off in the other.
    for coding in codings.split(',').rev().map(str::trim).take(4) {
        let (start, whole) = peek(body, 4)?;
        let packed: Box<dyn Read + 'r> = match (coding, start.as_slice()) {
            ("gzip" | "x-gzip", [0x1f, 0x8b, ..]) => Box::new(MultiGzDecoder::new(whole)),
            ("zstd", [0x28, 0xb5, 0x2f, 0xfd]) => {
                Box::new(ruzstd::decoding::StreamingDecoder::new(whole).map_err(io::Error::other)?)
            }
            ("br", [_, ..]) => Box::new(brotli_decompressor::Decompressor::new(whole, limits::HEAD)),
            ("deflate", [a, b, ..]) if is_zlib(*a, *b) => Box::new(ZlibDecoder::new(whole)),
            ("deflate", [_, ..]) => Box::new(DeflateDecoder::new(whole)),
            _ => {
                body = whole;
                continue;
            }
        };
        body = Box::new(Inflated::new(packed, meter));
    }
    Ok(body)
}

/// The first bytes of a body, and all of it.
fn peek<'r>(mut body: Box<dyn Read + 'r>, bytes: u64) -> io::Result<(Vec<u8>, Box<dyn Read + 'r>)> {
    let mut start = Vec::new();
    body.as_mut().take(bytes).read_to_end(&mut start)?;
    Ok((start.clone(), Box::new(Cursor::new(start).chain(body))))
}

/// Whether a zlib header stands there, as the standard asks of this coding; servers also send it without.
fn is_zlib(first: u8, second: u8) -> bool {
    first & 0x0f == 8 && (u16::from(first) << 8 | u16::from(second)) % 31 == 0
}

/// Whether a chunk's length stands there.
fn begins_chunk(start: &[u8]) -> bool {
    let digits = start.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    digits > 0 && matches!(start.get(digits), Some(b'\r' | b'\n' | b';' | b' '))
}

/// A body without its chunks' lengths.
struct Chunks<R> {
    inner: BufReader<R>,
    left: u64,
    /// Whether a line end stands before the next length.
    begun: bool,
    done: bool,
}

impl<R: Read> Chunks<R> {
    fn new(inner: R) -> Self {
        Self { inner: BufReader::new(inner), left: 0, begun: false, done: false }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        self.inner.by_ref().take(limits::HEAD as u64).read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(String::from_utf8_lossy(&line).trim().to_owned())
    }

    fn next(&mut self) -> io::Result<()> {
        if self.begun {
            self.line()?;
        }
        let line = self.line()?;
        let digits = line.split(';').next().unwrap_or_default().trim();
        self.left = u64::from_str_radix(digits, 16)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a chunk of its body has no length"))?;
        (self.begun, self.done) = (true, self.left == 0);
        Ok(())
    }
}

impl<R: Read> Read for Chunks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.done && !buffer.is_empty() {
            self.next()?;
        }
        if self.done || buffer.is_empty() {
            return Ok(0);
        }
        let read = self.inner.by_ref().take(self.left).read(buffer)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(response: &[u8]) -> Option<String> {
        let mut reader = BufReader::new(response);
        let head = head(&mut reader).ok()??;
        let mut text = String::new();
        body(&head, reader, &Rc::new(Meter::default())).ok()?.read_to_string(&mut text).ok()?;
        Some(text)
    }

    #[test]
    fn bodies_come_as_the_page_gets_them() {
        for (response, body) in [
            (&b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nx()"[..], Some("x()")),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nx(\r\n1;a=b\r\n)\r\n0\r\n\r\n", Some("x()")),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx()", Some("x()")),
            (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx()", Some("x()")),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx()", None),
            (b"GET / HTTP/1.1\r\n\r\n", None),
            (b"HTTP/1.1 200 OK\r\nA: b", None),
        ] {
            assert_eq!(decoded(response).as_deref(), body, "{}", String::from_utf8_lossy(response));
        }
        let mut packed = b"HTTP/2 200 \nContent-Encoding: br\n\n".to_vec();
        // One stored block of Brotli.
        packed.extend([0x0b, 0x01, 0x80, b'x', b'(', b')', 0x03]);
        assert_eq!(decoded(&packed).as_deref(), Some("x()"));
    }
}
