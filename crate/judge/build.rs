//! Compiles the rules of `rules/` into two tables: one for judging, one for explaining; and keeps their files for builds
//! that try rules. What is wrong with a rule file stops the build and says so, by file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

// The library offers more of these modules than a build needs.
#[allow(dead_code, unreachable_pub)]
#[path = "src/catalogue.rs"]
mod catalogue;
#[allow(dead_code, unreachable_pub)]
#[path = "src/reader/mod.rs"]
mod reader;
#[allow(dead_code, unreachable_pub)]
#[path = "src/ruleset.rs"]
mod ruleset;

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            why.iter().for_each(|line| tell(&format!("error={line}")));
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Vec<String>> {
    let rules = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("rules");
    let out = PathBuf::from(variable("OUT_DIR")?);
    tell(&format!("rerun-if-changed={}", rules.display()));
    tell("rerun-if-changed=src/reader");
    tell("rerun-if-changed=src/ruleset.rs");
    tell("rerun-if-changed=src/catalogue.rs");
    let compiled = reader::read(&rules)
        .map_err(|problems| problems.iter().map(|p| one_line(&p.to_string())).collect::<Vec<_>>())?;
    let files =
        reader::files(&rules).map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    store(&out.join("files.postcard"), &files)?;
    store(&out.join("rules.postcard"), &compiled.rules)?;
    store(&out.join("catalogue.postcard"), &compiled.catalogue)
}

/// Writes a table, and reads it again to prove that the library can.
fn store<T>(path: &Path, table: &T) -> Result<(), Vec<String>>
where
    T: serde::Serialize + for<'de> serde::Deserialize<'de> + PartialEq,
{
    let bytes = postcard::to_allocvec(table).map_err(|error| vec![error.to_string()])?;
    match postcard::from_bytes::<T>(&bytes) {
        Ok(read) if read == *table => {}
        _ => return Err(vec![format!("{} does not read back as it was written", path.display())]),
    }
    std::fs::write(path, bytes).map_err(|error| vec![format!("{}: {error}", path.display())])
}

fn variable(name: &str) -> Result<String, Vec<String>> {
    std::env::var(name).map_err(|error| vec![format!("{name}: {error}")])
}

/// Cargo reads one instruction a line.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ⏎ ")
}

#[allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
fn tell(instruction: &str) {
    println!("cargo::{instruction}");
}
