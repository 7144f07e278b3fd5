//! The command line as people type it.

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use davy_model::Level;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

/// Finds code that mines cryptocurrency, and says why.
#[derive(Debug, Parser)]
#[command(name = "davy", arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read files, folders, archives and captures and say what in them mines.
    Scan(ScanArgs),
    /// Compare two releases: what code that can hash or mine, talks to a pool or hides code, came in, went, or changed.
    Diff(DiffArgs),
    /// Say what a rule looks for and why, which rules know an algorithm, or what a saved report means.
    Explain(ExplainArgs),
    /// The rules that this build carries.
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Print the JSON schema of the lines that `davy scan` writes.
    Schema,
    /// Print a man page.
    Man {
        /// The command that it is about [default: davy itself].
        command: Option<String>,
    },
    /// Print a completion script.
    Completions {
        /// The shell to complete in.
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List every rule with its weight, its algorithms and what it recognises.
    List,
    /// Refuse rules that are not whole, and run the examples that they name.
    ///
    /// Addresses among the examples are judged everywhere; cases of the corpus where the project's folder, with what
    /// `cargo xtask test` built, is the current one or around it.
    Check(CheckArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// A folder of rules under test, laid out like crate/judge/rules [default: the rules that this build carries].
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A rule, an algorithm, or a report saved from the popup.
    #[arg(value_name = "RULE|ALGORITHM|REPORT.json")]
    pub(crate) what: String,
}

const STATUS: &str = "\
Exit status:
  0  all that could be read is below --fail-on
  1  something is at or above --fail-on
  2  usage error, or a PATH that cannot be read at all
  3  nothing scannable was found, or the result is incomplete and nothing was found in the rest";

#[derive(Debug, Args)]
#[command(after_help = STATUS)]
pub(crate) struct ScanArgs {
    /// Files and folders to read, or `-` for standard input. Folders are read whole: .gitignore is not honoured.
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) options: Options,
}

#[derive(Debug, Args)]
#[command(after_help = STATUS)]
pub(crate) struct DiffArgs {
    /// The release of before: anything that `davy scan` reads.
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,

    /// The release that is looked at; --fail-on judges what came in with it.
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,

    #[command(flatten)]
    pub(crate) options: Options,
}

/// How to read, judge and report.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How to report [default: human on a terminal, ndjson elsewhere].
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,

    /// Write the report to a file.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// The lowest level that makes the exit status 1.
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = FailOn::Mining)]
    pub(crate) fail_on: FailOn,

    /// Do not count what a file accepts; each of its entries gives a reason and a last day.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write a file that accepts what was found, for --baseline. Reasons that stand in it already are kept.
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,

    /// Hosts that are no pools, whatever any list says: a file with one a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) allow_hosts: Option<PathBuf>,

    /// Hosts that are pools: a file with one a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) block_hosts: Option<PathBuf>,

    /// Judge with the rules of a folder as well: each adds to those that this build carries, or stands in place of the
    /// one of the same name.
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,

    /// Exit with 0 instead of 3.
    #[arg(long)]
    pub(crate) allow_gaps: bool,

    /// How many files to read at the same time [default: one for each processor].
    #[arg(long, short, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// The longest file that is read, and how much of all files is held in memory.
    #[arg(long, value_name = "N", default_value_t = longest())]
    pub(crate) max_artifact_bytes: NonZeroU64,

    /// How deep things inside of things are followed; a module in a script is at depth 1.
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(crate) max_depth: u32,

    /// Say only what was found.
    #[arg(long, short)]
    pub(crate) quiet: bool,

    /// Show no progress bar.
    #[arg(long)]
    pub(crate) no_progress: bool,

    /// When to colour the report.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

/// The bound that the readers have of their own.
fn longest() -> NonZeroU64 {
    NonZeroU64::new(davy_facts::limits::ARTIFACT_BYTES).unwrap_or(NonZeroU64::MAX)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Sentences for people.
    Human,
    /// One JSON document.
    Json,
    /// One JSON object a line, one line an artifact.
    Ndjson,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// JUnit XML, for build servers.
    Junit,
    /// CycloneDX 1.6: which files can compute what, for inventories of cryptography.
    Cyclonedx,
    /// One page with a picture of where the weight lies.
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Mining,
    Suspicious,
    Notice,
    Never,
}

impl FailOn {
    /// Whether something of this level makes the exit status 1.
    pub(crate) fn is_met_by(self, level: Level) -> bool {
        match self {
            Self::Mining => level >= Level::Mining,
            Self::Suspicious => level >= Level::Suspicious,
            Self::Notice => level >= Level::Notice,
            Self::Never => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}
