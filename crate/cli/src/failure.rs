//! What ends the command before its work is done, and how that is said.

use std::io::{self, Write};
use std::process::ExitCode;

/// Exit status of a usage error and of a PATH that cannot be read.
pub(crate) const USAGE: u8 = 2;

/// Why the command cannot go on.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something that was asked for cannot be had; the sentence names it.
    Refused(String),
    /// Several things are wrong with what was given; each sentence names one.
    Problems(Vec<String>),
    /// Standard output failed.
    Output(io::Error),
}

impl Failure {
    /// Says so on standard error and gives the exit status. Nobody is left to read after a broken pipe.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
            Self::Output(error) => complain(&format!("cannot write: {error}")),
            Self::Refused(because) => complain(because),
            Self::Problems(all) => all.iter().for_each(|because| complain(because)),
        }
        ExitCode::from(USAGE)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// A line on standard error.
pub(crate) fn complain(message: &str) {
    // When standard error is closed there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "davy: {}", crate::output::text::printable(message));
}
