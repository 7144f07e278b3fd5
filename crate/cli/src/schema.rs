//! `davy schema`: the contract of the JSON output, by machine.

use crate::failure::Failure;
use std::io::Write;

/// JSON Schema (draft 2020-12) of a line of `--format ndjson`; `$defs/document` is that of `--format json`.
/// The integration tests hold every output against it.
const SCHEMA: &str = include_str!("davy.scan-1.schema.json");

pub(crate) fn print(out: &mut dyn Write) -> Result<(), Failure> {
    Ok(out.write_all(SCHEMA.as_bytes())?)
}
