//! JSON: one object a line, or one document of the same objects.

use super::item::Item;
use super::line::{Closing, Line};
use super::summary::Summary;
use super::{Form, SCHEMA};
use std::io::{self, Write};

/// One line an artifact, and a last one that counts.
pub(crate) struct Lines;

impl Form for Lines {
    fn items(&mut self, items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
        for item in items {
            serde_json::to_writer(&mut *out, &Line::new(item))?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, &Closing { schema: SCHEMA, summary })?;
        out.write_all(b"\n")
    }
}

/// One document.
#[derive(Default)]
pub(crate) struct Document {
    begun: bool,
}

/// The beginning of a document, written by hand because it is closed long after it is opened.
const BEGINNING: &str = "{\"schema\":\"davy.scan/1\",\"artifacts\":[\n";

impl Form for Document {
    fn items(&mut self, items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()> {
        for item in items {
            let before = if std::mem::replace(&mut self.begun, true) { ",\n" } else { BEGINNING };
            out.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut *out, &Line::new(item))?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.begun { "" } else { BEGINNING }.as_bytes())?;
        out.write_all(b"\n],\"summary\":")?;
        serde_json::to_writer(&mut *out, summary)?;
        out.write_all(b"}\n")
    }
}
