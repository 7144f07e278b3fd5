//! Where the report goes and in which form.

mod human;
mod item;
mod json;
mod line;
mod sarif;
pub(crate) mod summary;
pub(crate) mod text;
mod uri;

use crate::args::{Color, Format, ScanArgs};
use crate::failure::Failure;
use crate::scan::analyse::Entry;
use davy_judge::Catalogue;
use human::Human;
use item::Item;
use json::{Document, Lines};
use sarif::Sarif;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use summary::Summary;

/// The name and version of what is written.
pub(crate) const SCHEMA: &str = "davy.scan/1";

/// A format: writes a report as it comes.
trait Form {
    /// Artifacts, an outer one before those inside of it.
    fn items(&mut self, items: &[Item<'_>], out: &mut dyn Write) -> io::Result<()>;
    /// The end of the report.
    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()>;
}

/// Writes a report as it comes.
pub(crate) struct Writer {
    out: BufWriter<Box<dyn Write>>,
    form: Box<dyn Form>,
}

/// Opens the destination that the command line asks for.
pub(crate) fn open(args: &ScanArgs, catalogue: &'static Catalogue) -> Result<Writer, Failure> {
    let terminal = args.output.is_none() && io::stdout().is_terminal();
    let out: Box<dyn Write> = match &args.output {
        Some(path) => Box::new(
            File::create(path)
                .map_err(|error| Failure::Refused(format!("cannot write {}: {error}", path.display())))?,
        ),
        None => Box::new(io::stdout().lock()),
    };
    let format = args.format.unwrap_or(if terminal { Format::Human } else { Format::Ndjson });
    let form: Box<dyn Form> = match format {
        Format::Human => Box::new(Human { colored: is_colored(args.color, terminal), quiet: args.quiet }),
        Format::Json => Box::new(Document::default()),
        Format::Ndjson => Box::new(Lines),
        Format::Sarif => Box::new(Sarif::new(catalogue)),
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
        let items: Vec<Item<'_>> = entries.iter().map(|entry| Item { entry }).collect();
        self.form.items(&items, &mut self.out)
    }

    /// The end of the report.
    pub(crate) fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.form.finish(summary, &mut self.out)?;
        self.flush()
    }

    /// Passes on what was held back.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
