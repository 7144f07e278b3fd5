//! Makes captures of one page: HAR, MHTML, WARC, WACZ.

use crate::harness::base64;
use crate::make::{gzip, zip};
use serde_json::{Value, json};

/// What was captured: address, media type, body.
pub(crate) type Captured<'c> = &'c [(&'c str, &'c str, &'c [u8])];

pub(crate) fn har_entry((url, media, body): (&str, &str, &[u8])) -> Value {
    let content = match std::str::from_utf8(body) {
        Ok(text) => json!({"size": body.len(), "mimeType": media, "text": text}),
        Err(_) => json!({"size": body.len(), "mimeType": media, "text": base64(body), "encoding": "base64"}),
    };
    let request = json!({"method": "GET", "url": url, "headers": [], "cookies": []});
    json!({"pageref": "page_1", "request": request, "response": {"status": 200, "content": content}, "timings": {}})
}

pub(crate) fn har_of(entries: &[Value]) -> Vec<u8> {
    let log =
        json!({"version": "1.2", "creator": {"name": "a browser"}, "pages": [{"id": "page_1"}], "entries": entries});
    json!({"log": log}).to_string().into_bytes()
}

pub(crate) fn har(captured: Captured<'_>) -> Vec<u8> {
    har_of(&captured.iter().copied().map(har_entry).collect::<Vec<_>>())
}

pub(crate) fn mhtml(captured: Captured<'_>) -> Vec<u8> {
    let mut text = b"From: <Saved by a test>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----Edge--x\"\r\n\r\n".to_vec();
    for (index, (url, media, body)) in captured.iter().enumerate() {
        text.extend(format!("\r\n------Edge--x\r\nContent-Type: {media}\r\nContent-Location: {url}\r\n").bytes());
        if index % 2 == 0 {
            text.extend(b"Content-Transfer-Encoding: quoted-printable\r\n\r\n");
            text.extend(String::from_utf8_lossy(body).replace('=', "=3D").replace(';', "=\r\n;").bytes());
        } else {
            text.extend(b"Content-Transfer-Encoding: base64\r\n\r\n");
            let encoded = base64(body);
            encoded.as_bytes().chunks(76).for_each(|line| {
                text.extend(line);
                text.extend(b"\r\n");
            });
        }
    }
    text.extend(b"\r\n------Edge--x--\r\n");
    text
}

/// A record of a web archive.
pub(crate) fn record(kind: &str, headers: &str, block: &[u8]) -> Vec<u8> {
    let id = "<urn:uuid:00000000-0000-4000-8000-000000000000>";
    let head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {id}\r\n{headers}Content-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// A record with a response, its body as it is given and with these headers.
pub(crate) fn response(url: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let block = [format!("HTTP/1.1 200 OK\r\n{headers}\r\n").as_bytes(), body].concat();
    let named = format!("WARC-Target-URI: {url}\r\nContent-Type: application/http;msgtype=response\r\n");
    record("response", &named, &block)
}

/// Bodies are sent in turn as they are, in chunks, packed, and packed in chunks.
fn records(captured: Captured<'_>) -> Vec<Vec<u8>> {
    let mut records = vec![record("warcinfo", "Content-Type: application/warc-fields\r\n", b"software: a test\r\n")];
    for (index, (url, media, body)) in captured.iter().enumerate() {
        let (mut headers, mut body) = (format!("Content-Type: {media}\r\n"), body.to_vec());
        if index & 2 != 0 {
            body = gzip(&body);
            headers += "Content-Encoding: gzip\r\n";
        }
        if index & 1 != 0 {
            let (first, second) = body.split_at(body.len() / 2);
            let parts: Vec<Vec<u8>> = [first, second, b""]
                .map(|part| [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat())
                .to_vec();
            body = parts.concat();
            headers += "Transfer-Encoding: chunked\r\n";
        }
        records.push(record("request", &format!("WARC-Target-URI: {url}\r\n"), b"GET / HTTP/1.1\r\n\r\n"));
        records.push(response(url, &headers, &body));
    }
    records
}

pub(crate) fn warc(captured: Captured<'_>) -> Vec<u8> {
    records(captured).concat()
}

/// Each record packed on its own, as crawlers write them.
pub(crate) fn warc_gz(captured: Captured<'_>) -> Vec<u8> {
    records(captured).iter().map(|record| gzip(record)).collect::<Vec<_>>().concat()
}

/// A WACZ with two archives: what a page and its scripts need stands in both.
pub(crate) fn wacz(captured: Captured<'_>) -> Vec<u8> {
    let (first, second) = captured.split_at(captured.len() / 2);
    zip(&[
        ("datapackage.json", b"{\"profile\": \"data-package\"}"),
        ("archive/data-1.warc.gz", &warc_gz(first)),
        ("archive/data-2.warc", &warc(second)),
        ("pages/pages.jsonl", b"{\"format\": \"json-pages-1.0\"}"),
    ])
}
