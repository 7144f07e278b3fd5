//! Makes containers, and what stands in them.

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;

/// Files of a container, in order.
pub(crate) type Files<'f> = &'f [(&'f str, &'f [u8])];

pub(crate) fn tar(files: Files<'_>) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *content).expect("an entry");
    }
    builder.into_inner().expect("a tar")
}

/// A tar entry whose name the library would refuse to write.
pub(crate) fn raw_entry(name: &str, kind: tar::EntryType, link: &str, content: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    let fields = header.as_mut_bytes();
    fields[..name.len()].copy_from_slice(name.as_bytes());
    fields[157..157 + link.len()].copy_from_slice(link.as_bytes());
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

pub(crate) fn tgz(files: Files<'_>) -> Vec<u8> {
    gzip(&tar(files))
}

pub(crate) fn zip(files: Files<'_>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        writer.write_all(content).expect("memory");
    }
    writer.finish().expect("a zip").into_inner()
}

/// The zip with the flag of encryption set in both headers of its only entry.
pub(crate) fn encrypted(mut zip: Vec<u8>) -> Vec<u8> {
    let central = zip.windows(4).position(|word| word == b"PK\x01\x02").expect("a directory");
    zip[6] |= 1;
    zip[central + 8] |= 1;
    zip
}

/// A module that mines, of those that `cargo xtask test` builds.
pub(crate) fn miner() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/corpus");
    let text = fs::read_to_string(folder.join("manifest.json"))
        .unwrap_or_else(|error| panic!("the corpus is not built ({error}); run `cargo xtask test`"));
    let manifest: Vec<Value> = serde_json::from_str(&text).expect("the manifest is xtask's own");
    let fits = |entry: &&Value| entry["expect"]["level"] == "mining" && entry["known-failure"].is_null();
    let entry = manifest.iter().find(fits).expect("a module that mines");
    fs::read(folder.join(entry["path"].as_str().expect("a path"))).expect("a module")
}

/// A shader that searches a proof of work: suspicious alone, mining on a page with a pool.
pub(crate) fn shader() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/shader/sha256-search/shader.wgsl");
    fs::read_to_string(path).expect("the shader is there")
}

/// A script that holds it.
pub(crate) fn hash_script() -> String {
    format!("const code = `{}`;\ndevice.createShaderModule({{ code }});", shader())
}

/// A script that only names what could be a pool's proxy.
pub(crate) const PROXY: &str = "const pool = ['wss://example.org/stratum'];";
