//! Compressed data, unpacked within bounds: deflate with and without a wrapper, and zstd.

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};
use ruzstd::decoding::StreamingDecoder;
use std::io::Read;

/// Largest window that zstd data may ask for however little comes out: what RFC 8878 asks every decoder to bear.
const WINDOW: u64 = 8 << 20;

/// What compressed data hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unpacked {
    Whole(Vec<u8>),
    /// The beginning: the rest is not there, or damaged.
    Cut(Vec<u8>),
    /// More than there is room for; the beginning.
    TooLong(Vec<u8>),
    /// They are no such data.
    Not,
}

/// Unpacks data that say what they are by their first bytes; at most `room` bytes come out.
pub(super) fn by_magic(bytes: &[u8], room: usize) -> Unpacked {
    match bytes {
        [0x1f, 0x8b, 8, ..] => behind_gzip_header(bytes).map_or(Unpacked::Not, |rest| deflate(rest, room)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => zstd(bytes, room),
        // Deflate with a window of up to 32 KiB; both bytes together are a multiple of 31.
        [first, second, ..] if first & 0x8f == 8 && (u32::from(*first) << 8 | u32::from(*second)) % 31 == 0 => {
            finish(decompress_to_vec_zlib_with_limit(bytes, room).map_err(|error| (error.status, error.output)))
        }
        _ => Unpacked::Not,
    }
}

/// Unpacks deflate without any wrapper.
pub(super) fn deflate(bytes: &[u8], room: usize) -> Unpacked {
    finish(decompress_to_vec_with_limit(bytes, room).map_err(|error| (error.status, error.output)))
}

fn finish(result: Result<Vec<u8>, (TINFLStatus, Vec<u8>)>) -> Unpacked {
    match result {
        Ok(bytes) => Unpacked::Whole(bytes),
        Err((TINFLStatus::HasMoreOutput, bytes)) => Unpacked::TooLong(bytes),
        // The checksum behind the data does not match: the data are there.
        Err((TINFLStatus::Adler32Mismatch, bytes)) => Unpacked::Whole(bytes),
        Err((TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput, bytes)) if !bytes.is_empty() => {
            Unpacked::Cut(bytes)
        }
        Err(_) => Unpacked::Not,
    }
}

/// What stands behind a gzip header (RFC 1952): ten bytes, then what its flags announce.
fn behind_gzip_header(bytes: &[u8]) -> Option<&[u8]> {
    let flags = *bytes.get(3)?;
    let mut rest = bytes.get(10..)?;
    if flags & 4 != 0 {
        let length = usize::from(u16::from_le_bytes([*rest.first()?, *rest.get(1)?]));
        rest = rest.get(2 + length..)?;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    rest.get(if flags & 2 != 0 { 2 } else { 0 }..)
}

fn zstd(bytes: &[u8], room: usize) -> Unpacked {
    let Ok(decoder) = StreamingDecoder::new_with_max_window_size(bytes, WINDOW.max(room as u64)) else {
        return Unpacked::Not;
    };
    let mut out = Vec::new();
    let read = decoder.take(room as u64 + 1).read_to_end(&mut out);
    match read {
        _ if out.len() > room => Unpacked::TooLong(out),
        Ok(_) => Unpacked::Whole(out),
        Err(_) if out.is_empty() => Unpacked::Not,
        Err(_) => Unpacked::Cut(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrapper_is_told_by_its_first_bytes() {
        let text = b"some text that some text packs".repeat(9);
        let plain = miniz_oxide::deflate::compress_to_vec(&text, 6);
        let zlib = miniz_oxide::deflate::compress_to_vec_zlib(&text, 6);
        let gzip = [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3][..], b"name\0", &plain, &[0; 8]].concat();
        let zstd = ruzstd::encoding::compress_to_vec(&text[..], ruzstd::encoding::CompressionLevel::Fastest);
        for packed in [&zlib, &gzip, &zstd] {
            assert_eq!(by_magic(packed, 1000), Unpacked::Whole(text.clone()));
            assert!(matches!(by_magic(packed, 100), Unpacked::TooLong(start) if text.starts_with(&start[..100])));
            assert!(matches!(by_magic(&packed[..packed.len() / 2], 1000), Unpacked::Cut(_) | Unpacked::Not));
        }
        assert_eq!(deflate(&plain, 1000), Unpacked::Whole(text));
        assert_eq!(by_magic(b"some text", 1000), Unpacked::Not);
        assert_eq!(by_magic(b"x\x9c no deflate", 1000), Unpacked::Not);
        assert_eq!(by_magic(&[0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0, 255], 1000), Unpacked::Not);
    }
}
