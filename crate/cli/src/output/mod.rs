//! Where the report goes and in which form.

mod human;
mod line;
pub(crate) mod summary;
pub(crate) mod text;

use crate::args::{Color, Format, ScanArgs};
use crate::failure::Failure;
use crate::scan::analyse::Entry;
use human::Human;
use line::{Closing, Line};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use summary::Summary;

/// The name and version of what is written.
pub(crate) const SCHEMA: &str = "davy.scan/1";

/// Writes a report as it comes.
pub(crate) struct Writer {
    out: BufWriter<Box<dyn Write>>,
    form: Form,
}

enum Form {
    Human(Human),
    /// One document; whether an artifact has been written.
    Json(bool),
    Ndjson,
}

/// Opens the destination that the command line asks for.
pub(crate) fn open(args: &ScanArgs) -> Result<Writer, Failure> {
    let terminal = args.output.is_none() && io::stdout().is_terminal();
    let out: Box<dyn Write> = match &args.output {
        Some(path) => Box::new(
            File::create(path)
                .map_err(|error| Failure::Refused(format!("cannot write {}: {error}", path.display())))?,
        ),
        None => Box::new(io::stdout().lock()),
    };
    let format = args.format.unwrap_or(if terminal { Format::Human } else { Format::Ndjson });
    let form = match format {
        Format::Human => Form::Human(Human { colored: is_colored(args.color, terminal), quiet: args.quiet }),
        Format::Json => Form::Json(false),
        Format::Ndjson => Form::Ndjson,
    };
    Ok(Writer { out: BufWriter::new(out), form })
}

/// Colours are for terminals that show them and people who want them: <https://no-color.org>.
fn is_colored(color: Color, terminal: bool) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && !dumb && !set("NO_COLOR"),
    }
}

impl Writer {
    /// An artifact and those inside of it, outermost first.
    pub(crate) fn entries(&mut self, entries: &[Entry]) -> io::Result<()> {
        for entry in entries {
            match &mut self.form {
                Form::Human(human) => human.entry(entry, &mut self.out)?,
                Form::Ndjson => {
                    serde_json::to_writer(&mut self.out, &Line::new(entry))?;
                    self.out.write_all(b"\n")?;
                }
                Form::Json(begun) => {
                    let before = if *begun { ",\n" } else { DOCUMENT };
                    *begun = true;
                    self.out.write_all(before.as_bytes())?;
                    serde_json::to_writer(&mut self.out, &Line::new(entry))?;
                }
            }
        }
        Ok(())
    }

    /// The end of the report.
    pub(crate) fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        match &mut self.form {
            Form::Human(human) => human.summary(summary, &mut self.out)?,
            Form::Ndjson => {
                serde_json::to_writer(&mut self.out, &Closing { schema: SCHEMA, summary })?;
                self.out.write_all(b"\n")?;
            }
            Form::Json(begun) => {
                self.out.write_all(if *begun { "" } else { DOCUMENT }.as_bytes())?;
                self.out.write_all(b"\n],\"summary\":")?;
                serde_json::to_writer(&mut self.out, summary)?;
                self.out.write_all(b"}\n")?;
            }
        }
        self.flush()
    }

    /// Passes on what was held back.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The beginning of a JSON document, written by hand because it is closed long after it is opened.
const DOCUMENT: &str = "{\"schema\":\"davy.scan/1\",\"artifacts\":[\n";
