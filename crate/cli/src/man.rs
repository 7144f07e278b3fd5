//! `davy man`: the help of each command as a man page.

use crate::args;
use crate::failure::Failure;
use clap::CommandFactory;
use clap_mangen::Man;
use std::io::Write;

/// Prints the page of a command, or that of `davy` itself.
pub(crate) fn print(command: Option<&str>, out: &mut dyn Write) -> Result<(), Failure> {
    // Building it gives the commands inside their whole names.
    let mut davy = args::Cli::command().version(crate::version());
    davy.build();
    let page = match command {
        None => davy,
        Some(name) => {
            let found = davy.find_subcommand(name).cloned();
            found.ok_or_else(|| Failure::Refused(format!("no command is called {name}; `davy help` names them")))?
        }
    };
    let mut text = Vec::new();
    Man::new(page).render(&mut text)?;
    Ok(out.write_all(&text)?)
}
