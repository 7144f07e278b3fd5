//! Where the report goes and in which form.

mod cyclonedx;
mod html;
mod human;
pub(crate) mod item;
mod json;
mod junit;
mod line;
mod sarif;
pub(crate) mod summary;
pub(crate) mod text;
pub(crate) mod uri;

use crate::accept::Acceptance;
use crate::args::{Color, Format, Options};
use crate::failure::Failure;
use crate::scan::analyse::Entry;
use cyclonedx::Cyclonedx;
use davy_judge::Catalogue;
use davy_model::Level;
use html::Html;
use human::Human;
use item::{Change, Item, Note};
use json::{Document, Lines};
use junit::Junit;
use sarif::Sarif;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
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

/// Takes what a scan finds, in order.
pub(crate) trait Receiver {
    /// An artifact and those inside of it, outermost first; gives the highest level among them that counts.
    fn entries(&mut self, entries: &[Entry]) -> io::Result<Level>;
    /// The end.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
    /// Nothing is ready: time to pass on what was held back.
    fn flush(&mut self) -> io::Result<()>;
}

/// Writes a report as it comes.
pub(crate) struct Writer {
    out: BufWriter<Box<dyn Write>>,
    form: Box<dyn Form>,
    acceptance: Acceptance,
}

/// Opens the destination that the command line asks for.
pub(crate) fn open(args: &Options, paths: &[PathBuf], catalogue: &'static Catalogue) -> Result<Writer, Failure> {
    let acceptance = Acceptance::open(args, paths)?;
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
        Format::Human => {
            Box::new(Human { colored: is_colored(args.color, terminal), quiet: args.quiet, in_lines: false })
        }
        Format::Json => Box::new(Document::default()),
        Format::Ndjson => Box::new(Lines),
        Format::Sarif => Box::new(Sarif::new(catalogue, args.baseline.is_some())),
        Format::Junit => Box::new(Junit::new(args)),
        Format::Cyclonedx => Box::new(Cyclonedx::default()),
        Format::Html => Box::new(Html::default()),
    };
    Ok(Writer { out: BufWriter::new(out), form, acceptance })
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
    /// Reports artifacts of two releases with what became of them; gives the highest level that counts.
    pub(crate) fn compared(&mut self, entry: &Entry, changes: &[Option<Change>]) -> io::Result<Level> {
        let mut items = self.acceptance.items(std::slice::from_ref(entry));
        for item in &mut items {
            item.notes.resize(changes.len(), Note::default());
            item.notes.iter_mut().zip(changes).for_each(|(note, change)| note.change = *change);
        }
        self.form.items(&items, &mut self.out)?;
        Ok(counted(&items))
    }

    /// Writes the baseline that was asked for, and says what is wrong with the one that was given.
    pub(crate) fn close(self, options: &Options) -> Result<(), Failure> {
        self.acceptance.finish(options.quiet)
    }
}

impl Receiver for Writer {
    fn entries(&mut self, entries: &[Entry]) -> io::Result<Level> {
        let items = self.acceptance.items(entries);
        self.form.items(&items, &mut self.out)?;
        Ok(counted(&items))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let summary = Summary { accepted: self.acceptance.accepted(), ..summary.clone() };
        self.form.finish(&summary, &mut self.out)?;
        self.out.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn counted(items: &[Item<'_>]) -> Level {
    items.iter().map(Item::counts).max().unwrap_or_default()
}
