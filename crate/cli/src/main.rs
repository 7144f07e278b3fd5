//! `davy`: finds code that mines cryptocurrency in files and folders, and says why.

mod accept;
mod args;
mod diff;
mod explain;
mod failure;
mod given;
mod man;
mod output;
mod rules;
mod scan;
mod schema;

use args::{Command, RulesCommand};
use clap::{CommandFactory, FromArgMatches};
use failure::Failure;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = args::Cli::command().version(version());
    let parsed = command.try_get_matches().and_then(|matches| args::Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output and succeed; clap knows which is which.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(failure::USAGE));
        }
    };
    match run(cli.command) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => failure.report(),
    }
}

fn run(command: Command) -> Result<u8, Failure> {
    match command {
        Command::Scan(args) => scan::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Explain(args) => on_stdout(|out| explain::run(&args, out)),
        Command::Rules(RulesCommand::List) => on_stdout(|out| rules::list(out)),
        Command::Rules(RulesCommand::Check(args)) => on_stdout(|out| rules::check::run(&args, out)),
        Command::Schema => on_stdout(|out| schema::print(out)),
        Command::Man { command } => on_stdout(|out| man::print(command.as_deref(), out)),
        Command::Completions { shell } => on_stdout(|out| {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut args::Cli::command(), "davy", &mut script);
            Ok(out.write_all(&script)?)
        }),
    }
}

/// Runs a command that only prints.
fn on_stdout(print: impl FnOnce(&mut dyn Write) -> Result<(), Failure>) -> Result<u8, Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    print(&mut out)?;
    out.flush()?;
    Ok(0)
}

/// The version of the command and of the rules it carries.
fn version() -> &'static str {
    // Made once and needed until the process ends.
    format!("{} (rules {})", env!("CARGO_PKG_VERSION"), davy_judge::RuleSet::builtin().version()).leak()
}
