//! The developer's commands: `cargo xtask setup|build|static|test|kernels|demo|corpus|evade|speed|tidy`. Each does
//! all the set-up it needs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a developer's command speaks to its terminal")]

mod bench;
mod build;
mod demo;
mod kernels;
mod layout;
mod process;
mod setup;
mod tally;
mod test;
mod tidy;

use anyhow::{Result, bail};
use layout::Layout;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <command>

  setup          install what is missing: the wasm target, Chromium, Firefox, npm packages by lock file
  build          the command, both wasm builds and the extension; prints size and cost of the frame build
  static         the command as one file that needs no library of the system (Linux, by musl)
  test [--all]   everything CI checks; the last line is `N passed, M failed`; with --all, the long tests too, and those in
                 Firefox wherever it is not installed yet
  kernels [WORD] builds the corpus and checks its vectors; with a word, only builds the cases whose folder contains it
  demo [--keep]  a page that mines, without and with Davy; --keep leaves the browser open
  corpus DIR     scores a folder with a manifest: recall by family, false positives by class, slowest modules
  evade [--quick]  rewrites our own kernels as an attacker would, and counts what is no longer found
  speed [DIR].. what reading lawful modules and scripts costs, against what is asked and one plain parse
  tidy           proves the rules of the house: dependency edges, files, documents";

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    let layout = Layout::find()?;
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["setup"] => setup::whole(&layout)?,
        ["build"] => {
            setup::all(&layout)?;
            build::all(&layout)?;
            build::first_use(&layout)?;
        }
        ["static"] => build::without_libraries(&layout)?,
        ["test"] => return test::run(&layout, false),
        ["test", "--all"] => return test::run(&layout, true),
        ["kernels"] => kernels::miner(&layout).and_then(|_| kernels::build(&layout))?,
        ["kernels", word] => kernels::some(&layout, word)?,
        ["demo"] => return demo::run(&layout, false),
        ["demo", "--keep"] => return demo::run(&layout, true),
        ["corpus", ..] => bench::corpus(&layout, &words)?,
        ["evade", ..] => bench::evade(&layout, &words)?,
        ["speed", ..] => bench::speed(&layout, &words)?,
        ["tidy"] => return tidy::run(&layout),
        ["help" | "--help" | "-h"] => println!("{USAGE}"),
        _ => bail!("unknown command {:?}\n{USAGE}", words.join(" ")),
    }
    Ok(ExitCode::SUCCESS)
}
